/*
 * word = signs of 64 values; lanes that are zero or not finite take their lot instead.
 *
 * A warp takes tiles of 256 coordinates (512 of float16 and bfloat16): 8 (16) independent coalesced loads a lane, a
 * ballot for each, and one store of the 32 (64) bytes of words, half k by lane k. Loads are as wide as a value, so any
 * alignment will do.
 *
 * Reads 4 (2) bytes and writes 1/8 byte a coordinate: limited by device memory.
 */
#include "counts.cuh"
#include "votes.cuh"

template <class Format>
DEVICE void packValues(
    const typename Format::Stored *__restrict__ values, uint64_t *__restrict__ words, int64_t n, const Draw &zeros,
    uint64_t *totals) {
    constexpr int HALVES = 32 / (int)sizeof(typename Format::Stored);
    constexpr int TILE = HALVES * WARP;
    const int64_t halfCount = 2 * wordsOf(n);
    uint32_t counts[COUNTS] = {0, 0};
    for (int64_t tile = warpIndex(); tile * TILE < n; tile += warpCount()) {
        const int64_t first = tile * TILE + laneIndex();
        const int left = leftOf(n, first, TILE);
        uint32_t bits[HALVES];
#pragma unroll
        for (int k = 0; k < HALVES; k++) {
            bits[k] = k * WARP < left ? Format::bitsOf(values[first + k * WARP]) : ONE_BITS;
        }
        const Half mine = voteOf<Format::INFINITE, HALVES>(bits, 0);
        storeHalves<HALVES>(mine, words, tile, halfCount, zeros, counts);
    }
    addCounts(counts, 2, totals);
}

extern "C" __global__ void __launch_bounds__(BLOCK) packSigns(
    const float *values, uint64_t *words, int64_t n, int32_t zeroPolicy, uint64_t zeroKey, int64_t firstWord,
    uint64_t *counts) {
    packValues<Float32>(values, words, n, drawOf(zeroPolicy, zeroKey, firstWord), counts);
}

extern "C" __global__ void __launch_bounds__(BLOCK) packSignsF16(
    const uint16_t *values, uint64_t *words, int64_t n, int32_t zeroPolicy, uint64_t zeroKey, int64_t firstWord,
    uint64_t *counts) {
    packValues<Float16>(values, words, n, drawOf(zeroPolicy, zeroKey, firstWord), counts);
}

extern "C" __global__ void __launch_bounds__(BLOCK) packSignsBf16(
    const uint16_t *values, uint64_t *words, int64_t n, int32_t zeroPolicy, uint64_t zeroKey, int64_t firstWord,
    uint64_t *counts) {
    packValues<BFloat16>(values, words, n, drawOf(zeroPolicy, zeroKey, firstWord), counts);
}
