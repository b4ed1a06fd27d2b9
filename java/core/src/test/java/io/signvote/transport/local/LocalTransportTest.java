package io.signvote.transport.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.status.Status;
import io.signvote.transport.Claim;
import io.signvote.transport.FrameHandler;
import io.signvote.transport.LinkState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalTransportTest {
    private static final int LIMIT = 1 << 20;

    private static int send(final LocalTransport from, final int to, final int length, final long value) {
        final Claim claim = from.newClaim();
        final int status = from.tryClaim(to, length, claim);
        if (status == Status.OK) {
            assertEquals(0, claim.offset() % 8);
            assertEquals(0, (claim.buffer().addressOffset() + claim.offset()) % 8);
            claim.buffer().putLong(claim.offset(), value);
            claim.buffer().putLong(claim.offset() + length - 8, ~value);
            claim.commit();
        }
        return status;
    }

    private static FrameHandler into(final List<Long> values) {
        return (peer, buffer, offset, length) -> {
            assertEquals(~buffer.getLong(offset), buffer.getLong(offset + length - 8));
            assertEquals(0, offset % 8);
            return values.add(buffer.getLong(offset));
        };
    }

    @Test
    void shouldDeliverFramesOfEachPeerInOrder() {
        final LocalTransport[] ranks = LocalTransport.create(3);
        for (int i = 0; i < 10; i++) {
            assertEquals(Status.OK, send(ranks[0], 2, 64 + 8 * i, i));
            assertEquals(Status.OK, send(ranks[1], 2, 64, 100 + i));
        }
        final List<List<Long>> values = List.of(new ArrayList<>(), new ArrayList<>());

        final int frames = ranks[2].poll(
                (peer, buffer, offset, length) -> into(values.get(peer)).onFrame(peer, buffer, offset, length), LIMIT);

        assertEquals(20, frames);
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L), values.get(0));
        assertEquals(List.of(100L, 101L, 102L, 103L, 104L, 105L, 106L, 107L, 108L, 109L), values.get(1));
    }

    @Test
    void shouldPushBackWhenFullAndGoOnWhenRead() {
        final LocalTransport[] ranks = LocalTransport.create(2);
        final int length = ranks[0].maxFrameLength();
        final List<Long> values = new ArrayList<>();
        int sent = 0;
        while (send(ranks[0], 1, length, sent) == Status.OK) {
            sent++;
            assertTrue(sent < 1000, "it never fills");
        }

        assertTrue(sent >= 4, "sent=" + sent);
        assertEquals(Status.BACK_PRESSURED, send(ranks[0], 1, length, sent));
        assertEquals(Status.OK, send(ranks[1], 0, length, 0));
        assertEquals(1, ranks[1].poll(into(values), 1));
        assertEquals(Status.OK, send(ranks[0], 1, length, sent++));
        while (values.size() < sent) {
            assertTrue(ranks[1].poll(into(values), 2) > 0, "frames were lost");
        }
        for (int i = 0; i < sent; i++) {
            assertEquals(i, values.get(i));
        }
        assertEquals(0, ranks[1].poll(into(values), LIMIT));
    }

    @Test
    void shouldLeaveARefusedFrameAndAllBehindItButNotThoseOfOthers() {
        final LocalTransport[] ranks = LocalTransport.create(3);
        for (int i = 0; i < 4; i++) {
            send(ranks[0], 2, 64, i);
            send(ranks[1], 2, 64, 10 + i);
        }
        final List<Long> values = new ArrayList<>();

        for (int turn = 0; turn < 3; turn++) {
            ranks[2].poll(
                    (peer, buffer, offset, length) -> {
                        final long value = buffer.getLong(offset);
                        return value != 2 && values.add(value);
                    },
                    LIMIT);
        }

        assertEquals(
                List.of(0L, 1L), values.stream().filter(value -> value < 10).toList());
        assertEquals(
                List.of(10L, 11L, 12L, 13L),
                values.stream().filter(value -> value >= 10).toList());
        values.clear();
        ranks[2].poll(into(values), LIMIT);
        assertEquals(List.of(2L, 3L), values);
    }

    @Test
    void shouldShowNothingOfAnAbortedClaimNorOfAnOpenOne() {
        final LocalTransport[] ranks = LocalTransport.create(2);
        final List<Long> values = new ArrayList<>();
        final Claim claim = ranks[0].newClaim();
        assertEquals(Status.OK, ranks[0].tryClaim(1, 64, claim));
        assertEquals(0, ranks[1].poll(into(values), LIMIT));
        claim.abort();
        send(ranks[0], 1, 64, 5);

        while (values.isEmpty()) {
            assertTrue(ranks[1].poll(into(values), LIMIT) >= 0);
        }

        assertEquals(List.of(5L), values);
    }

    @Test
    void shouldConsumeTheFrameOnWhichTheHandlerThrows() {
        final LocalTransport[] ranks = LocalTransport.create(2);
        final List<Long> values = new ArrayList<>();
        send(ranks[0], 1, 64, 1);
        send(ranks[0], 1, 64, 2);

        assertThrows(
                IllegalStateException.class,
                () -> ranks[1].poll(
                        (peer, buffer, offset, length) -> {
                            throw new IllegalStateException("of the handler");
                        },
                        LIMIT));
        ranks[1].poll(into(values), LIMIT);

        assertEquals(List.of(2L), values);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 16, 100, 255})
    void shouldHaveRoomForAHeaderAndAPieceBetweenAnyRanks(final int size) {
        final LocalTransport[] ranks = LocalTransport.create(size);
        final int length = ranks[0].maxFrameLength();

        assertEquals(size, ranks.length);
        assertEquals(0, length % 8);
        assertTrue(length >= 64 + 256, "length=" + length);
        for (final LocalTransport rank : ranks) {
            assertEquals(size, rank.size());
            assertEquals(length, rank.maxFrameLength());
            assertEquals(LinkState.UP, rank.linkState(rank.rank()));
        }
        if (size > 1) {
            assertEquals(Status.OK, send(ranks[0], size - 1, length, 3));
            assertEquals(length + 8, ranks[0].bytesSent());
            assertThrows(IllegalArgumentException.class, () -> send(ranks[0], 1, length + 64, 3));
            final List<Long> values = new ArrayList<>();
            assertEquals(1, ranks[size - 1].poll(into(values), LIMIT));
            assertEquals(List.of(3L), values);
        }
        assertFalse(ranks[0].nakCount() > 0);
    }

    @Test
    void shouldCarryFramesBetweenTwoThreads() throws Exception {
        final int count = 200_000;
        final LocalTransport[] ranks = LocalTransport.create(2);
        final CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < count && !Thread.currentThread().isInterrupted(); ) {
                if (send(ranks[0], 1, 16 + i % 5 * 8, i) == Status.OK) {
                    i++;
                } else {
                    Thread.yield();
                }
            }
        });
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        final long[] next = new long[1];
        while (next[0] < count) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "received=" + next[0]);
            if (ranks[1].poll((peer, buffer, offset, length) -> buffer.getLong(offset) == next[0]++, 8) == 0) {
                Thread.yield();
            }
        }

        sending.get(10, TimeUnit.SECONDS);
        assertEquals(count, next[0]);
    }
}
