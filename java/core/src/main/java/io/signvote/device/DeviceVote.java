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
 *  our stream          words 0, words 1, words 2 ... (and a stamp behind each)    verdict 0, verdict 1 ...
 *                         |        |        |                                            |         |
 *  pinned memory       ballot, stretch by stretch --claimed frames--> the vote --> verdict, when all of it is held
 * </pre>
 *
 * <p>A stretch has arrived when its stamp equals that of the vote. The stamp is the last copy of our stream for the stretch, so the
 * words precede it. No round waits for the device, because work in the caller's stream may never end. Used by one thread.
 */
public final class DeviceVote implements VerdictSink, AutoCloseable {
    private static final int COUNTS_LENGTH = 2 * Long.BYTES;

    /** Before the words of a stretch: its two counts, so that one copy takes both. */
    private static final int HEADER_LENGTH = 256;

    /** Before the stretches, in pinned memory: their stamps, each on a cache line of its own. */
    private static final int STAMPS_LENGTH = Stretches.COUNT_MAX * 64;

    /** Looks at the stamps before the device is asked whether they may still come. */
    private static final int PATIENCE = 64;

    private final DeviceKernels kernels;
    private final long capacity;
    private final Stretches stretches;
    private final BallotSource source = new Source();
    private long transfer;
    private long deviceBallot;
    private long pinnedBallot;
    private long deviceVerdict;
    private long pinnedVerdict;
    private DeviceBallots ballots;
    private DeviceVerdict verdict;
    private long stream;
    private int stamp;
    private int counted;
    private int misses;
    private boolean isPacked;
    private boolean isDecided;

    /**
     * Allocates 2 ceil(capacity / 64) words on the device, and as many pinned, and a little.
     *
     * @param kernels of the device.
     * @param capacity most coordinates of a vote.
     * @param lengthMin least bytes of a stretch.
     */
    DeviceVote(final DeviceKernels kernels, final long capacity, final long lengthMin) {
        this.kernels = kernels;
        this.capacity = capacity;
        stretches = new Stretches(capacity, lengthMin);
        final long length = Stretches.lengthMax(capacity) + Stretches.COUNT_MAX * HEADER_LENGTH;
        // a driver allocates no memory of nothing
        final long verdictLength = Math.max(Long.BYTES, Words.length(capacity));
        try {
            transfer = kernels.newStream();
            deviceBallot = kernels.allocate(length);
            pinnedBallot = kernels.allocatePinned(STAMPS_LENGTH + length);
            deviceVerdict = kernels.allocate(verdictLength);
            pinnedVerdict = kernels.allocatePinned(verdictLength);
        } catch (final RuntimeException | Error e) {
            close();
            throw e;
        }
        for (int stretch = 0; stretch < Stretches.COUNT_MAX; stretch++) {
            UnsafeApi.putIntVolatile(null, stampOf(stretch), stamp);
        }
    }

    /** {@return most coordinates of a vote} */
    public long capacity() {
        return capacity;
    }

