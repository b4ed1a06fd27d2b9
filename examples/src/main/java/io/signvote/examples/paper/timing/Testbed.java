package io.signvote.examples.paper.timing;

import io.signvote.examples.paper.run.Build;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Hosts made of network namespaces with shaped links: {@code ci/testbed} of the repository. */
public final class Testbed {
    private static final Pattern RANK_LINE = Pattern.compile("\\[\\d+] (.*)");
    private static final int TOLD_LINES = 6;
    private static final long END_SECONDS = 20;

    private final Path scripts;

    /**
     * A testbed.
     *
     * @param scripts the folder {@code ci} of the repository; null for none.
     */
    public Testbed(final Path scripts) {
        this.scripts = scripts;
    }

    /**
     * Makes one host and removes it again.
     *
     * @param figure that needs it, for the message.
     * @throws UnavailableException where this user or machine cannot, with the remedy.
     * @throws InterruptedException when this thread is interrupted.
     */
    public void ensureAvailable(final String figure) throws UnavailableException, InterruptedException {
        try {
            run(1, new ShapedLink(100), List.of("true"), line -> {});
        } catch (final IOException e) {
            throw new UnavailableException(figure
                    + " measures hosts made of network namespaces, which this user or machine cannot make; run it as root"
                    + " where iproute2 is installed: sudo examples/paper ... (" + e.getMessage() + ")");
        }
    }

    /** What decides times measured here, in one line: the scripts as they are. */
    String settings() {
        final List<Path> files = scripts == null
                ? List.of()
                : List.of(script("testbed"), script("bench/gloo-allreduce.py"), jvmOptions());
        return "testbed=" + Build.of(files);
    }

    Path script(final String name) {
        return scripts.resolve(name);
    }

    /** The flags that ranks run with. */
    Path jvmOptions() {
        return scripts.resolveSibling("java").resolve("jvm.options");
    }

    /**
     * Runs a command on every host.
     *
     * @param hosts   one rank each.
     * @param link    between them.
     * @param command to run.
     * @param onLine  told each line of any rank, without the rank, by a thread of its own.
     * @throws IOException          where the testbed or a rank fails, with its last lines.
     * @throws InterruptedException when this thread is interrupted; the hosts are then gone.
     */
    void run(final int hosts, final ShapedLink link, final List<String> command, final Consumer<String> onLine)
            throws IOException, InterruptedException {
        if (scripts == null || !Files.isExecutable(scripts.resolve("testbed"))) {
            throw new IOException("there is no testbed in " + scripts);
        }
        final Process process = new ProcessBuilder(Stream.concat(
                                Stream.of(
                                        script("testbed").toString(),
                                        "--hosts",
                                        String.valueOf(hosts),
                                        "--rate",
                                        link.rate(),
                                        "--"),
                                command.stream())
                        .toList())
                .redirectErrorStream(true)
                .start();
        // whoever ends us must not leave hosts behind: the testbed removes them when it is asked to end
        final Thread hook = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(hook);
        final Output output = new Output(process, onLine);
        try {
            final int code = process.waitFor();
            output.await();
            if (code != 0) {
                throw new IOException("ci/testbed failed with exit code " + code + ": " + output.last());
            }
        } finally {
            process.destroy();
            process.onExit()
                    .completeOnTimeout(process, END_SECONDS, TimeUnit.SECONDS)
                    .join();
            remove(hook);
        }
    }

    private static void remove(final Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException e) {
            // the program is ending, and the hook has run
        }
    }

    /** Reads on another thread, since reading cannot be interrupted. */
    private static final class Output {
        private final List<String> lines = new ArrayList<>();
        private final CountDownLatch end = new CountDownLatch(1);

        Output(final Process process, final Consumer<String> onLine) {
            final Thread reader = new Thread(() -> read(process, onLine), "testbed");
            reader.setDaemon(true);
            reader.start();
        }

        private void read(final Process process, final Consumer<String> onLine) {
            try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    final Matcher matcher = RANK_LINE.matcher(line);
                    synchronized (lines) {
                        lines.add(line);
                    }
                    if (matcher.matches()) {
                        onLine.accept(matcher.group(1));
                    }
                }
            } catch (final IOException | UncheckedIOException e) {
                synchronized (lines) {
                    lines.add(e.toString());
                }
            } finally {
                end.countDown();
            }
        }

        void await() throws InterruptedException {
            end.await();
        }

        String last() {
            synchronized (lines) {
                return String.join(" | ", lines.subList(Math.max(0, lines.size() - TOLD_LINES), lines.size()));
            }
        }
    }
}
