/** The interface of transports, which carry frames between members. */
package io.signvote.transport;
