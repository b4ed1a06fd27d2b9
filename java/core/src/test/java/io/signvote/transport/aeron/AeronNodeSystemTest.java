package io.signvote.transport.aeron;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.ConfigurationException;
import io.signvote.error.RendezvousException;
import io.signvote.transport.Endpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AeronNodeSystemTest {
    @TempDir
    private Path memory;

    @Test
    void shouldTellWhereItListensAndWhatItsLinksCarry() {
        try (AeronNode node = AeronNode.open(AeronSettings.builder(Cluster.HOST, 4)
                .memoryDirectory(memory)
                .windowLength(256 << 10)
                .build())) {
            final Endpoint endpoint = node.endpoint();

            assertEquals(Cluster.HOST, endpoint.host());
            assertTrue(endpoint.port() > 0);
            assertEquals(0, endpoint.maxFrameLength() % Long.BYTES);
            assertTrue(endpoint.receiveBufferLength() > endpoint.maxFrameLength());
            assertTrue(endpoint.driverDirectory()
                    .contains(node.directory().getParent().getFileName().toString()));
            assertTrue(node.directory().startsWith(memory));
        }
    }

    @Test
    void shouldRefuseRosterWhoseFramesHoldNothing() {
        try (AeronNode node = AeronNode.open(
                AeronSettings.builder(Cluster.HOST, 2).memoryDirectory(memory).build())) {
            for (int length = -1; length < Endpoint.MIN_FRAME_LENGTH; length++) {
                final List<Endpoint> members =
                        List.of(node.endpoint(), new Endpoint(Cluster.HOST, 1, "elsewhere", length, 1 << 20));

                final RendezvousException e =
                        assertThrows(RendezvousException.class, () -> node.connect(members, 0, 5, System.nanoTime()));

                assertTrue(e.getMessage().startsWith("member=1 has maxFrameLength=" + length), e.getMessage());
            }
        }
    }

    @Test
    void shouldLeaveNothingBehind() throws Exception {
        AeronNode.open(settings().build()).close();

        assertTrue(isEmpty());
    }

    @Test
    void shouldLeaveNothingBehindWhenTheDriverDoesNotStart() throws Exception {
        assertThrows(
                ConfigurationException.class,
                () -> AeronNode.open(
                        settings().build(), SharedMemory::freeLength, context -> context.filePageSize(4097)));

        assertTrue(isEmpty());
    }

    @Test
    void shouldCloseItsDirectoryToOtherUsers() throws Exception {
        try (AeronNode node = AeronNode.open(settings().build())) {
            final Path outer = node.directory().getParent();

            assertEquals(memory, outer.getParent());
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(outer)));
            assertTrue(Files.exists(node.directory().resolve("cnc.dat")));
        }
    }

    @Test
    void shouldRefuseTooLittleSharedMemoryBeforeAnythingStarts() throws Exception {
        final AeronSettings settings = settings().localMembers(4).build();

        final ConfigurationException thrown = assertThrows(
                ConfigurationException.class, () -> AeronNode.open(settings, directory -> 1_000_000, context -> {}));

        final String message = thrown.getMessage();
        assertMessage(
                message,
                "shared memory is too small: directory=" + memory + " needed=",
                " available=1000000 for localMembers=4 of members=4",
                "signvote.aeron.dir");
        assertFalse(message.contains("signvote.socket.buffer"), "no length would do: " + message);
        assertFalse(message.contains("windowLength"), message);
        assertTrue(isEmpty());
    }

    @Test
    void shouldCountWhatLocalMembersHoldAlready() {
        final AeronSettings settings = settings().localMembers(4).build();
        final long needed = SharedMemory.neededLength(
                settings, LinkGeometry.of(settings, new ArrayList<>()).termLength(), false);

        try (AeronNode first = AeronNode.open(settings, directory -> needed, context -> {})) {
            final long held = DriverDirectory.length(first.directory());
            assertTrue(held > 0);
            AeronNode.open(settings, directory -> needed - held, context -> {}).close();
            assertThrows(
                    ConfigurationException.class,
                    () -> AeronNode.open(settings, directory -> needed - held - 1, context -> {}));
        }
    }

    @Test
    void shouldRefuseSocketBuffersThatTheKernelDoesNotGrant() throws Exception {
        final AeronSettings settings = settings().socketBufferLength(1 << 30).build();

        final String message = assertThrows(ConfigurationException.class, () -> AeronNode.open(settings))
                .getMessage();

        assertMessage(
                message,
                "socketBufferLength=1073741824 is required, but the system granted SO_RCVBUF=",
                "sysctl -w net.core.rmem_max=1073741824");
        assertTrue(isEmpty());
    }

    @Test
    void shouldRefuseSocketBuffersTooSmallForADatagram() {
        final AeronSettings settings =
                settings().socketBufferLength(8192).mtuLength(65504).build();

        final String message = assertThrows(ConfigurationException.class, () -> AeronNode.open(settings))
                .getMessage();

        assertMessage(message, "socket buffers are too small: SO_RCVBUF=8192", "sysctl -w net.core.rmem_max=");
    }

    @Test
    void shouldRefuseAPortInUse() throws Exception {
        try (AeronNode first = AeronNode.open(settings().build())) {
            final int port = first.endpoint().port();

            final String message = assertThrows(
                            ConfigurationException.class,
                            () -> AeronNode.open(settings().port(port).build()))
                    .getMessage();

            assertEquals(
                    "cannot listen on udp host=" + Cluster.HOST + " port=" + port + ": Address already in use; free the"
                            + " port, or set signvote.port to another one (0: any); if several ranks share this host, set"
                            + " SIGNVOTE_LOCAL_RANK=0, 1 and so on, so that each gets its own port",
                    message);
        }
        assertTrue(isEmpty());
    }

    @Test
    void shouldListenOnAFixedPort() {
        final int port;
        try (AeronNode node = AeronNode.open(settings().build())) {
            port = node.endpoint().port();
        }

        try (AeronNode node = AeronNode.open(settings().port(port).build())) {
            assertEquals(port, node.endpoint().port());
        }
    }

    @Test
    void shouldRefuseAnAddressThatIsNotOurs() {
        final AeronSettings foreign = AeronSettings.builder("192.0.2.1", 2).build();
        final AeronSettings any = AeronSettings.builder("0.0.0.0", 2).build();

        assertTrue(assertThrows(ConfigurationException.class, () -> AeronNode.open(foreign))
                .getMessage()
                .contains("host=192.0.2.1 is not an address of this host"));
        assertTrue(assertThrows(ConfigurationException.class, () -> AeronNode.open(any))
                .getMessage()
                .contains("host=0.0.0.0 is the wildcard address"));
    }

    @Test
    void shouldSweepOnlyWhatDeadProcessesLeft() throws Exception {
        final long namespace = DriverDirectory.pidNamespace();
        final long parent = ProcessHandle.current().parent().orElseThrow().pid();
        final long start = DriverDirectory.startTime(parent);
        final long noPid = 4_194_305; // one above the kernel's highest
        final Path dead = directory(namespace, noPid, 1);
        final Path reused = directory(namespace, parent, start + 1);
        final Path alive = directory(namespace, parent, start);
        final Path elsewhere = directory(namespace + 1, noPid, 1);
        final Path unknown = Files.createDirectory(memory.resolve("signvote-notes"));
        Files.writeString(dead.resolve("cnc.dat"), "left");

        try (AeronNode node = AeronNode.open(settings().build())) {
            assertEquals(
                    2,
                    node.notes().stream()
                            .filter(note -> note.contains("dead process"))
                            .count());
            for (final Path path : List.of(dead, reused)) {
                assertFalse(Files.exists(path), path.toString());
            }
            for (final Path path : List.of(alive, elsewhere, unknown, node.directory())) {
                assertTrue(Files.exists(path), path.toString());
            }
        }
    }

    @Test
    void shouldReportWhatAHostOffers() {
        final HostReport report = HostReport.inspect(settings().build());
        final HostReport poor =
                HostReport.inspect(settings().socketBufferLength(1 << 30).build());

        assertEquals(List.of(), report.problems());
        assertTrue(report.freeLength() > report.neededLength());
        assertTrue(report.neededLength() > 0);
        assertEquals(1, poor.problems().size());
    }

    private AeronSettings.Builder settings() {
        return Cluster.settings(4).memoryDirectory(memory);
    }

    private Path directory(final long namespace, final long pid, final long start) throws Exception {
        return Files.createDirectory(memory.resolve("signvote-" + namespace + '-' + pid + '-' + start + "-0123abcd"));
    }

    private boolean isEmpty() throws Exception {
        try (Stream<Path> files = Files.list(memory)) {
            return files.findAny().isEmpty();
        }
    }
}
