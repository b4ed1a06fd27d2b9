package io.signvote.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.Context;
import io.signvote.LocalJob;
import io.signvote.collective.BallotSource;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HexFormat;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Votes that another implementation has counted. */
@Timeout(60)
class VoteVectorsTest {
    @ParameterizedTest
    @CsvFileSource(resources = "/io/signvote/wire/votes.csv", useHeadersInDisplayName = true)
    void shouldReachPublishedVerdict(
            final long seed,
            final long step,
            final TiePolicy ties,
            final long count,
            final String ballots,
            final String verdict,
            final long tied)
            throws Exception {
        final String[] ballotOfRank = ballots.split(" ");
        final long[] tiedOfRank = new long[ballotOfRank.length];

        try (LocalJob job =
                new LocalJob(ballotOfRank.length, new Context().seed(seed).tiePolicy(ties))) {
            job.run(rank -> {
                final UnsafeBuffer ballot = Hex.buffer(ballotOfRank[rank.rank()]);

                rank.vote(new Given(ballot), (words, n) -> assertEquals(verdict, hex(words, verdict)), count, step);
                tiedOfRank[rank.rank()] = rank.census().ties();
            });
        }

        long sum = 0;
        for (final long ofRank : tiedOfRank) {
            sum += ofRank;
        }
        assertEquals(tied, sum);
    }

    /** One rank votes for and one against everything, so the verdict is the ballot of the third. */
    @ParameterizedTest
    @CsvFileSource(resources = "/io/signvote/wire/zeros.csv", useHeadersInDisplayName = true)
    void shouldCastPublishedBallot(
            final long seed,
            final long step,
            final int rank,
            final ZeroPolicy zeros,
            final String values,
            final String ballot)
            throws Exception {
        final FloatBuffer given = ByteBuffer.wrap(Hex.bytes(values))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        final int count = given.remaining();

        try (LocalJob job = new LocalJob(3, new Context().seed(seed).zeroPolicy(zeros))) {
            job.run(communicator -> {
                // steps of an allreduce are the communicator's rounds
                for (int round = 1; round < step; round++) {
                    communicator.barrier();
                }
                final float[] contribution = new float[count];
                for (int i = 0; i < count; i++) {
                    final float opinion = (communicator.rank() + 3 - rank) % 3 == 1 ? 1 : -1;
                    contribution[i] = communicator.rank() == rank ? given.get(i) : opinion;
                }

                final float[] verdict = new float[count];
                communicator.allReduce(contribution, verdict, ReduceOp.MAJORITY);

                assertEquals(ballot, packed(verdict));
            });
        }
    }

    private static String hex(final long words, final String like) {
        final byte[] bytes = new byte[like.length() / 2];
        new UnsafeBuffer(words, bytes.length).getBytes(0, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String packed(final float[] signs) {
        final byte[] bytes = new byte[(signs.length + 63) / 64 * 8];
        for (int i = 0; i < signs.length; i++) {
            bytes[i / 8] |= (byte) (signs[i] < 0 ? 1 << i % 8 : 0);
        }
        return HexFormat.of().formatHex(bytes);
    }

    /** A ballot that is there already. */
    private record Given(UnsafeBuffer ballot) implements BallotSource {
        @Override
        public void fill(final long coordinate, final int count, final long words) {
            refill(coordinate, count, words);
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            UnsafeApi.copyMemory(ballot.addressOffset() + coordinate / 8, words, (count + 63) / 64 * 8);
        }
    }
}
