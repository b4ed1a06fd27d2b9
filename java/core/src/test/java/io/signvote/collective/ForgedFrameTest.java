package io.signvote.collective;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.VoteException;
import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.rendezvous.Failure;
import io.signvote.rendezvous.Membership;
import io.signvote.transport.sim.SimNetwork;
import io.signvote.wire.Call;
import io.signvote.wire.DataFrame;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rank 2's stream carries, before each frame of its own, the same frame with one thing forged. What a forgery comes to is known:
 * it is dropped and counted, or it ends the job with an error that names both calls. No result is ever wrong.
 */
class ForgedFrameTest {
    private static final int RANKS = 3;
    private static final int FORGER = 2;
    private static final int ROUNDS = 4;
    private static final int COUNT = 5_000;
    private static final int MAX_FRAME_LENGTH = DataFrame.HEADER_LENGTH + 64;
    private static final long KEY = 0x1122334455667788L;
    private static final int VIEW = 3;
    private static final long TIMEOUT_NS = 1_000_000_000;
    private static final int MOST_CYCLES = 4_000_000;
    private static final int MANY = 200_000;

    private static final int HEADER_LENGTH = DataFrame.HEADER_LENGTH;
    private static final int BLOCK_LENGTH = 0;
    private static final int TEMPLATE = 2;
    private static final int SCHEMA = 4;
    private static final int VERSION = 6;
    private static final int SESSION_KEY = 8;
    private static final int ROUND = 16;
    private static final int STEP = 24;
    private static final int CALL_COUNT = 32;
    private static final int FIRST_WORD = 40;
    private static final int OPTIONS = 48;
    private static final int TAG = 56;
    private static final int ROOT = 60;
    private static final int COLLECTIVE = 62;
    private static final int REDUCTION = 63;
    private static final int TYPE = 64;
    private static final int ZEROS = 65;
    private static final int TIES = 66;
    private static final int ADMITS = 67;
    private static final int VIEW_NUMBER = 68;
    private static final int CHUNK = 72;
    private static final int COORDINATES = 76;
    private static final int BALLOTS = 80;
    private static final int WEIGHT_SUM = 84;
    private static final int WEIGHT = 88;
    private static final int CREDIT = 90;
    private static final int KIND = 92;
    private static final int PLANES = 93;
    private static final int RESERVED = 94;
    private static final int FAR = 1 << 20;

    private enum Outcome {
        MALFORMED,
        STALE,
        REPEATED,
        MISMATCH,
        TIMEOUT
    }

