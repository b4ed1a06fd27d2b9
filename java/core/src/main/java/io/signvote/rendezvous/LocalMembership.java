package io.signvote.rendezvous;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Standing of members that live in one process: they share the first failure and need no coordinator, since none can die
 * without the others. Thread-safe.
 */
public final class LocalMembership implements Membership {
    private final AtomicReference<Failure> first;
    private volatile boolean isClosed;

    private LocalMembership(final AtomicReference<Failure> first) {
        this.first = first;
    }

    /**
     * Memberships of one new job.
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

    /** Known to all members when this returns; nothing happens after {@link #close}. */
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
