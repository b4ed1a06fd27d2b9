package io.signvote.kernel.cuda;

import io.signvote.bits.Words;
import io.signvote.kernel.Counts;
import io.signvote.kernel.DeviceKernels;
import io.signvote.kernel.Kernels;
import io.signvote.op.DataType;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import org.agrona.CloseHelper;

/**
 * The contract of all backends on a device: its kernels on memory of the host, piece by piece through pinned memory. Calls wait for
 * the device. Every byte crosses PCIe twice, so no product uses this.
 */
public final class CudaKernels implements Kernels, AutoCloseable {
    /** Coordinates of a piece. */
    private static final int PIECE = 1 << 17;

    private static final int PIECE_WORDS = PIECE / Words.LANES;
    private static final int PLANES_MAX = 8;

    private static final long FLOATS = 0;
    private static final long OTHER_FLOATS = FLOATS + 4L * PIECE;
    private static final long WORDS = OTHER_FLOATS + 4L * PIECE;
    private static final long PLANES = WORDS + 8L * PIECE_WORDS;
    private static final long COUNTS = PLANES + PLANES_MAX * 8L * PIECE_WORDS;
    private static final long COUNTS_LENGTH = 2 * Long.BYTES;

    private final DeviceKernels kernels;
    private final StagingBuffer staging;
    private final long stream;

    private CudaKernels(final DeviceKernels kernels) {
        this.kernels = kernels;
        staging = new StagingBuffer(kernels, COUNTS + COUNTS_LENGTH);
        stream = staging.stream();
    }

