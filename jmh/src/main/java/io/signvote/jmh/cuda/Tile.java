package io.signvote.jmh.cuda;

import io.signvote.jmh.cuda.Operand.Kind;
import io.signvote.kernel.DeviceKernels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.agrona.UnsafeApi;

/**
 * A block of random values of each kind on the device. Benchmarks fill memory with copies of it. Floats have a normal distribution.
 * A share of them are zeros, at the same places in each kind. Words are random bits.
 */
final class Tile implements AutoCloseable {
    private static final long SEED = 20_190_505;
    private static final float LEAST = 1e-4f;

    private final DeviceKernels kernels;
    private final int count;
    private final double zeros;
    private final long stream;
    private final long[] blocks = new long[Kind.values().length];

    /**
     * Draws what every tile of this size holds.
     *
     * @param count floats of the block, a multiple of 64.
     */
    Tile(final DeviceKernels kernels, final int count) {
        this(kernels, count, 0, 0);
    }

    /**
     * Draws.
     *
     * @param count floats of the block, a multiple of 64.
     * @param number of the tile; tiles of other numbers hold other values.
     * @param zeros share of the floats that are zeros, 0 to 1.
     */
    Tile(final DeviceKernels kernels, final int count, final int number, final double zeros) {
        this.kernels = kernels;
        this.count = count;
        this.zeros = zeros;
        stream = kernels.newStream();
        final long pinned = kernels.allocatePinned(4L * count);
        for (final Kind kind : Kind.values()) {
            final SplittableRandom random = new SplittableRandom(SEED + number);
            for (int i = 0; i < count; i++) {
                write(pinned, i, kind, random);
            }
            final long length = length(kind);
            blocks[kind.ordinal()] = kernels.allocate(length);
            kernels.upload(pinned, blocks[kind.ordinal()], length, stream);
            kernels.await(stream);
        }
        kernels.freePinned(pinned);
    }

    /** Words fill as many bytes as floats. */
    private long length(final Kind kind) {
        return kind == Kind.WORDS ? 4L * count : kind.length(count);
    }

    private void write(final long target, final int i, final Kind kind, final SplittableRandom random) {
        switch (kind) {
            case FLOAT32 -> UnsafeApi.putFloat(target + 4L * i, value(random));
            case FLOAT16 -> UnsafeApi.putShort(target + 2L * i, half(value(random)));
            case BFLOAT16 ->
                UnsafeApi.putShort(target + 2L * i, (short) (Float.floatToRawIntBits(value(random)) >>> 16));
            default -> UnsafeApi.putInt(target + 4L * i, random.nextInt());
        }
    }

    private float value(final SplittableRandom random) {
        if (zeros > 0 && random.nextDouble() < zeros) {
            return 0;
        }
        final float value = (float) random.nextGaussian();
        return Math.abs(value) < LEAST ? LEAST : value;
    }

    /** A float16 of a value that is zero or normal there, rounded towards zero. */
    private static short half(final float value) {
        if (value == 0) {
            return 0;
        }
        final int bits = Float.floatToRawIntBits(value);
        return (short) (bits >>> 16 & 0x8000 | (bits & 0x7FFFFFFF) - 0x38000000 >>> 13);
    }

    /** Fills an operand at an address of the device. */
    void fill(final Operand operand, final long address, final long n) {
        final long end = address + operand.length(n);
        final long length = length(operand.kind());
        for (long at = address; at < end; at += length) {
            kernels.copy(blocks[operand.kind().ordinal()], at, Math.min(length, end - at), stream);
        }
        kernels.await(stream);
    }

    /** Writes the floats to a file, for contenders in other languages. */
    void save(final Path file) throws IOException {
        final SplittableRandom random = new SplittableRandom(SEED);
        final ByteBuffer bytes = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putFloat(value(random));
        }
        Files.write(file, bytes.array());
    }

    @Override
    public void close() {
        for (final long block : blocks) {
            kernels.free(block);
        }
        kernels.closeStream(stream);
    }
}
