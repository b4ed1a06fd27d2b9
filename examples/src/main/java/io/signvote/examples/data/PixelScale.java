package io.signvote.examples.data;

/**
 * What the bytes of pixels mean to a network: (byte / 255 - mean) / deviation, with a mean and a deviation per channel.
 */
public final class PixelScale {
    private static final int VALUES = 256;

    private final float[][] tables;

    /**
     * A scale of as many channels as there are means.
     *
     * @param means      of all training pixels of a channel, 0 to 1.
     * @param deviations of the same, above 0.
     */
    public PixelScale(final float[] means, final float[] deviations) {
        tables = new float[means.length][VALUES];
        for (int channel = 0; channel < means.length; channel++) {
            for (int value = 0; value < VALUES; value++) {
                tables[channel][value] = (value / 255f - means[channel]) / deviations[channel];
            }
        }
    }

    int channels() {
        return tables.length;
    }

    /** Value of each of the 256 bytes. */
    float[] table(final int channel) {
        return tables[channel];
    }
}
