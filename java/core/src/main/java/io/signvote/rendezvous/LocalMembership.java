package io.signvote.rendezvous;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Membership of members in one process. They share the first failure. They need no coordinator, since no member can die
 * without the others. Thread-safe.
 */
public final class LocalMembership implements Membership {
    private final AtomicReference<Failure> first;
    private volatile boolean isClosed;

    private LocalMembership(final AtomicReference<Failure> first) {
        this.first = first;
    }

    /**
     * Makes the memberships of a new job.
     *
     * @param memberCount ranks, and the server if there is one.
     * @return one for each, in order.
     */
    public static List<LocalMembership> create(final int memberCount) {
        final AtomicReference<Failure> first = new AtomicReference<>();
        return Stream.generate(() -> new LocalMembership(first))
                .limit(memberCount)
                .toList();
    }

    @Override
    public Failure failure() {
        return first.get();
    }

    /** All members know the failure when this returns. Does nothing after {@link #close}. */
    @Override
    public void fail(final Failure failure) {
        Objects.requireNonNull(failure, "failure");
        if (!isClosed) {
            first.compareAndSet(null, failure);
        }
    }

    @Override
    public void close() {
        isClosed = true;
    }
}
