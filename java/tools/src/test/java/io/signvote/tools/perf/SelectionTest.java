package io.signvote.tools.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.ConfigurationException;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {
    @Test
    void shouldVoteOnPackedSignsByDefault() {
        for (final String name : new String[] {null, "vote"}) {
            assertEquals(List.of(List.of(Contender.BITS)), groups(name, null, null, "0", null));
        }
        assertEquals(
                List.of(List.of(Contender.BITS, Contender.FLOATS)), groups(null, null, null, "0", Selection.Form.BOTH));
        assertEquals(List.of(List.of(Contender.FLOATS)), groups(null, "MAJORITY", "FLOAT32", "0", null));
    }

    @ParameterizedTest
    @CsvSource({"allreduce", "all_reduce", "all_reduce_perf", "AllReduce"})
    void shouldAddFloatsByDefaultOnceACollectiveIsNamed(final String name) {
        final List<List<Contender>> sum = List.of(List.of(Contender.allReduce(DataType.FLOAT32, ReduceOp.SUM)));

        assertEquals(sum, groups(name, null, null, "0", null));
        assertEquals(sum, groups(null, "sum", null, "0", null));
    }

    @Test
    void shouldTakeAllThatThereIs() {
        final List<Contender> all = groups("allreduce", "all", "all", "0", null).stream()
                .map(each -> each.get(0))
                .toList();

        for (final DataType type : DataType.values()) {
            for (final ReduceOp op : ReduceOp.values()) {
                assertEquals(op.takes(type), all.contains(Contender.allReduce(type, op)), op + " of " + type);
            }
        }
        assertEquals(
                Arrays.stream(ReduceOp.values())
                        .mapToLong(op -> op.types().size())
                        .sum(),
                all.size());
        assertEquals(Contender.allReduce(DataType.INT8, ReduceOp.SUM), all.get(0));
        assertEquals(Contender.allReduce(DataType.INT8, ReduceOp.PROD), all.get(1));
    }

    @Test
    void shouldTakeEveryRootInTurn() {
        for (final String root : new String[] {"all", "-1"}) {
            assertEquals(
                    List.of(0, 1, 2),
                    groups("broadcast", "sum", "half", root, null).stream()
                            .map(each -> each.get(0).root())
                            .toList());
        }
        assertEquals(
                new Contender(PerfCollective.BROADCAST, DataType.FLOAT16, null, 2),
                groups("broadcast_perf", null, "half", "2", null).get(0).get(0));
    }

    @Test
    void shouldMeasureABarrierOnce() {
        final Contender barrier =
                groups("barrier", "all", "all", "all", null).get(0).get(0);

        assertEquals(1, groups("barrier", "all", "all", "all", null).size());
        assertEquals(List.of("none", "none"), List.of(barrier.typeName(), barrier.redop()));
        assertEquals(0, barrier.count(1 << 20, 3));
        assertEquals(0, barrier.size(0, 3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "dance     | -        | -     | 0 | collective 'dance' is unknown, name one of allreduce",
                "allreduce | mean     | -     | 0 | -o mean is unknown, name one of sum, prod, max, min, avg, band",
                "allreduce | sum      | uint4 | 0 | -d uint4 is unknown, name one of int8, uint8, int32, int64, half",
                "allreduce | bxor     | -     | 0 | -o bxor takes no float, it takes int8, uint8, int32, int64",
                "allreduce | -        | bits  | 0 | -o sum takes no bits, it takes int8, uint8",
                "vote      | sum      | -     | 0 | -o sum is no vote, name allreduce instead of vote",
                "broadcast | -        | -     | 3 | -r 3 is not a rank of 0..2",
                "broadcast | -        | -     | x | -r x is no rank, write a number from 0, or all",
            })
    void shouldRefuseByName(
            final String name, final String op, final String type, final String root, final String message) {
        final ConfigurationException e =
                assertThrows(ConfigurationException.class, () -> groups(name, op, type, root, null));

        assertTrue(e.getMessage().startsWith(message), e.getMessage());
    }

    @Test
    void shouldRefuseTwoTypes() {
        assertThrows(ConfigurationException.class, () -> groups(null, null, "half", "0", Selection.Form.BITS));
        assertThrows(ConfigurationException.class, () -> groups("broadcast", null, null, "0", Selection.Form.BITS));
    }

    private static List<List<Contender>> groups(
            final String name, final String op, final String type, final String root, final Selection.Form form) {
        return Selection.of(name, op, type, root, form).groups(3);
    }
}
