package io.signvote;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads that wait for a call and do not drive the engine. Allocates only if more threads wait than ever before.
 * Thread-safe.
 */
final class Waiters {
    private Thread[] threads = new Thread[4];
    private volatile int count;

    /** Adds a thread. From now on {@link #wake} unparks it. The thread must then check once more whether it has to park. */
    synchronized void add(final Thread thread) {
        if (count == threads.length) {
            threads = Arrays.copyOf(threads, 2 * threads.length);
        }
        threads[count] = thread;
        count = count + 1;
    }

    synchronized void remove(final Thread thread) {
        int i = 0;
        while (threads[i] != thread) {
            i++;
        }
        count = count - 1;
        threads[i] = threads[count];
        threads[count] = null;
    }

    /** Unparks every thread that waits. Takes no lock if there is none. */
    void wake() {
        if (count > 0) {
            unparkAll();
        }
    }

    private synchronized void unparkAll() {
        for (int i = 0; i < count; i++) {
            LockSupport.unpark(threads[i]);
        }
    }
}
