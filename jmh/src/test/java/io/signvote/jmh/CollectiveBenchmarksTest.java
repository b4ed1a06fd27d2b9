package io.signvote.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.jmh.collective.LoopbackAllReduceBenchmark;
import io.signvote.jmh.wire.DataFrameBenchmark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bodies of these benchmarks run and do what their names say. */
class CollectiveBenchmarksTest {
    private static final long PLUS_OR_MINUS_ONE = 0x3F80_0000_3F80_0000L;
    private static final long SIGNS = 0x8000_0000_8000_0000L;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldVoteAndSumOverAndOver(final int ranks) throws Exception {
        final LoopbackAllReduceBenchmark benchmark = new LoopbackAllReduceBenchmark();
        benchmark.n = 10_007;
        benchmark.ranks = ranks;
        benchmark.prepare();

        try {
            final long bits = benchmark.voteBits();
            final long sum = benchmark.sumFloats();
            for (int call = 0; call < 20; call++) {
                final long signs = benchmark.voteFloats();
                assertEquals(PLUS_OR_MINUS_ONE, signs & ~SIGNS);
                assertTrue(ranks > 1 || (signs & SIGNS) == (sum & SIGNS), "one rank decides alone");
                assertEquals(sum, benchmark.sumFloats());
                assertTrue(ranks % 2 == 0 || bits == benchmark.voteBits(), "without ties every vote is the same");
            }
            assertNotEquals(benchmark.signumStep(), benchmark.signumStep(), "each step moves the parameters");
        } finally {
            benchmark.free();
        }
    }

    @Test
    void shouldReadWhatItWrote() {
        final DataFrameBenchmark benchmark = new DataFrameBenchmark();
        benchmark.prepare();

        assertEquals(0, benchmark.read());
        final long written = benchmark.write();
        assertEquals(1, benchmark.read());
        assertEquals(written, benchmark.copy());
        benchmark.free();
    }
}
