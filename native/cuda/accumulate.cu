/*
 * One carry-save add of a ballot into bit-sliced counters:
 *
 *   carry = ballot;  for every plane p that counts so far:  (plane[p], carry) = (plane[p] ^ carry, plane[p] & carry)
 *
 * and where the counters could overflow, the last carry becomes a new plane. A lane takes a word, of few planes several
 * words, all loads before the first is used.
 *
 * (1 + 2 planes) / 8 bytes a coordinate: limited by device memory, or by the L2 where the planes fit it.
 */
#include "bits.cuh"

template <int PLANES>
DEVICE void addBallot(
    const uint64_t *__restrict__ words, uint64_t *__restrict__ planes, int64_t stride, int64_t wordCount,
    bool opensPlane) {
    constexpr int WORDS = PLANES == 0 ? 4 : PLANES < 3 ? 2 : 1; /* a lane: 32 bytes in flight */
    constexpr int TILE = WORDS * WARP;
    for (int64_t tile = warpIndex(); tile * TILE < wordCount; tile += warpCount()) {
        const int64_t first = tile * TILE + laneIndex();
        const int left = leftOf(wordCount, first, TILE);
        uint64_t carry[WORDS];
        uint64_t plane[WORDS][PLANES + 1];
#pragma unroll
        for (int i = 0; i < WORDS; i++) {
            const int64_t w = first + i * WARP;
            carry[i] = i * WARP < left ? words[w] : 0;
#pragma unroll
            for (int p = 0; p < PLANES; p++) {
                plane[i][p] = i * WARP < left ? planes[p * stride + w] : 0;
            }
        }
#pragma unroll
        for (int i = 0; i < WORDS; i++) {
            const int64_t w = first + i * WARP;
            if (i * WARP < left) {
#pragma unroll
                for (int p = 0; p < PLANES; p++) {
                    planes[p * stride + w] = plane[i][p] ^ carry[i];
                    carry[i] &= plane[i][p];
                }
                if (opensPlane) {
                    planes[PLANES * stride + w] = carry[i];
                }
            }
        }
    }
}

extern "C" __global__ void __launch_bounds__(BLOCK)
    accumulate(const uint64_t *words, uint64_t *planes, int64_t planeStride, int64_t wordCount, int32_t ballots) {
    const bool opensPlane = (ballots & (ballots + 1)) == 0;
    switch (WARP - __clz(ballots)) {
    case 0:
        return addBallot<0>(words, planes, planeStride, wordCount, opensPlane);
    case 1:
        return addBallot<1>(words, planes, planeStride, wordCount, opensPlane);
    case 2:
        return addBallot<2>(words, planes, planeStride, wordCount, opensPlane);
    case 3:
        return addBallot<3>(words, planes, planeStride, wordCount, opensPlane);
    case 4:
        return addBallot<4>(words, planes, planeStride, wordCount, opensPlane);
    case 5:
        return addBallot<5>(words, planes, planeStride, wordCount, opensPlane);
    case 6:
        return addBallot<6>(words, planes, planeStride, wordCount, opensPlane);
    case 7:
        return addBallot<7>(words, planes, planeStride, wordCount, opensPlane);
    default:
        return addBallot<8>(words, planes, planeStride, wordCount, opensPlane);
    }
}
