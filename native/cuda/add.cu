/*
 * target = target + source.
 *
 * A warp takes tiles of 256 elements: 8 loads of each array a lane, of which ptxas issues 10 before the first is used.
 * Reads 8 and writes 4 bytes an element: limited by device memory.
 */
#include "bits.cuh"

extern "C" __global__ void __launch_bounds__(BLOCK)
    add(const float *__restrict__ source, float *__restrict__ target, int64_t n) {
    constexpr int DEPTH = 8;
    constexpr int TILE = DEPTH * WARP;
    for (int64_t tile = warpIndex(); tile * TILE < n; tile += warpCount()) {
        const int64_t first = tile * TILE + laneIndex();
        const int left = leftOf(n, first, TILE);
        float a[DEPTH];
        float b[DEPTH];
#pragma unroll
        for (int k = 0; k < DEPTH; k++) {
            a[k] = k * WARP < left ? source[first + k * WARP] : 0.0f;
            b[k] = k * WARP < left ? target[first + k * WARP] : 0.0f;
        }
#pragma unroll
        for (int k = 0; k < DEPTH; k++) {
            if (k * WARP < left) {
                target[first + k * WARP] = __fadd_rn(b[k], a[k]);
            }
        }
    }
}
