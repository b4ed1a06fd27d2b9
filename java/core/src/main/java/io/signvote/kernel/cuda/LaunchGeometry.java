package io.signvote.kernel.cuda;

/**
 * Number of blocks of a launch. Kernels stride over the grid, so every number gives the right result. The largest grid fills the device
 * once: the driver says how many blocks of a kernel a multiprocessor holds. A smaller grid has one block for each stride of its threads.
 */
final class LaunchGeometry {
    /** Threads of a block, which the kernels are compiled for. */
    static final int BLOCK = 256;

    /** Coordinates a thread handles in one stride: eight loads of 4 bytes are in flight. */
    private static final int COORDINATES_PER_THREAD = 8;

    private final int gridMax;

    /**
     * Geometry of one kernel on one device.
     *
     * @param multiprocessors of the device.
     * @param blocksPerMultiprocessor of the kernel that a multiprocessor holds at once, from the driver.
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
