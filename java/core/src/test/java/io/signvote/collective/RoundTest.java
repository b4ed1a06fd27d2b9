package io.signvote.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.kernel.ScalarKernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.transport.local.LocalTransport;
import io.signvote.wire.Call;
import io.signvote.wire.Collective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundTest {
    private static final BallotSource NOTHING = new BallotSource() {
        @Override
        public void fill(final long coordinate, final int count, final long words) {}

        @Override
        public void refill(final long coordinate, final int count, final long words) {}
    };

    @Test
    void shouldKeepTheAgreedCreditThroughSmallCalls() {
        final int ranks = 4;
        final RoundSettings settings = new RoundSettings(1, 1, ranks, new Plan.Sharded(ranks), 0, 0, 0, 1_000_000_000L);
        final Call large = new Call()
                .set(ReduceOp.MAJORITY, DataType.FLOAT32, 25_600_000, 1)
                .policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM);
        final Call small = new Call()
                .set(Collective.BARRIER, null, DataType.SIGN, 1, 0, 0)
                .policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM);

        try (Round round =
                new Round(LocalTransport.create(ranks)[0], new ScalarKernels(), System::nanoTime, settings)) {
            round.begin(large, NOTHING, null, false);
            final VoteFlow flow = (VoteFlow) round.flow();
            for (final Link link : round.links()) {
                link.peer().onGranted(6, round.cap());
            }
            flow.agreeOnCredit();
            assertEquals(6, flow.credit());

            round.begin(small, NOTHING, null, false);
            flow.agreeOnCredit();
            assertEquals(1, flow.credit());

            round.begin(large, NOTHING, null, false);
            assertEquals(6, flow.credit());
            for (final Link link : round.links()) {
                assertEquals(6, link.peer().creditGranted());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1,   SHARDED, 25600000",
        "2,   SHARDED, 25600000",
        "4,   SHARDED, 25600000",
        "7,   SHARDED, 25600000",
        "33,  SHARDED, 25600000",
        "100, SHARDED, 25600000",
        "2,   STAR,    25600000",
        "7,   STAR,    25600000",
        "15,  STAR,    25600000",
        "15,  STAR,    1000003",
        "33,  STAR,    25600000",
        "64,  STAR,    3000000",
        "100, STAR,    25600000",
    })
    void shouldHoldLessThanAByteACoordinate(final int ranks, final String planName, final long count) {
        final Plan plan = planName.equals("STAR") ? new Plan.Star(ranks, 0) : new Plan.Sharded(ranks);
        final RoundSettings settings = new RoundSettings(1, 1, ranks, plan, 0, 0, 0, 1_000_000_000L);
        final Call call = new Call()
                .set(ReduceOp.MAJORITY, DataType.FLOAT32, count, 1)
                .policies(ZeroPolicy.RANDOM, TiePolicy.RANDOM);

        try (Round round =
                new Round(LocalTransport.create(ranks)[0], new ScalarKernels(), System::nanoTime, settings)) {
            for (int i = 0; i < 3; i++) {
                round.begin(call, NOTHING, null, false);
            }

            final double bytes = OffHeapLength.of(round) / (double) count;
            assertTrue(bytes >= 0.125, "the verdict alone takes an eighth, not " + bytes);
            assertTrue(bytes < 1, bytes + " bytes a coordinate");
        }
    }
}
