package io.signvote.rendezvous;

import java.util.List;
import java.util.StringJoiner;
import java.util.stream.IntStream;

/** Who has come, and from where. Owned by the coordinator's thread. */
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

    /** Gives a caller a place, or nobody. */
    void admit(final int member, final Caller caller) {
        callers[member] = caller;
    }

    /** Whether all have come and can be sent to: a member without a port came to say that it gives up. */
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

    /** What messages call a member. */
    String name(final int member) {
        return member == worldSize ? "the server" : "rank " + member;
    }

    /** All members, those that came with their addresses and those that did not. */
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

    /** Members that are still there, with their addresses, and those that are not. */
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
