/** What callers can catch. Messages state the facts, then the remedy. */
package io.signvote.error;
