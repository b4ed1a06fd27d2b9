package io.signvote.kernel.cuda;

/**
 * How many blocks a launch has. Kernels stride over the grid, so any number is right. A grid fills the device once: as many
 * blocks as the registers of the kernel let a multiprocessor hold. Each thread gets at least what it moves in one stride.
 */
final class LaunchGeometry {
    /** Threads of a block, which the kernels are compiled for. */
    static final int BLOCK = 256;

    /** Coordinates a thread handles in one stride: eight loads of 4 bytes are in flight. */
    private static final int COORDINATES_PER_THREAD = 8;

    private final int gridMax;

    /**
     * Of one kernel on one device.
     *
     * @param multiprocessors of the device.
     * @param blocksPerMultiprocessor that a multiprocessor holds at once, as the driver says.
     */
    LaunchGeometry(final int multiprocessors, final int blocksPerMultiprocessor) {
        gridMax = Math.max(1, multiprocessors * blocksPerMultiprocessor);
    }

    /** Blocks if the threads of the kernel walk over coordinates. */
    int gridOfCoordinates(final long n) {
        return grid(n, BLOCK * COORDINATES_PER_THREAD);
    }

    /** Blocks if the threads of the kernel walk over words. */
    int gridOfWords(final long words) {
        return grid(words, BLOCK);
    }

    private int grid(final long units, final int perBlock) {
        return (int) Math.min(gridMax, (units + perBlock - 1) / perBlock);
    }
}
