package io.signvote.rendezvous;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.ConfigurationException;
import io.signvote.rendezvous.Jobs.Settings;
import io.signvote.transport.Endpoint;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RendezvousConfigTest {
    @Test
    void shouldRefuseValuesOutOfRangeAndNameTheRemedy() {
        refuse(settings -> settings.rank = 2, "rank=2 is not in 0..1 for a voter with worldSize=2: set SIGNVOTE_RANK");
        refuse(settings -> settings.rank = -1, "rank=-1 is not in 0..1");
        refuse(settings -> settings.worldSize = 0, "worldSize=0 is not in 1..255: set SIGNVOTE_WORLD_SIZE");
        refuse(settings -> settings.worldSize = 256, "worldSize=256 is not in 1..255");
        refuse(settings -> settings.port = 65536, "port=65536 is not in 0..65535: set SIGNVOTE_MASTER_PORT");
        refuse(settings -> settings.host = " ", "set SIGNVOTE_MASTER_ADDRESS");
        refuse(settings -> settings.secret = new byte[15], "the secret has 15 bytes, fewer than 16");
        refuse(settings -> settings.role = RendezvousConfig.Role.SERVER, "a server joins a job without a server");
        refuse(settings -> settings.joinTimeoutMs = 0, "joinTimeoutNs=0 is not positive");
        refuse(settings -> settings.heartbeatIntervalMs = 0, "heartbeatIntervalNs=0 is not positive");
        refuse(settings -> settings.suspicionTimeoutMs = 199, "less than twice heartbeatIntervalNs");
        refuse(settings -> settings.settings = "\u00e9".repeat(1025), "more than 2048 bytes");
        refuse(settings -> settings.job = "\u00e9".repeat(128), "more than 255 bytes: set a shorter signvote.job");
        refuse(settings -> settings.build = "b".repeat(256), "build of 256 characters has more than 255 bytes");
    }

    private static void refuse(final Consumer<Settings> change, final String words) {
        final Settings settings = Settings.of(2);
        change.accept(settings);
        final ConfigurationException e = assertThrows(ConfigurationException.class, settings::config);
        assertMessage(e, words);
    }

    @Test
    void shouldKeepTheSecretToItself() {
        final Settings settings = Settings.of(2);
        settings.secret = Jobs.SECRET.clone();
        final RendezvousConfig config = settings.config();

        settings.secret[0] = 0;
        config.secret()[1] = 0;

        assertArrayEquals(Jobs.SECRET, config.secret());
        assertFalse(config.toString().contains("enough"), config.toString());
        assertMessage(config.toString(), "secret=held");
    }

    @Test
    void shouldPlaceServerBehindRanks() {
        final Settings settings = Settings.of(2);
        settings.hasServer = true;
        settings.role = RendezvousConfig.Role.SERVER;
        settings.rank = 2;

        assertEquals(3, settings.config().memberCount());
    }

    @Test
    void shouldRefuseEndpointsBeyondBound() {
        final Settings settings = Settings.of(1);
        try (Jobs jobs = new Jobs(settings)) {
            settings.port = jobs.coordinator.port();
            try (Member member = Member.connect(settings.config())) {
                final Endpoint endpoint = new Endpoint("127.0.0.1", 1, "d".repeat(1025), 1, 1);
                final ConfigurationException e =
                        assertThrows(ConfigurationException.class, () -> member.join(endpoint));
                assertTrue(e.getMessage().startsWith("driver directory of 1025 characters has more than 1024 bytes"));
                assertEquals(1, member.join(Jobs.endpoint(0)).worldSize());
                assertThrows(IllegalStateException.class, () -> member.join(Jobs.endpoint(0)));
            }
        }
    }
}
