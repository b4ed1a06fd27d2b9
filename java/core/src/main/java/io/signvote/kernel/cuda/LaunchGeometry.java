package io.signvote.kernel.cuda;

/**
 * How many blocks a launch has. Kernels stride over the grid, so any number is right; this one fills the device once and
 * gives each thread at least what it moves in one stride.
 */
final class LaunchGeometry {
    /** Threads of a block, which the kernels are compiled for. */
    static final int BLOCK = 256;

    /** Coordinates a thread handles in one stride: eight loads of 4 bytes are in flight. */
    private static final int COORDINATES_PER_THREAD = 8;

    /** Blocks that a multiprocessor holds at once, where registers allow: 2,048 threads. */
    private static final int BLOCKS_PER_MULTIPROCESSOR = 8;

    private final int gridMax;

    LaunchGeometry(final int multiprocessors) {
        gridMax = Math.max(1, multiprocessors * BLOCKS_PER_MULTIPROCESSOR);
    }

    /** Blocks for a kernel whose threads walk over coordinates. */
    int gridOfCoordinates(final long n) {
        return grid(n, BLOCK * COORDINATES_PER_THREAD);
    }

    /** Blocks for a kernel whose threads walk over words. */
    int gridOfWords(final long words) {
        return grid(words, BLOCK);
    }

    private int grid(final long units, final int perBlock) {
        return (int) Math.min(gridMax, (units + perBlock - 1) / perBlock);
    }
}
