/*
 * v = beta v + (1 - beta) g where g is finite, else v stays; word = signs of 64 v. Two products and a sum, each rounded
 * once: never fused. Narrow gradients widen exactly. A new v below the smallest normal float is written as +0. Lanes
 * where v is zero, or g or v not finite, take their lot instead.
 *
 * A warp takes tiles of 256 coordinates: 8 loads of v and 8 of g a lane before the first is used (ptxas keeps them
 * ahead only in this order), then packSigns' way. Loads are as wide as a value, so any alignment will do.
 *
 * One pass: reads g and v, writes v and the word, 12.125 bytes a coordinate (10.125 with narrow gradients): limited by
 * device memory.
 */
#include "counts.cuh"
#include "gradients.cuh"
#include "votes.cuh"

DEVICE uint32_t flushed(uint32_t bits) {
    return (bits & MAGNITUDE_BITS) < SMALLEST_NORMAL_BITS ? 0 : bits;
}

template <class Format>
DEVICE void advanceAndPack(
    const typename Format::Stored *__restrict__ gradients, float *__restrict__ momentum, uint64_t *__restrict__ words,
    int64_t n, float beta, float oneMinusBeta, const Draw &zeros, uint64_t *totals) {
    constexpr int HALVES = 8;
    constexpr int TILE = HALVES * WARP;
    const int64_t halfCount = 2 * wordsOf(n);
    uint32_t counts[COUNTS] = {0, 0};
    for (int64_t tile = warpIndex(); tile * TILE < n; tile += warpCount()) {
        const int64_t first = tile * TILE + laneIndex();
        const int left = leftOf(n, first, TILE);
        typename Format::Stored g[HALVES];
        float v[HALVES];
#pragma unroll
        for (int k = 0; k < HALVES; k++) {
            v[k] = k * WARP < left ? momentum[first + k * WARP] : 1.0f;
        }
#pragma unroll
        for (int k = 0; k < HALVES; k++) {
            g[k] = k * WARP < left ? gradients[first + k * WARP] : (typename Format::Stored)0;
        }
        uint32_t bits[HALVES];
        uint32_t refused = 0;
#pragma unroll
        for (int k = 0; k < HALVES; k++) {
            const float wide = Format::widen(g[k]);
            const bool isFinite = (__float_as_uint(wide) & MAGNITUDE_BITS) < INFINITY_BITS;
            const float sum = __fadd_rn(__fmul_rn(beta, v[k]), __fmul_rn(oneMinusBeta, wide));
            const uint32_t next = flushed(__float_as_uint(sum));
            if (k * WARP < left && isFinite) {
                momentum[first + k * WARP] = __uint_as_float(next);
            }
            refused |= (uint32_t)!isFinite << k;
            bits[k] = k * WARP < left ? next : ONE_BITS;
        }
        const Half mine = voteOf(bits, refused);
        storeHalves<HALVES>(mine, words, tile, halfCount, zeros, counts);
    }
    addCounts(counts, 2, totals);
}

extern "C" __global__ void __launch_bounds__(BLOCK) momentumPackSigns(
    const float *gradients, float *momentum, uint64_t *words, int64_t n, float beta, float oneMinusBeta,
    int32_t zeroPolicy, uint64_t zeroKey, int64_t firstWord, uint64_t *counts) {
    const Draw zeros = drawOf(zeroPolicy, zeroKey, firstWord);
    advanceAndPack<Float32>(gradients, momentum, words, n, beta, oneMinusBeta, zeros, counts);
}

extern "C" __global__ void __launch_bounds__(BLOCK) momentumPackSignsF16(
    const uint16_t *gradients, float *momentum, uint64_t *words, int64_t n, float beta, float oneMinusBeta,
    int32_t zeroPolicy, uint64_t zeroKey, int64_t firstWord, uint64_t *counts) {
    const Draw zeros = drawOf(zeroPolicy, zeroKey, firstWord);
    advanceAndPack<Float16>(gradients, momentum, words, n, beta, oneMinusBeta, zeros, counts);
}

extern "C" __global__ void __launch_bounds__(BLOCK) momentumPackSignsBf16(
    const uint16_t *gradients, float *momentum, uint64_t *words, int64_t n, float beta, float oneMinusBeta,
    int32_t zeroPolicy, uint64_t zeroKey, int64_t firstWord, uint64_t *counts) {
    const Draw zeros = drawOf(zeroPolicy, zeroKey, firstWord);
    advanceAndPack<BFloat16>(gradients, momentum, words, n, beta, oneMinusBeta, zeros, counts);
}
