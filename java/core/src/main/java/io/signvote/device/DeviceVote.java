package io.signvote.device;

import io.signvote.bits.Copies;
import io.signvote.bits.Words;
import io.signvote.collective.BallotSource;
import io.signvote.collective.VerdictSink;
import io.signvote.error.VoteException;
import io.signvote.kernel.DeviceKernels;
import org.agrona.UnsafeApi;

/**
 * Memory of votes of up to a given size: a ballot and a verdict, each on the device and pinned, and the way between. Only packed
 * words cross.
 *
 * <pre>
 *  caller's stream   pack 0, pack 1, pack 2 ...                                          apply 0, apply 1 ...
 *                         \       \       \                                               /        /
 *  our stream          words 0, words 1, words 2 ... (and a number behind each)    verdict 0, verdict 1 ...
 *                         |        |        |                                            |         |
 *  pinned memory       ballot, segment by segment --claimed frames--> the vote --> verdict, when all of it is held
 * </pre>
 *
 * <p>A segment has arrived when its number equals that of the vote. The number is the last copy of our stream for the segment, so the
 * words precede it. No round waits for the device, because work in the caller's stream may never end. Used by one thread.
 */
public final class DeviceVote implements VerdictSink, AutoCloseable {
    private static final int COUNTS_LENGTH = 2 * Long.BYTES;

    /** Before the words of a segment: its two counts, so that one copy takes both. */
    private static final int HEADER_LENGTH = 256;

    /** Before the segments, in pinned memory: their numbers, each on a cache line of its own. */
    private static final int NUMBERS_LENGTH = Slices.COUNT_MAX * 64;

    /** Looks at the numbers before the device is asked whether they may still come. */
    private static final int PATIENCE = 64;

    private final DeviceKernels kernels;
    private final long capacity;
    private final Slices slices;
    private final BallotSource source = new Source();
    private long transfer;
    private long deviceBallot;
    private long pinnedBallot;
    private long deviceVerdict;
    private long pinnedVerdict;
    private DeviceBallots ballots;
    private DeviceVerdict verdict;
    private long stream;
    private int number;
    private int counted;
    private int misses;
    private boolean isPacked;
    private boolean isDecided;

    /**
     * Allocates 2 ceil(capacity / 64) words on the device, and as many pinned, and a little.
     *
     * @param kernels of the device.
     * @param capacity most coordinates of a vote.
     * @param lengthMin least bytes of a segment.
     */
    DeviceVote(final DeviceKernels kernels, final long capacity, final long lengthMin) {
        this.kernels = kernels;
        this.capacity = capacity;
        slices = new Slices(capacity, lengthMin);
        final long length = Slices.lengthMax(capacity) + Slices.COUNT_MAX * HEADER_LENGTH;
        // a driver allocates no memory of nothing
        final long verdictLength = Math.max(Long.BYTES, Words.length(capacity));
        try {
            transfer = kernels.newStream();
            deviceBallot = kernels.allocate(length);
            pinnedBallot = kernels.allocatePinned(NUMBERS_LENGTH + length);
            deviceVerdict = kernels.allocate(verdictLength);
            pinnedVerdict = kernels.allocatePinned(verdictLength);
        } catch (final RuntimeException | Error e) {
            close();
            throw e;
        }
        for (int segment = 0; segment < Slices.COUNT_MAX; segment++) {
            UnsafeApi.putIntVolatile(null, numberOf(segment), number);
        }
    }

    /** {@return most coordinates of a vote} */
    public long capacity() {
        return capacity;
    }

    /** Coordinates of the vote that was packed last. */
    long count() {
        return slices.coordinates();
    }

    /** The ballot that was packed last, for rounds: also for one that repeats a round that failed. */
    BallotSource source() {
        return source;
    }

    /**
     * Makes a stream wait for all queued work of this vote, also of packs and rounds that failed. Later work of the stream may write
     * the memory of that work.
     *
     * @param stream that waits.
     */
    public void follow(final long stream) {
        ensureOpen();
        kernels.follow(stream, transfer);
    }

    /** Asks for the packing of all segments and their way to the host; waits for nothing. */
    void pack(final DeviceBallots ballots, final long count, final long stream) {
        ensureOpen();
        slices.set(count);
        this.ballots = ballots;
        number++;
        counted = 0;
        misses = 0;
        isPacked = false;
        isDecided = false;
        try {
            // after a failed round, the ballot before may still be written by another stream, or be on its way
            kernels.follow(stream, transfer);
            for (int segment = 0; segment < slices.count(); segment++) {
                pack(segment, stream);
            }
            isPacked = true;
        } catch (final RuntimeException | Error e) {
            orderAfter(stream, e);
            throw e;
        }
    }

    private void pack(final int segment, final long stream) {
        final long n = slices.coordinates(segment);
        final long words = deviceBallot + offsetOf(segment);
        final long counts = words - COUNTS_LENGTH;
        kernels.clear(counts, COUNTS_LENGTH, stream);
        ballots.pack(slices.firstCoordinate(segment), n, words, counts, stream);
        kernels.follow(transfer, stream);
        kernels.download(counts, wordsOf(segment) - COUNTS_LENGTH, COUNTS_LENGTH + Words.length(n), transfer);
        kernels.signal(numberOf(segment), number, transfer);
    }

