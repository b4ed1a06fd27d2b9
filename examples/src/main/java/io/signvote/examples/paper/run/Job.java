package io.signvote.examples.paper.run;

import java.util.List;
import java.util.function.LongConsumer;

/**
 * Work whose result is decided by its key, and can be kept as lines of text.
 *
 * @param <T> what it comes to.
 */
public interface Job<T> {
    /** {@return everything that decides the result, in one line} */
    String key();

    /** {@return how much it is, in any unit that jobs of one figure share} */
    long work();

    /**
     * Does it.
     *
     * @param progress is told of work done, by one thread at a time.
     * @return what it came to.
     * @throws InterruptedException when this thread is interrupted.
     */
    T run(LongConsumer progress) throws InterruptedException;

    /**
     * Writes a result.
     *
     * @param result of this job.
     * @return lines.
     */
    List<String> write(T result);

    /**
     * Reads a result.
     *
     * @param lines that {@link #write} gave.
     * @return the result.
     */
    T read(List<String> lines);
}
