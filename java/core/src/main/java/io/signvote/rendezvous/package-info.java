/** Who is in, where they listen, which view we are in: the control connection and its coordinator. */
package io.signvote.rendezvous;
