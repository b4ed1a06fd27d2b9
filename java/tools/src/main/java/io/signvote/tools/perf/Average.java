package io.signvote.tools.perf;

import java.util.stream.DoubleStream;

/** The times of the ranks as one, by the numbers of the option {@code -a} of nccl-tests. */
enum Average {
    /** That of rank 0. */
    RANK0("of rank 0"),
    /** The mean. */
    MEAN("mean of ranks"),
    /** The least. */
    MIN("least of ranks"),
    /** The greatest. */
    MAX("greatest of ranks");

    private final String words;

    Average(final String words) {
        this.words = words;
    }

    /** {@return words for the header of the table} */
    String words() {
        return words;
    }

    /**
     * One time for all ranks.
     *
     * @param times of the ranks, in rank order, at least one.
     * @return time.
     */
    double of(final double... times) {
        return switch (this) {
            case RANK0 -> times[0];
            case MEAN -> DoubleStream.of(times).sum() / times.length;
            case MIN -> DoubleStream.of(times).min().orElseThrow();
            case MAX -> DoubleStream.of(times).max().orElseThrow();
        };
    }
}
