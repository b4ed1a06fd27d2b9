package io.signvote.rendezvous;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.ProtocolException;
import io.signvote.rendezvous.ControlMessage.Bye;
import io.signvote.rendezvous.ControlMessage.Cancelled;
import io.signvote.rendezvous.ControlMessage.Challenge;
import io.signvote.rendezvous.ControlMessage.Failed;
import io.signvote.rendezvous.ControlMessage.Heartbeat;
import io.signvote.rendezvous.ControlMessage.Hello;
import io.signvote.rendezvous.ControlMessage.Join;
import io.signvote.rendezvous.ControlMessage.Later;
import io.signvote.rendezvous.ControlMessage.Members;
import io.signvote.rendezvous.ControlMessage.Refused;
import io.signvote.rendezvous.ControlMessage.Welcome;
import io.signvote.transport.Endpoint;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlReaderTest {
    private static final Join JOIN = new Join(
            3, 8, true, RendezvousConfig.Role.VOTER, Jobs.endpoint(3), "plan=STAR,note=\u00e9", "job 7", "0.1");
    private static final Roster ROSTER =
            new Roster(-2, 1, 2, List.of(Jobs.endpoint(0), Jobs.endpoint(1), Jobs.endpoint(2)));

    @Test
    void shouldReadWhatWasWritten() {
        assertEquals(JOIN, ControlReader.read(ControlWriter.join(JOIN)));
        final Welcome welcome = new Welcome(1_000_000_000L, 5_000_000_000L);
        assertEquals(welcome, ControlReader.read(ControlWriter.welcome(welcome)));
        assertEquals(
                Cancelled.inVain(List.of(2, 0), "no"),
                ControlReader.read(ControlWriter.cancelled(Cancelled.inVain(List.of(2, 0), "no"))));
        assertEquals(new Members(ROSTER), ControlReader.read(ControlWriter.members(new Members(ROSTER))));
        assertEquals(new Heartbeat(), ControlReader.read(ControlWriter.heartbeat()));
        assertEquals(new Later("soon"), ControlReader.read(ControlWriter.later(new Later("soon"))));
        assertEquals(new Bye(), ControlReader.read(ControlWriter.bye()));
        assertEquals(new Refused(2), ControlReader.read(ControlWriter.refused(new Refused(2))));
        for (final Failure.Kind kind : Failure.Kind.values()) {
            final Failed failed = new Failed(new Failure(kind, List.of(3, 0, 255), "why"));
            assertEquals(failed, ControlReader.read(ControlWriter.failed(failed)));
        }
        final byte[] nonce = new byte[Control.NONCE_LENGTH];
        new Random(1).nextBytes(nonce);
        assertArrayEquals(
                nonce,
                assertInstanceOf(Hello.class, ControlReader.read(ControlWriter.hello(new Hello(nonce))))
                        .nonce());
        assertArrayEquals(
                nonce,
                assertInstanceOf(Challenge.class, ControlReader.read(ControlWriter.challenge(new Challenge(nonce))))
                        .nonce());
    }

    @Test
    void shouldFitEveryMessageIntoItsBound() {
        final Endpoint longest = new Endpoint("h".repeat(255), 65535, "d".repeat(1024), 65504, Integer.MAX_VALUE);
        final Join join = new Join(
                254,
                255,
                true,
                RendezvousConfig.Role.VOTER,
                longest,
                "s".repeat(2048),
                "j".repeat(255),
                "b".repeat(255));
        final Roster roster = new Roster(-1, 1, 255, Collections.nCopies(256, longest));
        final String text = "t".repeat(100_000);
        final List<Integer> all =
                IntStream.range(0, Control.MAX_MEMBERS).boxed().toList();

        assertEquals(Control.MAX_GREETING_LENGTH, ControlWriter.hello(new Hello(new byte[32])).length);
        assertEquals(3907, ControlWriter.join(join).length + Seal.TAG_LENGTH);
        assertEquals(331_580, ControlWriter.members(new Members(roster)).length + Seal.TAG_LENGTH);
        assertEquals(join, ControlReader.read(ControlWriter.join(join)));
        assertTrue(ControlWriter.cancelled(new Cancelled(true, all, text)).length + Seal.TAG_LENGTH
                <= Control.MAX_REPLY_LENGTH);
        assertTrue(ControlWriter.later(new Later(text)).length + Seal.TAG_LENGTH <= Control.MAX_REPLY_LENGTH);
        assertTrue(ControlWriter.failed(new Failed(new Failure(Failure.Kind.ABORTED, all, text))).length
                        + Seal.TAG_LENGTH
                <= Control.MAX_REQUEST_LENGTH);
    }

    /** No numeric address has 255 bytes; everything else is at its bound. */
    @Test
    void shouldReadTheLargestRoster() {
        final Endpoint longest = new Endpoint(
                "2001:0db8:0000:0000:0000:0000:192.168.100.100", 65535, "d".repeat(1024), 65504, Integer.MAX_VALUE);
        final Members members = new Members(new Roster(-1, 1, 255, Collections.nCopies(256, longest)));

        assertEquals(members, ControlReader.read(ControlWriter.members(members)));
    }

    /** The numbers on the wire, which outlive the order of the constants. */
    @Test
    void shouldKeepNumbersOfKindsAndRoles() {
        assertEquals(
                "[PEER_DIED, PEER_SILENT, ABORTED, LEFT, LINK_LOST, MISMATCH, TIMEOUT, COORDINATOR_LOST]",
                Arrays.toString(Failure.Kind.values()));
        assertEquals("[VOTER, SERVER]", Arrays.toString(RendezvousConfig.Role.values()));
    }

    @Test
    void shouldRefuseFieldsOutOfRange() {
        refuse(ControlWriter.join(JOIN), 8 + 4, 2, "hasServer=2");
        refuse(ControlWriter.join(JOIN), 8 + 5, 0, "role=0");
        refuse(ControlWriter.join(JOIN), 8 + 5, 3, "role=3");
        refuse(ControlWriter.join(JOIN), 8 + 21, 1, "text of 265 bytes, at most 255");
        refuse(ControlWriter.join(JOIN), 0, 19, "blockLength=19, expected 20");
        refuse(ControlWriter.join(JOIN), 2, 99, "template 99");
        refuse(ControlWriter.join(JOIN), 4, 0, "not of the control schema");
        refuse(ControlWriter.join(JOIN), 6, 1, "of version 1, expected 2");
        refuse(ControlWriter.refused(new Refused(1)), 8, 3, "reason=3");
        refuse(failed(0), 8, 0, "kind=0");
        refuse(failed(0), 8, 9, "kind=9");
        refuse(failed(0), 8 + 4, 3, "rank blockLength=3");
        refuse(failed(0), 8 + 7, 2, "ranks=513 is not in 0..256");
        refuse(failed(0), 8 + 9, 1, "rank=256 is not in 0..255");
        refuse(failed(3, 5), 8 + 10, 3, "rank=3 is not in 4..255");
        refuse(failed(3, 5), 8 + 8, 6, "rank=5 is not in 7..255");
        refuse(ControlWriter.cancelled(Cancelled.refusal(List.of(), "")), 8, 2, "isRetryable=2");
        refuse(ControlWriter.cancelled(Cancelled.refusal(List.of(1), "")), 8 + 9, 1, "rank=257");
        refuse(ControlWriter.members(new Members(ROSTER)), 8 + 8, 0, "view=0");
        refuse(ControlWriter.members(new Members(ROSTER)), 8 + 12, 0, "worldSize=0");
        refuse(ControlWriter.members(new Members(ROSTER)), 8 + 12, 4, "endpoints=3");
        refuse(ControlWriter.members(new Members(ROSTER)), 8 + 18, 200, "endpoints=200");
        refuse(ControlWriter.members(new Members(ROSTER)), 8 + 16, 11, "endpoint blockLength=11");
        refuse(ControlWriter.welcome(new Welcome(1, 2)), 16, 1, "suspicionTimeoutNs=1");
    }

    private static byte[] failed(final Integer... ranks) {
        return ControlWriter.failed(new Failed(new Failure(Failure.Kind.TIMEOUT, List.of(ranks), "why")));
    }

    private static void refuse(final byte[] body, final int offset, final int value, final String words) {
        body[offset] = (byte) value;
        final ProtocolException e = assertThrows(ProtocolException.class, () -> ControlReader.read(body));
        assertMessage(e, words);
    }

    @Test
    void shouldRefuseEveryPrefixAndEveryTail() {
        for (final byte[] body : corpus()) {
            for (int length = 0; length < body.length; length++) {
                final byte[] prefix = Arrays.copyOf(body, length);
                assertThrows(ProtocolException.class, () -> ControlReader.read(prefix));
            }
            assertThrows(ProtocolException.class, () -> ControlReader.read(Arrays.copyOf(body, body.length + 1)));
        }
    }

    @Test
    void shouldRefuseTextsThatGrowWhenTheyAreWrittenAgain() {
        final byte[] body = ControlWriter.join(new Join(
                0, 1, false, RendezvousConfig.Role.VOTER, new Endpoint("h".repeat(255), 1, "", 1, 1), "", "", ""));
        Arrays.fill(body, 30, 30 + 255, (byte) 0xFF);

        final ProtocolException e = assertThrows(ProtocolException.class, () -> ControlReader.read(body));

        assertMessage(e, "host is not UTF-8");
    }

    /** Whatever comes, the reader answers with a message or with a ProtocolException, and allocates in proportion. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSurviveAnything(final boolean isMutated) {
        final long seed = Seeds.seed();
        final Random random = new Random(seed);
        final List<byte[]> corpus = corpus();
        final com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        int readCount = 0;
        for (int i = 0; i < 200_000; i++) {
            final byte[] body = isMutated ? mutate(corpus.get(random.nextInt(corpus.size())), random) : noise(random);
            final long before = threads.getCurrentThreadAllocatedBytes();
            try {
                ControlReader.version(body);
                ControlReader.read(body);
                readCount++;
            } catch (final ProtocolException expected) {
                // the only way to say no
            } catch (final RuntimeException e) {
                throw new AssertionError("seed=" + seed + " i=" + i + " body=" + Arrays.toString(body), e);
            }
            final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < 1 << 20, "seed=" + seed + " i=" + i + " allocated=" + allocated);
        }
        assertTrue(!isMutated || readCount > 100, "seed=" + seed + " read=" + readCount);
    }

    private static byte[] noise(final Random random) {
        final byte[] body = new byte[random.nextInt(300)];
        random.nextBytes(body);
        if (body.length >= 8 && random.nextInt(10) != 0) {
            final byte[] header = ControlWriter.heartbeat();
            System.arraycopy(header, 0, body, 0, 8);
            body[0] = (byte) new int[] {0, 4, 16, 20, 32}[random.nextInt(5)];
            body[2] = (byte) random.nextInt(12);
        }
        return body;
    }

    private static byte[] mutate(final byte[] original, final Random random) {
        final int length = random.nextInt(4) == 0 ? random.nextInt(original.length + 20) : original.length;
        final byte[] body = Arrays.copyOf(original, length);
        for (int i = random.nextInt(4); i > 0 && length > 0; i--) {
            final int at = random.nextInt(length);
            body[at] = (byte) (random.nextBoolean() ? body[at] ^ 1 << random.nextInt(8) : random.nextInt());
        }
        return body;
    }

    private static List<byte[]> corpus() {
        return List.of(
                ControlWriter.hello(new Hello(new byte[32])),
                ControlWriter.challenge(new Challenge(new byte[32])),
                ControlWriter.refused(new Refused(1)),
                ControlWriter.join(JOIN),
                ControlWriter.welcome(new Welcome(1, 2)),
                ControlWriter.cancelled(Cancelled.inVain(List.of(1, 2), "came: 0; missing: 1, 2")),
                ControlWriter.members(new Members(ROSTER)),
                ControlWriter.heartbeat(),
                ControlWriter.failed(new Failed(new Failure(Failure.Kind.MISMATCH, List.of(1, 4), "count"))),
                ControlWriter.bye(),
                ControlWriter.later(new Later("rank 2 is still counted as present")));
    }
}
