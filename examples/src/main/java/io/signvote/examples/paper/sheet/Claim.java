package io.signvote.examples.paper.sheet;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A claim of the paper beside what was measured.
 *
 * @param id       short, unique, lower case: for scripts.
 * @param paper    what the paper says, in our words; or a question of ours.
 * @param rule     what each check asks.
 * @param checks   all conditions on all seeds, or once where seeds do not matter; none where it is not tested.
 * @param measured the numbers behind, in the mean of the seeds.
 * @param untested why it is not tested, else null.
 */
public record Claim(String id, String paper, String rule, List<Check> checks, String measured, String untested) {
    /** How {@link #paper} begins where the paper claims nothing, and we ask. */
    public static final String OURS = "our question: ";

    private static final int NAMED_MAX = 4;

    /** Copies the list. */
    public Claim {
        checks = List.copyOf(checks);
        if (checks.isEmpty() != (untested != null)) {
            throw new IllegalArgumentException(
                    "claim " + id + (untested == null ? " has no checks" : " has checks and is not tested"));
        }
    }

    /**
     * A claim that is tested.
     *
     * @param id       short, unique, lower case: for scripts.
     * @param paper    what the paper says, in our words; or a question of ours.
     * @param rule     what each check asks.
     * @param checks   all conditions on all seeds, at least one.
     * @param measured the numbers behind, in the mean of the seeds.
     */
    public Claim(
            final String id, final String paper, final String rule, final List<Check> checks, final String measured) {
        this(id, paper, rule, checks, measured, null);
    }

    /**
     * A claim that nothing measured here could contradict.
     *
     * @param id       short, unique, lower case: for scripts.
     * @param paper    what the paper says, in our words; or a question of ours.
     * @param rule     what each check would ask.
     * @param measured the numbers behind.
     * @param reason   why there is no check.
     * @return without checks.
     */
    public static Claim notTested(
            final String id, final String paper, final String rule, final String measured, final String reason) {
        return new Claim(id, paper, rule, List.of(), measured, reason);
    }

    /**
     * One condition, on one seed or on all together.
     *
     * @param name  of the condition, and of the seed if it is of one.
     * @param holds whether it does.
     */
    public record Check(String name, boolean holds) {}

    /** {@return whether this is a question of ours that the paper claims nothing on} */
    public boolean isOurs() {
        return paper.startsWith(OURS);
    }

    /** {@return what the checks come to} */
    public Verdict verdict() {
        return untested != null ? Verdict.NOT_TESTED : Verdict.of(holding(), checks.size());
    }

    /** {@return how many checks hold, and which do not; or why there are none} */
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
     * @param claims of a sheet.
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
