/*
 * word = signs of 64 values; lanes that are zero or not finite take their lot instead.
 *
 * A warp takes tiles of 256 coordinates: 8 independent coalesced loads a lane, a ballot for each, and one store of the
 * 32 bytes of words, half k by lane k. Loads are as wide as a value, so any alignment will do.
 *
 * Reads 4 bytes and writes 1/8 byte a coordinate: limited by device memory.
 */
#include "counts.cuh"
#include "votes.cuh"

extern "C" __global__ void __launch_bounds__(BLOCK) packSigns(
    const float *__restrict__ values, uint64_t *__restrict__ words, int64_t n, int32_t zeroPolicy, uint64_t zeroKey,
    int64_t firstWord, uint64_t *counts) {
    constexpr int HALVES = 8;
    constexpr int TILE = HALVES * WARP;
    const Draw zeros = drawOf(zeroPolicy, zeroKey, firstWord);
    const int64_t halfCount = 2 * wordsOf(n);
    uint32_t found[COUNTS] = {0, 0};
    for (int64_t tile = warpIndex(); tile * TILE < n; tile += warpCount()) {
        const int64_t first = tile * TILE + laneIndex();
        const int left = leftOf(n, first, TILE);
        uint32_t bits[HALVES];
#pragma unroll
        for (int k = 0; k < HALVES; k++) {
            bits[k] = k * WARP < left ? __float_as_uint(values[first + k * WARP]) : ONE_BITS;
        }
        const Half mine = voteOf(bits, 0);
        storeHalves<HALVES>(mine, words, tile, halfCount, zeros, found);
    }
    addCounts(found, 2, counts);
}
