package io.signvote;

import io.signvote.rendezvous.RendezvousConfig;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The place of an open communicator of this process in its job. A second communicator in the same place would wait
 * until the first is closed, because the coordinator counts its rank as present. Thread-safe.
 */
final class Seat implements AutoCloseable {
    private static final Set<String> TAKEN = ConcurrentHashMap.newKeySet();

    private final String name;

    private Seat(final String name) {
        this.name = name;
    }

    /**
     * Takes the place.
     *
     * @throws IllegalStateException if a communicator of this process has it.
     */
    static Seat take(final RendezvousConfig config) {
        final String who = config.role() == RendezvousConfig.Role.SERVER ? "the server" : "rank " + config.rank();
        final String name = who + " of the job at " + config.host() + ":" + config.port();
        if (!TAKEN.add(name)) {
            throw new IllegalStateException("this process already has an open communicator for " + name
                    + ": close it before you connect again, even if it has failed");
        }
        return new Seat(name);
    }

    @Override
    public void close() {
        TAKEN.remove(name);
    }
}
