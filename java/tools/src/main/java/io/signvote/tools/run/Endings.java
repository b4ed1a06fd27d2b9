package io.signvote.tools.run;

import io.signvote.rendezvous.Coordinator.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * The exit codes of the processes of a launcher with {@code --keep-going}, and the launcher's own code. Owned by one
 * thread.
 */
final class Endings {
    /** Code if every process ended with 0, but the last job did not end well. */
    static final int UNFINISHED = 1;

    private final List<Ending> endings = new ArrayList<>();

    /**
     * Adds the end of a process.
     *
     * @param code its exit code.
     * @param endNs time of the end, as {@link System#nanoTime()}.
     */
    void add(final int code, final long endNs) {
        endings.add(new Ending(code, endNs));
    }

    /**
     * The launcher's code: 0 if the last job ended well on all its ranks, else the code of the first process that
     * failed. A process that fails after the start of the last job makes it fail, even if the process had left that job
     * in good order.
     *
     * @param progress of the last job.
     * @param startNs time at which it had all its members, as {@link System#nanoTime()}.
     * @return 0 to 255.
     */
    int code(final Progress progress, final long startNs) {
        int first = 0;
        boolean isSpoilt = false;
        for (final Ending ending : endings) {
            if (ending.code() != 0) {
                first = first == 0 ? ending.code() : first;
                isSpoilt |= ending.endNs() - startNs >= 0;
            }
        }
        return switch (progress) {
            case NONE -> first;
            case OVER -> isSpoilt ? first : 0;
            case JOINING, RUNNING, FAILED -> first == 0 ? UNFINISHED : first;
        };
    }

    private record Ending(int code, long endNs) {}
}
