package io.signvote;

import io.signvote.collective.Engine;
import io.signvote.kernel.ScalarKernels;
import io.signvote.rendezvous.Failure;
import io.signvote.rendezvous.LocalMembership;
import io.signvote.transport.Claim;
import io.signvote.transport.FrameHandler;
import io.signvote.transport.LinkState;
import io.signvote.transport.Transport;
import io.signvote.transport.local.LocalTransport;
import java.util.List;
import java.util.Random;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Ranks of one process of which one dies: when it has sent a number of frames, some peers get no more of its frames, and a few frames
 * later it throws {@link Death}. This is a process that is killed while its link loses packets.
 */
public final class MortalJob {
    /** Ends the rank that dies. */
    public static final class Death extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Death() {
            super("killed");
        }
    }

    /**
     * When a rank dies.
     *
     * @param victim rank, or -1 for none.
     * @param frames that it sends before its link fails.
     * @param lastFrames that it sends afterwards.
     * @param deaf bit of each peer that gets none of the last frames.
     */
    public record Fate(int victim, int frames, int lastFrames, int deaf) {
        /** Nobody dies. */
        public static final Fate NONE = new Fate(-1, 0, 0, 0);

        /** Draws one. */
        public static Fate random(final Random random, final int size, final int mostFrames) {
            return new Fate(
                    random.nextInt(size), random.nextInt(mostFrames), random.nextInt(8), random.nextInt(1 << size));
        }
    }

    private static final int FRAME_LENGTH = 256;

    /** A rank whose frames are lost may wait for answers to them. It dies after so many looks. */
    private static final int MOST_POLLS = 100;

    private final Communicator[] communicators;
    private final Mortal[] transports;
    private final List<LocalMembership> memberships;

    /** Frames are small, so that a call of a few thousand coordinates has several chunks. */
    public MortalJob(final int size, final Context context, final Fate fate) {
        context.rank(0).worldSize(size).conclude();
        final ScalarKernels kernels = new ScalarKernels();
        final LocalTransport[] local = LocalTransport.create(size);
        memberships = LocalMembership.create(size);
        transports = new Mortal[size];
        communicators = new Communicator[size];
        for (int rank = 0; rank < size; rank++) {
            final LocalMembership membership = memberships.get(rank);
            transports[rank] = new Mortal(local[rank], rank == fate.victim ? fate : null);
            final Engine engine = new Engine(
                    transports[rank], membership, kernels, context.clock(), Assembly.roundSettings(context, 0, 1));
            communicators[rank] =
                    new Communicator(context, kernels, transports[rank], membership, engine, size, () -> {}, 0);
        }
    }

    /** Communicator of a rank. */
    public Communicator rank(final int rank) {
        return communicators[rank];
    }

    /** Called by a rank that has made its last call: one whose frames were lost dies even so, any other lives on. */
    public void end(final int rank) {
        final Mortal transport = transports[rank];
        transport.fate = null;
        if (transport.hasLost) {
            memberships.get(rank).fail(new Failure(Failure.Kind.PEER_DIED, List.of(rank), "rank " + rank + " died"));
            throw new Death();
        }
    }

    private static final class Mortal implements Transport {
        private final Transport below;
        private Fate fate;
        private boolean hasLost;
        private int sent;
        private int polls;

        Mortal(final Transport below, final Fate fate) {
            this.below = below;
            this.fate = fate;
        }

        @Override
        public int tryClaim(final int peer, final int length, final Claim claim) {
            final LossyClaim lossy = (LossyClaim) claim;
            lossy.isLost = fate != null && sent >= fate.frames && (fate.deaf >> peer & 1) != 0;
            if (fate != null && sent > fate.frames + fate.lastFrames) {
                throw new Death();
            }
            hasLost |= lossy.isLost;
            final int status = lossy.isLost ? 0 : below.tryClaim(peer, length, lossy.below);
            sent += status >= 0 ? 1 : 0;
            return status;
        }

        @Override
        public Claim newClaim() {
            return new LossyClaim(below.newClaim());
        }

        @Override
        public int rank() {
            return below.rank();
        }

        @Override
        public int size() {
            return below.size();
        }

        @Override
        public int maxFrameLength() {
            return FRAME_LENGTH;
        }

        @Override
        public int receiveWindowLength() {
            return below.receiveWindowLength();
        }

        @Override
        public int poll(final FrameHandler handler, final int frameLimit) {
            if (fate != null && sent >= fate.frames && ++polls > MOST_POLLS) {
                throw new Death();
            }
            return below.poll(handler, frameLimit);
        }

        @Override
        public LinkState linkState(final int peer) {
            return below.linkState(peer);
        }

        @Override
        public long nakCount() {
            return below.nakCount();
        }

        @Override
        public long bytesSent() {
            return below.bytesSent();
        }

        @Override
        public void close() {}
    }

    private static final class LossyClaim implements Claim {
        private final Claim below;
        private final UnsafeBuffer lost = new UnsafeBuffer(BufferUtil.allocateDirectAligned(FRAME_LENGTH, 64));
        private boolean isLost;

        LossyClaim(final Claim below) {
            this.below = below;
        }

        @Override
        public MutableDirectBuffer buffer() {
            return isLost ? lost : below.buffer();
        }

        @Override
        public int offset() {
            return isLost ? 0 : below.offset();
        }

        @Override
        public void commit() {
            if (!isLost) {
                below.commit();
            }
        }

        @Override
        public void abort() {
            if (!isLost) {
                below.abort();
            }
        }
    }
}
