/*
 * A warp's vote on a tile of floats: lane l holds the bits of coordinates 32 k + l of the tile, k = 0 to HALVES - 1,
 * and half k is the ballot of their signs. Zeros and what is not finite take their lot instead; only a tile that holds
 * one pays for finding and drawing them.
 */
#ifndef SIGNVOTE_VOTES_CUH
#define SIGNVOTE_VOTES_CUH

#include "bits.cuh"

DEVICE bool isZeroOrNotFinite(uint32_t bits) {
    return bits + bits - 2 >= INFINITY_BITS + INFINITY_BITS - 2; /* the sign shifted out, zero wraps around */
}

/* The half of this lane, lanes below HALVES: signs, and who draws lots; zeros and not finite are disjoint. */
struct Half {
    uint32_t signs;
    uint32_t zeros;
    uint32_t notFinite;
};

/* Bit k of refused: coordinate k of this lane is not finite, whatever bits[k] says. */
template <int HALVES> DEVICE Half voteOf(const uint32_t (&bits)[HALVES], uint32_t refused) {
    static_assert(HALVES <= WARP, "a lane keeps each half");
    const int lane = laneIndex();
    Half mine = {0, 0, 0};
    bool isOdd = refused != 0;
#pragma unroll
    for (int k = 0; k < HALVES; k++) {
        const uint32_t signs = __ballot_sync(EVERY_LANE, (int)(bits[k] >> 31));
        mine.signs = lane == k ? signs : mine.signs;
        isOdd |= isZeroOrNotFinite(bits[k]);
    }
    if (__any_sync(EVERY_LANE, isOdd)) {
#pragma unroll
        for (int k = 0; k < HALVES; k++) {
            const bool isRefused = (refused >> k & 1) != 0;
            const uint32_t magnitude = bits[k] & MAGNITUDE_BITS;
            const uint32_t zeros = __ballot_sync(EVERY_LANE, magnitude == 0 && !isRefused);
            const uint32_t notFinite = __ballot_sync(EVERY_LANE, magnitude >= INFINITY_BITS || isRefused);
            mine.zeros = lane == k ? zeros : mine.zeros;
            mine.notFinite = lane == k ? notFinite : mine.notFinite;
        }
    }
    return mine;
}

/* Stores the halves of a tile, lots drawn, and counts what drew them. halfCount ends the words. */
template <int HALVES>
DEVICE void storeHalves(
    const Half &mine, uint64_t *words, int64_t tile, int64_t halfCount, const Draw &draw, uint32_t (&counts)[2]) {
    const int64_t half = tile * HALVES + laneIndex();
    if (laneIndex() >= HALVES || half >= halfCount) {
        return;
    }
    const uint32_t drawing = mine.zeros | mine.notFinite;
    uint32_t signs = mine.signs;
    if (drawing != 0) {
        signs = (signs & ~drawing) | (drawing & lotsOfHalf(draw, half));
        counts[0] += (uint32_t)__popc(mine.zeros);
        counts[1] += (uint32_t)__popc(mine.notFinite);
    }
    ((uint32_t *)words)[half] = signs;
}

#endif
