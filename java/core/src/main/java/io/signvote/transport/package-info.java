/** The door to whatever carries frames between ranks. */
package io.signvote.transport;
