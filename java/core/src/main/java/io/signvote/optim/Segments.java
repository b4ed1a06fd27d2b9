package io.signvote.optim;

import io.signvote.bits.Copies;
import io.signvote.bits.Words;
import io.signvote.error.ConfigurationException;
import java.util.Arrays;

/**
 * A float32 vector in several pieces of memory, as a framework keeps its parameters and gradients. Coordinates are
 * numbered in the order of the segments, without gaps. So a vote on segments gives the same bits as a vote on one
 * contiguous vector. Does not own the memory. Used by one thread.
 *
 * <p>A word of 64 coordinates inside one segment is processed in place. A word that spans several segments is copied
 * first, at most one for each border between segments.
 */
public final class Segments {
    private final long[] addresses;

    /** First coordinate of each segment. The last element is the count of all. */
    private final long[] starts;

    private int segment;

    /**
     * Makes segments without addresses.
     *
     * @param counts floats of each segment, at least 0. An empty segment needs no address.
     * @throws ConfigurationException if a count is negative.
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

    /** {@return number of floats of all segments} */
    public long count() {
        return starts[addresses.length];
    }

    /**
     * Sets the address of a segment. The caller keeps the memory alive while it is used.
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
     * Moves to a coordinate. Returns the number of coordinates to process at once from there. These are the whole words
     * inside its segment, or all the rest if the segment reaches to the end. If there is no whole word, they are one
     * word that spans several segments.
     *
     * @param coordinate a multiple of 64.
     * @param end coordinate at which to stop, a multiple of 64 or the count.
     */
    int run(final long coordinate, final long end) {
        final int found = Arrays.binarySearch(starts, coordinate);
        segment = found < 0 ? -found - 2 : found;
        while (starts[segment + 1] == coordinate) {
            // skip empty segments that begin here
            segment++;
        }
        final long within = Math.min(starts[segment + 1], end) - coordinate;
        final long run = coordinate + within == end ? within : within & -Words.LANES;
        return (int) (run == 0 ? Math.min(Words.LANES, end - coordinate) : run);
    }

    /** Address of the run that {@link #run} found: in place, or a copy in 64 floats of the caller. */
    long address(final long coordinate, final int run, final long gathered) {
        if (!spans(coordinate, run)) {
            return addresses[segment] + (coordinate - starts[segment] << 2);
        }
        copy(coordinate, run, gathered, false);
        return gathered;
    }

    /** Copies a run that spans several segments back to them, after it was changed. */
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
