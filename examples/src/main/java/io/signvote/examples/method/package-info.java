/**
 * Ways to make one step of all ranks' gradients: the majority vote, and what it is compared with, each from its definition and
 * all over the same communicator.
 */
package io.signvote.examples.method;
