/** The parameters of a collective: the reduction, the type of its elements, and the policies for zeros and ties. */
package io.signvote.op;
