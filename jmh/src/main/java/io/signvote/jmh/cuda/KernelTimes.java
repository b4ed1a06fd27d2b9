package io.signvote.jmh.cuda;

import io.signvote.error.BackendUnavailableException;
import io.signvote.kernel.DeviceBlas;
import io.signvote.kernel.cublas.Cublas;
import io.signvote.kernel.cuda.CudaDevice;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Times every kernel on a card: the bandwidth that it reaches, over that of a device-to-device copy of the same total bytes in the
 * same run. Sets of operands rotate through more memory than the L2 holds, launches stand back to back between two events, and
 * each number is the median of its samples, kernel and copy in turn.
 *
 * <pre>
 *   KernelTimes [--emulated] [--tile FILE] [--zeros SHARE,...] [COUNT...]
 * </pre>
 *
 * <p>For each count the table begins with the baselines of the card: a copy, a memset and a read. A kernel that draws lots for zeros
 * has one more row for each share of zeros, 0 to 1. The exit status is 1 if a result is wrong, and 2 if only a budget is missed. With
 * {@code --emulated} nothing is timed.
 */
public final class KernelTimes {
    private static final int SAMPLES = 9;
    private static final int TILE_COUNT = 4 << 20;
    private static final int TILE_COUNT_EMULATED = 1 << 14;
    private static final int LAUNCHES_MAX = 256;
    private static final double SAMPLE_MS = 10;
    private static final long BUDGET_COUNT = 250_000_000;
    private static final long BUDGET_MOVED = 100_000_000;
    private static final String ROW = "%-40s %11d %9.1f %9.1f %8.0f %8.0f  %-17s %-6s %6d%n";
    private static final String HEAD = "%-40s %11s %9s %9s %8s %8s  %-17s %-6s %6s%n";

    private final PrintStream out;
    private final Card card;
    private final boolean isEmulated;
    private boolean isWrong;
    private boolean isMissed;

    private KernelTimes(final PrintStream out, final Card card, final boolean isEmulated) {
        this.out = out;
        this.card = card;
        this.isEmulated = isEmulated;
    }

    /**
     * Runs and prints.
     *
     * @param args see above.
     * @throws Exception where the card cannot be used.
     */
    public static void main(final String[] args) throws Exception {
        System.exit(run(System.out, args));
    }

    /** What {@link #main} does, and the status that it ends with. */
    static int run(final PrintStream out, final String... args) throws Exception {
        final List<String> options = Arrays.asList(args);
        final boolean isEmulated = options.contains("--emulated");
        final int saved = options.indexOf("--tile");
        final int shares = options.indexOf("--zeros");
        final int tileCount = isEmulated ? TILE_COUNT_EMULATED : TILE_COUNT;
        try (Card card = Card.open(0, isEmulated);
                Tile tile = new Tile(card.kernels(), tileCount)) {
            if (saved >= 0) {
                tile.save(Path.of(options.get(saved + 1)));
            }
            final KernelTimes times = new KernelTimes(out, card, isEmulated);
            times.head();
            for (int i = 0; i < args.length; i++) {
                if (args[i].startsWith("--") || saved >= 0 && i == saved + 1 || shares >= 0 && i == shares + 1) {
                    continue;
                }
                final long n = Long.parseLong(args[i].replace("_", ""));
                times.runBaselines(n);
                times.run(KernelCase.all(), tile, n);
                for (final String share :
                        shares < 0 ? new String[0] : options.get(shares + 1).split(",")) {
                    final double zeros = Double.parseDouble(share);
                    try (Tile withZeros = new Tile(card.kernels(), tileCount, 0, zeros)) {
                        times.run(KernelCase.packs(zeros), withZeros, n);
                    }
                }
            }
            return times.isWrong ? 1 : times.isMissed ? 2 : 0;
        }
    }

    private void head() {
        out.printf(
                "%s, driver %d, L2 %.1f MB%s%n",
                card.name(),
                card.driverVersion(),
                card.l2Length() / 1e6,
                isEmulated ? ", EMULATED: nothing is timed" : "");
        out.printf(HEAD, "kernel", "count", "MB", "time(us)", "GB/s", "copy", "of copy", "budget", "#wrong");
    }

