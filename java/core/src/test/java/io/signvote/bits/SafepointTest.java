package io.signvote.bits;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Long copies let the JVM stop its threads. Another thread stops them again and again. A copy of 61 pieces gives it as many
 * chances; a copy in one go gives it one, at its end, and a few more if the scheduler pauses the copying thread just there.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SafepointTest {
    private static final int FLOATS = 16_000_000;
    private static final int STOPS = 16;
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(50);

    private final OffHeap one = new OffHeap(FLOATS * 4L);
    private final OffHeap other = new OffHeap(FLOATS * 4L);
    private final float[] floats = new float[FLOATS];
    private final long[] words = new long[FLOATS / 2];

    private final AtomicLong stops = new AtomicLong();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private Thread stopper;

    @BeforeAll
    void stopAllAgainAndAgain() {
        stopper = new Thread(
                () -> {
                    while (!isOver.get()) {
                        // of all threads at once, hence at a safepoint
                        Thread.getAllStackTraces();
                        stops.incrementAndGet();
                    }
                },
                "stopper");
        stopper.setDaemon(true);
        stopper.start();
    }

    @AfterAll
    void end() throws InterruptedException {
        isOver.set(true);
        stopper.join(TimeUnit.SECONDS.toMillis(10));
        one.close();
        other.close();
    }

    @ParameterizedTest
    @MethodSource
    void shouldLetOthersStopTheProcess(final String ignored, final Runnable copy) {
        final long begin = System.nanoTime();
        long most = 0;
        while (most < STOPS && System.nanoTime() - begin < DEADLINE_NS) {
            final long before = stops.get();
            copy.run();
            most = Math.max(most, stops.get() - before);
        }
        assertTrue(most >= STOPS, "at most " + most + " safepoints during one copy");
    }

    Stream<Arguments> shouldLetOthersStopTheProcess() {
        return Stream.of(
                Arguments.of("float[] off the heap", (Runnable) () -> HeapArrays.copy(floats, one.address(), FLOATS)),
                Arguments.of("float[] onto the heap", (Runnable) () -> HeapArrays.copy(one.address(), floats, FLOATS)),
                Arguments.of(
                        "long[] off the heap", (Runnable) () -> HeapArrays.copy(words, one.address(), words.length)),
                Arguments.of(
                        "long[] onto the heap", (Runnable) () -> HeapArrays.copy(one.address(), words, words.length)),
                Arguments.of(
                        "beside the heap", (Runnable) () -> Copies.copy(one.address(), other.address(), one.length())),
                Arguments.of("cleared", (Runnable) () -> new OffHeap(FLOATS * 4L).close()),
                Arguments.of("filled", (Runnable) () -> Copies.fill(one.address(), one.length(), (byte) 1)));
    }
}
