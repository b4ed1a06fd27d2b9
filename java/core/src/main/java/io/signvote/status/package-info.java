/** Outcomes of data-plane calls that are expected and so are values, not exceptions. */
package io.signvote.status;
