/** What is asked of a collective: the operation, the type of its elements, and what zeros and ties count as. */
package io.signvote.op;
