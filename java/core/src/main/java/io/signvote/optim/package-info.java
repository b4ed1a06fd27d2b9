/** Sign optimisers on top of the communicator: momentum, ballot, verdict and update. */
package io.signvote.optim;
