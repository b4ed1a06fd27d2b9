package io.signvote.system;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.CloseHelper;

/** Processes for the jobs of a test class: they are used again from job to job, and replaced when they have
 * died or are still busy. */
public final class RankProcesses implements AutoCloseable {
    private final List<RankProcess> processes = new ArrayList<>();
    private final Map<String, String> variables;

    /** Starts so many; each also has its number in the variable RANK. */
    public RankProcesses(final int count, final Map<String, String> variables) throws IOException {
        this.variables = variables;
        for (int i = 0; i < count; i++) {
            processes.add(start(i));
        }
    }

    /** The first so many, alive and idle. */
    public List<RankProcess> take(final int count) throws IOException {
        return take(0, count);
    }

    /** So many, from the first on, alive and idle. */
    public List<RankProcess> take(final int first, final int count) throws IOException {
        for (int i = first; i < first + count; i++) {
            if (!processes.get(i).isReady()) {
                processes.get(i).close();
                processes.set(i, start(i));
            }
        }
        return List.copyOf(processes.subList(first, first + count));
    }

    @Override
    public void close() {
        CloseHelper.closeAll(processes);
    }

    private RankProcess start(final int rank) throws IOException {
        final Map<String, String> all = new HashMap<>(variables);
        all.put("RANK", Integer.toString(rank));
        all.put("SIGNVOTE_SECRET", TestJob.SECRET);
        return new RankProcess(all);
    }
}
