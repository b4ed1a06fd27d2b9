package io.signvote;

import io.signvote.bits.Lot;
import io.signvote.bits.OffHeap;
import io.signvote.bits.Words;
import io.signvote.collective.BallotSource;
import io.signvote.error.VoteException;
import io.signvote.kernel.Counts;
import io.signvote.kernel.Kernels;
import io.signvote.op.DataType;
import io.signvote.op.ZeroPolicy;
import org.agrona.UnsafeApi;

/** Ballot sources that read memory of the caller. A task has one of each, and sets it anew for every call. */
final class Sources {
    private Sources() {}

    /** The length of this rank's shard, in bytes. */
    static final class Length implements BallotSource {
        private long length;

        Length of(final long length) {
            this.length = length;
            return this;
        }

        @Override
        public void fill(final long coordinate, final int count, final long words) {
            refill(coordinate, count, words);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            UnsafeApi.putLong(words, length);
        }
    }

    /** Signs of floats. */
    static final class SignsOfFloats implements BallotSource, AutoCloseable {
        private static final int KERNEL_LIMIT = 1 << 30;

        private final Kernels kernels;
        private final Census census;
        private final ZeroPolicy zeroPolicy;
        private final boolean isStrict;
        private final long seed;
        private final long communicator;
        private final int rank;
        private DataType type;
        private long address;
        private Elements elements;
        private long blockCount;
        private OffHeap staging = new OffHeap(0);
        private long zeroKey;

        SignsOfFloats(
                final Kernels kernels,
                final Census census,
                final ZeroPolicy zeroPolicy,
                final boolean isStrict,
                final long seed,
                final long communicator,
                final int rank) {
            this.kernels = kernels;
            this.census = census;
            this.zeroPolicy = zeroPolicy;
            this.isStrict = isStrict;
            this.seed = seed;
            this.communicator = communicator;
            this.rank = rank;
        }

        SignsOfFloats of(final DataType type, final long address) {
            this.type = type;
            this.address = address;
            elements = null;
            return this;
        }

        /** Sets elements that are one or several blocks. The signs of each block begin at a whole word. */
        SignsOfFloats of(final Elements elements, final long blockCount) {
            type = elements.type();
            this.elements = elements;
            this.blockCount = blockCount;
            return this;
        }

        /** Forgets the elements, so that their memory may be collected. */
        void release() {
            elements = null;
        }

        /** Sets the step that selects the lots of zeros. */
        void step(final long step) {
            zeroKey = Lot.key(seed, communicator, step, rank);
        }

        @Override
        public void fill(final long coordinate, final int count, final long words) {
            final long counted = pack(coordinate, count, words);
            census.add(Counts.zeros(counted), Counts.notFinite(counted));
            if (isStrict && Counts.notFinite(counted) > 0) {
                final long first = first(coordinate);
                throw new VoteException("coordinates [" + first + ", " + (first + count) + ") hold "
                        + Counts.notFinite(counted)
                        + " values that are not finite; signvote.strict=false votes them as zeros");
            }
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            pack(coordinate, count, words);
        }

        /** Writes a verdict as floats of -1 and +1, of the type of the source. */
        void unpack(final long words, final long values, final long count) {
            for (long done = 0; done < count; done += KERNEL_LIMIT) {
                final int n = (int) Math.min(KERNEL_LIMIT, count - done);
                kernels.unpackSigns(type, words + (done >> 3), values + type.sizeOf(done), n);
            }
        }

        @Override
        public void close() {
            staging.close();
        }

        /** Index of a coordinate in the memory of the caller, whose blocks follow each other without gaps. */
        private long first(final long coordinate) {
            if (elements == null) {
                return coordinate;
            }
            final long padded = Words.count(blockCount) * Words.LANES;
            return coordinate / padded * blockCount + coordinate % padded;
        }

        /** Address of floats without a gap, outside the heap: in place, or a copy. */
        private long gathered(final long coordinate, final int count) {
            final long first = first(coordinate);
            final long inPlace = elements.address(first, count);
            if (inPlace != 0) {
                return inPlace;
            }
            staging = staging.atLeast(type.sizeOf(count));
            elements.read(first, count, staging.address());
            return staging.address();
        }

        private long pack(final long coordinate, final int count, final long words) {
            return kernels.packSigns(
                    type,
                    elements == null ? address + type.sizeOf(coordinate) : gathered(coordinate, count),
                    words,
                    count,
                    zeroPolicy,
                    zeroKey,
                    coordinate / Words.LANES);
        }
    }
}
