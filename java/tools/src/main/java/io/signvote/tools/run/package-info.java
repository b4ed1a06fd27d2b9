/** Starts the ranks of a job on this machine, relays their output and signals, and leaves nothing behind. */
package io.signvote.tools.run;
