package io.signvote.rendezvous;

import io.signvote.transport.Endpoint;
import java.util.List;

/**
 * The members of a view. Ranks come first, in order. A server, if there is one, comes last. Immutable.
 *
 * @param sessionKey 64 random bits of the job, contained in every frame.
 * @param view number of the view, from 1.
 * @param worldSize ranks.
 * @param members endpoints of the ranks, then the endpoint of the server if there is one.
 */
public record Roster(long sessionKey, int view, int worldSize, List<Endpoint> members) {
    /** Copies the list. {@inheritDoc} */
    public Roster {
        members = List.copyOf(members);
    }

    /**
     * Whether a server is among the members.
     *
     * @return true if so; it is member {@code worldSize}.
     */
    public boolean hasServer() {
        return members.size() > worldSize;
    }
}
