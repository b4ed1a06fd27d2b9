/** Starts the ranks of a job on this machine, relays their output and signals, and leaves no process or file behind. */
package io.signvote.tools.run;
