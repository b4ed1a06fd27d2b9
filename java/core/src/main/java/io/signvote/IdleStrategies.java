package io.signvote;

import io.signvote.transport.Transport;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/** Idle strategies of threads that wait inside a call, if the program sets none. */
final class IdleStrategies {
    private static final long NETWORK_PARK_NS = 200_000;

    /** Duty cycles without work before a thread in shared memory yields. They take 20 us or more, and a peer answers in about 1 us. */
    private static final int SPINS = 256;

    private static final int YIELDS = 64;
    private static final long SHARED_PARK_MIN_NS = 1_000;
    private static final long SHARED_PARK_MAX_NS = 100_000;

    private IdleStrategies() {}

    /**
     * Peers in shared memory answer within microseconds. So a thread spins, then yields, then parks. If this process may
     * use fewer processors than there are members, a peer may need the processor of this thread. Then the thread does not
     * spin.
     *
     * <p>Over a network a frame arrives every 70 us even at 1 Gbit/s. A thread that polls all the time then takes the CPU
     * from the media driver that delivers the frames.
     */
    static IdleStrategy of(final Transport transport) {
        final boolean isShared = transport.receiveWindowLength() == Integer.MAX_VALUE;
        final boolean hasProcessorPerMember =
                transport.size() <= Runtime.getRuntime().availableProcessors();
        return isShared
                ? new BackoffIdleStrategy(
                        hasProcessorPerMember ? SPINS : 0, YIELDS, SHARED_PARK_MIN_NS, SHARED_PARK_MAX_NS)
                : new BackoffIdleStrategy(0, 0, NETWORK_PARK_NS, NETWORK_PARK_NS);
    }
}
