/** A seeded network in memory, on which the real state machines run thousands of schedules. */
package io.signvote.transport.sim;
