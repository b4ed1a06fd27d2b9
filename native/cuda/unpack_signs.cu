/*
 * value = -1 for a bit of 1, else +1.
 *
 * A warp takes tiles of 1024 coordinates: lane l loads half l, every half goes to all lanes in turn, and each makes a
 * coalesced store of 128 bytes. Stores are as wide as a value, so any alignment will do.
 *
 * Reads 1/8 byte and writes 4 bytes a coordinate: limited by device memory.
 */
#include "bits.cuh"

extern "C" __global__ void __launch_bounds__(BLOCK)
    unpackSigns(const uint64_t *__restrict__ words, float *__restrict__ values, int64_t n) {
    constexpr int TILE = WARP * WARP;
    const uint32_t *halves = (const uint32_t *)words;
    const int64_t halfCount = 2 * wordsOf(n);
    const int lane = laneIndex();
    for (int64_t tile = warpIndex(); tile * TILE < n; tile += warpCount()) {
        const int64_t half = tile * WARP + lane;
        const int64_t first = tile * TILE + lane;
        const int left = leftOf(n, first, TILE);
        const uint32_t mine = half < halfCount ? halves[half] : 0;
#pragma unroll
        for (int k = 0; k < WARP; k++) {
            const float value = signedOne(__shfl_sync(EVERY_LANE, mine, k), lane);
            if (k * WARP < left) {
                values[first + k * WARP] = value;
            }
        }
    }
}
