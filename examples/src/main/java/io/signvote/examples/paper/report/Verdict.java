package io.signvote.examples.paper.report;

/** Whether a claim holds here. */
public enum Verdict {
    /** Every check holds. */
    HOLDS("holds"),
    /** At least half of the checks hold, but not all. */
    IN_PART("holds in part"),
    /** Fewer than half of the checks hold. */
    NOT("does not hold here"),
    /** No measurement could have contradicted it. */
    NOT_TESTED("not tested");

    /** How a verdict follows from checks, for people. */
    public static final String RULE =
            "A claim is a list of checks. A check asks one condition on one seed, or once if all seeds give the same. The program"
                    + " fixes the checks before a run. Some checks and settings changed after earlier runs had been seen. The settings"
                    + " name these under \"changed\". A claim \"holds\" if every check holds, and \"holds in part\" if at least half"
                    + " of them do. Otherwise it \"does not hold here\". It is \"not tested\" if no measurement here could have"
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
