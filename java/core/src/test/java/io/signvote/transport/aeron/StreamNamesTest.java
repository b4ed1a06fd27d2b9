package io.signvote.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StreamNamesTest {
    private final long seed = Long.getLong("signvote.test.seed", new Random().nextLong());

    @Test
    void shouldGiveMembersOfAJobDifferentNumbers() {
        final Random random = new Random(seed);
        for (int job = 0; job < 1_000; job++) {
            final long key = random.nextLong();
            final Set<Integer> sessions = new HashSet<>();
            final Set<Integer> streams = new HashSet<>();
            for (int member = 0; member < 255; member++) {
                sessions.add(StreamNames.sessionId(key, member));
                streams.add(StreamNames.streamId(key, member));
                assertTrue(StreamNames.streamId(key, member) > StreamNames.holdingStreamId(), "seed=" + seed);
            }
            assertEquals(255, sessions.size(), "seed=" + seed);
            assertEquals(255, streams.size(), "seed=" + seed);
        }
    }

    @Test
    void shouldGiveJobsDifferentNumbers() {
        assertNotEquals(StreamNames.sessionId(1, 0), StreamNames.sessionId(2, 0));
        assertNotEquals(StreamNames.streamId(1, 0), StreamNames.streamId(2, 0));
    }

    @Test
    void shouldHoldEachPortByNumbersThatNobodyKnows() {
        final Set<Integer> sessions = new HashSet<>();
        final Set<Integer> streams = new HashSet<>();

        for (int port = 0; port < 100; port++) {
            sessions.add(StreamNames.holdingSessionId());
            streams.add(StreamNames.holdingStreamId());
        }

        assertTrue(sessions.size() > 98, sessions::toString);
        assertTrue(streams.size() > 98, streams::toString);
    }
}
