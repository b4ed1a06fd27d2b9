/**
 * The public API: {@link io.signvote.Communicator}, its options and its calls. It builds all other parts of the
 * library.
 */
package io.signvote;
