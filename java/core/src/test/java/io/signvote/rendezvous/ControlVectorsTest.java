package io.signvote.rendezvous;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The library writes and reads the bytes that the page's vectors have, and puts their tags behind them. */
class ControlVectorsTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] SECRET = "sixteen bytes ok".getBytes(StandardCharsets.US_ASCII);
    private static final Endpoint ONE = new Endpoint("10.0.0.2", 40_123, "c-client/1", 1376, 212_992);
    private static final Endpoint OTHER = new Endpoint("127.0.0.1", 1, "", 128, 0);

    @Test
    void shouldWriteWhatIsPublished() throws IOException {
        final Map<String, byte[]> messages = messages();

        assertEquals(vectors().keySet(), messages.keySet());
        messages.forEach((name, body) -> assertEquals(vectors().get(name)[1], HEX.formatHex(body), name));
    }

    @Test
    void shouldReadWhatIsPublished() {
        // messages have no equality where they hold a nonce, so what was read is written again
        vectors().forEach((name, row) -> {
            final ControlMessage message = ControlReader.read(HEX.parseHex(row[1]));
            assertEquals(row[1], HEX.formatHex(written(message)), name);
        });
    }

    @Test
    void shouldPutThePublishedTagsBehindThem() {
        final byte[] hello = HEX.parseHex(vectors().get("Hello")[1]);
        final byte[] challenge = HEX.parseHex(vectors().get("Challenge")[1]);
        final Seal fromMember = Seal.fromMember(SECRET, hello, challenge);
        final Seal fromCoordinator = Seal.fromCoordinator(SECRET, hello, challenge);
        final Set<String> ofMembers = Set.of("Join", "Heartbeat", "Failed", "Bye");
        int tagged = 0;
        for (final String name :
                List.of("Join", "Heartbeat", "Failed", "Bye", "Welcome", "Members", "Cancelled", "Later")) {
            final Seal seal = ofMembers.contains(name) ? fromMember : fromCoordinator;
            final String[] row = vectors().get(name);

            assertEquals(row[2], HEX.formatHex(seal.tag(HEX.parseHex(row[1]))), name);
            tagged++;
        }
        assertEquals(
                tagged,
                vectors().values().stream()
                        .filter(row -> row.length > 2 && !row[2].isEmpty())
                        .count());
    }

    private static Map<String, byte[]> messages() {
        final Map<String, byte[]> messages = new LinkedHashMap<>();
        messages.put("Hello", ControlWriter.hello(new Hello(nonce(0))));
        messages.put("Challenge", ControlWriter.challenge(new Challenge(nonce(32))));
        messages.put("Refused VERSION", ControlWriter.refused(new Refused(Refused.VERSION)));
        messages.put("Refused SECRET", ControlWriter.refused(new Refused(Refused.SECRET)));
        messages.put(
                "Join",
                ControlWriter.join(new Join(
                        1,
                        2,
                        false,
                        RendezvousConfig.Role.VOTER,
                        ONE,
                        "plan=SHARDED,seed=0,zeros=RANDOM,ties=RANDOM,credit=0",
                        "",
                        "")));
        messages.put(
                "Join of a server",
                ControlWriter.join(new Join(
                        255,
                        255,
                        true,
                        RendezvousConfig.Role.SERVER,
                        new Endpoint("fe80::1", 65_535, "", Integer.MAX_VALUE, 0),
                        "plan=SERVER,seed=-9223372036854775808,zeros=POSITIVE,ties=NEGATIVE,credit=256",
                        "r\u00e4um 7",
                        "1.0 abc wire 1")));
        messages.put("Welcome", ControlWriter.welcome(new Welcome(2_000_000_000L, 10_000_000_000L)));
        messages.put("Cancelled", ControlWriter.cancelled(Cancelled.refusal(List.of(1), "rank 1 came twice")));
        messages.put(
                "Cancelled in vain",
                ControlWriter.cancelled(Cancelled.inVain(List.of(), "the coordinator has failed")));
        messages.put(
                "Members",
                ControlWriter.members(new Members(new Roster(0x0123456789ABCDEFL, 1, 2, List.of(OTHER, ONE)))));
        messages.put(
                "Members with a server",
                ControlWriter.members(new Members(new Roster(-1, Integer.MAX_VALUE, 1, List.of(OTHER, ONE)))));
        messages.put("Heartbeat", ControlWriter.heartbeat());
        messages.put(
                "Failed",
                ControlWriter.failed(new Failed(new Failure(Failure.Kind.ABORTED, List.of(1), "rank 1 gave up"))));
        messages.put(
                "Failed without ranks",
                ControlWriter.failed(new Failed(new Failure(Failure.Kind.TIMEOUT, List.of(), ""))));
        messages.put(
                "Failed of a link",
                ControlWriter.failed(new Failed(new Failure(Failure.Kind.LINK_LOST, List.of(255, 1), "1 to 255"))));
        messages.put("Bye", ControlWriter.bye());
        messages.put("Later", ControlWriter.later(new Later("rank 1 is still counted as present")));
        return messages;
    }

    private static byte[] written(final ControlMessage message) {
        if (message instanceof Hello hello) {
            return ControlWriter.hello(hello);
        } else if (message instanceof Challenge challenge) {
            return ControlWriter.challenge(challenge);
        } else if (message instanceof Refused refused) {
            return ControlWriter.refused(refused);
        } else if (message instanceof Join join) {
            return ControlWriter.join(join);
        } else if (message instanceof Welcome welcome) {
            return ControlWriter.welcome(welcome);
        } else if (message instanceof Cancelled cancelled) {
            return ControlWriter.cancelled(cancelled);
        } else if (message instanceof Members members) {
            return ControlWriter.members(members);
        } else if (message instanceof Failed failed) {
            return ControlWriter.failed(failed);
        } else if (message instanceof Later later) {
            return ControlWriter.later(later);
        }
        return message instanceof Heartbeat ? ControlWriter.heartbeat() : byeOf((Bye) message);
    }

    private static byte[] byeOf(final Bye ignore) {
        return ControlWriter.bye();
    }

    private static byte[] nonce(final int first) {
        final byte[] nonce = new byte[Control.NONCE_LENGTH];
        for (int i = 0; i < nonce.length; i++) {
            nonce[i] = (byte) (first + i);
        }
        return nonce;
    }

    /** Rows by name: name, body, tag. */
    private static Map<String, String[]> vectors() {
        try (InputStream file = ControlVectorsTest.class.getResourceAsStream("messages.csv")) {
            final Map<String, String[]> rows = new LinkedHashMap<>();
            new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> line.split(","))
                    .forEach(row -> rows.put(row[0], row));
            return rows;
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }
}
