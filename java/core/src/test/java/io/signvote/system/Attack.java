package io.signvote.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Attacks a job of real processes from outside: {@code Attack SECONDS PORTS PID...}, for {@code ci/long/attack}. Once so many UDP ports
 * of these processes are open, it sends SETUPs, frames of every type and garbage to each, and connects to each TCP port on which
 * they listen. It ends with an error where a media driver kept something for it, or answered.
 */
public final class Attack {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final long PORTS_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long SETTLE_NS = TimeUnit.SECONDS.toNanos(20);

    // A flood is not what is tried here: on two cores the job needs some of their time.
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private Attack() {}

    /** Entry. */
    public static void main(final String[] args) throws IOException {
        final long seed = Long.getLong("signvote.test.seed", new Random().nextLong());
        final long[] pids =
                Arrays.stream(args).skip(2).mapToLong(Long::parseLong).toArray();
        try (Garbage garbage = new Garbage(seed);
                Strays strays = new Strays(seed)) {
            awaitPorts(garbage, Integer.parseInt(args[1]), pids);
            final List<Path> drivers = new ArrayList<>();
            for (final long pid : pids) {
                drivers.addAll(drivers(pid));
            }
            final long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(Integer.parseInt(args[0]));
            final long heldLength = heldLength(drivers);
            final int images = images(drivers);

            while (System.nanoTime() - untilNs < 0) {
                for (final int port : garbage.udpPorts()) {
                    strays.setups(port);
                    strays.frames(port);
                }
                garbage.throwDatagrams();
                garbage.throwConnections();
                LockSupport.parkNanos(PAUSE_NS);
            }
            // no driver may be busy with what is left
            for (final Path driver : drivers) {
                settle(driver, garbage, strays);
            }

            check(heldLength(drivers), heldLength, "bytes of shared memory", seed);
            check(images(drivers), images, "images", seed);
            check(strays.answers() + garbage.answers(), 0, "answers", seed);
            System.out.printf(
                    Locale.ROOT,
                    "%d datagrams at %d UDP ports, %d connections to %d TCP ports: shared memory %d bytes, %d images, as"
                            + " before, no answer%n",
                    strays.datagrams() + garbage.datagrams(),
                    garbage.udpPorts().size(),
                    garbage.connections(),
                    garbage.tcpPorts().size(),
                    heldLength,
                    images);
        }
    }

    private static void awaitPorts(final Garbage garbage, final int ports, final long[] pids) throws IOException {
        final long deadlineNs = System.nanoTime() + PORTS_NS;
        do {
            for (final long pid : pids) {
                // it knows no stream: who has not sniffed cannot
                garbage.at(pid, List.of());
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("UDP ports: " + garbage.udpPorts() + ", expected " + ports);
            }
            LockSupport.parkNanos(PAUSE_NS);
        } while (garbage.portCount() < ports);
    }

    /** One of the ports is the driver's; the others' datagrams are not counted by it. */
    private static void settle(final Path driver, final Garbage garbage, final Strays strays) throws IOException {
        final long deadlineNs = System.nanoTime() + SETTLE_NS;
        final long before = Strays.invalidPackets(driver);
        while (Strays.invalidPackets(driver) == before) {
            for (final int port : garbage.udpPorts()) {
                strays.stub(port);
            }
            LockSupport.parkNanos(PAUSE_NS);
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("the driver in " + driver + " no longer looks at its ports");
            }
        }
    }

    private static List<Path> drivers(final long pid) throws IOException {
        final List<Path> drivers = new ArrayList<>();
        try (Stream<Path> all = Files.list(SHARED_MEMORY)) {
            for (final Path outer : all.filter(
                            path -> path.getFileName().toString().matches("signvote-\\d+-" + pid + "-.*"))
                    .toList()) {
                try (Stream<Path> inside = Files.list(outer)) {
                    drivers.addAll(inside.filter(Files::isDirectory).toList());
                }
            }
        }
        return drivers;
    }

    private static int images(final List<Path> drivers) {
        return drivers.stream().mapToInt(driver -> Strays.images(driver).size()).sum();
    }

    private static long heldLength(final List<Path> drivers) throws IOException {
        long length = 0;
        for (final Path driver : drivers) {
            try (Stream<Path> files = Files.walk(driver)) {
                length += files.mapToLong(path -> path.toFile().length()).sum();
            }
        }
        return length;
    }

    private static void check(final Object actual, final Object expected, final String what, final long seed) {
        if (!actual.equals(expected)) {
            throw new AssertionError(
                    what + ": " + actual + ", expected " + expected + ", -Dsignvote.test.seed=" + seed);
        }
    }
}
