package io.signvote.tools.run;

import io.signvote.tools.Main;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How this program is started once more, with the same JVM, class path and properties. */
final class SelfCommand {
    /** Commands that {@code run} takes for ours where a program's name would stand. */
    private static final Set<String> COMMANDS = Set.of("perf", "serve", "doctor");

    private SelfCommand() {}

    /**
     * Replaces the name of one of our commands by the program that runs it.
     *
     * @param command program and arguments, or one of our commands and its arguments.
     * @return program and arguments.
     */
    static List<String> expand(final List<String> command) {
        if (!COMMANDS.contains(command.get(0))) {
            return command;
        }
        final List<String> expanded = new ArrayList<>();
        expanded.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // a manifest's Add-Opens counts for -jar alone, so the flags are named
        expanded.add("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
        expanded.add("--enable-native-access=ALL-UNNAMED");
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-D") || argument.startsWith("-X"))
                .forEach(expanded::add);
        expanded.add("-cp");
        expanded.add(System.getProperty("java.class.path"));
        expanded.add(Main.class.getName());
        expanded.addAll(command);
        return expanded;
    }
}