    /**
     * Kernels on a device.
     *
     * @param ordinal of the device, from 0.
     * @return kernels, to be closed.
     * @throws io.signvote.error.BackendUnavailableException where CUDA is not available.
     */
    public static CudaKernels create(final int ordinal) {
        final CudaDevice device = CudaDevice.open(ordinal);
        try {
            return new CudaKernels(device);
        } catch (final RuntimeException | Error e) {
            device.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return "cuda";
    }

    /** {@return what the driver calls the device} */
    public String deviceName() {
        return kernels.deviceName();
    }

    @Override
    public synchronized long packSigns(
            final long values,
            final long words,
            final int n,
            final ZeroPolicy zeroPolicy,
            final long zeroKey,
            final long firstWord) {
        kernels.clear(staging.at(COUNTS), COUNTS_LENGTH, stream);
        for (int done = 0; done < n; done += PIECE) {
            final int piece = Math.min(PIECE, n - done);
            final long word = done / Words.LANES;
            staging.put(values + 4L * done, FLOATS, 4L * piece);
            kernels.packSigns(
                    staging.at(FLOATS),
                    DataType.FLOAT32,
                    staging.at(WORDS),
                    piece,
                    zeroPolicy,
                    zeroKey,
                    firstWord + word,
                    staging.at(COUNTS),
                    stream);
            takeBallot(words + 8 * word, piece);
        }
        return counted();
    }

    @Override
    public synchronized long momentumPackSigns(
            final long gradients,
            final long momentum,
            final long words,
            final int n,
            final float beta,
            final float oneMinusBeta,
            final ZeroPolicy zeroPolicy,
            final long zeroKey,
            final long firstWord) {
        kernels.clear(staging.at(COUNTS), COUNTS_LENGTH, stream);
        for (int done = 0; done < n; done += PIECE) {
            final int piece = Math.min(PIECE, n - done);
            final long word = done / Words.LANES;
            staging.put(gradients + 4L * done, FLOATS, 4L * piece);
            staging.put(momentum + 4L * done, OTHER_FLOATS, 4L * piece);
            kernels.momentumPackSigns(
                    staging.at(FLOATS),
                    DataType.FLOAT32,
                    staging.at(OTHER_FLOATS),
                    staging.at(WORDS),
                    piece,
                    beta,
                    oneMinusBeta,
                    zeroPolicy,
                    zeroKey,
                    firstWord + word,
                    staging.at(COUNTS),
                    stream);
            staging.fetch(OTHER_FLOATS, 4L * piece);
            takeBallot(words + 8 * word, piece);
            staging.take(OTHER_FLOATS, momentum + 4L * done, 4L * piece);
        }
        return counted();
    }

    @Override
    public synchronized void unpackSigns(final long words, final long values, final int n) {
        for (int done = 0; done < n; done += PIECE) {
            final int piece = Math.min(PIECE, n - done);
            staging.put(words + done / 8, WORDS, Words.length(piece));
            kernels.unpackSigns(staging.at(WORDS), staging.at(FLOATS), piece, stream);
            takeFloats(values + 4L * done, piece);
        }
    }

    @Override
    public synchronized void accumulate(
            final long words, final long planes, final int planeStride, final int wordCount, final int ballots) {
        final int planesBefore = planesOf(ballots);
        final int planesAfter = planesOf(ballots + 1);
        for (int done = 0; done < wordCount; done += PIECE_WORDS) {
            final int piece = Math.min(PIECE_WORDS, wordCount - done);
            staging.put(words + 8L * done, WORDS, 8L * piece);
            for (int p = 0; p < planesBefore; p++) {
                staging.put(addressOf(planes, planeStride, p, done), placeOf(p), 8L * piece);
            }
            kernels.accumulate(staging.at(WORDS), staging.at(PLANES), PIECE_WORDS, piece, ballots, stream);
            for (int p = 0; p < planesAfter; p++) {
                staging.fetch(placeOf(p), 8L * piece);
            }
            staging.await();
            for (int p = 0; p < planesAfter; p++) {
                staging.take(placeOf(p), addressOf(planes, planeStride, p, done), 8L * piece);
            }
        }
    }

    @Override
    public synchronized int majority(
            final long planes,
            final int planeStride,
            final long words,
            final int n,
            final int ballots,
            final TiePolicy tiePolicy,
            final long tieKey,
            final long firstWord) {
        kernels.clear(staging.at(COUNTS), COUNTS_LENGTH, stream);
        for (int done = 0; done < n; done += PIECE) {
            final int piece = Math.min(PIECE, n - done);
            final int word = done / Words.LANES;
            for (int p = 0; p < planesOf(ballots); p++) {
                staging.put(addressOf(planes, planeStride, p, word), placeOf(p), Words.length(piece));
            }
            kernels.majority(
                    staging.at(PLANES),
                    PIECE_WORDS,
                    staging.at(WORDS),
                    piece,
                    ballots,
                    tiePolicy,
                    tieKey,
                    firstWord + word,
                    staging.at(COUNTS),
                    stream);
            takeBallot(words + 8L * word, piece);
        }
        return (int) staging.word(COUNTS);
    }

    @Override
    public synchronized void applySigns(
            final long words, final long parameters, final int n, final float eta, final float lambda) {
        for (int done = 0; done < n; done += PIECE) {
            final int piece = Math.min(PIECE, n - done);
            staging.put(words + done / 8, WORDS, Words.length(piece));
            staging.put(parameters + 4L * done, FLOATS, 4L * piece);
            kernels.applySigns(staging.at(WORDS), staging.at(FLOATS), piece, eta, lambda, stream);
            takeFloats(parameters + 4L * done, piece);
        }
    }

    @Override
    public synchronized void add(final long source, final long target, final int n) {
        for (int done = 0; done < n; done += PIECE) {
            final int piece = Math.min(PIECE, n - done);
            staging.put(source + 4L * done, OTHER_FLOATS, 4L * piece);
            staging.put(target + 4L * done, FLOATS, 4L * piece);
            kernels.add(staging.at(OTHER_FLOATS), staging.at(FLOATS), piece, stream);
            takeFloats(target + 4L * done, piece);
        }
    }

    @Override
    public synchronized void close() {
        CloseHelper.closeAll(staging, kernels);
    }

    @Override
    public String toString() {
        return kernels.toString();
    }

    /** The words of a piece, and the counts so far. */
    private void takeBallot(final long words, final int n) {
        staging.fetch(WORDS, Words.length(n));
        staging.fetch(COUNTS, COUNTS_LENGTH);
        staging.await();
        staging.take(WORDS, words, Words.length(n));
    }

    private void takeFloats(final long values, final int n) {
        staging.fetch(FLOATS, 4L * n);
        staging.await();
        staging.take(FLOATS, values, 4L * n);
    }

    private long counted() {
        return Counts.of(staging.word(COUNTS), staging.word(COUNTS + Long.BYTES));
    }

    private static long placeOf(final int plane) {
        return PLANES + plane * 8L * PIECE_WORDS;
    }

    private static long addressOf(final long planes, final int planeStride, final int plane, final int word) {
        return planes + 8L * ((long) plane * planeStride + word);
    }

    private static int planesOf(final int ballots) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(ballots);
    }
}
