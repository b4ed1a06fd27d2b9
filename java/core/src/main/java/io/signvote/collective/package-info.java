/** Rounds, chunks, credits, tallies and plans: state machines on an abstract transport and an injected clock. */
package io.signvote.collective;
