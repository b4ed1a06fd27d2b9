package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.collective.Engine;
import io.signvote.collective.Group;
import io.signvote.error.ConfigurationException;
import io.signvote.kernel.Kernels;
import io.signvote.kernel.ScalarKernels;
import io.signvote.op.ReduceOp;
import io.signvote.rendezvous.LocalMembership;
import io.signvote.transport.Endpoint;
import io.signvote.transport.Transport;
import io.signvote.transport.aeron.NodeMemory;
import io.signvote.transport.local.LocalTransport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Splits on hosts whose shared memory is made up. Ranks 0 and 1 are on host 10.0.0.1 and share a driver. Ranks 2 and 3 are on
 * host 10.0.0.2, each with a driver of its own in the same memory.
 */
@Timeout(60)
class SplitMemoryTest {
    private static final int RANKS = 4;
    private static final long LOG = 1_000;
    private static final int COUNTERS = 1_000;
    private static final long DEADLINE_S = 30;

    private final AtomicInteger connected = new AtomicInteger();
    private Communicator[] ranks = new Communicator[0];

    @AfterEach
    void close() {
        CloseHelper.closeAll(ranks);
    }

    /**
     * All four in one split. Host 10.0.0.1 sends 2 x 3 streams, and has images of 2 x 2. Host 10.0.0.2 sends 2 x 3 and has images of
     * 2 x 3.
     */
    @Test
    void shouldFitMemoryThatHoldsEachLog() throws Exception {
        start(10 * LOG, 12 * LOG, COUNTERS);

        assertEquals(List.of("4", "4", "4", "4"), split(0, 0, 0, 0));
    }

    @Test
    void shouldRefuseAlikeOnAllRanksAndCreateNothing() throws Exception {
        start(10 * LOG, 12 * LOG - 1, COUNTERS);

        final List<String> answers = split(0, 0, 0, 0);

        assertEquals(0, connected.get());
        answers.forEach(answer -> assertMessage(
                answer,
                "split: shared memory is too small on host=10.0.0.2: needed=12000 available=11999 bytes for the streams of"
                        + " ranks [2, 3],",
                "/dev/shm",
                "nothing was created"));
        for (final Communicator rank : ranks) {
            assertNull(rank.failure());
        }
        // the parent goes on, and a smaller split fits
        assertEquals(List.of("2", "2", "2", "2"), split(0, 1, 0, 1));
        assertEquals(List.of("0", "1", "0", "1"), split(-1, 1, -1, 2));
    }

    @Test
    void shouldNameTheHostOfASharedDriver() throws Exception {
        start(10 * LOG - 1, 12 * LOG, COUNTERS);

        split(0, 0, 0, 0)
                .forEach(answer -> assertMessage(
                        answer,
                        "on host=10.0.0.1: needed=10000 available=9999 bytes for the streams of ranks [0, 1],"));
    }

    /** The shared driver has the links of two ranks. */
    @Test
    void shouldRefuseMoreLinksThanADriverHasCounters() throws Exception {
        start(10 * LOG, 12 * LOG, 6 * NodeMemory.COUNTERS_PER_LINK - 1);

        final List<String> answers = split(0, 0, 0, 0);

        assertEquals(0, connected.get());
        answers.forEach(answer -> assertMessage(
                answer,
                "split: the media driver on host=10.0.0.1 has too few counters: needed=96 available=95 for the streams of"
                        + " ranks [0, 1],"));
        assertEquals(List.of("2", "2", "2", "2"), split(0, 1, 1, 0));
    }

    /** Logs of a communicator that has just been closed. */
    @Test
    void shouldWaitForMemoryThatIsFreedSoon() throws Exception {
        final AtomicInteger looks = new AtomicInteger();
        start(10 * LOG, 12 * LOG, COUNTERS, rank -> rank == 3 && looks.getAndIncrement() < 5 ? 2 * LOG : 0);

        assertEquals(List.of("4", "4", "4", "4"), split(0, 0, 0, 0));
        assertTrue(looks.get() > 5);
    }

    private interface Held {
        long length(int rank);
    }

    private void start(final long firstLength, final long secondLength, final int counters) {
        start(firstLength, secondLength, counters, rank -> 0);
    }

    private void start(final long firstLength, final long secondLength, final int counters, final Held held) {
        final Context context = new Context().rank(0).worldSize(RANKS).conclude();
        final Kernels kernels = new ScalarKernels();
        final LocalTransport[] transports = LocalTransport.create(RANKS);
        final List<LocalMembership> memberships = LocalMembership.create(RANKS);
        final Carrier inProcess = new Carrier.InProcess();
        final Communicator[] made = new Communicator[RANKS];
        for (int i = 0; i < RANKS; i++) {
            final int rank = i;
            final Carrier carrier = new Carrier() {
                @Override
                public NodeMemory memory() {
                    return new NodeMemory(
                            rank / 2,
                            Path.of("/dev/shm"),
                            (rank / 2 == 0 ? firstLength : secondLength) - held.length(rank),
                            LOG,
                            counters);
                }

                @Override
                public Endpoint endpoint(final int worldRank) {
                    return new Endpoint(
                            "10.0.0." + (1 + worldRank / 2),
                            1,
                            worldRank < 2 ? "shared" : "of " + worldRank,
                            1376,
                            1376);
                }

                @Override
                public Transport connect(
                        final Group group, final int size, final int rankOfSplit, final long sessionKey) {
                    connected.incrementAndGet();
                    return inProcess.connect(group, size, rankOfSplit, sessionKey);
                }
            };
            made[rank] = new Communicator(
                    context,
                    kernels,
                    transports[rank],
                    new Engine(
                            transports[rank],
                            memberships.get(rank),
                            kernels,
                            context.clock(),
                            Assembly.roundSettings(context, 0, 1)),
                    RANKS,
                    Branch.world(new Branch.Shared(memberships.get(rank), null, carrier, 0, 1)),
                    0);
        }
        ranks = made;
    }

    /** All ranks split at once. Returns the sum of ones in the split of each rank, or the message of its error. */
    private List<String> split(final int... colors) throws Exception {
        final List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < RANKS; i++) {
            final int rank = i;
            final CompletableFuture<String> answer = new CompletableFuture<>();
            answers.add(answer);
            new Thread(() -> answer.complete(split(ranks[rank], colors[rank]))).start();
        }
        final List<String> texts = new ArrayList<>();
        for (final CompletableFuture<String> answer : answers) {
            texts.add(answer.get(DEADLINE_S, TimeUnit.SECONDS));
        }
        return texts;
    }

    private static String split(final Communicator rank, final int color) {
        try (Communicator split = rank.split(color, 0)) {
            final float[] sum = {1};
            if (split != null) {
                split.allReduce(sum, sum, ReduceOp.SUM);
            }
            return split == null ? "0" : Integer.toString((int) sum[0]);
        } catch (final ConfigurationException e) {
            return e.getMessage();
        } catch (final Throwable e) {
            return e.toString();
        }
    }
}
