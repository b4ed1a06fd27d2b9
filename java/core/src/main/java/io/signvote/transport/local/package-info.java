/** Carries frames between ranks of one process, through Agrona ring buffers. */
package io.signvote.transport.local;
