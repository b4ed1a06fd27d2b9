package io.signvote.collective;

/** The credit at which frames were lost or another member objected. For 256 epochs only lower credits are tried. */
final class Ceiling {
    private static final int EPOCHS = 256;

    private int credit;
    private int epochs;

    void set(final int credit) {
        this.credit = credit;
        epochs = EPOCHS;
    }

    void onEpoch() {
        epochs--;
    }

    boolean isForgotten() {
        return epochs <= 0;
    }

    /** Most credit that may be tried. */
    int limit(final int cap) {
        return isForgotten() ? cap : Math.min(cap, credit - 1);
    }
}
