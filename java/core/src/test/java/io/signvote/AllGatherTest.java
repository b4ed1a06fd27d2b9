package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Configuration.PlanKind;
import io.signvote.error.ConfigurationException;
import io.signvote.error.ProtocolException;
import io.signvote.error.RoundTimeoutException;
import io.signvote.op.ReduceOp;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllGatherTest {
    private static final int CAPACITY = 8 << 20;

    /** A function of its arguments alone: none, a few, or more than many frames hold. */
    private static byte[] bytes(final long seed, final int call, final int rank) {
        final Random draw = new Random((seed * 1_000_003 + call) * 1_000_003 + rank);
        draw.nextLong();
        final int length = switch (draw.nextInt(5)) {
            case 0 -> 0;
            case 1 -> draw.nextInt(900_000);
            default -> draw.nextInt(2_000);
        };
        final byte[] bytes = new byte[call == 3 ? 0 : length];
        draw.nextBytes(bytes);
        return bytes;
    }

    private static ByteBuffer direct(final byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private static byte[] held(final Gathered gathered, final int rank) {
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        gathered.wrap(rank, view);
        final byte[] bytes = new byte[view.capacity()];
        view.getBytes(0, bytes);
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({"1,SHARDED", "2,SHARDED", "3,SHARDED", "7,SHARDED", "1,STAR", "5,STAR"})
    void shouldGiveEveryRankTheBytesOfAll(final int ranks, final PlanKind plan) throws Exception {
        final long seed = Long.getLong("signvote.test.seed", System.nanoTime());

        try (LocalJob job = new LocalJob(ranks, new Context().plan(plan))) {
            job.run(communicator -> {
                try (Gathered gathered = new Gathered(CAPACITY)) {
                    for (int call = 0; call < 12; call++) {
                        final ByteBuffer own = direct(bytes(seed, call, communicator.rank()));
                        communicator.allGather(own, gathered);

                        assertEquals(0, own.position());
                        assertEquals(ranks, gathered.ranks());
                        long total = 0;
                        for (int rank = 0; rank < ranks; rank++) {
                            final byte[] expected = bytes(seed, call, rank);
                            total += expected.length;
                            assertEquals(0, gathered.address(rank) % 8);
                            assertArrayEquals(
                                    expected,
                                    held(gathered, rank),
                                    "-Dsignvote.test.seed=" + seed + " call=" + call + " rank=" + rank);
                        }
                        assertEquals(total, gathered.totalLength());
                        // between other calls, whose chunks and credit are others
                        final float[] one = {communicator.rank() + 1};
                        communicator.allReduce(one, one, ReduceOp.SUM);
                        assertEquals(ranks * (ranks + 1) / 2f, one[0]);
                    }
                }
            });
        }
    }

    /** The library announces no such length; a client in another language may. */
    @Test
    void shouldPrintNegativeLengthAsItIs() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context())) {
            job.run(communicator -> {
                try (Gathered gathered = new Gathered(100)) {
                    final Task task = communicator.calls().take().allGather(0, 0, gathered);
                    if (communicator.rank() == 1) {
                        task.source = new Sources.Length().of(-5);
                    }

                    final ConfigurationException error = assertThrows(
                            ConfigurationException.class,
                            () -> communicator.calls().run(task));

                    assertTrue(
                            error.getMessage().startsWith("allGather: rank 1 announced length=-5, expected 0 to 100"),
                            error.getMessage());
                }
            });
        }
    }

    @Test
    void shouldTakeManyRanks() throws Exception {
        final int ranks = 40;

        try (LocalJob job = new LocalJob(ranks, new Context())) {
            job.run(communicator -> {
                try (Gathered gathered = new Gathered(CAPACITY)) {
                    communicator.allGather(new float[communicator.rank()], gathered);
                    for (int rank = 0; rank < ranks; rank++) {
                        assertEquals(4L * rank, gathered.length(rank));
                    }
                }
            });
        }
    }

    @Test
    void shouldGatherFromItsOwnTargetAgain() throws Exception {
        try (LocalJob job = new LocalJob(2, new Context())) {
            job.run(communicator -> {
                try (Gathered gathered = new Gathered(CAPACITY)) {
                    final float[] values = new float[1 + communicator.rank()];
                    values[0] = 10 + communicator.rank();
                    communicator.allGather(values, gathered);
                    // the other's bytes go back, and the memory grows meanwhile
                    final int other = 1 - communicator.rank();
                    communicator.allGather(gathered.address(other), gathered.length(other), gathered);

                    final float[] returned = new float[2];
                    assertEquals(2 - communicator.rank(), gathered.copyFloats(communicator.rank(), returned));
                    assertEquals(10 + other, returned[0]);
                }
            });
        }
    }

    @Test
    void shouldRefuseEveryRankAlikeWhereAllHaveMoreThanTheCapacityAndGoOn() throws Exception {
        try (LocalJob job = new LocalJob(3, new Context())) {
            job.run(communicator -> {
                try (Gathered gathered = new Gathered(100)) {
                    communicator.allGather(new float[] {communicator.rank()}, gathered);
                    final float[] many = new float[communicator.rank() == 2 ? 6 : 10];

                    final String message = assertThrows(
                                    ConfigurationException.class, () -> communicator.allGather(many, gathered))
                            .getMessage();

                    assertMessage(message, "rank 2 has 24 bytes", "capacity=100");
                    for (int rank = 0; rank < 3; rank++) {
                        final float[] kept = new float[1];
                        assertEquals(1, gathered.copyFloats(rank, kept));
                        assertEquals(rank, kept[0]);
                    }
                    communicator.allGather(new float[communicator.rank() == 2 ? 5 : 10], gathered);
                    assertEquals(100, gathered.totalLength());
                }
            });
        }
    }

    /** As a liar would: a length that no rank can have crosses as it is, and sizes nothing. */
    @ParameterizedTest
    @ValueSource(longs = {101, 1L << 40, Long.MAX_VALUE})
    void shouldTakeNoMemoryForWhatIsOnlyAnnounced(final long announced) throws Exception {
        try (LocalJob job = new LocalJob(2, new Context())) {
            job.run(communicator -> {
                try (Gathered gathered = new Gathered(100)) {
                    final long length = communicator.rank() == 1 ? announced : 4;
                    final ByteBuffer four = ByteBuffer.allocateDirect(4);
                    final long address = BufferUtil.address(four);

                    final String message = assertThrows(
                                    ConfigurationException.class,
                                    () -> communicator.allGather(address, length, gathered))
                            .getMessage();

                    assertMessage(message, "rank 1 has " + announced + " bytes");
                    assertEquals(0, gathered.ranks());
                    assertEquals(4, four.remaining());
                    communicator.barrier();
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vote", "sum", "broadcast", "barrier", "capacity", "close"})
    void shouldNameBothCallsOnEveryRankWhereTheyDiffer(final String what) throws Exception {
        try (LocalJob job = new LocalJob(3, new Context().timeoutNs(TimeUnit.SECONDS.toNanos(20)))) {
            final List<Throwable> errors = job.errors(communicator -> {
                final float[] values = new float[64];
                try (Gathered gathered =
                        new Gathered(communicator.rank() == 1 && what.equals("capacity") ? 999 : CAPACITY)) {
                    if (communicator.rank() != 1 || what.equals("capacity")) {
                        communicator.allGather(values, gathered);
                        return;
                    }
                }
                switch (what) {
                    case "vote" -> communicator.vote(new long[1], new long[1], 64);
                    case "sum" -> communicator.allReduce(values, values, ReduceOp.SUM);
                    case "broadcast" -> communicator.broadcast(values, 1);
                    case "barrier" -> communicator.barrier();
                    default -> {
                        communicator.close();
                        communicator.barrier();
                    }
                }
            });

            final String theirs = switch (what) {
                case "vote" -> "allReduce(MAJORITY, SIGN, count=64)";
                case "sum" -> "allReduce(SUM, FLOAT32, count=64)";
                case "broadcast" -> "broadcast(FLOAT32, count=64, root=1)";
                case "barrier" -> "barrier()";
                case "capacity" -> "allGather(capacity=999)";
                default -> "close()";
            };
            for (int rank = 0; rank < 3; rank++) {
                final Throwable error = errors.get(rank);
                if (rank == 1 && what.equals("close")) {
                    assertInstanceOf(IllegalStateException.class, error);
                    continue;
                }
                assertInstanceOf(ProtocolException.class, error, () -> String.valueOf(error));
                assertMessage(error, "allGather(capacity=" + CAPACITY + ")", theirs);
            }
        }
    }

    @Test
    void shouldNameTheRankThatDoesNotCall() throws Exception {
        try (LocalJob job = new LocalJob(4, new Context().timeoutNs(TimeUnit.MILLISECONDS.toNanos(300)))) {
            final List<Throwable> errors = job.errors(communicator -> {
                if (communicator.rank() != 2) {
                    try (Gathered gathered = new Gathered(CAPACITY)) {
                        communicator.allGather(new float[100], gathered);
                    }
                }
            });

            for (final int rank : new int[] {0, 1, 3}) {
                assertInstanceOf(RoundTimeoutException.class, errors.get(rank));
                final String message = errors.get(rank).getMessage();
                assertMessage(message, "missing answers of ranks [2]", "allGather(capacity=");
            }
        }
    }

    @Test
    void shouldRefuseWhatCannotBeDoneAndGoOn() throws Exception {
        try (LocalJob job = new LocalJob(1, new Context())) {
            final Gathered gathered = new Gathered(100);
            final Communicator communicator = job.rank(0);

            refuse("capacity=-1, expected 0 to", () -> new Gathered(-1));
            refuse("capacity=17179869185", () -> new Gathered(Communicator.MAX_COUNT + 1));
            refuse("length=-1", () -> communicator.allGather(64, -1, gathered));
            refuse("from source=0", () -> communicator.allGather(0, 1, gathered));
            refuse("on the heap", () -> communicator.allGather(ByteBuffer.allocate(8), gathered));
            communicator.allGather(0, 0, gathered);
            assertEquals(0, gathered.length(0));
            communicator.allGather(new float[3], gathered);
            refuse("target has 2 floats, needs 3", () -> gathered.copyFloats(0, new float[2]));
            assertThrows(IndexOutOfBoundsException.class, () -> gathered.address(1));
            gathered.close();
            gathered.close();
            assertThrows(IllegalStateException.class, () -> communicator.allGather(new float[1], gathered));
            communicator.barrier();
        }
    }

    private static void refuse(final String fact, final Runnable call) {
        final String message =
                assertThrows(ConfigurationException.class, call::run).getMessage();
        assertMessage(message, fact);
    }
}