    /** Work that was queued before an error may still run. Our next work comes after it. */
    private void orderAfter(final long stream, final Throwable error) {
        try {
            kernels.follow(transfer, stream);
        } catch (final RuntimeException e) {
            error.addSuppressed(e);
        }
    }

    /** Throws if the memory of the vote is freed. */
    void ensureOpen() {
        if (transfer == 0) {
            throw new IllegalStateException("the memory of this vote is closed, take another");
        }
    }

    /** {@return whether all of the last ballot was queued: it arrives, or the device fails} */
    public boolean isPacked() {
        return isPacked;
    }

    /** Whether the ballot that was asked for last was voted on, so that some of the verdict may have been used. */
    boolean isDecided() {
        return isDecided;
    }

    /**
     * The last verdict in pinned memory, uint64[ceil(count / 64)], kept until the next is committed. Waits until the device has
     * taken it and all that was asked for before, so that it may be overwritten.
     */
    long awaitVerdict() {
        ensureOpen();
        kernels.await(transfer);
        return pinnedVerdict;
    }

    /** Sets the receiver of the verdict, and the stream for its use. */
    void verdictTo(final DeviceVerdict verdict, final long stream) {
        this.verdict = verdict;
        this.stream = stream;
    }

    /**
     * Uploads the verdict to the device and queues its use. The pinned verdict may be overwritten: its last upload precedes the ballots
     * of this vote in our stream, and these have arrived.
     */
    @Override
    public void commit(final long words, final long count) {
        isDecided = true;
        verdict.onDecided();
        for (int segment = 0; segment < slices.count(); segment++) {
            final long first = slices.firstCoordinate(segment);
            final long n = slices.coordinates(segment);
            final long offset = first >>> 3;
            Copies.copy(words + offset, pinnedVerdict + offset, Words.length(n));
            kernels.upload(pinnedVerdict + offset, deviceVerdict + offset, Words.length(n), transfer);
            kernels.follow(stream, transfer);
            verdict.commit(first, n, deviceVerdict + offset, stream);
        }
        // the upload of the next verdict waits until this one was used, in any stream
        kernels.follow(transfer, stream);
        verdict.onCommitted();
    }

    /** After a failed round: counts what has arrived and was not counted yet. The rest is counted when it is cast. */
    void settle() {
        for (int segment = 0; isPacked && segment < slices.count(); segment++) {
            if (hasArrived(segment)) {
                try {
                    count(segment);
                } catch (final VoteException e) {
                    // it would end the round, which has ended already
                    continue;
                }
            }
        }
    }

    /** Frees the memory. Waits for all that was asked for, and with it for the caller's streams. */
    @Override
    public void close() {
        kernels.closeStream(transfer);
        kernels.free(deviceBallot);
        kernels.freePinned(pinnedBallot);
        kernels.free(deviceVerdict);
        kernels.freePinned(pinnedVerdict);
        transfer = 0;
        deviceBallot = 0;
        pinnedBallot = 0;
        deviceVerdict = 0;
        pinnedVerdict = 0;
    }

    private boolean hasArrived(final int segment) {
        return UnsafeApi.getIntVolatile(null, numberOf(segment)) == number;
    }

    private long numberOf(final int segment) {
        return pinnedBallot + segment * (NUMBERS_LENGTH / Slices.COUNT_MAX);
    }

    /** Pinned words of a segment. */
    private long wordsOf(final int segment) {
        return pinnedBallot + NUMBERS_LENGTH + offsetOf(segment);
    }

    private long offsetOf(final int segment) {
        return segment * (HEADER_LENGTH + slices.length()) + HEADER_LENGTH;
    }

    private void count(final int segment) {
        if ((counted >> segment & 1) == 0) {
            counted |= 1 << segment;
            final long counts = wordsOf(segment) - COUNTS_LENGTH;
            ballots.onPacked(
                    slices.firstCoordinate(segment),
                    slices.coordinates(segment),
                    UnsafeApi.getLong(counts),
                    UnsafeApi.getLong(counts + Long.BYTES));
        }
    }

    /** Pinned words, from where they are copied into claimed frames. */
    private final class Source implements BallotSource {
        @Override
        public boolean isReady(final long coordinate, final int n) {
            final int last = slices.of(coordinate + n - 1);
            for (int segment = slices.of(coordinate); segment <= last; segment++) {
                if (!hasArrived(segment)) {
                    if (++misses % PATIENCE == 0) {
                        // throws if the device has failed, because the number would never come
                        kernels.isIdle(transfer);
                    }
                    return false;
                }
            }
            return true;
        }

        @Override
        public void fill(final long coordinate, final int n, final long words) {
            final int last = slices.of(coordinate + n - 1);
            for (int segment = slices.of(coordinate); segment <= last; segment++) {
                count(segment);
            }
            refill(coordinate, n, words);
        }

        @Override
        public void refill(final long coordinate, final int n, final long words) {
            long at = coordinate;
            long target = words;
            while (at < coordinate + n) {
                final int segment = slices.of(at);
                final long first = slices.firstCoordinate(segment);
                final long end = Math.min(coordinate + n, first + slices.coordinates(segment));
                final long length = Words.length(end - at);
                Copies.copy(wordsOf(segment) + (at - first >>> 3), target, length);
                target += length;
                at = end;
            }
            if (coordinate + n == count()) {
                // packed words of the caller may have anything there
                UnsafeApi.putLong(target - Long.BYTES, UnsafeApi.getLong(target - Long.BYTES) & Words.tailMask(n));
            }
        }
    }
}