    /** Measures the baselines of every kernel on n floats: a copy, a memset and a read. */
    private void runBaselines(final long n) {
        final long length = n * Float.BYTES;
        if (2 * length > card.freeLength()) {
            out.printf("%-40s %11d  left out: %d MB are free%n", "copy, memset, read", n, card.freeLength() >> 20);
            return;
        }
        final CudaDevice kernels = card.kernels();
        final long memory = kernels.allocate(2 * length);
        try {
            kernels.clear(memory, 2 * length, card.stream());
            baseline("copy", n, 2 * length, () -> kernels.copy(memory, memory + length, length, card.stream()));
            baseline("memset", n, length, () -> kernels.clear(memory, length, card.stream()));
            runRead(n, length, memory);
        } finally {
            kernels.free(memory);
        }
    }

    /** Measures a read: the sum of absolute values by cuBLAS reads n floats and writes one. */
    private void runRead(final long n, final long length, final long memory) {
        final String name = "read, by cublasSasum";
        try (DeviceBlas blas = Cublas.open(0)) {
            final int count = (int) Math.min(n, Integer.MAX_VALUE);
            baseline(name, n, length, () -> blas.absoluteSum(memory, count, memory + length, card.stream()));
        } catch (final BackendUnavailableException e) {
            out.printf("%-40s %11d  left out: %s%n", name, n, e.getMessage());
        }
    }

    private void baseline(final String name, final long n, final long moved, final Runnable launch) {
        launch.run();
        card.kernels().await(card.stream());
        if (isEmulated) {
            out.printf(Locale.ROOT, "%-40s %11d %9.1f %9s  emulated%n", name, n, moved / 1e6, "-");
            return;
        }
        final int launches = (int) Math.max(1, Math.min(LAUNCHES_MAX, Math.ceil(SAMPLE_MS / card.time(1, launch))));
        final Samples times = new Samples(SAMPLES);
        for (int sample = 0; sample < SAMPLES; sample++) {
            times.add(card.time(launches, () -> {
                        for (int i = 0; i < launches; i++) {
                            launch.run();
                        }
                    })
                    / launches);
        }
        final double ms = times.median();
        out.printf(Locale.ROOT, "%-40s %11d %9.1f %9.1f %8.0f%n", name, n, moved / 1e6, 1e3 * ms, moved / 1e6 / ms);
    }

    private void run(final List<KernelCase> kernels, final Tile tile, final long n) {
        for (final KernelCase kernel : kernels) {
            final long length = kernel.length(n);
            final int sets = isEmulated ? 2 : (int) Math.max(1, (4 * card.l2Length() + length - 1) / length);
            if (2 * sets * length > card.freeLength()) {
                out.printf(
                        "%-40s %11d  left out: %d MB are free, %d needed%n",
                        kernel.name(), n, card.freeLength() >> 20, 2 * sets * length >> 20);
                continue;
            }
            try (Sets memory = new Sets(card.kernels(), kernel, n, sets)) {
                memory.fill(tile);
                measure(kernel, memory, n);
            }
        }
    }

    private void measure(final KernelCase kernel, final Sets memory, final long n) {
        final long wrong = memory.countWrong(card.stream());
        isWrong |= wrong > 0;
        if (isEmulated) {
            out.printf(
                    Locale.ROOT,
                    "%-40s %11d %9.1f %9s  emulated%37s%n",
                    kernel.name(),
                    n,
                    kernel.moved(n) / 1e6,
                    "-",
                    wrong);
            return;
        }
        final int trial = memory.count();
        final double once = card.time(trial, () -> memory.launch(trial, card.stream())) / trial;
        final int launches = (int) Math.max(trial, Math.min(LAUNCHES_MAX, Math.ceil(SAMPLE_MS / once)));
        final Samples times = new Samples(SAMPLES);
        final Samples copies = new Samples(SAMPLES);
        final Samples ratios = new Samples(SAMPLES);
        memory.copy(card.kernels(), launches, card.stream());
        for (int sample = 0; sample < SAMPLES; sample++) {
            final double time = card.time(launches, () -> memory.launch(launches, card.stream())) / launches;
            final double copy =
                    card.time(launches, () -> memory.copy(card.kernels(), launches, card.stream())) / launches;
            times.add(time);
            copies.add(copy);
            ratios.add(copy / time);
        }
        final long moved = kernel.moved(n);
        final boolean hasBudget = kernel.budget() > 0 && (n >= BUDGET_COUNT || moved >= BUDGET_MOVED);
        final boolean isMet = ratios.median() >= kernel.budget();
        isMissed |= hasBudget && !isMet;
        out.printf(
                Locale.ROOT,
                ROW,
                kernel.name(),
                n,
                moved / 1e6,
                1e3 * times.median(),
                moved / 1e6 / times.median(),
                moved / 1e6 / copies.median(),
                String.format(Locale.ROOT, "%.2f (%.2f-%.2f)", ratios.median(), ratios.least(), ratios.most()),
                !hasBudget ? "" : isMet ? "met" : "missed",
                wrong);
    }

