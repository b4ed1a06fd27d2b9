package io.signvote.rendezvous;

import io.signvote.rendezvous.ControlMessage.Cancelled;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers mistakes: configurations that do not match the job. A mistake cancels one job only. If a process starts
 * again and again with the same mistake, only that process is dismissed. Owned by the coordinator's thread.
 */
final class Mismatches {
    private static final int MAX_KNOWN = 64;

    private final long knownNs;
    private final long retellNs;
    private final Map<String, Long> seenNs = new LinkedHashMap<>();
    private final BitSet told = new BitSet();
    private String text;
    private long textNs;
    private Cancelled retold;
    private long retoldNs;
    private boolean isMended;

    Mismatches(final RendezvousConfig config) {
        knownNs = config.joinTimeoutNs();
        retellNs = config.suspicionTimeoutNs();
    }

    /**
     * Notes a caller with a mistake.
     *
     * @param mistake as text, without the caller's port, which differs each time.
     * @return whether the mistake is new, so that all members must get it.
     */
    boolean isNew(final String mistake, final long nowNs) {
        seenNs.values().removeIf(lastNs -> nowNs - lastNs > knownNs);
        if (!seenNs.containsKey(mistake) && seenNs.size() >= MAX_KNOWN) {
            return false;
        }
        return seenNs.put(mistake, nowNs) == null;
    }

    /** Sets a refusal that members get when they come, unless they have got it already. */
    void retell(final Cancelled refusal, final long nowNs) {
        told.clear();
        isMended = false;
        retold = refusal;
        retoldNs = nowNs;
        remember(refusal.message(), nowNs);
    }

    /** Sets a message that members get at their deadline if they wait in vain. */
    void remember(final String message, final long nowNs) {
        text = message;
        textNs = nowNs;
    }

    /** Notes that the member of this place got the refusal. Does nothing for a place that the job does not have. */
    void onTold(final int place) {
        if (place >= 0) {
            told.set(place);
        }
    }

    /**
     * The refusal for a member that comes without a mistake and has not got it yet. It is valid for a limited time, and
     * only until a member that got it comes again: the mistake is corrected by then.
     *
     * @return the refusal, or null if there is none.
     */
    Cancelled untold(final int place, final long nowNs) {
        isMended |= told.get(place) || retold == null || nowNs - retoldNs > retellNs;
        if (isMended) {
            return null;
        }
        told.set(place);
        return retold;
    }

    /** The last mismatch as text, for members that wait in vain. Empty if there was none recently. */
    String hint(final long nowNs) {
        return text == null || nowNs - textNs > 2 * knownNs
                ? ""
                : "; " + Control.seconds(nowNs - textNs) + " ago: " + Control.clip(text, 1024);
    }
}
