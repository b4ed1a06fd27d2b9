package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.Configuration.PlanKind;
import io.signvote.error.ConfigurationException;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ContextTest {
    static Stream<Arguments> nonsense() {
        return Stream.of(
                refused("signvote.world.size=0, expected a whole number from 1 to 255", c -> c.worldSize(0)),
                refused("signvote.world.size=256, expected a whole number from 1 to 255", c -> c.worldSize(256)),
                refused(
                        "signvote.rank=4, expected 0 to worldSize - 1 = 3: set SIGNVOTE_RANK and SIGNVOTE_WORLD_SIZE",
                        c -> c.worldSize(4).rank(4)),
                refused("signvote.rank=-1, expected a whole number, at least 0", c -> c.rank(-1)),
                refused("signvote.master.port=0, expected a whole number from 1 to 65535", c -> c.masterPort(0)),
                refused(
                        "signvote.master.port=65536, expected a whole number from 1 to 65535",
                        c -> c.masterPort(65536)),
                refused(
                        "signvote.join.timeout=0ns, expected a duration such as 200ms or 60s, more than 0",
                        c -> c.joinTimeoutNs(0)),
                refused(
                        "signvote.timeout=-5ns, expected a duration such as 200ms or 60s, more than 0",
                        c -> c.timeoutNs(-5)),
                refused(
                        "signvote.suspicion.timeout=0ns, expected a duration such as 200ms or 60s, more than 0",
                        c -> c.suspicionTimeoutNs(0)),
                refused("signvote.credit=-1, expected a whole number from 0 to 256", c -> c.credit(-1)),
                refused("signvote.credit=257, expected a whole number from 0 to 256", c -> c.credit(257)),
                refused("signvote.kernel=fast, expected auto, scalar or native", c -> c.kernel("fast")),
                refused("signvote.job=null, expected a name of at most 255 bytes", c -> c.job(null)),
                refused("signvote.plan=null, expected sharded, star, replicated or server", c -> c.plan(null)),
                refused(
                        "signvote.zeros=ABSTAIN, expected positive or random: abstain is not supported yet",
                        c -> c.zeroPolicy(ZeroPolicy.ABSTAIN)),
                refused("signvote.ties=ZERO, expected positive, negative or random", c -> c.tiePolicy(TiePolicy.ZERO)));
    }

    private static Arguments refused(final String message, final UnaryOperator<Context> change) {
        return Arguments.of(message, change);
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void shouldNameTheOptionAndWhatIsExpected(final String message, final UnaryOperator<Context> change) {
        final Context context = change.apply(new Context());

        final ConfigurationException error = assertThrows(ConfigurationException.class, context::conclude);

        assertTrue(error.getMessage().startsWith(message), error.getMessage());
        assertDoesNotThrow(() -> context.timeoutNs(1), "a refused context may be mended");
    }

    @Test
    void shouldConcludeTheEndsOfEachRange() {
        assertDoesNotThrow(() -> new Context().conclude());
        assertDoesNotThrow(
                () -> new Context().worldSize(255).rank(254).credit(256).conclude());
        assertDoesNotThrow(() -> new Context()
                .timeoutNs(1)
                .joinTimeoutNs(1)
                .suspicionTimeoutNs(1)
                .conclude());
    }

    @Test
    void shouldSetWhatItIsAskedForAndNothingOnceConcluded() throws Exception {
        final Context open = new Context();
        final Context inUse = new Context().conclude();
        final List<Method> setters = Arrays.stream(Context.class.getMethods())
                .filter(method -> method.getReturnType() == Context.class && method.getParameterCount() == 1)
                .toList();

        assertTrue(setters.size() >= 20, "found only " + setters);
        for (final Method setter : setters) {
            final Object value = other(Context.class.getMethod(setter.getName()).invoke(open));
            assertSame(open, setter.invoke(open, value));
            assertEquals(value, Context.class.getMethod(setter.getName()).invoke(open), setter.getName());

            final InvocationTargetException refusal =
                    assertThrows(InvocationTargetException.class, () -> setter.invoke(inUse, value));
            assertEquals(IllegalStateException.class, refusal.getCause().getClass(), setter.getName());
            assertEquals(
                    "this context is in use: make another one for another communicator",
                    refusal.getCause().getMessage());
        }
    }

    @Test
    void shouldServeOneJobOnly() {
        final Context context = new Context();
        for (final Communicator communicator : Communicator.createLocal(1, context)) {
            assertThrows(IllegalStateException.class, () -> Communicator.createLocal(1, context));
            assertThrows(IllegalStateException.class, () -> Communicator.connect(context));
            communicator.close();
        }
        assertThrows(IllegalStateException.class, () -> Communicator.createLocal(1, context));
    }

    @Test
    void shouldMakeAnIdleStrategyForEachCommunicator() {
        final AtomicInteger made = new AtomicInteger();
        final Context context = new Context().idleStrategy(() -> {
            made.incrementAndGet();
            return new BackoffIdleStrategy();
        });

        Communicator.createLocal(3, context);

        assertEquals(3, made.get());
    }

    @Test
    void shouldServeAsManyLocalRanksAsThereMayBe() throws Exception {
        try (LocalJob job = new LocalJob(255, new Context())) {
            job.run(communicator -> {
                final float[] values = {communicator.rank() < 128 ? -1 : 1, communicator.rank() < 127 ? -1 : 1};
                communicator.allReduce(values, values, ReduceOp.MAJORITY);
                assertArrayEquals(new float[] {-1, 1}, values);
            });
        }
    }

    @Test
    void shouldRefuseLocalJobsThatCannotBe() {
        assertThrows(ConfigurationException.class, () -> Communicator.createLocal(0));
        assertThrows(ConfigurationException.class, () -> Communicator.createLocal(256));
        final String server = assertThrows(
                        ConfigurationException.class,
                        () -> Communicator.createLocal(2, new Context().plan(PlanKind.SERVER)))
                .getMessage();
        assertMessage(server, "signvote.plan=server cannot run inside one process");
    }

    /** Another value of the same kind. */
    private static Object other(final Object value) {
        if (value instanceof Integer number) {
            return number + 1;
        }
        if (value instanceof Long number) {
            return number + 1;
        }
        if (value instanceof Boolean flag) {
            return !flag;
        }
        if (value instanceof String text) {
            return text + "x";
        }
        if (value instanceof Enum<?> constant) {
            final Object[] all = constant.getDeclaringClass().getEnumConstants();
            return all[(constant.ordinal() + 1) % all.length];
        }
        return value;
    }
}
