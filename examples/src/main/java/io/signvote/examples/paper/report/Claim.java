package io.signvote.examples.paper.report;

import io.signvote.examples.paper.stats.Difference;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A claim, with its checks and the measurements behind them.
 *
 * @param id          short, unique, lower case: for scripts.
 * @param kind        whose claim it is.
 * @param statement   what is claimed, in our words; or what we ask.
 * @param rule        what each check asks.
 * @param checks      each condition on each seed, or once if seeds do not matter; empty if the claim is not tested.
 * @param differences between the contenders that the checks compare over seeds; may be empty.
 * @param measured    the numbers behind the checks, as means over the seeds.
 * @param untested    the reason if the claim is not tested, else null.
 */
public record Claim(
        String id,
        Kind kind,
        String statement,
        String rule,
        List<Check> checks,
        List<Difference> differences,
        String measured,
        String untested) {
    private static final int NAMED_MAX = 4;

    /** Whose claim it is. Each kind is counted apart. */
    public enum Kind {
        /** The paper says it of its experiments, or a figure of the paper shows it. */
        PAPER("paper's claim", "claims of the paper"),
        /** The paper proves it. */
        THEOREM("theorem", "theorems of the paper"),
        /** The paper does not say it, or not of this setup. */
        QUESTION("our question", "questions of ours");

        private final String one;
        private final String many;

        Kind(final String one, final String many) {
            this.one = one;
            this.many = many;
        }

        /** {@return in words, of several} */
        public String plural() {
            return many;
        }

        /** In words, of one. */
        @Override
        public String toString() {
            return one;
        }
    }

    /** Copies the lists. */
    public Claim {
        checks = List.copyOf(checks);
        differences = List.copyOf(differences);
        if (checks.isEmpty() != (untested != null)) {
            throw new IllegalArgumentException(
                    "claim " + id + (untested == null ? " has no checks" : " has checks and is not tested"));
        }
    }

    /**
     * A tested claim that compares no contenders over seeds.
     *
     * @param id        short, unique, lower case: for scripts.
     * @param kind      whose claim it is.
     * @param statement what is claimed, in our words; or what we ask.
     * @param rule      what each check asks.
     * @param checks    all conditions, at least one.
     * @param measured  the numbers behind.
     */
    public Claim(
            final String id,
            final Kind kind,
            final String statement,
            final String rule,
            final List<Check> checks,
            final String measured) {
        this(id, kind, statement, rule, checks, List.of(), measured, null);
    }

    /**
     * A claim that no measurement here could contradict.
     *
     * @param id        short, unique, lower case: for scripts.
     * @param kind      whose claim it is.
     * @param statement what is claimed, in our words; or what we ask.
     * @param rule      what each check would ask.
     * @param measured  the numbers behind it.
     * @param reason    why there is no check.
     * @return a claim without checks.
     */
    public static Claim notTested(
            final String id,
            final Kind kind,
            final String statement,
            final String rule,
            final String measured,
            final String reason) {
        return new Claim(id, kind, statement, rule, List.of(), List.of(), measured, reason);
    }

    /**
     * One condition, on one seed or on all together.
     *
     * @param name  of the condition, and of the seed if it is of one.
     * @param holds whether it does.
     */
    public record Check(String name, boolean holds) {}

    /** {@return the verdict of the checks} */
    public Verdict verdict() {
        return untested != null ? Verdict.NOT_TESTED : Verdict.of(holding(), checks.size());
    }

    /** {@return how many checks hold and which do not, or why there are none} */
    public String reason() {
        if (untested != null) {
            return untested;
        }
        final List<Check> failing =
                checks.stream().filter(check -> !check.holds()).toList();
        final String named = failing.stream().limit(NAMED_MAX).map(Check::name).collect(Collectors.joining("; "));
        return holding() + " of " + checks.size() + " checks"
                + (failing.isEmpty() ? "" : "; not: " + named + (failing.size() > NAMED_MAX ? "; ..." : ""));
    }

    /**
     * Every check of claims, for scripts.
     *
     * @param claims of a report.
     * @return lines of claim, check and whether it holds, below a heading.
     */
    public static String csv(final List<Claim> claims) {
        final StringBuilder text = new StringBuilder("claim,check,holds\n");
        for (final Claim claim : claims) {
            for (final Check check : claim.checks()) {
                text.append(claim.id())
                        .append(",\"")
                        .append(check.name().replace("\"", "\"\""))
                        .append("\",");
                text.append(check.holds()).append('\n');
            }
        }
        return text.toString();
    }

    private long holding() {
        return checks.stream().filter(Check::holds).count();
    }
}
