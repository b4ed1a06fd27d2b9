package io.signvote.error;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Base of every error that this library throws on purpose. Its message states the facts first, then the remedy. */
public class VoteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The ranks to blame, sorted; empty if none is. */
    private final int[] ranks;

    /**
     * An error with its facts. No rank is to blame.
     *
     * @param message facts first, then the remedy.
     */
    public VoteException(final String message) {
        this(message, List.of());
    }

    /**
     * An error with its facts and the first cause. No rank is to blame.
     *
     * @param message facts first, then the remedy.
     * @param cause what was caught.
     */
    public VoteException(final String message, final Throwable cause) {
        this(message, List.of(), cause);
    }

    /**
     * An error with its facts and the ranks to blame.
     *
     * @param message facts first, then the remedy.
     * @param ranks to blame, in any order.
     */
    public VoteException(final String message, final Collection<Integer> ranks) {
        super(message);
        this.ranks = ascending(ranks);
    }

    /**
     * An error with its facts, the ranks to blame and the first cause.
     *
     * @param message facts first, then the remedy.
     * @param ranks to blame, in any order.
     * @param cause what was caught.
     */
    public VoteException(final String message, final Collection<Integer> ranks, final Throwable cause) {
        super(message, cause);
        this.ranks = ascending(ranks);
    }

    /**
     * The ranks to blame: those that died, fell silent, failed, did not contribute or disagree. A lost link names both
     * of its ends. The number of a server is the world size. They are ranks of the job: a rank of a split is numbered as in the
     * communicator of all ranks.
     *
     * @return immutable, ascending, without duplicates; empty if no rank is to blame or if the ranks are not known.
     */
    public final List<Integer> ranks() {
        return Arrays.stream(ranks).boxed().toList();
    }

    /**
     * Whether a new communicator with the same program and the same settings may succeed. If not, the program, a setting or the
     * machine must change first.
     *
     * @return false, unless a subclass overrides this.
     */
    public boolean isRetryable() {
        return false;
    }

    private static int[] ascending(final Collection<Integer> ranks) {
        return ranks.stream().mapToInt(Integer::intValue).sorted().distinct().toArray();
    }
}