    /** The memory of one case: sets of operands one after another, counts, and as much again to copy in. */
    private static final class Sets implements AutoCloseable {
        private static final int WINDOW = 1 << 16;

        private final CudaDevice kernels;
        private final KernelCase kernel;
        private final long n;
        private final long[][] addresses;
        private final long[] strides;
        private final long memory;
        private final long other;
        private final long counts;

        Sets(final CudaDevice kernels, final KernelCase kernel, final long n, final int count) {
            this.kernels = kernels;
            this.kernel = kernel;
            this.n = n;
            final List<Operand> operands = kernel.operands();
            addresses = new long[count][operands.size()];
            strides = operands.stream()
                    .mapToLong(operand -> operand.stride(n) >> 3)
                    .toArray();
            memory = kernels.allocate(count * kernel.length(n));
            other = kernels.allocate(count * kernel.length(n));
            counts = kernels.allocate(2 * Long.BYTES);
            long next = memory;
            for (final long[] set : addresses) {
                for (int i = 0; i < set.length; i++) {
                    set[i] = next;
                    next += operands.get(i).length(n);
                }
            }
        }

        int count() {
            return addresses.length;
        }

        void fill(final Tile tile) {
            for (final long[] set : addresses) {
                for (int i = 0; i < set.length; i++) {
                    tile.fill(kernel.operands().get(i), set[i], n);
                }
            }
        }

        void launch(final int launches, final long stream) {
            for (int i = 0; i < launches; i++) {
                kernel.launch().run(kernels, addresses[i % addresses.length], strides, n, counts, stream);
            }
        }

        /** Copies as many bytes as the kernel moves, reading and writing half of them each. */
        void copy(final CudaDevice kernels, final int launches, final long stream) {
            final long length = Math.max(1, kernel.moved(n) / 2);
            final long room = kernel.length(n) * addresses.length;
            long offset = 0;
            for (int i = 0; i < launches; i++) {
                if (offset + length > room) {
                    offset = 0;
                }
                kernels.copy(memory + offset, other + offset, length, stream);
                offset += length + 255 & -256L;
            }
        }

        /** Runs the kernel once on every set and compares the first and the last coordinates with the scalar backend. */
        long countWrong(final long stream) {
            kernels.clear(counts, 2 * Long.BYTES, stream);
            long wrong = 0;
            for (final long[] set : addresses) {
                final int window = (int) Math.min(n, WINDOW);
                final long last = (n - window) / Long.SIZE * Long.SIZE;
                try (Window first = window(set, 0, window, stream);
                        Window end = window(set, last, (int) (n - last), stream)) {
                    kernel.launch().run(kernels, set, strides, n, counts, stream);
                    try (Window firstAfter = window(set, 0, window, stream);
                            Window endAfter = window(set, last, (int) (n - last), stream)) {
                        wrong += first.countDifferences(firstAfter) + end.countDifferences(endAfter);
                    }
                }
            }
            return wrong;
        }

        private Window window(final long[] set, final long first, final int count, final long stream) {
            return new Window(kernels, kernel, set, strides, first, count, stream);
        }

        @Override
        public void close() {
            kernels.free(memory);
            kernels.free(other);
            kernels.free(counts);
        }
    }
}
