/*
 * x = x - eta (s + lambda x), where s is -1 for a bit of 1, else +1. Four operations, each rounded once: never fused.
 *
 * A warp takes tiles of 256 coordinates: lane l loads half l of 8 and coordinates 32 k + l, k = 0 to 7, before the
 * first is used. Reads x and the words and writes x, 8.125 bytes a coordinate: limited by device memory.
 */
#include "bits.cuh"

extern "C" __global__ void __launch_bounds__(BLOCK)
    applySigns(const uint64_t *__restrict__ words, float *__restrict__ parameters, int64_t n, float eta, float lambda) {
    constexpr int HALVES = 8;
    constexpr int TILE = HALVES * WARP;
    const uint32_t *halves = (const uint32_t *)words;
    const int64_t halfCount = 2 * wordsOf(n);
    const int lane = laneIndex();
    for (int64_t tile = warpIndex(); tile * TILE < n; tile += warpCount()) {
        const int64_t half = tile * HALVES + lane;
        const int64_t first = tile * TILE + lane;
        const int left = leftOf(n, first, TILE);
        const uint32_t mine = lane < HALVES && half < halfCount ? halves[half] : 0;
        float x[HALVES];
#pragma unroll
        for (int k = 0; k < HALVES; k++) {
            x[k] = k * WARP < left ? parameters[first + k * WARP] : 0.0f;
        }
#pragma unroll
        for (int k = 0; k < HALVES; k++) {
            const float s = signedOne(__shfl_sync(EVERY_LANE, mine, k), lane);
            const float step = __fmul_rn(eta, __fadd_rn(s, __fmul_rn(lambda, x[k])));
            if (k * WARP < left) {
                parameters[first + k * WARP] = __fsub_rn(x[k], step);
            }
        }
    }
}
