package io.signvote.examples.paper.timing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.kernel.Kernels;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TimedKernelsTest {
    private static final long SPENT_NS = 50_000;

    private final List<String> calls = new ArrayList<>();

    /** Takes a while, and answers with something that shows. */
    private final Kernels slow = (Kernels) Proxy.newProxyInstance(
            Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("name")) {
                    return "slow";
                }
                calls.add(method.getName() + List.of(arguments));
                final long start = System.nanoTime();
                while (System.nanoTime() - start < SPENT_NS) {
                    Thread.onSpinWait();
                }
                return Map.<Class<?>, Object>of(long.class, 42L, int.class, 43).get(method.getReturnType());
            });

    private final TimedKernels timed = new TimedKernels(slow);

    static Stream<Arguments> calls() {
        return Stream.of(
                call(
                        "packSigns[1, 2, 3, RANDOM, 4, 5]",
                        "pack",
                        k -> assertEquals(42, k.packSigns(1, 2, 3, ZeroPolicy.RANDOM, 4, 5))),
                call(
                        "momentumPackSigns[1, 2, 3, 4, 0.5, 0.25, POSITIVE, 6, 7]",
                        "pack",
                        k -> assertEquals(42, k.momentumPackSigns(1, 2, 3, 4, 0.5f, 0.25f, ZeroPolicy.POSITIVE, 6, 7))),
                call("accumulate[1, 2, 3, 4, 5]", "tally", k -> k.accumulate(1, 2, 3, 4, 5)),
                call(
                        "majority[1, 2, 3, 4, 5, NEGATIVE, 6, 7]",
                        "tally",
                        k -> assertEquals(43, k.majority(1, 2, 3, 4, 5, TiePolicy.NEGATIVE, 6, 7))),
                call("add[1, 2, 3]", "tally", k -> k.add(1, 2, 3)),
                call("unpackSigns[1, 2, 3]", "unpack", k -> k.unpackSigns(1, 2, 3)),
                call("applySigns[1, 2, 3, 0.5, 0.25]", "unpack", k -> k.applySigns(1, 2, 3, 0.5f, 0.25f)));
    }

    private static Arguments call(final String expected, final String phase, final Consumer<Kernels> call) {
        return Arguments.of(expected, phase, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void shouldPassACallOnAndCountItsTime(final String expected, final String phase, final Consumer<Kernels> call) {
        call.accept(timed);
        call.accept(timed);

        assertEquals(List.of(expected, expected), calls);
        final Map<String, Long> spent =
                Map.of("pack", timed.packNs(), "tally", timed.tallyNs(), "unpack", timed.unpackNs());
        spent.forEach((name, ns) -> assertTrue(name.equals(phase) ? ns >= 2 * SPENT_NS : ns == 0, name + " " + ns));
    }

    @Test
    void shouldBeNamedAfterWhatStandsBehind() {
        assertEquals("slow", timed.name());
        assertArrayEquals(new long[3], new long[] {timed.packNs(), timed.tallyNs(), timed.unpackNs()});
    }
}
