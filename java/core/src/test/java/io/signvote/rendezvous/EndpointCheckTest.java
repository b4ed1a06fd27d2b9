package io.signvote.rendezvous;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.signvote.error.ConfigurationException;
import io.signvote.error.ProtocolException;
import io.signvote.error.RendezvousException;
import io.signvote.rendezvous.ControlMessage.Cancelled;
import io.signvote.rendezvous.ControlMessage.Join;
import io.signvote.rendezvous.ControlMessage.Members;
import io.signvote.rendezvous.ControlMessage.Welcome;
import io.signvote.rendezvous.Jobs.Settings;
import io.signvote.transport.Endpoint;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An endpoint that a job cannot run with is refused by everyone who takes one. */
class EndpointCheckTest {
    private static final int[] LENGTHS = IntStream.concat(
                    IntStream.of(Integer.MIN_VALUE, -1, Integer.MAX_VALUE), IntStream.rangeClosed(0, 200))
            .toArray();

    @ParameterizedTest
    @CsvSource({
        "40, 1024, 'maxFrameLength=40, expected at least 128'",
        "1408, -1, 'receiveBufferLength=-1, expected at" + " least 0'"
    })
    void shouldRefuseJoinAndNameItsRank(final int frame, final int buffer, final String words) throws IOException {
        assertJoinRefused(join(1, frame, buffer), words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "node1.example",
                "1",
                "2130706433",
                "10.0.0",
                "10.0.0.256",
                "0x7f.0.0.1",
                "0.0.0.0",
                "::",
                "239.1.2.3",
                "ff02::1",
                "fe80::1",
                "255.255.255.255",
                "::1%lo",
                "[::1]",
                "10.0.0.1:5",
                "1:2:3",
                ":",
                ".:1",
                "a b"
            })
    void shouldRefuseHostThatOthersCannotSendTo(final String host) throws IOException {
        final Endpoint endpoint = new Endpoint(host, 1, "", 1408, 0);
        assertEquals("host=" + host + ", expected the numeric address of one host", endpoint.objection());
        final RendezvousConfig config = Settings.of(2).config();
        assertJoinRefused(
                new Join(1, 2, false, config.role(), endpoint, config.settings(), "", ""), endpoint.objection());
        assertRosterRefused(endpoint, "member 1 has host=" + host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.255.0.9", "169.254.1.1", "::1", "fd00::1", "2001:db8::192.0.2.1"})
    void shouldTakeNumericHosts(final String host) {
        assertNull(new Endpoint(host, 1, "", 1408, 0).objection());
    }

    @Test
    void shouldRefuseRosterWithMemberThatDoesNotListen() {
        assertRosterRefused(new Endpoint("127.0.0.1", 0, "", 1408, 0), "member 1 has port=0");
    }

    private static void assertRosterRefused(final Endpoint endpoint, final String words) {
        final Roster roster = new Roster(5, 1, 2, List.of(Jobs.endpoint(0), endpoint));
        final byte[] body = ControlWriter.members(new Members(roster));
        final ProtocolException e = assertThrows(ProtocolException.class, () -> ControlReader.read(body));
        assertMessage(e, words);
    }

    private static void assertJoinRefused(final Join join, final String words) throws IOException {
        final Settings settings = Settings.of(2);
        try (Jobs jobs = new Jobs(settings);
                RawMember bad = new RawMember(jobs.coordinator.port()).greet(settings.secret)) {
            bad.send(ControlWriter.join(join));

            final Cancelled cancelled = assertInstanceOf(Cancelled.class, bad.next());

            assertMessage(cancelled.message(), "rank 1 at 127.0.0.1:", words);
        }
    }

    @Test
    void shouldRefuseEveryJoinWithTooShortFrames() {
        for (final int length : LENGTHS) {
            final Join join = join(1, length, 0);
            assertEquals(join, ControlReader.read(ControlWriter.join(join)));
            assertEquals(length >= 128, join.endpoint().objection() == null, "maxFrameLength=" + length);
        }
    }

    @Test
    void shouldRefuseEveryRosterWithTooShortFrames() {
        for (final int length : LENGTHS) {
            final byte[] body = ControlWriter.members(new Members(roster(length)));
            if (length >= 128) {
                assertEquals(new Members(roster(length)), ControlReader.read(body));
            } else {
                final ProtocolException e = assertThrows(ProtocolException.class, () -> ControlReader.read(body));
                assertMessage(e, "member 1 has maxFrameLength=" + length);
            }
        }
    }

    @Test
    void shouldNotJoinWithSuchAnEndpointOfItsOwn() {
        final Settings settings = Settings.of(1);
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            try (Member member = Member.connect(settings.config())) {
                final ConfigurationException e = assertThrows(
                        ConfigurationException.class, () -> member.join(new Endpoint("127.0.0.1", 1, "", 127, 0)));

                assertMessage(e, "maxFrameLength=127, expected at least 128");
            }
        }
    }

    @Test
    void shouldNotEnterJobWhoseFramesHoldNothing() throws IOException {
        final Settings settings = Settings.of(2);
        try (FakeCoordinator coordinator = new FakeCoordinator(fake -> {
            final byte[] hello = fake.read();
            final byte[] challenge =
                    ControlWriter.challenge(new ControlMessage.Challenge(new byte[Control.NONCE_LENGTH]));
            fake.write(challenge);
            fake.read();
            final Seal seal = Seal.fromCoordinator(settings.secret, hello, challenge);
            final byte[] welcome = ControlWriter.welcome(new Welcome(1_000_000_000L, 10_000_000_000L));
            fake.write(welcome, seal.tag(welcome));
            final byte[] members = ControlWriter.members(new Members(roster(64)));
            fake.write(members, seal.tag(members));
        })) {
            settings.port = coordinator.port();

            final RendezvousException e = assertThrows(RendezvousException.class, () -> {
                try (Member member = Member.connect(settings.config())) {
                    member.join(Jobs.endpoint(0));
                }
            });

            assertMessage(e, "member 1 has maxFrameLength=64, expected at least 128");
        }
    }

    private static Join join(final int rank, final int frame, final int buffer) {
        final Endpoint endpoint = new Endpoint("127.0.0.1", 1, "", frame, buffer);
        final RendezvousConfig config = Settings.of(2).config();
        return new Join(rank, 2, false, config.role(), endpoint, config.settings(), config.job(), config.build());
    }

    private static Roster roster(final int length) {
        return new Roster(5, 1, 2, List.of(Jobs.endpoint(0), new Endpoint("127.0.0.1", 1, "", length, 0)));
    }
}
