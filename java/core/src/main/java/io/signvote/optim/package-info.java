/** The optimiser on top: momentum, ballot, verdict, update. */
package io.signvote.optim;
