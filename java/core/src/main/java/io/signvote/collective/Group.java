package io.signvote.collective;

import io.signvote.rendezvous.Failure;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The ranks of a communicator, by their ranks in the job. The communicator of all ranks has the ranks of the job. A split has
 * ranks of its own. Failures name ranks of the job, because every process of the job gets them. Immutable.
 *
 * @see <a href="https://www.mpi-forum.org/docs/mpi-4.1/mpi41-report.pdf">MPI 4.1, section 7.3, groups</a>
 */
public final class Group {
    /** The group of the communicator of all ranks, and of a server behind them. */
    public static final Group WORLD = new Group(null);

    /** A failure has a limited length, so it lists the ranks of small groups only. */
    private static final int MOST_LISTED = 64;

    private final int[] worldRanks;

    private Group(final int[] worldRanks) {
        this.worldRanks = worldRanks;
    }

    /**
     * Makes the group of a split.
     *
     * @param worldRanks rank in the job of each rank of the split, in order.
     * @return a group that keeps a copy.
     */
    public static Group of(final int... worldRanks) {
        return new Group(worldRanks.clone());
    }

    /**
     * The rank in the job of a rank of this communicator.
     *
     * @param rank of this communicator.
     * @return rank of the job.
     */
    public int worldRank(final int rank) {
        return worldRanks == null ? rank : worldRanks[rank];
    }

    /**
     * Restates a failure that names ranks of this communicator.
     *
     * @param failure of this communicator.
     * @return a failure of the job. Its message ends with the ranks of the split.
     */
    public Failure inJob(final Failure failure) {
        return worldRanks == null
                ? failure
                : new Failure(
                        failure.kind(),
                        failure.ranks().stream().map(this::worldRank).toList(),
                        failure.message() + origin(failure.ranks()));
    }

    /**
     * Explains a failure of the job to a rank of this communicator.
     *
     * @param failure of the job.
     * @return the failure. If it is not one of this communicator, its message ends with the ranks that it names as ranks of the split.
     */
    Failure explained(final Failure failure) {
        if (worldRanks == null
                || failure.ranks().isEmpty()
                || failure.message().contains(origin(ranks(failure.ranks())))) {
            return failure;
        }
        return new Failure(
                failure.kind(),
                failure.ranks(),
                failure.message() + "; "
                        + failure.ranks().stream().map(this::place).collect(Collectors.joining(", ")));
    }

    private String origin(final List<Integer> ranks) {
        if (worldRanks.length <= MOST_LISTED) {
            return "; the call belongs to a split, whose ranks in order are ranks " + Arrays.toString(worldRanks)
                    + " of the job";
        }
        return "; the call belongs to a split of " + worldRanks.length + " ranks"
                + ranks.stream()
                        .sorted()
                        .map(rank -> ", its rank " + rank + " is rank " + worldRank(rank) + " of the job")
                        .collect(Collectors.joining());
    }

    private List<Integer> ranks(final List<Integer> ofJob) {
        return ofJob.stream().map(this::rank).filter(rank -> rank >= 0).toList();
    }

    private String place(final int worldRank) {
        final int rank = rank(worldRank);
        return "rank " + worldRank + " of the job is "
                + (rank < 0 ? "not in this split" : "rank " + rank + " of this split");
    }

    private int rank(final int worldRank) {
        for (int rank = 0; rank < worldRanks.length; rank++) {
            if (worldRanks[rank] == worldRank) {
                return rank;
            }
        }
        return -1;
    }
}
