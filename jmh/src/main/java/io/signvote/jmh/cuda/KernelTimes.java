package io.signvote.jmh.cuda;

import io.signvote.kernel.DeviceKernels;
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
 *   KernelTimes [--emulated] [--tile FILE] [COUNT...]
 * </pre>
 *
 * <p>Ends with 1 where a result is wrong, with 2 where only a budget is missed. With {@code --emulated} nothing is timed.
 */
public final class KernelTimes {
    private static final int SAMPLES = 9;
    private static final int TILE_COUNT = 4 << 20;
    private static final int TILE_COUNT_EMULATED = 1 << 14;
    private static final int LAUNCHES_MAX = 256;
    private static final double SAMPLE_MS = 10;
    private static final double BUDGET = 0.85;
    private static final long BUDGET_COUNT = 250_000_000;
    private static final long BUDGET_MOVED = 100_000_000;
    private static final String ROW = "%-27s %11d %9.1f %9.1f %8.0f %8.0f  %-17s %-6s %6d%n";
    private static final String HEAD = "%-27s %11s %9s %9s %8s %8s  %-17s %-6s %6s%n";

    private final PrintStream out;
    private final Card card;
    private final Tile tile;
    private final boolean isEmulated;
    private boolean isWrong;
    private boolean isMissed;

    private KernelTimes(final PrintStream out, final Card card, final Tile tile, final boolean isEmulated) {
        this.out = out;
        this.card = card;
        this.tile = tile;
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
        try (Card card = Card.open(0, isEmulated);
                Tile tile = new Tile(card.kernels(), isEmulated ? TILE_COUNT_EMULATED : TILE_COUNT)) {
            if (saved >= 0) {
                tile.save(Path.of(options.get(saved + 1)));
            }
            final KernelTimes times = new KernelTimes(out, card, tile, isEmulated);
            times.head();
            for (int i = 0; i < args.length; i++) {
                if (!args[i].startsWith("--") && i != saved + 1) {
                    times.run(Long.parseLong(args[i].replace("_", "")));
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

    private void run(final long n) {
        for (final KernelCase kernel : KernelCase.all()) {
            final long length = kernel.length(n);
            final int sets = isEmulated ? 2 : (int) Math.max(1, (4 * card.l2Length() + length - 1) / length);
            if (2 * sets * length > card.freeLength()) {
                out.printf(
                        "%-27s %11d  left out: %d MB are free, %d needed%n",
                        kernel.name(), n, card.freeLength() >> 20, 2 * sets * length >> 20);
                continue;
            }
            try (Sets memory = new Sets(card.kernels(), kernel, n, sets)) {
                measure(kernel, memory, n);
            }
        }
    }

    private void measure(final KernelCase kernel, final Sets memory, final long n) {
        memory.fill(tile);
        final long wrong = memory.countWrong(card.stream());
        isWrong |= wrong > 0;
        if (isEmulated) {
            out.printf(
                    Locale.ROOT,
                    "%-27s %11d %9.1f %9s  emulated%37s%n",
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
        final boolean hasBudget = n >= BUDGET_COUNT || moved >= BUDGET_MOVED;
        final boolean isMet = ratios.median() >= BUDGET;
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

        private final DeviceKernels kernels;
        private final KernelCase kernel;
        private final long n;
        private final long[][] addresses;
        private final long[] strides;
        private final long memory;
        private final long other;
        private final long counts;

        Sets(final DeviceKernels kernels, final KernelCase kernel, final long n, final int count) {
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
        void copy(final DeviceKernels kernels, final int launches, final long stream) {
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
