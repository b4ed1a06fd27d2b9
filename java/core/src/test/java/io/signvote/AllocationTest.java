package io.signvote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.signvote.bits.OffHeap;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.optim.Segments;
import io.signvote.optim.Signum;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rounds allocate nothing on the threads of their ranks. The first rounds load classes and size buffers, and the JVM itself links
 * a path when it is first taken, so the least of several windows counts: what a round allocates is in each of them.
 */
class AllocationTest {
    private static final int N = 100_003;
    private static final int WINDOWS = 5;
    private static final int ROUNDS = 150;
    private static final long DEADLINE_S = 50;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What is called, by address. */
    enum Operation {
        MAJORITY_OF_BITS {
            @Override
            void run(final Rank rank) {
                rank.communicator.allReduce(rank.source, rank.target, N, DataType.SIGN, ReduceOp.MAJORITY);
            }
        },
        MAJORITY_OF_FLOATS {
            @Override
            void run(final Rank rank) {
                rank.communicator.allReduce(rank.source, rank.target, N, DataType.FLOAT32, ReduceOp.MAJORITY);
            }
        },
        SUM {
            @Override
            void run(final Rank rank) {
                rank.communicator.allReduce(rank.source, rank.target, N, DataType.FLOAT32, ReduceOp.SUM);
            }
        },
        MEAN_OF_HALVES {
            @Override
            void run(final Rank rank) {
                rank.communicator.allReduce(rank.source, rank.target, N, DataType.FLOAT16, ReduceOp.AVG);
            }
        },
        MAXIMUM_OF_INTEGERS {
            @Override
            void run(final Rank rank) {
                rank.communicator.allReduce(rank.source, rank.target, N, DataType.INT32, ReduceOp.MAX);
            }
        },
        BROADCAST {
            @Override
            void run(final Rank rank) {
                rank.communicator.broadcast(rank.target, N, DataType.FLOAT32, 1);
            }
        },
        ALL_GATHER {
            @Override
            void run(final Rank rank) {
                final long length = rank.communicator.rank() == 1 ? 0 : 40_003L;
                rank.communicator.allGather(rank.source, length, rank.gathered);
            }
        },
        REDUCE_OF_SEGMENTS {
            @Override
            void run(final Rank rank) {
                rank.communicator.reduce(rank.segments, rank.whole, ReduceOp.SUM, 1);
            }
        },
        VOTE_OF_AN_ARRAY {
            @Override
            void run(final Rank rank) {
                rank.communicator.allReduce(rank.array, rank.segments, ReduceOp.MAJORITY);
            }
        },
        REDUCE_SCATTER {
            @Override
            void run(final Rank rank) {
                rank.communicator.reduceScatter(rank.blocks, rank.block, ReduceOp.MAX);
            }
        },
        ALL_GATHER_OF_BLOCKS {
            @Override
            void run(final Rank rank) {
                rank.communicator.allGather(rank.block, rank.blocks);
            }
        },
        GATHER {
            @Override
            void run(final Rank rank) {
                rank.communicator.gather(rank.block, rank.blocks, 1);
            }
        },
        SCATTER {
            @Override
            void run(final Rank rank) {
                rank.communicator.scatter(rank.blocks, rank.block, 0);
            }
        },
        ALL_TO_ALL {
            @Override
            void run(final Rank rank) {
                rank.communicator.allToAll(rank.blocks, rank.blocks);
            }
        },
        BARRIER {
            @Override
            void run(final Rank rank) {
                rank.communicator.barrier();
            }
        },
        SIGNUM {
            @Override
            void run(final Rank rank) {
                rank.signum.step(rank.source, rank.target);
            }
        },
        SIGNUM_OF_SEGMENTS {
            @Override
            void run(final Rank rank) {
                rank.signum.step(rank.gradients, rank.parameters);
            }
        },
        ALL_IN_TURN {
            @Override
            void run(final Rank rank) {
                for (final Operation operation : SINGLE) {
                    operation.run(rank);
                }
            }
        };

        private static final Operation[] SINGLE = {
            MAJORITY_OF_BITS,
            MAJORITY_OF_FLOATS,
            SUM,
            MEAN_OF_HALVES,
            MAXIMUM_OF_INTEGERS,
            BROADCAST,
            ALL_GATHER,
            REDUCE_OF_SEGMENTS,
            VOTE_OF_AN_ARRAY,
            REDUCE_SCATTER,
            ALL_GATHER_OF_BLOCKS,
            GATHER,
            SCATTER,
            ALL_TO_ALL,
            BARRIER,
            SIGNUM,
            SIGNUM_OF_SEGMENTS
        };

