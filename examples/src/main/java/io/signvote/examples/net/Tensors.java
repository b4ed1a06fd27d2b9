package io.signvote.examples.net;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Where the tensors of a model lie in its one array of parameters: one after the other, without gaps.
 *
 * @param lengths of the tensors, in elements.
 */
public record Tensors(int... lengths) {
    /** {@return number of tensors} */
    public int count() {
        return lengths.length;
    }

    /**
     * Where a tensor begins.
     *
     * @param tensor 0 to count - 1; count gives the end of the last.
     * @return index of its first element.
     */
    public int offset(final int tensor) {
        return IntStream.of(lengths).limit(tensor).sum();
    }

    /**
     * How long a tensor is.
     *
     * @param tensor 0 to count - 1.
     * @return elements.
     */
    public int length(final int tensor) {
        return lengths[tensor];
    }

    /** {@return elements of all tensors} */
    public int total() {
        return offset(count());
    }

    /** Lengths, for messages. */
    @Override
    public String toString() {
        return Arrays.toString(lengths);
    }
}
