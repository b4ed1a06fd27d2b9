package io.signvote.tools.run;

import io.signvote.tools.Main;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The command that starts this program again, with the same JVM, class path and properties. */
final class SelfCommand {
    /** Our own commands, which {@code run} accepts instead of a program. */
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
        // Add-Opens of a manifest applies to -jar only, so the command contains the flags
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
