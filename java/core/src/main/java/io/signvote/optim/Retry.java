package io.signvote.optim;

import io.signvote.Communicator;
import io.signvote.Gathered;
import io.signvote.bits.OffHeap;
import io.signvote.error.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The first round of a retry: every rank sends its standing. Control plane. */
final class Retry {
    private Retry() {}

    /**
     * Compares the ranks of a communicator. Changes nothing.
     *
     * @throws ProtocolException if the ranks cannot go on together, the same error on every rank. The communicator
     *     stays usable.
     */
    static Agreement compare(
            final Communicator communicator, final long count, final long layout, final Progress progress) {
        try (OffHeap own = new OffHeap(Standing.LENGTH);
                Gathered all = new Gathered((long) communicator.size() * Standing.LENGTH)) {
            Standing.of(count, layout, progress, ThreadLocalRandom.current().nextLong())
                    .write(own.address());
            communicator.allGather(own.address(), Standing.LENGTH, all);
            final List<Standing> standings = new ArrayList<>();
            for (int rank = 0; rank < all.ranks(); rank++) {
                if (all.length(rank) != Standing.LENGTH) {
                    throw new ProtocolException(
                            "retry: rank " + rank + " sent " + all.length(rank) + " bytes, expected " + Standing.LENGTH
                                    + ", call retry on every rank",
                            List.of(rank));
                }
                standings.add(Standing.read(all.address(rank)));
            }
            return Agreement.of(standings);
        } catch (final ProtocolException e) {
            throw e == communicator.failure() ? e : inJob(communicator, e);
        }
    }

    /** The same error, with ranks of the job. Its message names ranks of the communicator. */
    private static ProtocolException inJob(final Communicator communicator, final ProtocolException error) {
        if (communicator.number() == Communicator.WORLD) {
            return error;
        }
        return new ProtocolException(
                error.getMessage() + "; these are ranks of a split",
                error.ranks().stream().map(communicator::worldRank).toList());
    }
}
