/** Collectives between the threads of one process. */
package io.signvote.jmh.collective;
