package io.signvote.tools.run;

import java.util.List;
import java.util.Map;

/**
 * One process of a job.
 *
 * @param label prefix of its output: the rank, or {@code server}.
 * @param command program and arguments.
 * @param environment variables that are added to those of the launcher.
 * @param isRaw whether its output is passed on as it comes, without a prefix.
 */
record MemberCommand(String label, List<String> command, Map<String, String> environment, boolean isRaw) {
    MemberCommand {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /**
     * Name of the process in messages.
     *
     * @return {@code rank 3}, or {@code server}.
     */
    String name() {
        return Character.isDigit(label.charAt(0)) ? "rank " + label : label;
    }
}
