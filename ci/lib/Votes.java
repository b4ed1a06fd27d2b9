import io.signvote.Communicator;
import io.signvote.op.ReduceOp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Votes until a file appears, and checks every coordinate of every verdict: {@code Votes FILE}. Each rank prints the time of its
 * wall clock when it has joined, and at the end how many votes it took and how long the longest was.
 */
final class Votes {
    private static final int COUNT = 100_001;

    private Votes() {}

    public static void main(final String[] args) {
        final Path end = Path.of(args[0]);
        try (Communicator communicator = Communicator.connect()) {
            final int rank = communicator.rank();
            final int ranks = communicator.size();
            System.out.println("joined at " + System.currentTimeMillis() / 1000);
            final float[] gradients = new float[COUNT];
            final float[] verdict = new float[COUNT];
            final float[] expected = new float[COUNT];
            long longestNs = 0;
            int step = 0;
            float ending = 0;
            while (ending == 0) {
                for (int i = 0; i < COUNT; i++) {
                    gradients[i] = sign(rank, step, i);
                    float sum = 0;
                    for (int other = 0; other < ranks; other++) {
                        sum += sign(other, step, i);
                    }
                    expected[i] = Math.signum(sum);
                }
                final long beganNs = System.nanoTime();
                communicator.allReduce(gradients, verdict, ReduceOp.MAJORITY);
                final float[] isEnding = {Files.exists(end) ? 1 : 0};
                communicator.allReduce(isEnding, isEnding, ReduceOp.SUM);
                longestNs = Math.max(longestNs, System.nanoTime() - beganNs);
                ending = isEnding[0];
                step++;
                if (!Arrays.equals(expected, verdict)) {
                    throw new AssertionError("rank=" + rank + " step=" + step + ": a wrong vote");
                }
            }
            System.out.printf(Locale.ROOT, "votes=%d right, longest_ms=%d%n", step, longestNs / 1_000_000);
        }
    }

    /** Ranks must be odd in number, so that there is no tie. */
    private static float sign(final int rank, final int step, final int coordinate) {
        return (31 * rank + 17 * step + coordinate + coordinate / 7) % 5 < 2 ? -1 : 1;
    }
}
