/** Votes on the memory of a GPU: ballots and verdicts cross PCIe as packed words, and a communicator carries them. */
package io.signvote.device;
