package io.signvote.optim;

import io.signvote.Communicator;
import io.signvote.device.DeviceCollectives;
import io.signvote.kernel.cuda.DeviceArrays;
import io.signvote.op.DataType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import org.agrona.CloseHelper;

/** A model and its optimiser, on the host or on a device, that is stepped by gradients which depend on its number and the step alone. */
abstract class Trainee implements AutoCloseable {
    final int number;
    final int n;

    Trainee(final int number, final int n) {
        this.number = number;
        this.n = n;
    }

    static Trainee onHost(final int number, final int n, final Communicator communicator) {
        return new OnHost(number, n, communicator);
    }

    static Trainee onDevice(final int number, final int n, final Communicator communicator) {
        return new OnDevice(number, n, communicator);
    }

    /** One of the same state and number, on the host: steps exactly as this would. */
    final Trainee twin(final Communicator communicator) throws IOException {
        final OnHost twin = new OnHost(number, n, communicator);
        System.arraycopy(parameters(), 0, twin.x, 0, n);
        twin.signum.restore(new ByteArrayInputStream(saved()));
        return twin;
    }

    abstract SignOptimizer<?> optimizer();

    abstract void step();

    abstract void retry(Communicator communicator);

    abstract float[] parameters();

    final byte[] saved() throws IOException {
        final ByteArrayOutputStream target = new ByteArrayOutputStream();
        optimizer().save(target);
        return target.toByteArray();
    }

    @Override
    public abstract void close();

    /** Rates of a step: each step has others. */
    final void setRates() {
        final long step = optimizer().steps() + 1;
        optimizer().learningRate(1e-3f * step).momentum(0.9f).weightDecay(0.01f * (step % 3));
    }

    /** Noise, some zeros of either sign, some that are not finite. */
    final float[] gradients() {
        final SplittableRandom random =
                new SplittableRandom(1_000 * (optimizer().steps() + 1) + number);
        final float[] g = new float[n];
        for (int i = 0; i < n; i++) {
            final float noise = (float) random.nextDouble(-1, 1);
            g[i] = switch (i % 16) {
                case 3 -> 0f;
                case 4 -> -0f;
                case 5 -> number == 1 ? Float.NaN : noise;
                default -> noise;
            };
        }
        return g;
    }

    private static float[] start(final int n) {
        final SplittableRandom random = new SplittableRandom(n);
        final float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        return x;
    }

    private static final class OnHost extends Trainee {
        private final Signum signum;
        private final float[] x;

        OnHost(final int number, final int n, final Communicator communicator) {
            super(number, n);
            signum = new Signum(communicator, n);
            x = start(n);
        }

        @Override
        Signum optimizer() {
            return signum;
        }

        @Override
        void step() {
            setRates();
            signum.step(gradients(), x);
        }

        @Override
        void retry(final Communicator communicator) {
            signum.retry(communicator, x);
        }

        @Override
        float[] parameters() {
            return x;
        }

        @Override
        public void close() {
            signum.close();
        }
    }

    private static final class OnDevice extends Trainee {
        private final DeviceCollectives device;
        private final DeviceSignum signum;
        private final DeviceArrays arrays;
        private final long stream;
        private final long x;

        OnDevice(final int number, final int n, final Communicator communicator) {
            super(number, n);
            device = DeviceCollectives.open(communicator);
            signum = new DeviceSignum(device, n);
            arrays = new DeviceArrays(device.kernels());
            stream = device.kernels().newStream();
            x = arrays.of(start(n));
        }

        @Override
        DeviceSignum optimizer() {
            return signum;
        }

        @Override
        void step() {
            setRates();
            signum.step(arrays.of(gradients()), DataType.FLOAT32, x, stream);
        }

        @Override
        void retry(final Communicator communicator) {
            signum.retry(communicator, x, stream);
        }

        @Override
        float[] parameters() {
            device.kernels().await(stream);
            return arrays.floats(x, n);
        }

        @Override
        public void close() {
            device.kernels().closeStream(stream);
            CloseHelper.closeAll(signum, arrays, device);
        }
    }
}
