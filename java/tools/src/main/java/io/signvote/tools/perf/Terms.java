package io.signvote.tools.perf;

import io.signvote.op.ReduceOp;

/**
 * The values and formulas of the derived columns. For a vote, algbw and busbw are those of an allreduce of float32 with
 * the same count, so a vote can be compared with one. The link columns count the bytes that are really sent.
 *
 * @param worldSize ranks.
 * @param plan of the job.
 * @param hasSharedDriver whether the media driver is another process.
 * @param limit rate of a link in bits a second, 0 if none was given.
 * @param wireName interface to measure, or null.
 */
record Terms(int worldSize, PlanTraffic plan, boolean hasSharedDriver, long limit, String wireName) {
    /**
     * Whether a rate of the links was given.
     *
     * @return true if so.
     */
    boolean hasLimit() {
        return limit > 0;
    }

    /**
     * Whether an interface is measured.
     *
     * @return true if so.
     */
    boolean hasWire() {
        return wireName != null;
    }

    /**
     * Size over time.
     *
     * @param row measured.
     * @param measured of it.
     * @return GB/s.
     */
    double algorithmBandwidth(final Row row, final Measurement measured) {
        return row.size() / measured.timeUs() / 1e3;
    }

    /**
     * Rate that the best algorithm would put on each link in that time, if each element went as it lies in memory.
     *
     * @param row measured.
     * @param measured of it.
     * @return GB/s.
     */
    double busBandwidth(final Row row, final Measurement measured) {
        return algorithmBandwidth(row, measured) * row.contender().collective().busFactor(worldSize);
    }

    /**
     * Rate out of the busiest member: the payload of an allreduce, or the bytes that the library counted for another
     * collective.
     *
     * @param row measured.
     * @param measured of it.
     * @return Mbit/s.
     */
    double linkRate(final Row row, final Measurement measured) {
        final Contender contender = row.contender();
        final double bytes = contender.isAllReduce()
                ? taken(row).busiest(contender.wireLength(row.count()), worldSize)
                : measured.busiestBytes();
        return bytes * Byte.SIZE / measured.timeUs();
    }

    private PlanTraffic taken(final Row row) {
        final Contender contender = row.contender();
        return plan.taken(contender.op() == ReduceOp.MAJORITY, contender.wireLength(row.count()), worldSize);
    }

    /**
     * {@link #linkRate} in percent of the given rate.
     *
     * @param row measured.
     * @param measured of it.
     * @return percent.
     */
    double limitPercent(final Row row, final Measurement measured) {
        return 100 * linkRate(row, measured) * 1e6 / limit;
    }

    /**
     * Cost of framing, control and retransmission.
     *
     * @param row measured.
     * @param measured of it.
     * @return bytes on the wire over the bytes of {@link #linkRate}, as the mean of all ranks.
     */
    double wireOverPayload(final Row row, final Measurement measured) {
        final Contender contender = row.contender();
        return measured.wireBytes()
                / (contender.isAllReduce()
                        ? taken(row).payload(contender.wireLength(row.count()), worldSize)
                        : measured.linkBytes());
    }
}
