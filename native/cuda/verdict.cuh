/*
 * The count of every lane against half of the ballots, one plane at a time from the most significant down; h is all
 * ones where half has a 1, else 0:
 *
 *   above |= equal & plane & ~h        equal &= ~(plane ^ h)
 *
 * The verdict is above; with an even number of ballots, equal lanes are ties and take their lot.
 */
#ifndef SIGNVOTE_VERDICT_CUH
#define SIGNVOTE_VERDICT_CUH

#include "bits.cuh"

/* The word at index w of the verdict; adds to tieCount the lanes that tied. */
template <int PLANES>
DEVICE uint64_t verdictOf(
    const uint64_t (&plane)[PLANES], int32_t ballots, const Draw &ties, int64_t w, int64_t n, uint32_t &tieCount) {
    const uint64_t half = (uint64_t)ballots >> 1;
    uint64_t above = 0;
    uint64_t equal = ~(uint64_t)0;
#pragma unroll
    for (int p = PLANES - 1; p >= 0; p--) {
        const uint64_t h = (uint64_t)((int64_t)(half << (63 - p)) >> 63);
        above |= equal & plane[p] & ~h;
        equal &= ~(plane[p] ^ h);
    }
    const uint64_t inUse = maskOf(w, n);
    const uint64_t even = (uint64_t)(ballots & 1) - 1; /* all ones */
    const uint64_t tied = equal & inUse & even;
    uint64_t verdict = above & inUse;
    if (tied != 0) {
        verdict |= tied & lotsOfWord(ties, w);
        tieCount += (uint32_t)__popcll(tied);
    }
    return verdict;
}

#endif
