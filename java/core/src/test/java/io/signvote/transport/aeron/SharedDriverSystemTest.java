package io.signvote.transport.aeron;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.ConfigurationException;
import io.signvote.error.VoteException;
import io.signvote.transport.FrameHandler;
import io.signvote.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.LangUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedDriverSystemTest {
    private static final FrameHandler NOBODY = (peer, buffer, offset, length) -> true;

    @Test
    void shouldCarryFramesThroughMemoryAndToOthersOverUdp() throws Exception {
        try (SharedDriver driver =
                        SharedDriver.launch(Cluster.settings(3).localMembers(2).build());
                Cluster cluster = new Cluster()) {
            cluster.add(Cluster.settings(3).localMembers(2), driver.directory());
            cluster.add(Cluster.settings(3).localMembers(2), driver.directory());
            cluster.add(Cluster.settings(3).build(), context -> {});
            cluster.connect();

            new Conversation(cluster.transports).round(3_000);

            assertEquals(
                    cluster.endpoints().get(0).driverDirectory(),
                    cluster.endpoints().get(1).driverDirectory());
            assertTrue(cluster.transports.get(0).receiveWindowLength() < Integer.MAX_VALUE);
            assertEquals(0, driver.errorCount());
        }
    }

    @Test
    void shouldKeepJobsOnOneDriverApart() throws Exception {
        try (SharedDriver driver =
                        SharedDriver.launch(Cluster.settings(2).localMembers(2).build());
                Cluster one = new Cluster();
                Cluster other = new Cluster()) {
            for (final Cluster cluster : List.of(one, other)) {
                cluster.add(Cluster.settings(2).localMembers(2), driver.directory());
                cluster.add(Cluster.settings(2).localMembers(2), driver.directory());
            }
            one.connect();
            other.connect(Cluster.SESSION_KEY + 1);
            final List<Transport> transports = new ArrayList<>(one.transports);
            transports.addAll(other.transports);

            final Conversation first = new Conversation(one.transports);
            final Conversation second = new Conversation(other.transports);
            for (int i = 0; i < 10; i++) {
                first.round(200);
                second.round(200);
            }

            for (final Transport transport : transports) {
                assertEquals(Integer.MAX_VALUE, transport.receiveWindowLength());
                assertEquals(0, transport.poll(NOBODY, 10));
            }
        }
    }

    @Test
    void shouldDeliverTheLastFrameOfAMemberThatIsGone() throws Exception {
        try (SharedDriver driver =
                        SharedDriver.launch(Cluster.settings(2).localMembers(2).build());
                Cluster cluster = new Cluster()) {
            cluster.add(Cluster.settings(2).localMembers(2), driver.directory());
            cluster.add(Cluster.settings(2).localMembers(2), driver.directory());
            cluster.connect();
            final List<Long> seen = new ArrayList<>();
            Cluster.send(cluster.transports.get(0), 1, 8);
            Cluster.send(cluster.transports.get(0), 1, 9);

            cluster.transports.get(0).close();
            Cluster.pollUntil(
                    cluster.transports.get(1),
                    () -> seen.size() == 2,
                    (peer, buffer, offset, length) -> seen.add(buffer.getLong(offset)));

            assertEquals(List.of(8L, 9L), seen);
        }
    }

    @Test
    void shouldTellMembersWhenTheDriverGoes() throws Exception {
        try (Cluster cluster = new Cluster()) {
            try (SharedDriver driver =
                    SharedDriver.launch(Cluster.settings(2).localMembers(2).build())) {
                cluster.add(Cluster.settings(2).localMembers(2), driver.directory());
                cluster.add(Cluster.settings(2).localMembers(2), driver.directory());
                cluster.connect();
            }
            final Transport transport = cluster.transports.get(0);
            final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);

            final VoteException thrown = assertThrows(VoteException.class, () -> {
                while (System.nanoTime() - deadlineNs < 0) {
                    transport.poll(NOBODY, 10);
                }
            });

            assertMessage(thrown, "the media driver in directory=");
            assertThrows(VoteException.class, () -> transport.tryClaim(1, 8, transport.newClaim()));
        }
    }

    @Test
    void shouldRemoveItsDirectory() {
        final Path directory;
        try (SharedDriver driver = SharedDriver.launch(Cluster.settings(2).build())) {
            directory = driver.directory();
            assertTrue(Files.exists(directory));
        }

        assertFalse(Files.exists(directory));
        assertFalse(Files.exists(directory.getParent()));
    }

    @Test
    void shouldCloseItsDirectoryToOtherUsers() throws Exception {
        try (SharedDriver driver = SharedDriver.launch(Cluster.settings(2).build())) {
            final Path outer = driver.directory().getParent();

            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(outer)));
        }
    }

    /** Agrona throws checked exceptions that nobody declares, and a heap may be full. */
    @ParameterizedTest
    @ValueSource(classes = {IOException.class, OutOfMemoryError.class, IllegalStateException.class})
    void shouldLeaveNoDirectoryWhereItCannotStart(final Class<? extends Throwable> kind, @TempDir final Path memory)
            throws Exception {
        final Throwable error = kind.getConstructor(String.class).newInstance("no thread today");
        final AeronSettings settings =
                Cluster.settings(2).memoryDirectory(memory).build();

        final Throwable thrown = assertThrows(
                Throwable.class,
                () -> SharedDriver.launch(
                        settings,
                        context -> context.sharedThreadFactory(task -> {
                            LangUtil.rethrowUnchecked(error);
                            return null;
                        })));

        assertEquals(error instanceof Exception, thrown instanceof ConfigurationException, thrown::toString);
        assertTrue(thrown.getMessage().contains("no thread today"), thrown::toString);
        try (Stream<Path> left = Files.list(memory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void shouldSayWhenNoDriverAnswers(@TempDir final Path empty) {
        final AeronSettings settings =
                Cluster.settings(2).driverDirectory(empty).build();

        final ConfigurationException thrown =
                assertThrows(ConfigurationException.class, () -> AeronNode.open(settings));

        assertMessage(thrown, "no media driver runs in driverDirectory=" + empty);
    }
}