    /** One thing that is forged; the length is that of the frame that is sent. */
    private record Forgery(
            String name, Outcome outcome, Consumer<MutableDirectBuffer> change, IntUnaryOperator length) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Forgery> forgeries() {
        return Stream.of(
                of("key", Outcome.MALFORMED, f -> putLong(f, SESSION_KEY, KEY ^ 1)),
                of("view of yesterday", Outcome.MALFORMED, f -> putInt(f, VIEW_NUMBER, VIEW - 1)),
                of("view of tomorrow", Outcome.MALFORMED, f -> putInt(f, VIEW_NUMBER, VIEW + 1)),
                of("schema", Outcome.MALFORMED, f -> putShort(f, SCHEMA, 5351)),
                of("version", Outcome.MALFORMED, f -> putShort(f, VERSION, 3)),
                of("template", Outcome.MALFORMED, f -> putShort(f, TEMPLATE, 2)),
                of("length of the block", Outcome.MALFORMED, f -> putShort(f, BLOCK_LENGTH, 64)),
                of("version of yesterday", Outcome.MALFORMED, f -> putShort(f, VERSION, 1)),
                of("length of the block of yesterday", Outcome.MALFORMED, f -> putShort(f, BLOCK_LENGTH, 56)),
                of("weight 0", Outcome.MALFORMED, f -> putShort(f, WEIGHT, 0)),
                of("weight 2", Outcome.MALFORMED, f -> putShort(f, WEIGHT, 2)),
                of("sum of weights", Outcome.MALFORMED, f -> putInt(f, WEIGHT_SUM, getInt(f, WEIGHT_SUM) + 1)),
                of("bytes without a field", Outcome.MALFORMED, f -> putShort(f, RESERVED, 1)),
                of("planes", Outcome.MALFORMED, f -> f.putByte(PLANES, (byte) 2)),
                of("round before", Outcome.STALE, f -> putLong(f, ROUND, 0)),
                of("round long before", Outcome.STALE, f -> putLong(f, ROUND, Long.MIN_VALUE)),
                of("round to come", Outcome.TIMEOUT, f -> putLong(f, ROUND, ROUNDS + 10)),
                of("last round of all", Outcome.TIMEOUT, f -> putLong(f, ROUND, Long.MAX_VALUE)),
                of("chunk ahead", Outcome.MALFORMED, f -> putInt(f, CHUNK, getInt(f, CHUNK) + RANKS)),
                of("chunk of another tallier", Outcome.MALFORMED, f -> putInt(f, CHUNK, getInt(f, CHUNK) + 1)),
                of("chunk far away", Outcome.MALFORMED, f -> putInt(f, CHUNK, FAR)),
                of("chunk below 0", Outcome.MALFORMED, f -> putInt(f, CHUNK, -1)),
                of("chunk at the end of numbers", Outcome.MALFORMED, f -> putInt(f, CHUNK, Integer.MIN_VALUE)),
                of("coordinates, one more", Outcome.MALFORMED, f -> putInt(f, COORDINATES, getInt(f, COORDINATES) + 1)),
                of("coordinates, none", Outcome.MALFORMED, f -> putInt(f, COORDINATES, 0)),
                of("coordinates, most", Outcome.MALFORMED, f -> putInt(f, COORDINATES, Integer.MAX_VALUE)),
                of("coordinates below 0", Outcome.MALFORMED, f -> putInt(f, COORDINATES, -64)),
                of("kind 0", Outcome.MALFORMED, f -> f.putByte(KIND, (byte) 0)),
                of("kind 5", Outcome.MALFORMED, f -> f.putByte(KIND, (byte) 5)),
                of("kind 255", Outcome.MALFORMED, f -> f.putByte(KIND, (byte) 255)),
                of("credit report in a vote", Outcome.MALFORMED, f -> f.putByte(KIND, (byte) DataFrame.CREDIT)),
                of("goodbye with a payload", Outcome.MALFORMED, f -> f.putByte(KIND, (byte) DataFrame.BYE)),
                of("collective", Outcome.MISMATCH, f -> f.putByte(COLLECTIVE, (byte) 3)),
                of("collective that is none", Outcome.MISMATCH, f -> f.putByte(COLLECTIVE, (byte) 200)),
                of("reduction", Outcome.MISMATCH, f -> f.putByte(REDUCTION, (byte) 2)),
                of("reduction that is none", Outcome.MISMATCH, f -> f.putByte(REDUCTION, (byte) 200)),
                of("options", Outcome.MISMATCH, f -> putLong(f, OPTIONS, 1)),
                of("tag", Outcome.MISMATCH, f -> putInt(f, TAG, 1)),
                of("first word", Outcome.MISMATCH, f -> putLong(f, FIRST_WORD, 1)),
                of("admits", Outcome.MISMATCH, f -> f.putByte(ADMITS, (byte) 1)),
                of("type", Outcome.MISMATCH, f -> f.putByte(TYPE, (byte) 2)),
                of("zeros", Outcome.MISMATCH, f -> f.putByte(ZEROS, (byte) 0)),
                of("ties", Outcome.MISMATCH, f -> f.putByte(TIES, (byte) 0)),
                of("root", Outcome.MISMATCH, f -> putShort(f, ROOT, 1)),
                of("step", Outcome.MISMATCH, f -> putLong(f, STEP, 77)),
                of("count, one more", Outcome.MISMATCH, f -> putLong(f, CALL_COUNT, COUNT + 1)),
                of("count, most", Outcome.MISMATCH, f -> putLong(f, CALL_COUNT, Long.MAX_VALUE)),
                new Forgery("nothing: it comes twice", Outcome.REPEATED, f -> {}, length -> length),
                of("credit 0", Outcome.REPEATED, f -> putShort(f, CREDIT, 0)),
                of("credit 65535", Outcome.REPEATED, f -> putShort(f, CREDIT, 65_535)),
                cut("no byte", length -> 0),
                cut("half a header", length -> HEADER_LENGTH / 2),
                cut("a header less a byte", length -> HEADER_LENGTH - 1),
                cut("no payload", length -> HEADER_LENGTH),
                cut("a byte less", length -> length - 1),
                cut("a word less", length -> length - 8),
                cut("a byte more", length -> length + 1),
                cut("a word more", length -> length + 8),
                new Forgery(
                        "a goodbye now",
                        Outcome.MISMATCH,
                        f -> f.putByte(KIND, (byte) DataFrame.BYE),
                        l -> HEADER_LENGTH));
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void shouldKnowWhatAForgeryComesTo(final Forgery forgery) {
        final Job job = new Job(new Plan.Sharded(RANKS), forgery, 1);

        job.run();

        job.checkVotes();
        final long forged = job.forger.forged();
        assertTrue(forged > 0);
        switch (forgery.outcome()) {
            case MISMATCH -> {
                assertNotNull(job.error, "nobody noticed");
                final String remedy = forgery.name().equals("a goodbye now")
                        ? ": every rank must make the same calls; "
                        : " make every rank call the same";
                assertMessage(job.error, remedy);
                assertEquals(0, job.completed);
            }
            case TIMEOUT -> {
                assertNotNull(job.error, "nobody noticed");
                assertMessage(job.error, "no progress for 1000 ms");
                assertEquals(0, job.completed);
            }
            default -> {
                assertNull(job.error);
                assertEquals(ROUNDS * RANKS, job.completed);
                assertEquals(
                        forgery.outcome() == Outcome.MALFORMED ? forged : 0, job.dropped(FrameCounters::malformed));
                assertEquals(forgery.outcome() == Outcome.REPEATED ? forged : 0, job.dropped(FrameCounters::repeated));
                assertEquals(forgery.outcome() == Outcome.STALE ? forged : 0, job.dropped(FrameCounters::stale));
            }
        }
    }

    /** Who does not know the key of the job can do nothing, whatever else is forged. */
    @ParameterizedTest
    @MethodSource("forgeries")
    void shouldDropEveryForgeryWithoutTheKey(final Forgery forgery) {
        final Forgery blind = new Forgery(
                forgery.name(),
                Outcome.MALFORMED,
                frame -> {
                    forgery.change().accept(frame);
                    putLong(frame, SESSION_KEY, 0);
                },
                forgery.length());
        final Job job = new Job(new Plan.Sharded(RANKS), blind, 1);

        job.run();

        job.checkVotes();
        assertNull(job.error);
        assertEquals(ROUNDS * RANKS, job.completed);
        assertEquals(job.forger.forged(), job.dropped(FrameCounters::malformed));
        assertEquals(0, job.dropped(FrameCounters::repeated) + job.dropped(FrameCounters::stale));
    }

    @Test
    void shouldTakeNoVerdictFromARankThatDoesNotTally() {
        final Forgery verdict = of("verdict", Outcome.MALFORMED, frame -> {
            frame.putByte(KIND, (byte) DataFrame.VERDICT);
            putInt(frame, BALLOTS, RANKS);
            putInt(frame, WEIGHT_SUM, RANKS);
            for (int i = HEADER_LENGTH; i + 8 <= frame.capacity(); i += 8) {
                putLong(frame, i, -1);
            }
        });
        final Job job = new Job(new Plan.Star(RANKS, 0), verdict, 1);

        job.run();

        job.checkVotes();
        assertNull(job.error);
        assertEquals(ROUNDS * RANKS, job.completed);
        assertEquals(job.forger.forged(), job.dropped(FrameCounters::malformed));
    }

    @Test
    void shouldDropTwoHundredThousandMalformedFrames() {
        final Random random = new Random(1);
        final Forgery noise = new Forgery(
                "noise",
                Outcome.MALFORMED,
                frame -> {
                    for (int i = random.nextInt(3) * SESSION_KEY; i < frame.capacity(); i += 8) {
                        putLong(frame, i, random.nextLong());
                    }
                    frame.putByte(SESSION_KEY, (byte) ~KEY);
                },
                length -> random.nextInt(MAX_FRAME_LENGTH + 1));
        final int ownFrames = 2 * ROUNDS * ((COUNT + 511) / 512) * (RANKS - 1);
        final Job job = new Job(new Plan.Sharded(RANKS), noise, 1 + MANY / (ownFrames / 4));

        job.run();

        job.checkVotes();
        assertNull(job.error);
        assertEquals(ROUNDS * RANKS, job.completed);
        assertTrue(job.forger.forged() >= MANY, job.forger.forged() + " frames");
        assertEquals(job.forger.forged(), job.dropped(FrameCounters::malformed));
    }

    private static Forgery of(final String name, final Outcome outcome, final Consumer<MutableDirectBuffer> change) {
        return new Forgery(name, outcome, change, length -> length);
    }

    private static Forgery cut(final String name, final IntUnaryOperator length) {
        return new Forgery("length, " + name, Outcome.MALFORMED, frame -> {}, length);
    }

    private static void putLong(final MutableDirectBuffer frame, final int offset, final long value) {
        frame.putLong(offset, value, ByteOrder.LITTLE_ENDIAN);
    }

    private static void putInt(final MutableDirectBuffer frame, final int offset, final int value) {
        frame.putInt(offset, value, ByteOrder.LITTLE_ENDIAN);
    }

    private static int getInt(final MutableDirectBuffer frame, final int offset) {
        return frame.getInt(offset, ByteOrder.LITTLE_ENDIAN);
    }

    private static void putShort(final MutableDirectBuffer frame, final int offset, final int value) {
        frame.putShort(offset, (short) value, ByteOrder.LITTLE_ENDIAN);
    }

    /** Votes of three ranks whose links lose nothing. */
    private static final class Job {
        private final SimNetwork network =
                new SimNetwork(RANKS, new SimNetwork.Faults(1_000, 0, 0, 0, 0, Integer.MAX_VALUE), new Random(1));
        private final Shared membership = new Shared();
        private final Engine[] engines = new Engine[RANKS];
        private final List<List<long[]>> results = new ArrayList<>();
        private final ForgingTransport forger;
        private VoteException error;
        private int completed;

        Job(final Plan plan, final Forgery forgery, final int repetitions) {
            // room for what is longer than any frame
            forger = new ForgingTransport(
                    network.transport(FORGER, 2 * MAX_FRAME_LENGTH),
                    MAX_FRAME_LENGTH,
                    forgery.change(),
                    forgery.length(),
                    repetitions);
            for (int rank = 0; rank < RANKS; rank++) {
                results.add(new ArrayList<>());
                engines[rank] = new Engine(
                        rank == FORGER
                                ? forger
                                : new ForgingTransport(
                                        network.transport(rank, 2 * MAX_FRAME_LENGTH),
                                        MAX_FRAME_LENGTH,
                                        forgery.change(),
                                        forgery.length(),
                                        0),
                        membership,
                        new ScalarKernels(),
                        network,
                        new RoundSettings(KEY, VIEW, RANKS, plan, 0, 0, 0, TIMEOUT_NS));
            }
        }

        void run() {
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    vote(round);
                }
            } catch (final VoteException e) {
                error = e;
            }
        }

