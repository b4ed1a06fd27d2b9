package io.signvote;

import io.signvote.bits.HeapArrays;
import io.signvote.bits.OffHeap;
import io.signvote.bits.Words;
import io.signvote.collective.VerdictSink;
import io.signvote.kernel.Kernels;
import io.signvote.op.DataType;

/** Verdict sinks that write memory of the caller. A task has one of each, and sets it anew for every call. */
final class Sinks {
    /** Ignores the result. */
    static final VerdictSink NONE = (words, count) -> {};

    private Sinks() {}

    /** Writes the verdict as floats of -1 and +1. */
    static final class Unpack implements VerdictSink, AutoCloseable {
        private static final int PIECE = 1 << 16;

        private final Kernels kernels;
        private final Sources.SignsOfFloats signs;
        private long address;
        private Elements elements;
        private OffHeap staging = new OffHeap(0);

        Unpack(final Kernels kernels, final Sources.SignsOfFloats signs) {
            this.kernels = kernels;
            this.signs = signs;
        }

        /** Forgets the elements, so that their memory may be collected. */
        void release() {
            elements = null;
        }

        Unpack of(final Elements elements) {
            this.elements = elements;
            return this;
        }

        Unpack of(final long address) {
            this.address = address;
            elements = null;
            return this;
        }

        @Override
        public void commit(final long words, final long count) {
            if (elements == null) {
                signs.unpack(words, address, count);
                return;
            }
            final DataType type = elements.type();
            for (long done = 0; done < count; done += PIECE) {
                final int n = (int) Math.min(PIECE, count - done);
                final long inPlace = elements.address(done, n);
                if (inPlace == 0) {
                    staging = staging.atLeast(type.sizeOf(n));
                    kernels.unpackSigns(type, words + (done >> 3), staging.address(), n);
                    elements.write(staging.address(), done, n);
                } else {
                    kernels.unpackSigns(type, words + (done >> 3), inPlace, n);
                }
            }
        }

        @Override
        public void close() {
            staging.close();
        }
    }

    /** Copies floats to a heap array, either from the result or from staging memory that another sink has written. */
    static final class Floats implements VerdictSink {
        private float[] target;
        private VerdictSink first;
        private long staging;

        /** Copies the result, which is floats. */
        Floats of(final float[] target) {
            return of(target, null, 0);
        }

        /** The first sink writes floats into the staging memory. */
        Floats of(final float[] target, final VerdictSink first, final long staging) {
            this.target = target;
            this.first = first;
            this.staging = staging;
            return this;
        }

        @Override
        public void commit(final long words, final long count) {
            if (first == null) {
                HeapArrays.copy(words, target, (int) count);
            } else {
                first.commit(words, count);
                HeapArrays.copy(staging, target, (int) count);
            }
        }
    }

    /** Copies packed words to a heap array. */
    static final class Longs implements VerdictSink {
        private long[] target;

        Longs of(final long[] target) {
            this.target = target;
            return this;
        }

        @Override
        public void commit(final long words, final long count) {
            HeapArrays.copy(words, target, (int) Words.count(count));
        }
    }
}
