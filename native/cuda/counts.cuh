/*
 * What the lanes of a block counted, added to totals in device memory: one atomic addition a block and total, and none
 * where nothing was counted. A lane counts less than 2^32: n is far below 2^38. Every lane of the block calls it, once
 * in a kernel.
 */
#ifndef SIGNVOTE_COUNTS_CUH
#define SIGNVOTE_COUNTS_CUH

#include "bits.cuh"

constexpr int COUNTS = 2;
static_assert(COUNTS <= WARPS, "a warp adds up each count");

DEVICE uint64_t sumOfWarp(uint64_t mine) {
#pragma unroll
    for (int distance = WARP / 2; distance > 0; distance /= 2) {
        mine += __shfl_down_sync(EVERY_LANE, mine, distance);
    }
    return mine; /* in lane 0 */
}

/* Adds the first `used` of the counts. */
DEVICE void addCounts(const uint32_t (&mine)[COUNTS], int used, uint64_t *totals) {
    __shared__ uint64_t sums[COUNTS][WARPS];
    const int warp = (int)threadIdx.x / WARP;
    const int lane = laneIndex();
#pragma unroll
    for (int i = 0; i < COUNTS; i++) {
        const uint64_t sum = i < used ? sumOfWarp(mine[i]) : 0;
        if (lane == 0) {
            sums[i][warp] = sum;
        }
    }
    __syncthreads();
    if (warp < used) {
        const uint64_t total = sumOfWarp(lane < WARPS ? sums[warp][lane] : 0);
        if (lane == 0 && total != 0) {
            atomicAdd((unsigned long long *)&totals[warp], (unsigned long long)total);
        }
    }
}

#endif
