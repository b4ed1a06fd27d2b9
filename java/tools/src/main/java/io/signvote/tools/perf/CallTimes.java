package io.signvote.tools.perf;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.HdrHistogram.Histogram;

/** Times of single calls, with three significant digits. Recording allocates nothing. Used by one thread. */
final class CallTimes {
    /** The percentiles of the table and the report; 100 is the greatest time. */
    static final double[] PERCENTILES = {50, 90, 99, 99.9, 100};

    private static final long MAX_NS = 3_600_000_000_000L;
    private static final int DIGITS = 3;

    private final Histogram histogram = new Histogram(MAX_NS, DIGITS);

    /**
     * Records one call.
     *
     * @param ns its time; a call of more than an hour counts as an hour.
     */
    void record(final long ns) {
        histogram.recordValue(Math.min(ns, MAX_NS));
    }

    /**
     * Adds the times of all ranks up. A collective call.
     *
     * @param job of this process.
     * @return times of the calls of all ranks, the same on every rank.
     */
    CallTimes ofAllRanks(final Job job) {
        final ByteBuffer own = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        final byte[] bytes = new byte[histogram.encodeIntoCompressedByteBuffer(own, Deflater.DEFAULT_COMPRESSION)];
        own.get(0, bytes);
        final CallTimes all = new CallTimes();
        for (final byte[] each : job.gather(bytes)) {
            try {
                all.histogram.add(Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(each), MAX_NS));
            } catch (final DataFormatException e) {
                throw new IllegalStateException("a rank sent no histogram", e);
            }
        }
        return all;
    }

    /** {@return number of calls} */
    long count() {
        return histogram.getTotalCount();
    }

    /**
     * A percentile of the times.
     *
     * @param percentile above 0, at most 100.
     * @return us that so many percent of the calls took at most.
     */
    double us(final double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1e3;
    }

    /**
     * Name of a percentile in the table and the report.
     *
     * @param percentile one of {@link #PERCENTILES}.
     * @return name such as {@code p99.9} or {@code max}.
     */
    static String name(final double percentile) {
        return percentile == 100
                ? "max"
                : String.format(Locale.ROOT, percentile % 1 == 0 ? "p%.0f" : "p%.1f", percentile);
    }
}
