package io.signvote.examples.paper.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestbedTest {
    private static final ShapedLink LINK = new ShapedLink(265);

    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path directory;

    @Test
    void shouldStartTheCommandOnHostsAndTellTheirLines() throws Exception {
        final Testbed testbed = FakeTestbed.of(
                directory, "echo \"testbed: made\" >&2; echo \"[0] $*\"; echo '[12] [x] y'; echo 'no rank'");

        testbed.run(7, LINK, List.of("echo", "a b"), lines::add);

        assertEquals(List.of("--hosts 7 --rate 265mbit -- echo a b", "[x] y"), lines);
    }

    @Test
    void shouldTellWhatARankSaidBeforeItFailed() throws Exception {
        final Testbed testbed = FakeTestbed.of(directory, "echo '[1] no memory' >&2; exit 3");

        final IOException error =
                assertThrows(IOException.class, () -> testbed.run(2, LINK, List.of("true"), lines::add));

        assertEquals("ci/testbed failed with exit code 3: [1] no memory", error.getMessage());
    }

    @Test
    void shouldSayWhatHelpsWhereHostsCannotBeMade() throws Exception {
        final Testbed testbed = FakeTestbed.of(
                directory, "echo 'ci/testbed: euid=1000, making network namespaces needs root' >&2; exit 1");

        final UnavailableException error =
                assertThrows(UnavailableException.class, () -> testbed.ensureAvailable("figure 4"));

        assertTrue(
                error.getMessage().startsWith("figure 4 measures hosts made of network namespaces"),
                error.getMessage());
        assertTrue(error.getMessage().contains("run it as root"), error.getMessage());
        assertTrue(error.getMessage().contains("euid=1000, making network namespaces needs root"), error.getMessage());
        assertThrows(UnavailableException.class, () -> new Testbed(null).ensureAvailable("figure 4"));
        assertThrows(
                UnavailableException.class,
                () -> new Testbed(directory.resolve("nowhere")).ensureAvailable("figure 4"));
    }

    @Test
    void shouldEndTheHostsWhenInterrupted() throws Exception {
        final Path ended = directory.resolve("ended");
        final Testbed testbed = FakeTestbed.of(
                directory, "trap 'touch " + ended + "; exit 143' TERM; echo '[0] up'; while :; do sleep 0.05; done");
        final CountDownLatch up = new CountDownLatch(1);
        final AtomicReference<Throwable> thrown = new AtomicReference<>();
        final Thread caller = new Thread(() -> {
            try {
                testbed.run(2, LINK, List.of("true"), line -> up.countDown());
            } catch (final Exception e) {
                thrown.set(e);
            }
        });

        caller.start();
        assertTrue(up.await(20, TimeUnit.SECONDS));
        assertFalse(Files.exists(ended));
        caller.interrupt();
        caller.join(TimeUnit.SECONDS.toMillis(30));

        assertFalse(caller.isAlive());
        assertTrue(thrown.get() instanceof InterruptedException, String.valueOf(thrown.get()));
        assertTrue(Files.exists(ended), "the testbed was asked to end, and had time to clean up");
    }
}
