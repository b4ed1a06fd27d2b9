package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.report.Claim;
import io.signvote.examples.paper.report.Claim.Check;
import io.signvote.examples.paper.report.Claim.Kind;
import io.signvote.examples.paper.stats.Difference;
import java.util.List;

/**
 * The words of a claim.
 *
 * @param id        short, unique, lower case: for scripts.
 * @param kind      whose claim it is.
 * @param statement what is claimed, or what we ask. It contains no measured value.
 * @param rule      what each check asks.
 */
record ClaimText(String id, Kind kind, String statement, String rule) {
    /** The claim with its checks. */
    Claim tested(final List<Check> checks, final List<Difference> differences, final String measured) {
        return new Claim(id, kind, statement, rule, checks, differences, measured, null);
    }

    /** The claim if no measurement here could contradict it. */
    Claim notTested(final String measured, final String reason) {
        return Claim.notTested(id, kind, statement, rule, measured, reason);
    }
}
