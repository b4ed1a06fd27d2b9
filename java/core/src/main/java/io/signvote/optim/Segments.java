package io.signvote.optim;

import io.signvote.bits.Copies;
import io.signvote.bits.Words;
import io.signvote.error.ConfigurationException;
import java.util.Arrays;

/**
 * A vector of float32 that lies in several places, as a framework keeps its parameters and gradients. Its coordinates are
 * numbered through in the order of the segments, without gaps, so a vote on it is a vote on the floats laid end to end, bit
 * for bit. Used by one thread.
 *
 * <p>Words of 64 coordinates that lie within a segment are worked on in place; one that spans several is gathered first, at
 * most one for each border between segments.
 */
public final class Segments {
    private final long[] addresses;

    /** First coordinate of each segment, and of the one that would follow. */
    private final long[] starts;

    private int segment;

    /**
     * Segments that lie nowhere yet.
     *
     * @param counts floats of each, at least 0. A segment of none needs no address.
     */
    public Segments(final long... counts) {
        addresses = new long[counts.length];
        starts = new long[counts.length + 1];
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] < 0) {
                throw new ConfigurationException("segment=" + i + ": count=" + counts[i] + ", expected at least 0");
            }
            starts[i + 1] = Math.addExact(starts[i], counts[i]);
        }
    }

    /** {@return floats of all segments} */
    public long count() {
        return starts[addresses.length];
    }

    /**
     * Tells where a segment lies from now on. The caller keeps the memory alive while it is used.
     *
     * @param index of the segment, in the order of the counts.
     * @param address of its floats, float32[its count], aligned to 4 bytes.
     * @return this.
     */
    public Segments at(final int index, final long address) {
        addresses[index] = address;
        return this;
    }

    /** {@return whether a segment holds any of these bytes} */
    boolean overlaps(final long first, final long end) {
        for (int i = 0; first < end && i < addresses.length; i++) {
            if (first < addresses[i] + (starts[i + 1] - starts[i] << 2) && addresses[i] < end) {
                return true;
            }
        }
        return false;
    }

    void ensureReady(final String name, final long count) {
        if (count() != count) {
            throw new ConfigurationException(name + " has " + count() + " floats, needs " + count);
        }
        for (int i = 0; i < addresses.length; i++) {
            if (addresses[i] == 0 && starts[i + 1] > starts[i]) {
                throw new ConfigurationException(
                        name + " has no address for segment=" + i + ", call at(" + i + ", ...)");
            }
        }
    }

    /**
     * Turns to a coordinate, and says how many from there on are worked on at once: as many whole words as lie in its segment,
     * all that is left where they reach to the end, or one word that spans several segments.
     *
     * @param coordinate a multiple of 64.
     * @param end coordinate at which to stop, a multiple of 64 or the count.
     */
    int run(final long coordinate, final long end) {
        final int found = Arrays.binarySearch(starts, coordinate);
        segment = found < 0 ? -found - 2 : found;
        while (starts[segment + 1] == coordinate) {
            // one of no floats, of those that begin here
            segment++;
        }
        final long within = Math.min(starts[segment + 1], end) - coordinate;
        final long run = coordinate + within == end ? within : within & -Words.LANES;
        return (int) (run == 0 ? Math.min(Words.LANES, end - coordinate) : run);
    }

    /** Address of the run that {@link #run} found: in place, or gathered into 64 floats of the caller. */
    long address(final long coordinate, final int run, final long gathered) {
        if (!spans(coordinate, run)) {
            return addresses[segment] + (coordinate - starts[segment] << 2);
        }
        copy(coordinate, run, gathered, false);
        return gathered;
    }

    /** Takes back what was gathered, after it was written to. */
    void scatter(final long coordinate, final int run, final long gathered) {
        if (spans(coordinate, run)) {
            copy(coordinate, run, gathered, true);
        }
    }

    private boolean spans(final long coordinate, final int run) {
        return coordinate + run > starts[segment + 1];
    }

    private void copy(final long coordinate, final int run, final long gathered, final boolean isBack) {
        final long end = coordinate + run;
        int from = segment;
        for (long c = coordinate; c < end; from++) {
            final long part = Math.min(starts[from + 1], end) - c;
            final long there = addresses[from] + (c - starts[from] << 2);
            final long here = gathered + (c - coordinate << 2);
            Copies.copy(isBack ? here : there, isBack ? there : here, part << 2);
            c += part;
        }
    }
}
