package io.signvote.bits;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Long copies let the JVM stop its threads. Another thread waits until a copy has begun, stops all threads, and looks whether the
 * same copy is still under way. A copy in one go is over by then, however busy the machine is: no stop comes before its end.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SafepointTest {
    private static final int FLOATS = 16_000_000;
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final VarHandle FLOAT = MethodHandles.arrayElementVarHandle(float[].class);
    private static final VarHandle LONG = MethodHandles.arrayElementVarHandle(long[].class);

    private final OffHeap one = new OffHeap(FLOATS * 4L);
    private final OffHeap other = new OffHeap(FLOATS * 4L);
    private final float[] floats = new float[FLOATS];
    private final long[] words = new long[FLOATS / 2];

    private final AtomicBoolean isOver = new AtomicBoolean();
    private volatile Copy current;
    private Thread stopper;

    @BeforeAll
    void stopAllAgainAndAgain() {
        Copies.fill(one.address(), one.length(), (byte) 1);
        Arrays.fill(floats, 1);
        Arrays.fill(words, 1);
        stopper = new Thread(
                () -> {
                    while (!isOver.get()) {
                        final Copy copy = current;
                        if (copy != null && copy.isUnderWay()) {
                            // of all threads at once, hence at a safepoint
                            Thread.getAllStackTraces();
                            copy.wasStopped |= copy.isUnderWay() && copy == current;
                        } else {
                            Thread.onSpinWait();
                        }
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
    void shouldLetOthersStopTheProcess(final String ignored, final Target target, final Runnable run) {
        final long begin = System.nanoTime();
        boolean wasStopped = false;
        while (!wasStopped && System.nanoTime() - begin < DEADLINE_NS) {
            // the last copy is over before what tells this one's progress is reset
            current = null;
            target.set(true, 0);
            target.set(false, 0);
            final Copy copy = new Copy(target);
            current = copy;
            run.run();
            wasStopped = copy.wasStopped;
        }
        current = null;
        assertTrue(wasStopped, "no safepoint before the end of a copy");
    }

    Stream<Arguments> shouldLetOthersStopTheProcess() {
        final int last = words.length - 1;
        final Target off = new Target(
                isFirst -> UnsafeApi.getLongVolatile(null, at(one, isFirst)),
                (isFirst, value) -> UnsafeApi.putLongVolatile(null, at(one, isFirst), value));
        final Target beside = new Target(
                isFirst -> UnsafeApi.getLongVolatile(null, at(other, isFirst)),
                (isFirst, value) -> UnsafeApi.putLongVolatile(null, at(other, isFirst), value));
        final Target onFloats = new Target(
                isFirst -> Float.floatToRawIntBits((float) FLOAT.getVolatile(floats, isFirst ? 0 : FLOATS - 1)),
                (isFirst, value) -> FLOAT.setVolatile(floats, isFirst ? 0 : FLOATS - 1, (float) value));
        final Target onWords = new Target(
                isFirst -> (long) LONG.getVolatile(words, isFirst ? 0 : last),
                (isFirst, value) -> LONG.setVolatile(words, isFirst ? 0 : last, value));
        final long address = one.address();
        return Stream.of(
                Arguments.of("float[] off the heap", off, (Runnable) () -> HeapArrays.copy(floats, address, FLOATS)),
                Arguments.of(
                        "float[] onto the heap", onFloats, (Runnable) () -> HeapArrays.copy(address, floats, FLOATS)),
                Arguments.of(
                        "long[] off the heap", off, (Runnable) () -> HeapArrays.copy(words, address, words.length)),
                Arguments.of("long[] onto the heap", onWords, (Runnable)
                        () -> HeapArrays.copy(address, words, words.length)),
                Arguments.of("beside the heap", beside, (Runnable)
                        () -> Copies.copy(address, other.address(), other.length())),
                Arguments.of("filled", off, (Runnable) () -> Copies.fill(address, one.length(), (byte) 1)));
    }

    /** Nobody has the address of new memory before it is cleared, so this asks by which method it is. */
    @Test
    void shouldClearNewMemoryByTheSamePieces() throws InterruptedException {
        final AtomicBoolean isDone = new AtomicBoolean();
        final Thread clearing = new Thread(() -> {
            while (!isDone.get()) {
                new OffHeap(FLOATS * 4L).close();
            }
        });
        clearing.setDaemon(true);
        clearing.start();
        final long begin = System.nanoTime();
        boolean wasSeen = false;
        while (!wasSeen && System.nanoTime() - begin < DEADLINE_NS) {
            final StackTraceElement[] frames = clearing.getStackTrace();
            for (int i = 1; i < frames.length; i++) {
                wasSeen |= frames[i].getClassName().equals(OffHeap.class.getName())
                        && frames[i - 1].getClassName().equals(Copies.class.getName())
                        && frames[i - 1].getMethodName().equals("fill");
            }
        }
        isDone.set(true);
        clearing.join(TimeUnit.SECONDS.toMillis(10));
        assertTrue(wasSeen, "memory is cleared in one go");
    }

    private static long at(final OffHeap block, final boolean isFirst) {
        return block.address() + (isFirst ? 0 : block.length() - Long.BYTES);
    }

    /** One run of a copy. Any thread may ask. */
    private static final class Copy {
        private final Target target;
        private volatile boolean wasStopped;

        Copy(final Target target) {
            this.target = target;
        }

        boolean isUnderWay() {
            return target.get.of(true) != 0 && target.get.of(false) == 0;
        }
    }

    /** The first and the last value of what a copy writes. */
    private record Target(Get get, Set set) {
        void set(final boolean isFirst, final long value) {
            set.to(isFirst, value);
        }
    }

    private interface Get {
        long of(boolean isFirst);
    }

    private interface Set {
        void to(boolean isFirst, long value);
    }
}
