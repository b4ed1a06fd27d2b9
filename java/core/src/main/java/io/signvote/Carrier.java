package io.signvote;

import io.signvote.collective.Failures;
import io.signvote.collective.Group;
import io.signvote.error.ConfigurationException;
import io.signvote.error.RendezvousException;
import io.signvote.rendezvous.Failure;
import io.signvote.rendezvous.Membership;
import io.signvote.rendezvous.Roster;
import io.signvote.transport.Endpoint;
import io.signvote.transport.Transport;
import io.signvote.transport.aeron.AeronNode;
import io.signvote.transport.aeron.NodeMemory;
import io.signvote.transport.local.LocalTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Makes the transports of the splits of one rank. They use the media driver of the job, or connect ranks inside one process. Thread-safe. */
interface Carrier {
    /** A carrier of one communicator only. */
    Carrier NONE = new Carrier() {
        @Override
        public NodeMemory memory() {
            throw new ConfigurationException("split: the transport of this communicator does not support splits");
        }

        @Override
        public Endpoint endpoint(final int worldRank) {
            return null;
        }

        @Override
        public Transport connect(final Group group, final int size, final int rank, final long sessionKey) {
            throw new IllegalStateException("no transport");
        }
    };

    /** {@return the shared memory of this rank now, or null if links need none} */
    NodeMemory memory();

    /** {@return where a rank of the job listens, or null if links need no shared memory} */
    Endpoint endpoint(int worldRank);

    /**
     * Connects the ranks of a split, and waits for them.
     *
     * @param sessionKey of the split, different for each split of the job.
     */
    Transport connect(Group group, int size, int rank, long sessionKey);

    /** Over the driver and the socket of this process. */
    record OverAeron(AeronNode node, Membership membership, Roster roster, long timeoutNs) implements Carrier {
        @Override
        public NodeMemory memory() {
            return node.memory();
        }

        @Override
        public Endpoint endpoint(final int worldRank) {
            return roster.members().get(worldRank);
        }

        @Override
        public Transport connect(final Group group, final int size, final int rank, final long sessionKey) {
            final List<Endpoint> members = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                members.add(endpoint(group.worldRank(i)));
            }
            try {
                return node.split(members, rank, sessionKey, System.nanoTime() + timeoutNs, this::ensureWell);
            } catch (final RendezvousException e) {
                final Failure failure =
                        group.inJob(new Failure(Failure.Kind.ABORTED, e.ranks(), "split: " + e.getMessage()));
                throw new RendezvousException(failure.message(), failure.ranks(), e.isRetryable(), e);
            }
        }

        private void ensureWell() {
            if (membership.failure() != null) {
                throw Failures.exception(membership.failure());
            }
        }
    }

    /** Between the ranks of this process. The first rank of a split makes its transports, and the others take theirs. */
    record InProcess(Map<Long, Unclaimed> unclaimed) implements Carrier {
        /** Of a new job, for all of its ranks. */
        InProcess() {
            this(new ConcurrentHashMap<>());
        }

        @Override
        public NodeMemory memory() {
            return null;
        }

        @Override
        public Endpoint endpoint(final int worldRank) {
            return null;
        }

        @Override
        public Transport connect(final Group group, final int size, final int rank, final long sessionKey) {
            final Transport[] claimed = new Transport[1];
            unclaimed.compute(sessionKey, (key, present) -> {
                final Unclaimed transports =
                        present == null ? new Unclaimed(LocalTransport.create(size), size) : present;
                claimed[0] = transports.of[rank];
                transports.left--;
                return transports.left == 0 ? null : transports;
            });
            return claimed[0];
        }
    }

    /** The transports of a split until each rank has taken its own. */
    final class Unclaimed {
        private final Transport[] of;
        private int left;

        private Unclaimed(final Transport[] of, final int left) {
            this.of = of;
            this.left = left;
        }
    }
}
