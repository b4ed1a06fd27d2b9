package io.signvote.examples.paper.sheet;

/** Whether a claim holds here. */
public enum Verdict {
    /** In every check. */
    HOLDS("holds"),
    /** In at least half of the checks. */
    IN_PART("holds in part"),
    /** In fewer than half. */
    NOT("does not hold here"),
    /** There was nothing that could have contradicted it. */
    NOT_TESTED("not tested");

    /** How verdicts are found, the same for every claim. */
    public static final String RULE =
            "A claim is a list of checks: each condition on each seed, or once where all seeds come to the same. The program"
                    + " fixes them before a run. Some checks and settings were changed after earlier runs had been seen: settings"
                    + " tell which, under \"changed\". A claim \"holds\" where every check does, \"holds in part\" where at least"
                    + " half do, and \"does not hold here\" otherwise. It is \"not tested\" where nothing measured here could have"
                    + " contradicted it.";

    private final String words;

    Verdict(final String words) {
        this.words = words;
    }

    static Verdict of(final long holding, final long all) {
        return holding == all ? HOLDS : 2 * holding >= all ? IN_PART : NOT;
    }

    /** In words. */
    @Override
    public String toString() {
        return words;
    }
}
