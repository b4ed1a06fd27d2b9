package io.signvote.rendezvous;

import io.signvote.transport.Endpoint;
import java.util.List;

/**
 * The members of a view. Ranks come first, in order; a pure server, where the plan has one, comes last.
 *
 * @param sessionKey 64 random bits of the job, in every frame.
 * @param view number of the view, from 1.
 * @param worldSize ranks.
 * @param members endpoints: worldSize of ranks, then that of the server if there is one.
 */
public record Roster(long sessionKey, int view, int worldSize, List<Endpoint> members) {
    /** Copies the list. {@inheritDoc} */
    public Roster {
        members = List.copyOf(members);
    }

    /**
     * Whether a pure server is among the members.
     *
     * @return true if so; it is member {@code worldSize}.
     */
    public boolean hasServer() {
        return members.size() > worldSize;
    }
}
