/*
 * The verdict of bit-sliced counters (verdict.cuh), and how many coordinates tied.
 *
 * A lane takes a word, of few planes several words, all loads before the first is used. The verdict may go to plane 0:
 * a lane has read its words of every plane before it writes them, and nobody else reads them.
 *
 * (planes + 1) / 8 bytes a coordinate: limited by device memory, or by the L2 where the planes fit it; with random ties
 * everywhere by their lots.
 */
#include "counts.cuh"
#include "verdict.cuh"

template <int PLANES>
DEVICE uint32_t
decide(const uint64_t *planes, int64_t stride, uint64_t *words, int64_t n, int32_t ballots, const Draw &ties) {
    constexpr int WORDS = PLANES == 1 ? 4 : PLANES < 4 ? 2 : 1; /* a lane: 32 bytes in flight */
    constexpr int TILE = WORDS * WARP;
    const int64_t wordCount = wordsOf(n);
    uint32_t tieCount = 0;
    for (int64_t tile = warpIndex(); tile * TILE < wordCount; tile += warpCount()) {
        const int64_t first = tile * TILE + laneIndex();
        const int left = leftOf(wordCount, first, TILE);
        uint64_t plane[WORDS][PLANES];
#pragma unroll
        for (int i = 0; i < WORDS; i++) {
#pragma unroll
            for (int p = 0; p < PLANES; p++) {
                plane[i][p] = i * WARP < left ? planes[p * stride + first + i * WARP] : 0;
            }
        }
#pragma unroll
        for (int i = 0; i < WORDS; i++) {
            const int64_t w = first + i * WARP;
            if (i * WARP < left) {
                words[w] = verdictOf<PLANES>(plane[i], ballots, ties, w, n, tieCount);
            }
        }
    }
    return tieCount;
}

DEVICE uint32_t
decideBy(const uint64_t *planes, int64_t stride, uint64_t *words, int64_t n, int32_t ballots, const Draw &ties) {
    switch (WARP - __clz(ballots)) {
    case 1:
        return decide<1>(planes, stride, words, n, ballots, ties);
    case 2:
        return decide<2>(planes, stride, words, n, ballots, ties);
    case 3:
        return decide<3>(planes, stride, words, n, ballots, ties);
    case 4:
        return decide<4>(planes, stride, words, n, ballots, ties);
    case 5:
        return decide<5>(planes, stride, words, n, ballots, ties);
    case 6:
        return decide<6>(planes, stride, words, n, ballots, ties);
    case 7:
        return decide<7>(planes, stride, words, n, ballots, ties);
    default:
        return decide<8>(planes, stride, words, n, ballots, ties);
    }
}

extern "C" __global__ void __launch_bounds__(BLOCK) majority(
    const uint64_t *planes, int64_t planeStride, uint64_t *words, int64_t n, int32_t ballots, int32_t tiePolicy,
    uint64_t tieKey, int64_t firstWord, uint64_t *ties) {
    const Draw draw = drawOf(tiePolicy, tieKey, firstWord);
    const uint32_t counts[COUNTS] = {decideBy(planes, planeStride, words, n, ballots, draw), 0};
    addCounts(counts, 1, ties);
}
