package io.signvote.tools.perf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A rank in the header of the table.
 *
 * @param rank number of the rank.
 * @param pid of its process.
 * @param host name of its host.
 * @param kernels backend of its kernels.
 */
record Member(int rank, long pid, String host, String kernels) {
    private static final Path HOST = Path.of("/proc/sys/kernel/hostname");
    private static final String SEPARATOR = "\t";

    /**
     * Finds all ranks of a job. A collective call.
     *
     * @param job of this process.
     * @return members in rank order, the same on every rank.
     */
    static List<Member> of(final Job job) {
        final String own = String.join(
                SEPARATOR,
                Long.toString(ProcessHandle.current().pid()),
                ownHost(),
                job.communicator().kernels().name());
        final List<Member> members = new ArrayList<>();
        for (final byte[] bytes : job.gather(own.getBytes(StandardCharsets.UTF_8))) {
            final String[] fields = new String(bytes, StandardCharsets.UTF_8).split(SEPARATOR);
            members.add(new Member(members.size(), Long.parseLong(fields[0]), fields[1], fields[2]));
        }
        return members;
    }

    /** {@return the line of this rank, in the form of nccl-tests, without its end} */
    String line() {
        return String.format(
                Locale.ROOT,
                "#  Rank %2d Group %2d Pid %6d on %10s device %2d [cpu] %s kernels",
                rank,
                0,
                pid,
                host,
                0,
                kernels);
    }

    private static String ownHost() {
        try {
            final String name = Files.readString(HOST).strip();
            return name.isEmpty() ? "unknown" : name.replaceAll("[^\\w.:-]", "_");
        } catch (final IOException e) {
            return "unknown";
        }
    }
}
