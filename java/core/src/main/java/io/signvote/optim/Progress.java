package io.signvote.optim;

/**
 * The place of one optimiser in its training: the last step that it completed, and the state of the step that it began.
 *
 * <pre>
 * COMPLETE --begin--> BEGUN --use--> USING --complete--> COMPLETE
 *                     BEGUN --pend--> PENDING --use--> USING
 * </pre>
 *
 * <p>A step that fails on the way into PENDING stays BEGUN. A step that fails while it applies its verdict stays USING. Both are
 * lost, and only a saved state helps. Used by the thread that uses the optimiser.
 */
final class Progress {
    /** State of the step that was begun last. Codes cross the wire. */
    enum Phase {
        /** The parameters have its verdict. */
        COMPLETE(0),
        /** Some momenta have its gradient. */
        BEGUN(1),
        /** All momenta have its gradient, the parameters do not have its verdict. */
        PENDING(2),
        /** Some parameters have its verdict. */
        USING(3);

        private final int code;

        Phase(final int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /** Step number that means no verdict. */
    static final long NO_VERDICT = -1;

    /** Agreement of steps of unknown history: those before a restored state. It agrees with every other. */
    static final long UNKNOWN = 0;

    /** Agreement of new optimisers. */
    static final long FIRST = 1;

    private final Rates rates = new Rates();
    private final Rates lastRates = new Rates();
    private long step;
    private Phase phase = Phase.COMPLETE;
    private long verdictStep = NO_VERDICT;
    private long current = FIRST;
    private long ofStep = FIRST;
    private long ofLast = FIRST;
    private long ofEarlier = FIRST;

    /** Steps that were begun. */
    long step() {
        return step;
    }

    Phase phase() {
        return phase;
    }

    /** Steps whose verdict the parameters have. */
    long completed() {
        return phase == Phase.COMPLETE ? step : step - 1;
    }

    /** Rates of the step that was begun last. They stay when the caller sets the rates of the next step. */
    Rates rates() {
        return rates;
    }

    /** Rates of the step that was completed last. */
    Rates lastRates() {
        return lastRates;
    }

    /** Step whose verdict is kept, or {@link #NO_VERDICT}. */
    long verdictStep() {
        return verdictStep;
    }

    /** Agreement under which the last step was completed. */
    long ofLast() {
        return ofLast;
    }

    /** Agreement under which the step before the last was completed. */
    long ofEarlier() {
        return ofEarlier;
    }

    void begin(final Rates next) {
        step++;
        phase = Phase.BEGUN;
        rates.set(next);
        ofStep = current;
    }

    /** Forgets the step that was begun: its call was not submitted. */
    void undo() {
        step--;
        phase = Phase.COMPLETE;
    }

    void pend() {
        phase = Phase.PENDING;
    }

    /** Call it before a parameter or a word of the kept verdict is written. No kept verdict is whole until {@link #complete}. */
    void use() {
        phase = Phase.USING;
        verdictStep = NO_VERDICT;
    }

    /** Completes the step. From now on the kept verdict is that of this step. */
    void complete() {
        phase = Phase.COMPLETE;
        verdictStep = step;
        lastRates.set(rates);
        ofEarlier = ofLast;
        ofLast = ofStep;
    }

    /** Forgets the kept verdict, because its memory will be overwritten. */
    void dropVerdict() {
        verdictStep = NO_VERDICT;
    }

    /** Notes that another rank has completed the pending step under an agreement. */
    void follow(final long agreement) {
        ofStep = agreement;
    }

    /**
     * Takes part in an agreement. Later steps are completed under it, and the pending step too.
     *
     * @param agreement of all ranks.
     * @param known agreement under which the others completed our last step. A rank without that knowledge adopts it.
     */
    void agree(final long agreement, final long known) {
        current = agreement;
        ofStep = agreement;
        if (ofLast == UNKNOWN) {
            ofLast = known;
        }
    }

    /** Continues from a saved state, which has no verdict and no history. */
    void restore(final long restored) {
        step = restored;
        phase = Phase.COMPLETE;
        verdictStep = NO_VERDICT;
        current = UNKNOWN;
        ofStep = UNKNOWN;
        ofLast = UNKNOWN;
        ofEarlier = UNKNOWN;
    }
}
