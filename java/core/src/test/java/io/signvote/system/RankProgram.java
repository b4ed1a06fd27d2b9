package io.signvote.system;

import io.signvote.Communicator;
import io.signvote.Context;
import io.signvote.Gathered;
import io.signvote.collective.BallotSource;
import io.signvote.kernel.cuda.CudaKernels;
import io.signvote.kernel.cuda.TestDevice;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;
import org.agrona.CloseHelper;
import org.agrona.UnsafeApi;

/**
 * One rank as a process: does what the lines of its input say, and answers each with one line. It ends with its input.
 *
 * <pre>
 * join name=value...     sets signvote.name for each and connects              joined
 * serve name=value...    is the server until all have left                     served
 * kernels                the next communicator has kernels of a device for memory of the host     on SignVote emulated device
 * device [LINE]          from now on votes on a device, which an emulator spoils as LINE says     on SignVote emulated device
 * votes N                N rounds of every collective, checked                 votes checksum of all results
 * reduce                 one large vote                                        reduced
 * victim HOW             the same, but: wait | throw | exit | abort in mid-round       mid, and the outcome
 * hook                   from now on a shutdown hook closes the communicator       hooked
 * empty N                N rounds of calls without values, and of decisions, checked                   emptied
 * sum COUNT              one sum                                               summed
 * learn COUNT            makes parameters and an optimiser                     learning
 * steps LAST [MID]       steps until LAST is complete                          mid after step MID, and stepped, checksum of parameters
 * twin                   a twin makes the next step of this rank              twin stepped
 * where                  the last step of the optimiser                        step N, and whether it is pending
 * abort                  aborts the job                                        aborted
 * retry                  calls retry of the optimiser with this communicator   retried
 * split COLOR KEY        splits the communicator, and goes on with the split   split RANK of SIZE, or split none
 * beside N               N rounds in the split, while another thread sums in its parent      votes checksum
 * back                   closes the split, and goes on with its parent         back to RANK of SIZE
 * close                  leaves                                                closed, and threads left over
 * </pre>
 *
 * What fails answers {@code error}, the exception, whether outputs are as they were, and the message.
 */
public final class RankProgram {
    /** Property of the processes that names the kernels of the emulated device. */
    static final String CUDA_MODULE = "signvote.cuda.module";

    /** Property of the processes that names the project's folder. */
    static final String ROOT = "signvote.root";

