import io.signvote.Communicator;
import io.signvote.error.VoteException;
import io.signvote.op.ReduceOp;

/**
 * One rank of ci/checks/joining.
 *
 * <pre>
 * loop N            N times: connect, vote, close
 * survivor DEATHS   votes until a rank dies, closes and connects again, DEATHS times
 * victim            votes a little and dies
 * last              votes to the end of the last job
 * </pre>
 */
final class Rank {
    private static final int COUNT = 1_000;
    private static final int VOTES = 8;

    private final float[] gradient = new float[COUNT];
    private final float[] verdict = new float[COUNT];

    private Rank() {}

    public static void main(final String[] args) throws InterruptedException {
        final Rank rank = new Rank();
        switch (args[0]) {
            case "loop" -> rank.loop(Integer.parseInt(args[1]));
            case "survivor" -> rank.survive(Integer.parseInt(args[1]));
            case "victim" -> {
                final Communicator communicator = connect();
                for (int i = 0; i < VOTES / 2; i++) {
                    rank.vote(communicator);
                }
                Runtime.getRuntime().halt(137);
            }
            case "last" -> rank.finish();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private void loop(final int count) {
        final long startNs = System.nanoTime();
        for (int i = 0; i < count; i++) {
            try (Communicator communicator = Communicator.connect()) {
                vote(communicator);
            }
        }
        System.out.println("looped " + count + " in " + (System.nanoTime() - startNs) / 1_000_000 + " ms");
    }

    private void survive(final int deaths) {
        for (int i = 0; i < deaths; i++) {
            try (Communicator communicator = connect()) {
                while (true) {
                    vote(communicator);
                }
            } catch (final VoteException e) {
                System.out.println("failed " + e.getMessage());
            }
        }
        finish();
    }

    private void finish() {
        try (Communicator communicator = connect()) {
            for (int i = 0; i < VOTES; i++) {
                vote(communicator);
            }
        }
        System.out.println("finished");
    }

    private static Communicator connect() {
        System.out.println("connecting " + System.currentTimeMillis());
        final Communicator communicator = Communicator.connect();
        System.out.println("connected " + System.currentTimeMillis());
        return communicator;
    }

    /** All ranks agree, so the verdict is theirs. */
    private void vote(final Communicator communicator) {
        for (int i = 0; i < COUNT; i++) {
            gradient[i] = i % 3 == 0 ? -1 : 1;
        }
        communicator.allReduce(gradient, verdict, ReduceOp.MAJORITY);
        for (int i = 0; i < COUNT; i++) {
            if (verdict[i] != gradient[i]) {
                throw new AssertionError("parameter " + i + ": " + verdict[i]);
            }
        }
    }
}
