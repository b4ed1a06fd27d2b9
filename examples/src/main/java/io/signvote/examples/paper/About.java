package io.signvote.examples.paper;

import io.signvote.examples.paper.report.Table;
import io.signvote.examples.paper.run.Machine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.ParseResult;

/** What a run of all figures was: how it was asked for, when, of which commit, and on what. */
final class About {
    /** Paths of the machine that decide nothing. */
    private static final Set<String> HIDDEN = Set.of("--shipped", "--scripts", "--out", "--require");

    /** Paths that decide much, by what lies there: their last name is told. */
    private static final Set<String> SHORTENED = Set.of("--data", "--text");

    private About() {}

    static Table table(final ParseResult command, final Path scripts) throws InterruptedException {
        return new Table(
                "this run",
                List.of("", ""),
                List.of(
                        List.of("command", command(command.originalArgs())),
                        List.of(
                                "date",
                                Instant.now().truncatedTo(ChronoUnit.MINUTES).toString()),
                        List.of("commit", commit(scripts)),
                        List.of("machine", Machine.here().toString())));
    }

    static String command(final List<String> arguments) {
        final List<String> told = new ArrayList<>(List.of("examples/paper"));
        for (int i = 0; i < arguments.size(); i++) {
            final String[] parts = arguments.get(i).split("=", 2);
            final String option = parts[0];
            if (!HIDDEN.contains(option) && !SHORTENED.contains(option)) {
                if (!option.equals("--bar")) {
                    told.add(arguments.get(i));
                }
                continue;
            }
            final String value = parts.length == 2 ? parts[1] : ++i < arguments.size() ? arguments.get(i) : "";
            if (SHORTENED.contains(option)) {
                told.add(option);
                told.add(String.valueOf(Path.of(value).getFileName()));
            }
        }
        return String.join(" ", told);
    }

    private static String commit(final Path scripts) throws InterruptedException {
        if (scripts == null) {
            return "unknown";
        }
        final String hash = git(scripts, "rev-parse", "--short=12", "HEAD");
        final boolean isChanged =
                !git(scripts, "status", "--porcelain", "--untracked-files=no").isEmpty();
        return hash.isEmpty() ? "unknown, no checkout of git" : hash + (isChanged ? ", with changes" : "");
    }

    /** First line of what git says; empty where it says nothing or fails. */
    private static String git(final Path directory, final String... arguments) throws InterruptedException {
        final List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString()));
        command.addAll(List.of(arguments));
        try {
            final Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? output.lines().findFirst().orElse("") : "";
        } catch (final IOException e) {
            return "";
        }
    }
}
