/** Expected outcomes of data-plane calls, as values instead of exceptions. */
package io.signvote.status;
