package io.signvote.tools.perf;

/**
 * The values and formulas of the derived columns. algbw and busbw are those of an allreduce of float32 with the same
 * count, so a vote can be compared with one. The link columns count the bytes that are really sent.
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
     * Rate that a ring of float32 would put on each link in that time.
     *
     * @param row measured.
     * @param measured of it.
     * @return GB/s.
     */
    double busBandwidth(final Row row, final Measurement measured) {
        return algorithmBandwidth(row, measured) * 2 * (worldSize - 1) / worldSize;
    }

    /**
     * Payload rate out of the busiest member.
     *
     * @param row measured.
     * @param measured of it.
     * @return Mbit/s.
     */
    double linkRate(final Row row, final Measurement measured) {
        final long wireLength = row.contender().wireLength(row.count());
        return plan.busiest(wireLength, worldSize) * Byte.SIZE / measured.timeUs();
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
     * @return bytes on the wire over payload.
     */
    double wireOverPayload(final Row row, final Measurement measured) {
        final long wireLength = row.contender().wireLength(row.count());
        return measured.wireBytes() / plan.payload(wireLength, worldSize);
    }
}
