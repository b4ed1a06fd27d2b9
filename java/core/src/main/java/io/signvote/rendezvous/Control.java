package io.signvote.rendezvous;

import io.signvote.error.ProtocolException;
import io.signvote.rendezvous.sbe.HelloDecoder;
import io.signvote.rendezvous.sbe.MessageHeaderDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Limits and texts that both ends of a control connection share. README.md beside the schema specifies the limits. */
final class Control {
    /** Version of the protocol, equal on both ends. */
    static final int VERSION = MessageHeaderDecoder.SCHEMA_VERSION;

    /** Length of a nonce in bytes. Nonces give every connection new keys. */
    static final int NONCE_LENGTH = HelloDecoder.nonceLength();

    /** Longest Hello, Challenge or Refused. No longer frame is read before the peer has sent a valid frame. */
    static final int MAX_GREETING_LENGTH = 40;

    /** Largest frame towards the coordinator. A Join with every text at its bound has 3,907 bytes with its tag. */
    static final int MAX_REQUEST_LENGTH = 4096;

    /** Largest frame towards a member. A roster of 256 endpoints at their bounds has 331,580 bytes with its tag. */
    static final int MAX_REPLY_LENGTH = 512 * 1024;

    /**
     * Most bytes that may wait for one member: the largest roster and heartbeats for hours. A member that exceeds it
     * has stopped reading.
     */
    static final int MAX_WAITING_LENGTH = 2 * MAX_REPLY_LENGTH;

    static final int MAX_HOST_LENGTH = 255;
    static final int MAX_DIRECTORY_LENGTH = 1024;
    static final int MAX_SETTINGS_LENGTH = 2048;
    static final int MAX_JOB_LENGTH = 255;
    static final int MAX_BUILD_LENGTH = 255;
    static final int MAX_FAILURE_LENGTH = 2048;
    static final int MAX_CANCELLATION_LENGTH = 16384;
    static final int MAX_LATER_LENGTH = MAX_CANCELLATION_LENGTH;
    static final int MAX_MEMBERS = RendezvousConfig.MAX_WORLD_SIZE + 1;

    /** Time that a side waits, after its last message, for the other to close. */
    static final long FAREWELL_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(1);

    /** Sources of the secret, for messages. */
    static final String SECRET_REMEDY =
            "signvote.secret.file or SIGNVOTE_SECRET_FILE points, or set SIGNVOTE_SECRET, the same for every process";

    /** Remedy for a wrong address of the coordinator, for messages; valid for every launcher. */
    static final String ADDRESS_REMEDY =
            "check its address and port (SIGNVOTE_MASTER_ADDRESS and SIGNVOTE_MASTER_PORT set"
                    + " them, else the launcher)";

    /**
     * Control characters, format characters such as a change of direction, and line separators: a terminal would obey
     * them.
     */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private Control() {}

    /** Refuses ranks that the job does not have. A reader can only check that they ascend. */
    static void checkRanks(final List<Integer> ranks, final RendezvousConfig config) {
        if (!ranks.isEmpty() && ranks.get(ranks.size() - 1) >= config.memberCount()) {
            throw new ProtocolException("ranks=" + ranks + " of a job with members=" + config.memberCount());
        }
    }

    /** Replaces control characters by blanks, and cuts the text to at most maxLength bytes of UTF-8. */
    static String clip(final String text, final int maxLength) {
        final String plain = UNPRINTABLE.matcher(text).replaceAll(" ");
        if (fits(plain, maxLength)) {
            return plain;
        }
        final StringBuilder clipped = new StringBuilder();
        int length = 3;
        for (int i = 0; i < plain.length(); ) {
            final int point = plain.codePointAt(i);
            length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (length > maxLength) {
                break;
            }
            clipped.appendCodePoint(point);
            i += Character.charCount(point);
        }
        return clipped.append("...").toString();
    }

    /** Whether the UTF-8 of text has at most maxLength bytes. */
    static boolean fits(final String text, final int maxLength) {
        return text.length() <= maxLength && text.getBytes(StandardCharsets.UTF_8).length <= maxLength;
    }

    /**
     * Silence after which a side counts as lost. The last heartbeat before a pause may be a whole interval old, and the
     * first one after it may come late. So a pause of up to the suspicion timeout never counts as a loss.
     */
    static long silenceNs(final long heartbeatIntervalNs, final long suspicionTimeoutNs) {
        return suspicionTimeoutNs + heartbeatIntervalNs + heartbeatIntervalNs / 4;
    }

    /** Longest time between two frames of a side that runs. */
    static long mostGapNs(final long heartbeatIntervalNs) {
        return heartbeatIntervalNs + heartbeatIntervalNs / 2;
    }

    /**
     * Waits for a thread to end, so that its resources are free afterwards. An interrupted thread waits too, and keeps
     * its interrupt.
     */
    static void join(final Thread thread, final long timeoutNs) {
        final long deadlineNs = System.nanoTime() + timeoutNs;
        boolean isInterrupted = false;
        while (thread.isAlive() && deadlineNs - System.nanoTime() > 0) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadlineNs - System.nanoTime()));
            } catch (final InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a latch on an interrupted thread too, which keeps its interrupt. */
    static boolean await(final CountDownLatch latch, final long timeoutNs) {
        final long deadlineNs = System.nanoTime() + timeoutNs;
        boolean isInterrupted = false;
        try {
            while (true) {
                try {
                    return latch.await(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (final InterruptedException e) {
                    isInterrupted = true;
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A duration as text, in seconds. */
    static String seconds(final long durationNs) {
        return durationNs / 1_000_000 / 1000.0 + " s";
    }
}
