package io.signvote.examples.paper.timing;

import io.signvote.Communicator;
import io.signvote.bits.OffHeap;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.optim.Signum;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.agrona.CloseHelper;
import org.agrona.UnsafeApi;

/**
 * The part of a step after the gradients: their exchange between the ranks, and the update of the parameters. The memory is off
 * the heap. Used by the thread of its communicator.
 */
abstract class GradientExchange implements AutoCloseable {
    private static final float MOMENTUM = 0.9f;
    private static final float RATE = 1e-4f;

    /** Kinds of exchanges. */
    enum Kind {
        /** Signum's majority vote. */
        VOTE,
        /** SGD on the exact mean. */
        MEAN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final int count;
    private final OffHeap gradients;
    private final OffHeap parameters;

    private GradientExchange(final Communicator communicator, final int count) {
        this.count = count;
        gradients = new OffHeap((long) count * Float.BYTES);
        parameters = new OffHeap((long) count * Float.BYTES);
        final SplittableRandom random = new SplittableRandom(communicator.rank());
        for (int i = 0; i < count; i++) {
            UnsafeApi.putFloat(gradients.address() + (long) i * Float.BYTES, (float) (random.nextDouble() - 0.5));
        }
    }

    static GradientExchange open(final Kind kind, final Communicator communicator, final int count) {
        return kind == Kind.VOTE ? new Vote(communicator, count) : new Mean(communicator, count);
    }

    /** Exchanges and updates once. */
    abstract void step();

    /** Nanoseconds that stepping the parameters took so far, where no kernel does it. */
    long updateNs() {
        return 0;
    }

    /** Checksum of the parameters: the same on every rank, or something is wrong. */
    long checksum() {
        final CRC32 crc = new CRC32();
        for (int i = 0; i < count; i++) {
            final int bits = UnsafeApi.getInt(parameters() + (long) i * Float.BYTES);
            crc.update(bits);
            crc.update(bits >>> 8);
            crc.update(bits >>> 16);
            crc.update(bits >>> 24);
        }
        return crc.getValue();
    }

    long gradients() {
        return gradients.address();
    }

    long parameters() {
        return parameters.address();
    }

    @Override
    public void close() {
        CloseHelper.closeAll(gradients, parameters);
    }

    private static final class Vote extends GradientExchange {
        private final Signum signum;

        Vote(final Communicator communicator, final int count) {
            super(communicator, count);
            signum = new Signum(communicator, count).momentum(MOMENTUM).learningRate(RATE);
        }

        @Override
        void step() {
            signum.step(gradients(), parameters());
        }

        @Override
        public void close() {
            CloseHelper.closeAll(signum, super::close);
        }
    }

    private static final class Mean extends GradientExchange {
        private final Communicator communicator;
        private final int count;
        private final OffHeap sum;
        private final OffHeap velocity;
        private long updateNs;

        Mean(final Communicator communicator, final int count) {
            super(communicator, count);
            this.communicator = communicator;
            this.count = count;
            sum = new OffHeap((long) count * Float.BYTES);
            velocity = new OffHeap((long) count * Float.BYTES);
        }

        @Override
        void step() {
            communicator.allReduce(gradients(), sum.address(), count, DataType.FLOAT32, ReduceOp.SUM);
            final long start = System.nanoTime();
            update(sum.address(), velocity.address(), parameters(), count, 1f / communicator.size());
            updateNs += System.nanoTime() - start;
        }

        private static void update(
                final long sum, final long velocity, final long parameters, final int count, final float share) {
            for (long offset = 0; offset < (long) count * Float.BYTES; offset += Float.BYTES) {
                final float v =
                        MOMENTUM * UnsafeApi.getFloat(velocity + offset) + share * UnsafeApi.getFloat(sum + offset);
                UnsafeApi.putFloat(velocity + offset, v);
                UnsafeApi.putFloat(parameters + offset, UnsafeApi.getFloat(parameters + offset) - RATE * v);
            }
        }

        @Override
        long updateNs() {
            return updateNs;
        }

        @Override
        public void close() {
            CloseHelper.closeAll(sum, velocity, super::close);
        }
    }
}