        private void vote(final int round) {
            for (int rank = 0; rank < RANKS; rank++) {
                final int caster = rank;
                final Call call = new Call()
                        .set(ReduceOp.MAJORITY, DataType.SIGN, COUNT, round)
                        .policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM);
                engines[rank].begin(call, new Source(caster, round));
            }
            for (int cycle = 0; Stream.of(engines).anyMatch(r -> !r.isIdle()); cycle++) {
                assertTrue(cycle < MOST_CYCLES, "it hangs");
                network.advance(1_000);
                engines[cycle % RANKS].doWork();
            }
            for (int rank = 0; rank < RANKS; rank++) {
                final long[] words = new long[(COUNT + 63) / 64];
                for (int i = 0; i < words.length; i++) {
                    words[i] = UnsafeApi.getLong(engines[rank].result() + 8L * i);
                }
                results.get(rank).add(words);
                completed++;
            }
        }

        void checkVotes() {
            for (final List<long[]> ofRank : results) {
                for (int round = 0; round < ofRank.size(); round++) {
                    final long[] expected = new long[(COUNT + 63) / 64];
                    for (int i = 0; i < expected.length; i++) {
                        final long a = word(0, round, i);
                        final long b = word(1, round, i);
                        final long c = word(2, round, i);
                        expected[i] = a & b | b & c | a & c;
                    }
                    assertArrayEquals(expected, ofRank.get(round), "round " + round);
                }
            }
        }

        long dropped(final java.util.function.ToLongFunction<FrameCounters> counter) {
            return Stream.of(engines).map(Engine::counters).mapToLong(counter).sum();
        }
    }

    private static long word(final int rank, final int round, final int index) {
        final long word = new Random(31L * rank + 1_000L * round + 1_000_000L * index).nextLong();
        final int last = COUNT / 64;
        return index == last ? word & (1L << COUNT % 64) - 1 : word;
    }

    private record Source(int rank, int round) implements BallotSource {
        @Override
        public void fill(final long coordinate, final int count, final long words) {
            refill(coordinate, count, words);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            for (int i = 0; i < (count + 63) / 64; i++) {
                UnsafeApi.putLong(words + 8L * i, word(rank, round, (int) (coordinate / 64) + i));
            }
        }
    }

    /** One failure for all. */
    private static final class Shared implements Membership {
        private Failure first;

        @Override
        public Failure failure() {
            return first;
        }

        @Override
        public void fail(final Failure failure) {
            first = first == null ? failure : first;
        }

        @Override
        public void close() {}
    }
}
