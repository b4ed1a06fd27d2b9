/**
 * Carries frames over Aeron: through shared memory between members of one media driver, over UDP otherwise. Only this
 * package uses Aeron. Other packages use it through {@link io.signvote.transport.aeron.AeronSettings},
 * {@link io.signvote.transport.aeron.AeronNode}, {@link io.signvote.transport.aeron.SharedDriver} and
 * {@link io.signvote.transport.aeron.HostReport}.
 */
package io.signvote.transport.aeron;
