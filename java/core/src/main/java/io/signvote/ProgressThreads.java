package io.signvote;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * The two threads of the asynchronous calls of one rank. The progress thread drives the communicators that no other thread
 * drives. The committer thread writes results. All communicators of the rank share both. They start with the first asynchronous
 * call, and end when the last communicator that made one has closed. Thread-safe.
 */
final class ProgressThreads {
    private Pair running;

    /**
     * Adds the calls of a communicator, and starts the threads if they do not run. Both serve the calls until {@link #remove}.
     *
     * @param rank for the names of the threads.
     */
    synchronized void add(final Calls calls, final int rank) {
        if (running == null) {
            final Pair started = new Pair(calls, rank);
            started.start();
            running = started;
        } else {
            running.add(calls);
        }
        calls.onThreads(running.progressThread, running.commitThread);
    }

    /** Removes the calls of a communicator that is released. Does nothing if they were never added. */
    synchronized void remove(final Calls calls) {
        if (running != null && running.remove(calls)) {
            running = null;
        }
    }

    /** Both threads from their start to their end. */
    private static final class Pair {
        private static final Calls[] NONE = {};

        private final Thread progressThread;
        private final Thread commitThread;

        /** The calls of each communicator. Once there are none, both threads end. */
        private volatile Calls[] served;

        Pair(final Calls calls, final int rank) {
            served = new Calls[] {calls};
            progressThread = thread("signvote-progress-" + rank, this::progress);
            commitThread = thread("signvote-commit-" + rank, this::commit);
        }

        private static Thread thread(final String name, final Runnable task) {
            final Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        }

        /** If one of the two threads cannot start, the other ends. The next asynchronous call tries again. */
        void start() {
            try {
                commitThread.start();
                progressThread.start();
            } catch (final Throwable e) {
                served = NONE;
                LockSupport.unpark(commitThread);
                throw e;
            }
        }

        void add(final Calls calls) {
            final Calls[] more = Arrays.copyOf(served, served.length + 1);
            more[served.length] = calls;
            served = more;
        }

        /** Returns whether none is left. */
        boolean remove(final Calls calls) {
            served = Arrays.stream(served).filter(other -> other != calls).toArray(Calls[]::new);
            LockSupport.unpark(progressThread);
            LockSupport.unpark(commitThread);
            return served.length == 0;
        }

        /** Drives each communicator for one cycle, in turn. Idles if there was no work for any of them. */
        private void progress() {
            while (served.length > 0) {
                Calls waiting = null;
                boolean isBusy = false;
                final Calls[] all = served;
                for (final Calls calls : all) {
                    final int work = calls.progress(all.length == 1);
                    if (work > 0) {
                        isBusy = true;
                        calls.idle(work);
                    } else if (work == 0 && waiting == null) {
                        waiting = calls;
                    }
                }
                if (waiting != null && !isBusy) {
                    waiting.idle(0);
                } else if (!isBusy) {
                    LockSupport.park(this);
                }
                Thread.interrupted();
            }
        }

        private void commit() {
            while (served.length > 0) {
                boolean isBusy = false;
                for (final Calls calls : served) {
                    isBusy |= calls.commit();
                }
                if (!isBusy) {
                    LockSupport.park(this);
                }
                Thread.interrupted();
            }
        }
    }
}
