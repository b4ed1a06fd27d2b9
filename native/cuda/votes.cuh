/*
 * A warp's vote on a tile: lane l holds coordinates 32 k + l of the tile, k = 0 to HALVES - 1, and half k is the ballot
 * of their signs. Zeros and what is not finite take their lot instead; only a tile that holds one pays for finding and
 * drawing them.
 */
#ifndef SIGNVOTE_VOTES_CUH
#define SIGNVOTE_VOTES_CUH

#include "bits.cuh"

/* float32, as its bits */
struct Float32 {
    typedef float Stored;
    static constexpr uint32_t INFINITE = INFINITY_BITS;

    DEVICE uint32_t bitsOf(float value) {
        return __float_as_uint(value);
    }

    DEVICE float widen(float value) {
        return value;
    }
};

/* float16, as its bits shifted to the top: sign and magnitude compare as those of a float32 do */
struct Float16 {
    typedef uint16_t Stored;
    static constexpr uint32_t INFINITE = 0x7C000000u;

    DEVICE uint32_t bitsOf(uint16_t value) {
        return (uint32_t)value << 16;
    }

    /* The magnitude becomes a float32 that is too small by 2^112, also where it is a denormal: the product is exact. */
    DEVICE float widen(uint16_t value) {
        const uint32_t magnitude = value & 0x7FFFu;
        const float scaled = __fmul_rn(__uint_as_float(magnitude << 13), 0x1p112f);
        const uint32_t bits = magnitude >= 0x7C00u ? INFINITY_BITS | magnitude << 13 : __float_as_uint(scaled);
        return __uint_as_float(bits | (uint32_t)(value >> 15) << 31);
    }
};

/* bfloat16: the upper half of a float32 */
struct BFloat16 {
    typedef uint16_t Stored;
    static constexpr uint32_t INFINITE = INFINITY_BITS;

    DEVICE uint32_t bitsOf(uint16_t value) {
        return (uint32_t)value << 16;
    }

    DEVICE float widen(uint16_t value) {
        return __uint_as_float((uint32_t)value << 16);
    }
};

template <uint32_t INFINITE> DEVICE bool isZeroOrNotFinite(uint32_t bits) {
    return bits + bits - 2 >= INFINITE + INFINITE - 2; /* the sign shifted out, zero wraps around to the top */
}

/* The half of this lane, lanes below HALVES: signs, and who draws lots; zeros and not finite are disjoint. */
struct Half {
    uint32_t signs;
    uint32_t zeros;
    uint32_t notFinite;
};

/* Bit k of refused: coordinate k of this lane is not finite, whatever bits[k] says. */
template <uint32_t INFINITE, int HALVES> DEVICE Half voteOf(const uint32_t (&bits)[HALVES], uint32_t refused) {
    static_assert(HALVES <= WARP, "a lane keeps each half");
    const int lane = laneIndex();
    Half mine = {0, 0, 0};
    bool isOdd = refused != 0;
#pragma unroll
    for (int k = 0; k < HALVES; k++) {
        const uint32_t signs = __ballot_sync(EVERY_LANE, (int)(bits[k] >> 31));
        mine.signs = lane == k ? signs : mine.signs;
        isOdd |= isZeroOrNotFinite<INFINITE>(bits[k]);
    }
    if (__any_sync(EVERY_LANE, isOdd)) {
#pragma unroll
        for (int k = 0; k < HALVES; k++) {
            const bool isRefused = (refused >> k & 1) != 0;
            const uint32_t magnitude = bits[k] & MAGNITUDE_BITS;
            const uint32_t zeros = __ballot_sync(EVERY_LANE, magnitude == 0 && !isRefused);
            const uint32_t notFinite = __ballot_sync(EVERY_LANE, magnitude >= INFINITE || isRefused);
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
