package io.signvote.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher and {@code perf} together: real processes, one media driver, results that are checked. */
@Tag("system")
class PerfSystemTest {
    @TempDir
    private Path folder;

    private Launched launched;

    @AfterEach
    void endLauncher() {
        launched.close();
    }

    @Test
    void shouldMeasureAndCheckAVoteOfTwoProcesses() throws Exception {
        final Path json = folder.resolve("rows.json");

        perf(
                "2",
                "-b",
                "64k",
                "-e",
                "256k",
                "-f",
                "2",
                "--both",
                "--wire",
                "lo",
                "--limit",
                "1gbit",
                "--json",
                json.toString());

        assertEquals(0, launched.end(), launched::output);
        final List<String[]> rows = rows();
        assertEquals(
                List.of("65536 bits", "65536 float", "131072 bits", "131072 float", "262144 bits", "262144 float"),
                rows.stream().map(row -> row[0] + " " + row[2]).toList(),
                launched::output);
        for (final String[] row : rows) {
            assertEquals(Long.parseLong(row[0]) / 4, Long.parseLong(row[1]));
            assertEquals("majority", row[3]);
            assertEquals("0", row[8], "#wrong out of place");
            assertEquals("0", row[12], "#wrong in place");
            assertTrue(Double.parseDouble(row[5]) > 0, "time");
        }
        assertTrue(launched.out().contains("# Out of bounds values : 0 OK"), launched::output);
        assertEquals(12, Files.readString(json).split("\"wrong\": 0").length - 1);
    }

    @Test
    void shouldAddInRankOrder() throws Exception {
        perf("3", "-b", "64k", "-e", "64k", "--op", "sum");

        assertEquals(0, launched.end(), launched::output);
        assertEquals("sum", rows().get(0)[3]);
        assertEquals("0", rows().get(0)[8]);
    }

    @Test
    void shouldTimeSingleCallsOfBroadcastsFromEveryRoot() throws Exception {
        final Path json = folder.resolve("rows.json");

        perf("2", "broadcast", "-b", "64k", "-e", "64k", "-d", "half", "-r", "all", "-I", "--json", json.toString());

        assertEquals(0, launched.end(), launched::output);
        final List<String[]> rows = rows();
        assertEquals(List.of("0", "1"), rows.stream().map(row -> row[4]).toList(), launched::output);
        for (final String[] row : rows) {
            assertEquals(List.of("65536", "32768", "half", "none"), List.of(row).subList(0, 4));
            // cpu, link, and 5 percentiles of each half
            assertEquals(13 + 2 * 7, row.length, launched::output);
            assertTrue(Double.parseDouble(row[19]) >= Double.parseDouble(row[15]), "max >= p50");
        }
        assertTrue(launched.out().contains("#  Rank  1 Group  0 Pid "), launched::output);
        assertEquals(4, Files.readString(json).split("\"calls\": \\{\"count\": 6, \"p50Us\"").length - 1);
    }

    @Test
    void shouldRefuseARootThatIsNoRank() throws Exception {
        perf("2", "broadcast", "-b", "64k", "-e", "64k", "-r", "2");

        assertEquals(2, launched.end(), launched::output);
        assertTrue(launched.output().contains("-r 2 is not a rank of 0..1"), launched::output);
    }

    @Test
    void shouldVoteThroughRank0() throws Exception {
        perf("3", "-b", "64k", "-e", "64k", "--plan", "star");

        assertEquals(0, launched.end(), launched::output);
        assertTrue(launched.out().contains("plan star"), launched::output);
    }

    @Test
    void shouldVoteThroughAPureServer() throws Exception {
        launch("run", "-np", "3", "--server", "--raw", "0", "perf", "-b", "64k", "-e", "64k", "-n", "3", "-w", "1");

        assertEquals(0, launched.end(), launched::output);
        assertTrue(launched.out().contains("plan server"), launched::output);
        assertEquals("0", rows().get(0)[8]);
    }

