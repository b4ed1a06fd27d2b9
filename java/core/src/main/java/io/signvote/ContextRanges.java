package io.signvote;

import io.signvote.error.ConfigurationException;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;

/** What each value of a context may be. */
final class ContextRanges {
    private ContextRanges() {}

    static void check(final Context context) {
        check(
                context.worldSize() >= 1 && context.worldSize() <= 255,
                Configuration.WORLD_SIZE_PROP_NAME,
                context.worldSize(),
                "1 to 255");
        check(
                context.rank() >= 0 && context.rank() < context.worldSize(),
                Configuration.RANK_PROP_NAME,
                context.rank(),
                "0 to worldSize - 1 = " + (context.worldSize() - 1) + ": set SIGNVOTE_RANK and SIGNVOTE_WORLD_SIZE");
        check(
                context.masterPort() >= 1 && context.masterPort() <= 65535,
                Configuration.MASTER_PORT_PROP_NAME,
                context.masterPort(),
                "1 to 65535");
        check(
                context.joinTimeoutNs() > 0,
                Configuration.JOIN_TIMEOUT_PROP_NAME,
                context.joinTimeoutNs(),
                "more than 0");
        check(context.timeoutNs() > 0, Configuration.TIMEOUT_PROP_NAME, context.timeoutNs(), "more than 0");
        check(
                context.suspicionTimeoutNs() > 0,
                Configuration.SUSPICION_TIMEOUT_PROP_NAME,
                context.suspicionTimeoutNs(),
                "more than 0");
        check(
                context.credit() >= 0 && context.credit() <= 256,
                Configuration.CREDIT_PROP_NAME,
                context.credit(),
                "0 to 256");
        check(
                context.zeroPolicy() != ZeroPolicy.ABSTAIN,
                Configuration.ZEROS_PROP_NAME,
                context.zeroPolicy(),
                "positive or random: abstain is not built yet");
        check(
                context.tiePolicy() != TiePolicy.ZERO,
                Configuration.TIES_PROP_NAME,
                context.tiePolicy(),
                "positive, negative or random: zero goes with abstain, which is not built yet");
    }

    private static void check(final boolean isRight, final String name, final Object value, final String expected) {
        if (!isRight) {
            throw new ConfigurationException(name + "=" + value + ", expected " + expected);
        }
    }
}
