/** The interfaces of the kernels that pack, tally and apply signs, and their specification in plain Java. */
package io.signvote.kernel;
