package io.signvote.examples.qsgd;

import java.util.Arrays;

/** How the levels of a tensor become bits, and back. */
enum Code {
    /**
     * The nonzero levels alone, QSGD's code for few of them: how many there are, then for each the distance from the one before,
     * a bit for its sign (1 is negative) and its level. Numbers are {@link Elias} coded; the count is sent plus one. QSGD's own
     * code does not send the count; here it tells where the next tensor begins.
     */
    SPARSE {
        @Override
        void write(final BitWriter target, final int[] levels, final int length) {
            int nonzero = 0;
            for (int i = 0; i < length; i++) {
                nonzero += levels[i] != 0 ? 1 : 0;
            }
            Elias.write(target, nonzero + 1);
            int last = -1;
            for (int i = 0; i < length; i++) {
                if (levels[i] != 0) {
                    Elias.write(target, i - last);
                    target.write(levels[i] < 0 ? 1 : 0, 1);
                    Elias.write(target, Math.abs(levels[i]));
                    last = i;
                }
            }
        }

        @Override
        void read(final BitReader source, final int[] levels, final int length) {
            Arrays.fill(levels, 0, length, 0);
            final int nonzero = Elias.read(source) - 1;
            int last = -1;
            for (int i = 0; i < nonzero; i++) {
                final int gap = Elias.read(source);
                if (gap > length - 1 - last) {
                    throw new IllegalStateException("element " + ((long) last + gap) + " of " + length);
                }
                last += gap;
                final boolean isNegative = source.read(1) == 1;
                final int level = Elias.read(source);
                levels[last] = isNegative ? -level : level;
            }
        }
    },
    /** Every level, QSGD's code for many nonzero ones: the level plus one, {@link Elias} coded, and a sign unless it is 0. */
    DENSE {
        @Override
        void write(final BitWriter target, final int[] levels, final int length) {
            for (int i = 0; i < length; i++) {
                Elias.write(target, Math.abs(levels[i]) + 1);
                if (levels[i] != 0) {
                    target.write(levels[i] < 0 ? 1 : 0, 1);
                }
            }
        }

        @Override
        void read(final BitReader source, final int[] levels, final int length) {
            for (int i = 0; i < length; i++) {
                final int level = Elias.read(source) - 1;
                levels[i] = level != 0 && source.read(1) == 1 ? -level : level;
            }
        }
    };

    abstract void write(BitWriter target, int[] levels, int length);

    abstract void read(BitReader source, int[] levels, int length);
}
