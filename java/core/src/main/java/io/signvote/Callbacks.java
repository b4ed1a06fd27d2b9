package io.signvote;

/**
 * Marks the threads that are inside a duty cycle or a commit of any communicator. Their sources, sinks and listeners must not wait for
 * a call: the call may need this very thread.
 */
final class Callbacks {
    private static final ThreadLocal<Callbacks> OF_THREAD = ThreadLocal.withInitial(Callbacks::new);

    private int depth;

    private Callbacks() {}

    static Callbacks ofThread() {
        return OF_THREAD.get();
    }

    void enter() {
        depth++;
    }

    void leave() {
        depth--;
    }

    boolean isInside() {
        return depth > 0;
    }

    void ensureOutside() {
        if (depth > 0) {
            throw new IllegalStateException(
                    "a source, a sink or a listener must not wait for a call, since the call may need its"
                            + " thread: submit an asynchronous call there, and wait elsewhere");
        }
    }
}
