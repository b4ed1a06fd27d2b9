package io.signvote.rendezvous;

import java.util.List;
import java.util.StringJoiner;
import java.util.stream.IntStream;

/** The members that have come, with their addresses. Owned by the coordinator's thread. */
final class Attendance {
    private final int worldSize;
    private final Caller[] callers;

    Attendance(final RendezvousConfig config) {
        worldSize = config.worldSize();
        callers = new Caller[config.memberCount()];
    }

    /** The caller at a place, or null. */
    Caller at(final int member) {
        return callers[member];
    }

    /** Any caller that has come, or null. */
    Caller any() {
        for (final Caller caller : callers) {
            if (caller != null) {
                return caller;
            }
        }
        return null;
    }

    /** Gives a place to a caller, or empties it. */
    void admit(final int member, final Caller caller) {
        callers[member] = caller;
    }

    /**
     * Whether all members have come with a port. A member without a port comes only to report that it cannot take part.
     */
    boolean isFull() {
        for (final Caller caller : callers) {
            if (caller == null || caller.join().endpoint().port() == 0) {
                return false;
            }
        }
        return true;
    }

    /** Members that have come and neither left nor died. */
    int presentCount() {
        int count = 0;
        for (final Caller caller : callers) {
            count += caller != null && caller.stage() == Caller.Stage.PROVED ? 1 : 0;
        }
        return count;
    }

    /** Members that have not come. */
    List<Integer> missing() {
        return IntStream.range(0, callers.length)
                .filter(member -> callers[member] == null)
                .boxed()
                .toList();
    }

    /** Name of a member in messages. */
    String name(final int member) {
        return member == worldSize ? "the server" : "rank " + member;
    }

    /** Lists all members: those that came, with their addresses, and those that are missing. */
    @Override
    public String toString() {
        final StringJoiner came = new StringJoiner(", ");
        final StringJoiner missing = new StringJoiner(", ");
        for (int i = 0; i < callers.length; i++) {
            final String place = i == worldSize ? "server" : Integer.toString(i);
            if (callers[i] != null) {
                came.add(place + "@" + callers[i].connection().remote());
            } else {
                missing.add(place);
            }
        }
        return "came: " + orNone(came) + "; missing: " + orNone(missing);
    }

    /** Lists all members: those that are present, with their addresses, and those that are gone. */
    String presence() {
        final StringJoiner present = new StringJoiner(", ");
        final StringJoiner gone = new StringJoiner(", ");
        for (int i = 0; i < callers.length; i++) {
            final String place = i == worldSize ? "server" : Integer.toString(i);
            if (callers[i] != null && callers[i].stage() == Caller.Stage.PROVED) {
                present.add(place + "@" + callers[i].connection().remote());
            } else {
                gone.add(place);
            }
        }
        return "present: " + orNone(present) + "; gone: " + orNone(gone);
    }

    private static String orNone(final StringJoiner list) {
        return list.length() == 0 ? "none" : list.toString();
    }
}