    private static final int LARGE = 1_000_000;
    private static final float UNTOUCHED = 42;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);

    private Communicator communicator;
    private OnDevice device;
    private CudaKernels deviceKernels;
    private final Splits splits = new Splits();
    private Learner learner;
    private long step;
    private float[] target = {};

    private RankProgram() {}

    /** Entry. */
    public static void main(final String[] args) throws IOException {
        final RankProgram program = new RankProgram();
        final BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line;
        while ((line = input.readLine()) != null) {
            System.out.println(program.answer(List.of(line.split(" "))));
        }
    }

    private String answer(final List<String> words) {
        try {
            final String answer = execute(words.get(0), words.subList(1, words.size()));
            target = new float[0];
            return answer;
        } catch (final Exception | Error e) {
            boolean isUntouched = true;
            for (final float value : target) {
                isUntouched &= value == UNTOUCHED;
            }
            return ("error " + e.getClass().getSimpleName() + (isUntouched ? " untouched " : " WRITTEN ")
                            + e.getMessage())
                    .replace('\n', ' ');
        }
    }

    private String execute(final String command, final List<String> words) throws IOException {
        switch (command) {
            case "join" -> {
                target = new float[0];
                step = 0;
                final Context context = context(words);
                if (deviceKernels != null) {
                    context.kernelDecorator(kernels -> deviceKernels);
                }
                communicator = Communicator.connect(context);
                return "joined";
            }
            case "serve" -> {
                Communicator.serve(context(words));
                return "served" + leftThreads();
            }
            case "kernels" -> {
                deviceKernels = CudaKernels.create(0);
                return "on " + deviceKernels.deviceName();
            }
            case "device" -> {
                device = new OnDevice(communicator);
                if (!words.isEmpty()) {
                    TestDevice.configure(words.get(0));
                }
                return "on " + device.name();
            }
            case "votes" -> {
                return "votes " + votes(Integer.parseInt(words.get(0)));
            }
            case "hook" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(communicator::close, "hook"));
                return "hooked";
            }
            case "empty" -> {
                empty(Integer.parseInt(words.get(0)));
                return "emptied";
            }
            case "reduce" -> {
                step++;
                target = new float[LARGE];
                Arrays.fill(target, UNTOUCHED);
                majority(Expected.gradients(communicator.rank(), step, LARGE), target);
                return "reduced";
            }
            case "victim" -> {
                step++;
                communicator.vote(new Victim(words.get(0), communicator), (verdict, count) -> {}, LARGE, step);
                return "reduced";
            }
            case "sum" -> {
                step++;
                target = new float[Integer.parseInt(words.get(0))];
                Arrays.fill(target, UNTOUCHED);
                communicator.allReduce(new float[target.length], target, ReduceOp.SUM);
                return "summed";
            }
            case "learn" -> {
                CloseHelper.close(learner);
                learner = new Learner(communicator, Integer.parseInt(words.get(0)));
                return "learning";
            }
            case "steps" -> {
                final long mid = words.size() > 1 ? Long.parseLong(words.get(1)) : 0;
                learner.stepTo(Long.parseLong(words.get(0)), completed -> {
                    if (completed == mid) {
                        System.out.println("mid");
                    }
                });
                return "stepped " + learner.checksum();
            }
            case "twin" -> {
                learner.letTwinStep(communicator);
                return "twin stepped";
            }
            case "where" -> {
                return "step " + learner.steps() + (learner.isPending() ? " pending" : "");
            }
            case "abort" -> {
                communicator.abort("that is enough");
                return "aborted";
            }
            case "retry" -> {
                learner.retry(communicator);
                return "retried";
            }
            case "split" -> {
                communicator = splits.split(
                        communicator, step, Integer.parseInt(words.get(0)), Integer.parseInt(words.get(1)));
                step = 0;
                return "split " + (communicator == null ? "none" : communicator.rank() + " of " + communicator.size());
            }
            case "beside" -> {
                final long[] checksum = new long[1];
                final int rounds = Integer.parseInt(words.get(0));
                splits.beside(10 * rounds, () -> checksum[0] = votes(rounds));
                return "votes " + checksum[0];
            }
            case "back" -> {
                communicator = splits.back(communicator);
                step = splits.calls();
                return "back to " + communicator.rank() + " of " + communicator.size();
            }
            case "close" -> {
                final boolean usedDevice = device != null || deviceKernels != null;
                CloseHelper.closeAll(device, splits.world(communicator), deviceKernels);
                splits.clear();
                device = null;
                deviceKernels = null;
                if (usedDevice) {
                    TestDevice.assertClean();
                }
                return "closed" + leftThreads();
            }
            default -> throw new IllegalArgumentException(command);
        }
    }

    private static Context context(final List<String> options) {
        System.getProperties()
                .keySet()
                .removeIf(name ->
                        name.toString().startsWith("signvote.") && !name.equals(CUDA_MODULE) && !name.equals(ROOT));
        System.setProperty("signvote.timeout", "40s");
        for (final String option : options) {
            final int equals = option.indexOf('=');
            System.setProperty("signvote." + option.substring(0, equals), option.substring(equals + 1));
        }
        return new Context();
    }

    /** Rounds of every collective, large and small, in turn. */
    private long votes(final int rounds) {
        final CRC32 checksum = new CRC32();
        final int rank = communicator.rank();
        final int ranks = communicator.size();
        for (int i = 0; i < rounds; i++) {
            final int count = new int[] {1, 63, 1_000, 4_097, 60_001}[(int) (step % 5)];
            step++;
            final float[] signs = new float[count];
            majority(Expected.gradients(rank, step, count), signs);
            check(
                    Arrays.equals(Expected.majority(communicator.number(), ranks, step, count), signs),
                    "majority",
                    count);

            step++;
            final float[] sum = Expected.addends(rank, step, count);
            communicator.allReduce(sum, sum, ReduceOp.SUM);
            check(Arrays.equals(Expected.sum(ranks, step, count), sum), "sum", count);

            step++;
            final long[] words = Expected.ballot(rank, step, count);
            if (device == null) {
                communicator.vote(words, words, count);
            } else {
                device.vote(words, words, count);
            }
            check(Arrays.equals(Expected.verdict(communicator.number(), ranks, step, count), words), "vote", count);

            step++;
            final int root = (int) (step % ranks);
            final float[] values = rank == root ? Expected.addends(root, step, count) : new float[count];
            communicator.broadcast(values, root);
            check(Arrays.equals(Expected.addends(root, step, count), values), "broadcast", count);

            step++;
            final float[][] gathered = gather(rank, ranks, count);

            step++;
            communicator.barrier();
            checksum.update((Arrays.toString(signs)
                            + Arrays.toString(sum)
                            + Arrays.toString(words)
                            + Arrays.toString(values)
                            + Arrays.deepToString(gathered))
                    .getBytes(StandardCharsets.US_ASCII));
        }
        return checksum.getValue();
    }

    /** Calls that compare and move nothing, between others that do; decisions of which one rank's, in turn, is the odd one. */
    private void empty(final int rounds) {
        final float[] none = {};
        final int ranks = communicator.size();
        for (int i = 0; i < rounds; i++) {
            for (final ReduceOp op : ReduceOp.values()) {
                if (!op.takes(DataType.FLOAT32)) {
                    continue;
                }
                communicator.allReduce(none, none, op);
            }
            communicator.vote(new long[0], new long[0], 0);
            communicator.broadcast(none, i % ranks);
            try (Gathered gathered = new Gathered(0)) {
                communicator.allGather(none, gathered);
                check(gathered.totalLength() == 0, "allGather", 0);
            }
            final boolean isOdd = communicator.rank() == i % ranks;
            check(!communicator.allTrue(!isOdd), "allTrue of all but one", 1);
            check(communicator.allTrue(true), "allTrue of all", 1);
            check(communicator.anyTrue(isOdd), "anyTrue of one", 1);
            check(!communicator.anyTrue(false), "anyTrue of none", 1);
            final float[] sum = {1};
            communicator.allReduce(sum, sum, ReduceOp.SUM);
            check(sum[0] == ranks, "sum", 1);
        }
    }

    /** Every rank has another number of floats, one has none. One call of two rounds. */
    private float[][] gather(final int rank, final int ranks, final int count) {
        final int[] counts = new int[ranks];
        for (int i = 0; i < ranks; i++) {
            counts[i] = (int) (step + i) % ranks * count;
        }
        final float[][] gathered = new float[ranks][];
        try (Gathered target = new Gathered(4L * ranks * ranks * count)) {
            communicator.allGather(Expected.addends(rank, step, counts[rank]), target);
            for (int i = 0; i < ranks; i++) {
                gathered[i] = new float[counts[i]];
                check(target.length(i) == 4L * counts[i], "length of allGather", count);
                target.copyFloats(i, gathered[i]);
                check(Arrays.equals(Expected.addends(i, step, counts[i]), gathered[i]), "allGather", count);
            }
        }
        return gathered;
    }

    private void majority(final float[] source, final float[] target) {
        if (device == null) {
            communicator.allReduce(source, target, ReduceOp.MAJORITY);
        } else {
            device.majority(source, target);
        }
    }

    private void check(final boolean isRight, final String what, final int count) {
        if (!isRight) {
            throw new AssertionError(what + " count=" + count + " step=" + step + " is wrong");
        }
    }

    /** Names of the library's threads that do not end. */
    private static String leftThreads() {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (true) {
            final List<String> names = Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> name.startsWith("signvote") || name.contains("aeron"))
                    .toList();
            if (names.isEmpty() || System.nanoTime() - deadlineNs > 0) {
                return names.isEmpty() ? "" : " " + names;
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Fills some ballots, says so, and then lets everyone down. */
    private static final class Victim implements BallotSource {
        private static final int MID = 12;

        private final String how;
        private final Communicator communicator;
        private int filled;
        private boolean isMid;

        Victim(final String how, final Communicator communicator) {
            this.how = how;
            this.communicator = communicator;
        }

        @Override
        public boolean isReady(final long coordinate, final int count) {
            if (filled == MID && !isMid) {
                isMid = true;
                System.out.println("mid");
                if (how.equals("abort")) {
                    new Thread(() -> communicator.abort("validation failed"), "abort").start();
                }
                if (how.equals("exit")) {
                    System.exit(0);
                }
            }
            return filled < MID || how.equals("throw");
        }

        @Override
        public void fill(final long coordinate, final int count, final long words) {
            if (filled == MID) {
                throw new IllegalArgumentException("the gradient is not ready for this");
            }
            refill(coordinate, count, words);
            filled++;
        }

        @Override
        public void refill(final long coordinate, final int count, final long words) {
            UnsafeApi.setMemory(words, (count + 63) / 64 * 8L, (byte) 0);
        }
    }
}
