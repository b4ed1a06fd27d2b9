/*
 * Words of 64 packed signs, their halves, the lots of io.signvote.bits.Lot, and how warps share tiles.
 *
 * A half is 32 packed signs: what one __ballot_sync gives. Half h of an array of words is its h-th uint32_t, since both
 * device and host are little-endian.
 */
#ifndef SIGNVOTE_BITS_CUH
#define SIGNVOTE_BITS_CUH

#include "kernels.cuh"

#define DEVICE static __device__ __forceinline__

constexpr int BLOCK = 256;
constexpr int WARP = 32;
constexpr int WARPS = BLOCK / WARP;
constexpr int LANES = 64; /* of a word */
constexpr uint32_t EVERY_LANE = 0xFFFFFFFFu;
static_assert(BLOCK % WARP == 0, "blocks are whole warps");
static_assert(LANES == 2 * WARP, "a word is two halves");

constexpr uint32_t MAGNITUDE_BITS = 0x7FFFFFFFu;
constexpr uint32_t INFINITY_BITS = 0x7F800000u;
constexpr uint32_t SMALLEST_NORMAL_BITS = 0x00800000u;
constexpr uint32_t ONE_BITS = 0x3F800000u;

/* What zeros or ties count as: positive is 0. */
constexpr int32_t POLICY_RANDOM = 1;
constexpr int32_t POLICY_NEGATIVE = 2;

/*
 * A policy with the lots it draws, as masks, so that no branch depends on it. firstWord is the index, in the whole
 * call, of the first word of the piece.
 */
struct Draw {
    uint64_t random; /* all ones where lots are random */
    uint64_t always; /* all ones where every lot is negative */
    uint64_t key;
    uint64_t firstWord;
};

DEVICE Draw drawOf(int32_t policy, uint64_t key, int64_t firstWord) {
    static_assert(POLICY_RANDOM == 1 && POLICY_NEGATIVE == 2, "each is a bit of its own");
    /* shifts, because the compiler turns comparisons back to branches and doubles the loops around them */
    const uint64_t random = (uint64_t)((int64_t)((uint64_t)policy << 63) >> 63);
    const uint64_t always = (uint64_t)((int64_t)((uint64_t)policy << 62) >> 63);
    return {random, always, key, (uint64_t)firstWord};
}

/* 16 bytes, loaded at once from where they are aligned. */
struct alignas(16) Sixteen {
    uint32_t part[4];
};

DEVICE Sixteen load16(const void *address) {
    return *(const Sixteen *)address;
}

DEVICE uint64_t mix(uint64_t z) {
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* 64 lots of the word at an index of this piece. */
DEVICE uint64_t lotsOfWord(const Draw &from, int64_t word) {
    const uint64_t drawn = mix(from.key + (from.firstWord + (uint64_t)word + 1) * 0x9E3779B97F4A7C15u);
    return (drawn & from.random) | from.always;
}

/* The 32 of them that a half draws. */
DEVICE uint32_t lotsOfHalf(const Draw &from, int64_t half) {
    return (uint32_t)(lotsOfWord(from, half >> 1) >> (WARP * (half & 1)));
}

DEVICE int64_t wordsOf(int64_t n) {
    return (n + LANES - 1) / LANES;
}

/* Lanes in use of the word at an index. */
DEVICE uint64_t maskOf(int64_t word, int64_t n) {
    const int64_t left = n - word * LANES;
    return left < LANES ? ~(uint64_t)0 >> (LANES - left) : ~(uint64_t)0;
}

/* Elements from `first` on, at most `most`: a lane's k-th of a tile is in while 32 k is less. */
DEVICE int leftOf(int64_t n, int64_t first, int most) {
    return (int)(n - first < most ? n - first : most);
}

/* Bits of -1 for a lane of 1, else of +1. */
DEVICE float signedOne(uint32_t half, int lane) {
    return __uint_as_float(ONE_BITS | half >> lane << 31);
}

DEVICE int laneIndex() {
    return (int)(threadIdx.x % WARP);
}

/* This warp in the grid, and the warps of the grid: the first tile of a warp, and the stride to its next. */
DEVICE int64_t warpIndex() {
    return (int64_t)blockIdx.x * WARPS + threadIdx.x / WARP;
}

DEVICE int64_t warpCount() {
    return (int64_t)gridDim.x * WARPS;
}

#endif