        abstract void run(Rank rank);
    }

    /** A rank with memory of its own. */
    private static final class Rank implements AutoCloseable {
        private final OffHeap memory = new OffHeap(2 * 4L * N);
        private final Communicator communicator;
        private final Signum signum;
        private final long source;
        private final long target;
        private final Gathered gathered = new Gathered(1 << 20);
        private final Elements whole;
        private final Elements segments;
        private final Elements array = Elements.of(new float[N]);
        private final Elements block;
        private final Elements blocks;
        private final Segments gradients = new Segments(10, N - 10);
        private final Segments parameters = new Segments(77, N - 77);

        private Rank(final Communicator communicator) {
            this.communicator = communicator;
            signum = new Signum(communicator, N);
            source = memory.address();
            target = memory.address() + 4L * N;
            whole = Elements.at(target, N, DataType.FLOAT32);
            segments = Elements.join(whole.slice(0, 30_001), whole.slice(30_001, N - 30_001));
            blocks = whole.slice(0, communicator.size() * 20_000L);
            block = Elements.at(source, 20_000, DataType.FLOAT32);
            gradients.at(0, source).at(1, source + 4 * 10);
            parameters.at(0, target).at(1, target + 4 * 77);
        }

        /** Least bytes that this thread allocates in a window of rounds. The ranks stop once every rank had a window without any. */
        private long allocatedBytes(final Operation operation) {
            long least = Long.MAX_VALUE;
            for (int window = 0; window < WINDOWS && communicator.anyTrue(least > 0); window++) {
                final long before = THREADS.getCurrentThreadAllocatedBytes();
                for (int round = 0; round < ROUNDS; round++) {
                    operation.run(this);
                }
                least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
            }
            return least;
        }

        @Override
        public void close() {
            CloseHelper.closeAll(signum, gathered, memory);
        }
    }

    @Test
    void shouldSeeASingleObject() {
        final long before = THREADS.getCurrentThreadAllocatedBytes();
        final long between = THREADS.getCurrentThreadAllocatedBytes();
        final Object[] objects = new Object[2];
        final long after = THREADS.getCurrentThreadAllocatedBytes();

        assertEquals(2, objects.length);
        assertEquals(before, between);
        assertTrue(after - between >= 16, "allocation is not measured");
    }

    @ParameterizedTest
    @EnumSource
    void shouldAllocateNothingBetweenThreads(final Operation operation) throws Exception {
        try (LocalJob job = new LocalJob(3, new Context())) {
            job.run(communicator -> {
                try (Rank rank = new Rank(communicator)) {
                    assertEquals(0, rank.allocatedBytes(operation), () -> operation + " rank=" + communicator.rank());
                }
            });
        }
    }

    @Test
    void shouldAllocateNothingInASplit() throws Exception {
        try (LocalJob job = new LocalJob(3, new Context())) {
            job.run(communicator -> {
                try (Communicator split = communicator.split(0, -communicator.rank());
                        Rank rank = new Rank(split)) {
                    assertEquals(0, rank.allocatedBytes(Operation.ALL_IN_TURN), () -> "rank=" + split.rank());
                }
            });
        }
    }

    @Tag("system")
    @Test
    void shouldAllocateNothingOverAeron() throws Exception {
        final int port = freePort();
        final ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            final List<Future<String>> ranks = new ArrayList<>();
            for (int rank = 0; rank < 2; rank++) {
                final Context context = new Context()
                        .rank(rank)
                        .worldSize(2)
                        .masterAddress("127.0.0.1")
                        .masterPort(port);
                ranks.add(threads.submit(() -> allocationsOverAeron(context)));
            }
            for (final Future<String> rank : ranks) {
                assertEquals("", rank.get(DEADLINE_S, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static String allocationsOverAeron(final Context context) {
        final StringBuilder allocations = new StringBuilder();
        try (Communicator communicator = Communicator.connect(context);
                Rank rank = new Rank(communicator)) {
            for (final Operation operation : Operation.values()) {
                final long bytes = rank.allocatedBytes(operation);
                if (bytes > 0) {
                    allocations
                            .append(operation)
                            .append(" allocated ")
                            .append(bytes)
                            .append(" bytes; ");
                }
            }
        }
        return allocations.toString();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