    @Test
    void shouldGiveTheServerAPortOfItsOwn() throws Exception {
        final int port = freePorts(3);

        launched = new Launched(
                folder,
                Map.of("SIGNVOTE_PORT", Integer.toString(port)),
                "run",
                "-np",
                "2",
                "--server",
                "--raw",
                "0",
                "perf",
                "-b",
                "64k",
                "-e",
                "64k",
                "-n",
                "3",
                "-w",
                "1");

        assertEquals(0, launched.end(), launched::output);
        assertTrue(launched.out().contains("plan server"), launched::output);
    }

    @Test
    void shouldEndWithOneWhenAResultIsWrong() throws Exception {
        // a rank that contributes something else than the others expect
        launch(
                "run",
                "-np",
                "3",
                "--raw",
                "0",
                "--",
                "/bin/sh",
                "-c",
                "exec \"$0\" \"$@\" --seed $RANK",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-Dsignvote.timeout=50s",
                "-cp",
                System.getProperty("java.class.path"),
                "io.signvote.tools.Main",
                "perf",
                "-b",
                "64k",
                "-e",
                "64k",
                "-n",
                "3",
                "-w",
                "1");

        assertEquals(1, launched.end(), launched::output);
        assertTrue(launched.out().contains(" FAILED"), launched::output);
        assertTrue(Long.parseLong(rows().get(0)[8]) > 0, launched::output);
    }

    @Test
    void shouldEndRanksWithATypedErrorWhenTheLauncherIsKilledOutright() throws Exception {
        final List<String> command = new ArrayList<>(List.of("run", "-np", "2", "--", "/bin/sh", "-c"));
        command.add("echo $$ > " + folder + "/pid.$RANK; exec \"$0\" \"$@\" > " + folder + "/out.$RANK 2> " + folder
                + "/err.$RANK");
        command.addAll(SelfCommand.expand(List.of("perf", "-b", "64k", "-e", "64k", "-n", "1000000000")));
        launch(command.toArray(String[]::new));
        JobLauncherTest.awaitFile(folder.resolve("out.0"), launched.onExit());
        // rank 0 prints its header once all have joined
        awaitText(folder.resolve("out.0"), "# signvote perf: 2 ranks");

        launched.signal("KILL");

        for (int rank = 0; rank < 2; rank++) {
            final long pid = Long.parseLong(
                    Files.readString(folder.resolve("pid." + rank)).strip());
            final Optional<ProcessHandle> process = ProcessHandle.of(pid);
            if (process.isPresent()) {
                process.get().onExit().get(30, TimeUnit.SECONDS);
            }
            final String error = Files.readString(folder.resolve("err." + rank));
            assertTrue(error.contains("signvote perf: ") && error.contains("Exception: "), error);
            assertFalse(error.contains("\tat "), error);
        }
    }

    private static void awaitText(final Path file, final String text) throws IOException {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!Files.readString(file).contains(text)) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "no '" + text + "' in " + file);
            Thread.onSpinWait();
        }
    }

    private void perf(final String ranks, final String... options) throws IOException {
        launch(Stream.concat(
                        Stream.of("run", "-np", ranks, "--raw", "0", "perf", "-n", "3", "-w", "1"),
                        Arrays.stream(options))
                .toArray(String[]::new));
    }

    /** Below those that systems hand out by themselves, so that nobody takes them meanwhile. */
    private static int freePorts(final int count) {
        for (int first = 20_000; first < 30_000; first += count) {
            int free = 0;
            while (free < count && isFree(first + free)) {
                free++;
            }
            if (free == count) {
                return first;
            }
        }
        throw new AssertionError("no " + count + " free UDP ports in a row in 20000..30000");
    }

    private static boolean isFree(final int port) {
        try (DatagramSocket socket = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (final IOException e) {
            return false;
        }
    }

    private void launch(final String... args) throws IOException {
        launched = new Launched(folder, args);
    }

    private List<String[]> rows() throws IOException {
        return launched.out()
                .lines()
                .filter(line -> line.matches("\\s*\\d+ .*"))
                .map(line -> line.strip().split("\\s+"))
                .collect(Collectors.toList());
    }
}
