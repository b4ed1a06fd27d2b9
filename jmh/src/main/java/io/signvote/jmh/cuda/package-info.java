/**
 * Programs that time a card with its own events: the kernels against copies of the same bytes, and the parts of a device vote.
 * They are no JMH benchmarks, since what JMH times is the calling thread. {@code ci/gpu/bundle} packs them for a machine with a card.
 */
package io.signvote.jmh.cuda;
