/**
 * Small networks in plain Java: layers over float arrays, with loops that the JIT turns into vector instructions.
 *
 * <p>{@code Network} is the door; {@code Layer} says how values lie in memory.
 */
package io.signvote.examples.net;
