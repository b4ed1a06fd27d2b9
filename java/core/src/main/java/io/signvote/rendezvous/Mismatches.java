package io.signvote.rendezvous;

import io.signvote.rendezvous.ControlMessage.Cancelled;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What members were told of configurations that do not fit. Each mistake ends one attempt and no more: a process that somebody
 * starts again and again with the same mistake is dismissed alone. Owned by the coordinator's thread.
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
     * A caller came with a mistake.
     *
     * @param mistake in words without its port, which is another one each time.
     * @return whether it is a new one, which everybody must hear of.
     */
    boolean isNew(final String mistake, final long nowNs) {
        seenNs.values().removeIf(lastNs -> nowNs - lastNs > knownNs);
        if (!seenNs.containsKey(mistake) && seenNs.size() >= MAX_KNOWN) {
            return false;
        }
        return seenNs.put(mistake, nowNs) == null;
    }

    /** From now on members that were not told yet are told this when they come. */
    void retell(final Cancelled refusal, final long nowNs) {
        told.clear();
        isMended = false;
        retold = refusal;
        retoldNs = nowNs;
        remember(refusal.message(), nowNs);
    }

    /** Members that wait in vain are told this at their deadline. */
    void remember(final String message, final long nowNs) {
        text = message;
        textNs = nowNs;
    }

    /** The member of this place knows; nothing is done for a place that the job does not have. */
    void onTold(final int place) {
        if (place >= 0) {
            told.set(place);
        }
    }

    /**
     * What is to be told again, to a member that comes without a mistake and was not told yet. It is told for a while only, and only until
     * one that was told comes again: people have mended it by then.
     *
     * @return null where there is nothing to tell.
     */
    Cancelled untold(final int place, final long nowNs) {
        isMended |= told.get(place) || retold == null || nowNs - retoldNs > retellNs;
        if (isMended) {
            return null;
        }
        told.set(place);
        return retold;
    }

    /** The last mismatch, for members that wait in vain; empty where there was none lately. */
    String hint(final long nowNs) {
        return text == null || nowNs - textNs > 2 * knownNs
                ? ""
                : "; " + Control.seconds(nowNs - textNs) + " ago: " + Control.clip(text, 1024);
    }
}
