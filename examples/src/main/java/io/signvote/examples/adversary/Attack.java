package io.signvote.examples.adversary;

import java.util.SplittableRandom;

/**
 * The ways in which adversaries spoil their gradients. All but {@link #COLLUDE} are blind and multiplicative in the sense of the
 * paper. They multiply each component by a factor that does not depend on its sign, and know nothing of each other.
 *
 * @see <a href="https://arxiv.org/abs/1810.05291">Bernstein et al. 2019, definition 1</a>
 */
public enum Attack {
    /** Turns every sign. */
    INVERT("invert their signs") {
        @Override
        public Adversary adversary(final long seed, final Adversary member) {
            return times(-1);
        }
    },
    /** Gives every component a random sign. */
    RANDOMISE("randomise their signs") {
        @Override
        public Adversary adversary(final long seed, final Adversary member) {
            return timesRandomSign(1, new SplittableRandom(seed));
        }
    },
    /** Multiplies every component by a random power of ten, a thousandth to a thousandfold: the signs stay. */
    RESCALE("rescale by 0.001 to 1000") {
        @Override
        public Adversary adversary(final long seed, final Adversary member) {
            final SplittableRandom random = new SplittableRandom(seed);
            return gradients -> {
                for (int i = 0; i < gradients.length; i++) {
                    gradients[i] *= (float) StrictMath.pow(10, 6 * random.nextDouble() - 3);
                }
            };
        }
    },
    /** Sends -10 g, figure 9's negative adversary. */
    NEGATIVE("send -10 g") {
        @Override
        public Adversary adversary(final long seed, final Adversary member) {
            return times(-10);
        }
    },
    /** Sends 10 g with every sign randomised, figure 9's random adversary. */
    RANDOM("send 10 g with random signs") {
        @Override
        public Adversary adversary(final long seed, final Adversary member) {
            return timesRandomSign(10, new SplittableRandom(seed));
        }
    },
    /** Pools the gradients of all adversaries, and all send the opposite of the sum: outside the paper's promise. */
    COLLUDE("collude: all send minus the sum of theirs; outside the paper's promise") {
        @Override
        public Adversary adversary(final long seed, final Adversary member) {
            return member;
        }
    };

    private final String summary;

    Attack(final String summary) {
        this.summary = summary;
    }

    /** {@return what they do, in a few words} */
    public String summary() {
        return summary;
    }

    /**
     * The adversary of one rank.
     *
     * @param seed   of its random factors, another on each rank.
     * @param member of {@link Colluders}. Only {@link #COLLUDE} uses it.
     * @return the adversary.
     */
    public abstract Adversary adversary(long seed, Adversary member);

    private static Adversary times(final float factor) {
        return gradients -> {
            for (int i = 0; i < gradients.length; i++) {
                gradients[i] *= factor;
            }
        };
    }

    private static Adversary timesRandomSign(final float factor, final SplittableRandom random) {
        return gradients -> {
            long lots = 0;
            for (int i = 0; i < gradients.length; i++) {
                lots = i % Long.SIZE == 0 ? random.nextLong() : lots >>> 1;
                gradients[i] *= (lots & 1) == 0 ? factor : -factor;
            }
        };
    }
}
