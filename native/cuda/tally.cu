/*
 * The verdict of M packed ballots in one pass: votes are added up in registers, nothing between is stored.
 *
 * Ballots come in batches of 8, all loads of a batch before the first is used. A tree of seven carry-save adders takes
 * 8 lanes of weight 1 and what ones, twos and fours held to new ones, twos, fours and a carry of weight 8:
 *
 *   ones  b0 b1 -> ones, t0    ones  b2 b3 -> ones, t1    twos  t0 t1 -> twos, f0 \
 *   ones  b4 b5 -> ones, t2    ones  b6 b7 -> ones, t3    twos  t2 t3 -> twos, f1 /  fours f0 f1 -> fours, eights
 *
 * and the eights ripple through the planes above. A batch that is not full reads zeros. Then verdict.cuh.
 *
 * (M + 1) / 8 bytes a coordinate: limited by device memory, or by the L2 where the ballots fit it.
 */
#include "counts.cuh"
#include "verdict.cuh"

constexpr int BATCH = 8;

/* (sum, carry) of three lanes of one weight: sum stays in a, carry is returned. */
DEVICE uint64_t carrySave(uint64_t &a, uint64_t b, uint64_t c) {
    const uint64_t carry = (a & b) | (c & (a | b));
    a = a ^ b ^ c;
    return carry;
}

/* Adds 8 lanes of weight 1 to the lowest three planes and returns the carry of weight 8. */
DEVICE uint64_t addBatch(const uint64_t (&b)[BATCH], uint64_t &ones, uint64_t &twos, uint64_t &fours) {
    const uint64_t t0 = carrySave(ones, b[0], b[1]);
    const uint64_t t1 = carrySave(ones, b[2], b[3]);
    const uint64_t f0 = carrySave(twos, t0, t1);
    const uint64_t t2 = carrySave(ones, b[4], b[5]);
    const uint64_t t3 = carrySave(ones, b[6], b[7]);
    const uint64_t f1 = carrySave(twos, t2, t3);
    return carrySave(fours, f0, f1);
}

/*
 * Adds the next `ballots` ballots, at most a batch, to the planes of a lane's words, the first of which is at `at`; the
 * lane has the i-th while 32 i is less than `left`.
 */
template <int PLANES, int WORDS>
DEVICE void
countBatch(const uint64_t *at, int64_t stride, int32_t ballots, int left, uint64_t (&plane)[WORDS][PLANES]) {
    static_assert(PLANES >= 3, "the tree writes three planes");
    uint64_t batch[WORDS][BATCH];
#pragma unroll
    for (int m = 0; m < BATCH; m++) {
#pragma unroll
        for (int i = 0; i < WORDS; i++) {
            batch[i][m] = m < ballots && i * WARP < left ? at[i * WARP] : 0;
        }
        at += stride;
    }
#pragma unroll
    for (int i = 0; i < WORDS; i++) {
        uint64_t carry = addBatch(batch[i], plane[i][0], plane[i][1], plane[i][2]);
#pragma unroll
        for (int p = 3; p < PLANES; p++) {
            const uint64_t next = plane[i][p] & carry;
            plane[i][p] ^= carry;
            carry = next;
        }
    }
}

/* PLANES hold count; a lane takes WORDS words. */
template <int PLANES, int WORDS>
DEVICE uint32_t tallyWords(
    const uint64_t *__restrict__ ballots, int64_t stride, int32_t count, uint64_t *__restrict__ words, int64_t n,
    const Draw &ties) {
    constexpr int TILE = WORDS * WARP;
    const int64_t wordCount = wordsOf(n);
    uint32_t tieCount = 0;
    for (int64_t tile = warpIndex(); tile * TILE < wordCount; tile += warpCount()) {
        const int64_t first = tile * TILE + laneIndex();
        const int left = leftOf(wordCount, first, TILE);
        uint64_t plane[WORDS][PLANES] = {};
        const uint64_t *at = ballots + first;
        for (int32_t m = 0; m < count; m += BATCH) {
            countBatch<PLANES, WORDS>(at, stride, count - m, left, plane);
            at += BATCH * stride;
        }
#pragma unroll
        for (int i = 0; i < WORDS; i++) {
            const int64_t w = first + i * WARP;
            if (i * WARP < left) {
                words[w] = verdictOf<PLANES>(plane[i], count, ties, w, n, tieCount);
            }
        }
    }
    return tieCount;
}

extern "C" __global__ void __launch_bounds__(BLOCK) tally(
    const uint64_t *ballots, int64_t ballotStride, int32_t ballotCount, uint64_t *words, int64_t n, int32_t tiePolicy,
    uint64_t tieKey, int64_t firstWord, uint64_t *ties) {
    const Draw draw = drawOf(tiePolicy, tieKey, firstWord);
    uint32_t counts[COUNTS] = {0, 0};
    if (ballotCount < 8) { /* two words, to have as many bytes in flight as with more ballots */
        counts[0] = tallyWords<3, 2>(ballots, ballotStride, ballotCount, words, n, draw);
    } else if (ballotCount < 16) {
        counts[0] = tallyWords<4, 1>(ballots, ballotStride, ballotCount, words, n, draw);
    } else {
        counts[0] = tallyWords<8, 1>(ballots, ballotStride, ballotCount, words, n, draw);
    }
    addCounts(counts, 1, ties);
}