    /** Coordinates of the vote that was packed last. */
    long count() {
        return stretches.coordinates();
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

    /** Queues the packing of all stretches and their copies to the host. Waits for nothing. */
    void pack(final DeviceBallots ballots, final long count, final long stream) {
        ensureOpen();
        stretches.set(count);
        this.ballots = ballots;
        stamp++;
        counted = 0;
        misses = 0;
        isPacked = false;
        isDecided = false;
        try {
            // after a failed round, the ballot before may still be written by another stream, or be on its way
            kernels.follow(stream, transfer);
            for (int stretch = 0; stretch < stretches.count(); stretch++) {
                pack(stretch, stream);
            }
            isPacked = true;
        } catch (final RuntimeException | Error e) {
            orderAfter(stream, e);
            throw e;
        }
    }

    private void pack(final int stretch, final long stream) {
        final long n = stretches.coordinates(stretch);
        final long words = deviceBallot + offsetOf(stretch);
        final long counts = words - COUNTS_LENGTH;
        kernels.clear(counts, COUNTS_LENGTH, stream);
        ballots.pack(stretches.firstCoordinate(stretch), n, words, counts, stream);
        kernels.follow(transfer, stream);
        kernels.download(counts, wordsOf(stretch) - COUNTS_LENGTH, COUNTS_LENGTH + Words.length(n), transfer);
        kernels.signal(stampOf(stretch), stamp, transfer);
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

    /** Whether the last ballot was decided. Then part of the verdict may have been used. */
    boolean isDecided() {
        return isDecided;
    }

    /**
     * The last verdict in pinned memory, uint64[ceil(count / 64)], kept until the next is committed. Waits until the device has
     * read it and done all earlier work, so that it may be overwritten.
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
        for (int stretch = 0; stretch < stretches.count(); stretch++) {
            final long first = stretches.firstCoordinate(stretch);
            final long n = stretches.coordinates(stretch);
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

    /** After a failed round: counts the stretches that have arrived and were not counted yet. The others are counted when cast. */
    void settle() {
        for (int stretch = 0; isPacked && stretch < stretches.count(); stretch++) {
            if (hasArrived(stretch)) {
                try {
                    count(stretch);
                } catch (final VoteException e) {
                    // it would end the round, which has ended already
                    continue;
                }
            }
        }
    }

    /** Frees the memory. Waits for all queued work, and so for the caller's streams. */
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

    private boolean hasArrived(final int stretch) {
        return UnsafeApi.getIntVolatile(null, stampOf(stretch)) == stamp;
    }

    private long stampOf(final int stretch) {
        return pinnedBallot + stretch * (STAMPS_LENGTH / Stretches.COUNT_MAX);
    }

    /** Pinned words of a stretch. */
    private long wordsOf(final int stretch) {
        return pinnedBallot + STAMPS_LENGTH + offsetOf(stretch);
    }

    private long offsetOf(final int stretch) {
        return stretch * (HEADER_LENGTH + stretches.length()) + HEADER_LENGTH;
    }

    private void count(final int stretch) {
        if ((counted >> stretch & 1) == 0) {
            counted |= 1 << stretch;
            final long counts = wordsOf(stretch) - COUNTS_LENGTH;
            ballots.onPacked(
                    stretches.firstCoordinate(stretch),
                    stretches.coordinates(stretch),
                    UnsafeApi.getLong(counts),
                    UnsafeApi.getLong(counts + Long.BYTES));
        }
    }

    /** Pinned words, from where they are copied into claimed frames. */
    private final class Source implements BallotSource {
        @Override
        public String describeOptions(final long options) {
            return ballots.describeOptions(options);
        }

        @Override
        public boolean isReady(final long coordinate, final int n) {
            final int last = stretches.of(coordinate + n - 1);
            for (int stretch = stretches.of(coordinate); stretch <= last; stretch++) {
                if (!hasArrived(stretch)) {
                    if (++misses % PATIENCE == 0) {
                        // throws if the device has failed, because the stamp would never come
                        kernels.isIdle(transfer);
                    }
                    return false;
                }
            }
            return true;
        }

        @Override
        public void fill(final long coordinate, final int n, final long words) {
            final int last = stretches.of(coordinate + n - 1);
            for (int stretch = stretches.of(coordinate); stretch <= last; stretch++) {
                count(stretch);
            }
            refill(coordinate, n, words);
        }

        @Override
        public void refill(final long coordinate, final int n, final long words) {
            long at = coordinate;
            long target = words;
            while (at < coordinate + n) {
                final int stretch = stretches.of(at);
                final long first = stretches.firstCoordinate(stretch);
                final long end = Math.min(coordinate + n, first + stretches.coordinates(stretch));
                final long length = Words.length(end - at);
                Copies.copy(wordsOf(stretch) + (at - first >>> 3), target, length);
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
