package io.signvote.tools.run;

import io.signvote.rendezvous.Coordinator.Progress;
import java.util.ArrayList;
import java.util.List;

/** How the processes of a launcher that keeps going have ended, and what its own code is. Owned by one thread. */
final class Endings {
    /** Code where every process ended with 0, and the last job all the same did not end well. */
    static final int UNFINISHED = 1;

    private final List<Ending> endings = new ArrayList<>();

    /**
     * A process has ended.
     *
     * @param code of it.
     * @param endNs of {@link System#nanoTime()}.
     */
    void add(final int code, final long endNs) {
        endings.add(new Ending(code, endNs));
    }

    /**
     * The launcher's code: 0 if the last job ended well on all its ranks, else that of the first process that failed. A process
     * that failed after the last job began spoils it, even where it had left that job in good order.
     *
     * @param progress of the last job.
     * @param startNs when it had all its members, by {@link System#nanoTime()}.
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
