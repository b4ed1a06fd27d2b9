/** The exceptions of this library. Messages state the facts, then the remedy. */
package io.signvote.error;
