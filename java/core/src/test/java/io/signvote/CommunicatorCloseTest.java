package io.signvote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.collective.BallotSource;
import io.signvote.collective.Engine;
import io.signvote.kernel.ScalarKernels;
import io.signvote.rendezvous.Failure;
import io.signvote.rendezvous.Membership;
import io.signvote.transport.Transport;
import io.signvote.transport.local.LocalTransport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;

/** How a communicator ends its streams, before the coordinator has confirmed any failure: that takes milliseconds. */
class CommunicatorCloseTest {
    private static final long LEAVE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final int COUNT = 100;

    private final List<String> transportCalls = new ArrayList<>();
    private final List<Failure> told = new ArrayList<>();
    private boolean isHostClosed;

    @Test
    void shouldLeaveAndCloseWhereAllIsWell() {
        final Communicator communicator = communicator(1, null);
        communicator.vote(new Ballots(), (verdict, count) -> {}, COUNT, 1);

        communicator.close();

        assertEquals(List.of("close"), endings());
    }

    @Test
    void shouldGiveUpOnPeersWhereItsSourceThrew() {
        final Communicator communicator = communicator(2, null);
        final BallotSource source = new Ballots() {
            @Override
            public void fill(final long coordinate, final int count, final long words) {
                throw new IllegalStateException("no gradient");
            }
        };
        assertThrows(
                IllegalStateException.class, () -> communicator.vote(source, (verdict, count) -> {}, 10 * COUNT, 1));

        communicator.close();

        assertEquals(1, told.size());
        assertEquals(List.of("abort"), endings());
    }

    /** The round was complete, so nothing is left to send but a goodbye, which a failed rank does not say. */
    @Test
    void shouldSayNoGoodbyeWhereItsSinkThrew() {
        final Communicator communicator = communicator(1, null);
        assertThrows(
                IllegalStateException.class,
                () -> communicator.vote(
                        new Ballots(),
                        (verdict, count) -> {
                            throw new IllegalStateException("no room for the verdict");
                        },
                        COUNT,
                        1));

        communicator.close();

        assertEquals(1, told.size());
        assertEquals(List.of("abort"), endings());
    }

    /** Whatever a goodbye meets, streams, coordinator and seat are given back. */
    @Test
    void shouldGiveAllBackWhereAGoodbyeMeetsAnError() {
        final Communicator communicator = communicator(2, new AssertionError("a log of ours is broken"));

        final AssertionError e = assertThrows(AssertionError.class, communicator::close);

        assertEquals("a log of ours is broken", e.getMessage());
        assertTrue(isHostClosed);
        assertFalse(endings().isEmpty());
    }

    private List<String> endings() {
        return transportCalls.stream()
                .filter(name -> name.equals("close") || name.equals("abort"))
                .toList();
    }

    private Communicator communicator(final int size, final Error onClaim) {
        final Context context = new Context().rank(0).worldSize(size);
        context.conclude();
        final LocalTransport[] all = LocalTransport.create(size);
        final Transport transport = (Transport) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Transport.class}, (self, method, arguments) -> {
                    transportCalls.add(method.getName());
                    if (onClaim != null && method.getName().equals("tryClaim")) {
                        throw onClaim;
                    }
                    try {
                        return method.invoke(all[0], arguments);
                    } catch (final InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        final Membership membership = new Membership() {
            @Override
            public Failure failure() {
                return null;
            }

            @Override
            public void fail(final Failure failure) {
                told.add(failure);
            }

            @Override
            public void close() {}
        };
        final ScalarKernels kernels = new ScalarKernels();
        final Engine engine =
                new Engine(transport, membership, kernels, context.clock(), Assembly.roundSettings(context, 0, 1));
        return new Communicator(
                context, kernels, transport, membership, engine, size, () -> isHostClosed = true, LEAVE_TIMEOUT_NS);
    }

    /** Ones. */
    private static class Ballots implements BallotSource {
        @Override
        public void fill(final long coordinate, final int count, final long words) {
            refill(coordinate, count, words);
        }

        @Override
        public final void refill(final long coordinate, final int count, final long words) {
            UnsafeApi.setMemory(words, (count + 63) / 64 * 8L, (byte) 0);
        }
    }
}
