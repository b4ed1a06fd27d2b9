package io.signvote;

import io.signvote.collective.Group;
import io.signvote.rendezvous.Membership;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.CloseHelper;

/**
 * The place of a communicator in the tree of splits: the communicator that was split, its ranks in the job, and the open
 * communicators that were split from it. Thread-safe.
 */
final class Branch {
    private final Shared shared;
    private final Communicator parent;
    private final Group group;
    private final long number;
    private final AtomicLong splits = new AtomicLong();
    private final List<Communicator> children = new ArrayList<>();
    private boolean isClosed;

    private Branch(final Shared shared, final Communicator parent, final Group group, final long number) {
        this.shared = shared;
        this.parent = parent;
        this.group = group;
        this.number = number;
    }

    /** The communicator of all ranks. */
    static Branch world(final Shared shared) {
        return new Branch(shared, null, Group.WORLD, Communicator.WORLD);
    }

    /**
     * A split of a communicator. It holds what both share.
     *
     * @throws IllegalStateException if the last communicator of the process is closed.
     */
    static Branch of(final Communicator parent, final Group group, final long number) {
        final Shared shared = parent.branch().shared;
        shared.hold();
        return new Branch(shared, parent, group, number);
    }

    Shared shared() {
        return shared;
    }

    /** {@return the communicator that was split, or null} */
    Communicator parent() {
        return parent;
    }

    Group group() {
        return group;
    }

    /** {@return number of the communicator, for the lots} */
    long number() {
        return number;
    }

    /** {@return how often this rank has split the communicator before} */
    long nextSerial() {
        return splits.getAndIncrement();
    }

    /**
     * Adds a communicator that was split from this one.
     *
     * @throws IllegalStateException if this one was closed meanwhile. The caller closes the new one.
     */
    synchronized void add(final Communicator child) {
        if (isClosed) {
            throw new IllegalStateException("communicator was closed while it was split, make another one");
        }
        children.add(child);
    }

    /** Closes the communicators that were split from this one, the newest first. All ranks thus leave them in the same order. */
    void closeChildren() {
        final List<Communicator> open;
        synchronized (this) {
            isClosed = true;
            open = new ArrayList<>(children);
        }
        Collections.reverse(open);
        CloseHelper.closeAll(open);
    }

    /** Releases what this communicator shares with others. */
    void release() {
        if (parent != null) {
            parent.branch().remove(this);
        }
        shared.release();
    }

    private synchronized void remove(final Branch child) {
        children.removeIf(communicator -> communicator.branch() == child);
    }

    /**
     * What the communicators of one rank share: the connection to the job, the carrier of their links, and the threads of
     * asynchronous calls. The last of them that closes leaves the job. Thread-safe.
     */
    static final class Shared {
        private final Membership membership;
        private final AutoCloseable host;
        private final Carrier carrier;
        private final long sessionKey;
        private final int view;
        private final ProgressThreads threads = new ProgressThreads();
        private final AtomicInteger users = new AtomicInteger(1);

        /**
         * Makes the shared state of a job with one communicator.
         *
         * @param membership of this rank.
         * @param host closed after the membership: the coordinator of this process; may be null.
         * @param carrier of splits.
         * @param sessionKey of the job.
         * @param view of the job.
         */
        Shared(
                final Membership membership,
                final AutoCloseable host,
                final Carrier carrier,
                final long sessionKey,
                final int view) {
            this.membership = membership;
            this.host = host;
            this.carrier = carrier;
            this.sessionKey = sessionKey;
            this.view = view;
        }

        Membership membership() {
            return membership;
        }

        Carrier carrier() {
            return carrier;
        }

        long sessionKey() {
            return sessionKey;
        }

        int view() {
            return view;
        }

        /** {@return the threads of asynchronous calls} */
        ProgressThreads threads() {
            return threads;
        }

        void hold() {
            if (users.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
                throw new IllegalStateException("communicator is closed, make another one");
            }
        }

        void release() {
            if (users.decrementAndGet() == 0) {
                CloseHelper.closeAll(membership, host);
            }
        }
    }
}
