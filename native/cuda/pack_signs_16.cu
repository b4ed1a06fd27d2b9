/*
 * packSigns of float16 and bfloat16: half the bytes of float32, hence half the time to spend on a coordinate.
 *
 * A warp takes tiles of 512 coordinates: two 16-byte loads a lane, 8 coordinates each, in four registers of two. Their
 * signs, and what is odd about them, are found two at a time and gathered to bytes; lanes exchange bytes, so that the
 * warp stores 64 bytes of words in one go:
 *
 *   lane l of chunk c holds byte l of 32 bytes;  lanes 4 q to 4 q + 3 make half q;  4 q stores chunk 0's, 4 q + 1 chunk
 * 1's
 *
 * Values that are not aligned to 16 bytes, and those at the end, are loaded one by one.
 *
 * Reads 2 bytes and writes 1/8 byte a coordinate: limited by device memory.
 */
#include "counts.cuh"

constexpr int CHUNK = 8;               /* coordinates of a load */
constexpr int SPAN = CHUNK * WARP;     /* of a load by a warp */
constexpr int CHUNKS = 2;              /* loads in flight */
constexpr uint32_t BOTH = 0x80008000u; /* the sign bits of two coordinates */
constexpr uint32_t SOME_POSITIVE = 0x3C00u;
static_assert(CHUNK * sizeof(uint16_t) == sizeof(Sixteen), "a chunk is a load");
static_assert(CHUNKS == 2, "an exchange of bytes is between two chunks");

constexpr uint32_t INFINITE_F16 = 0x7C00u;
constexpr uint32_t INFINITE_BF16 = 0x7F80u;

/* Bits 15 and 31 of four registers, which hold coordinates 0 and 1, 2 and 3, 4 and 5, 6 and 7, as a byte. */
DEVICE uint32_t byteOf(const uint32_t (&pair)[4]) {
    const uint32_t apart = (pair[0] >> 15 & 0x00010001u) | (pair[1] >> 13 & 0x00040004u) |
                           (pair[2] >> 11 & 0x00100010u) | (pair[3] >> 9 & 0x00400040u);
    return (apart | apart >> 15) & 0xFFu;
}

/* Both add to magnitudes below 2^15, so that nothing carries from the lower coordinate to the upper. */
DEVICE uint32_t notZero(uint32_t pair) {
    return (pair & ~BOTH) + ~BOTH;
}

template <uint32_t INFINITE> DEVICE uint32_t notFinite(uint32_t pair) {
    return (pair & ~BOTH) + (0x8000u - INFINITE) * 0x00010001u;
}

/* The byte of a lane's chunk, lots drawn. */
template <uint32_t INFINITE>
DEVICE uint32_t voteOfChunk(const Sixteen &chunk, int64_t word, const Draw &draw, uint32_t (&counts)[COUNTS]) {
    uint32_t odd = 0;
#pragma unroll
    for (int j = 0; j < 4; j++) {
        odd |= notFinite<INFINITE>(chunk.part[j]) | ~notZero(chunk.part[j]);
    }
    uint32_t signs = byteOf(chunk.part);
    if ((odd & BOTH) != 0) {
        uint32_t zero[4], wild[4];
#pragma unroll
        for (int j = 0; j < 4; j++) {
            zero[j] = ~notZero(chunk.part[j]);
            wild[j] = notFinite<INFINITE>(chunk.part[j]);
        }
        const uint32_t zeros = byteOf(zero);
        const uint32_t wilds = byteOf(wild);
        const uint32_t lots = (uint32_t)(lotsOfWord(draw, word) >> (CHUNK * (laneIndex() % 8)));
        signs = (signs & ~(zeros | wilds)) | ((zeros | wilds) & lots);
        counts[0] += (uint32_t)__popc(zeros);
        counts[1] += (uint32_t)__popc(wilds);
    }
    return signs;
}

/* From a byte of either chunk: lane 4 q gets half q of the first, lane 4 q + 1 that of the second. */
DEVICE uint32_t halfOf(uint32_t first, uint32_t second) {
    const int lane = laneIndex();
    const bool isOdd = lane % 2 != 0;
    const uint32_t kept = isOdd ? second : first;
    const uint32_t got = __shfl_xor_sync(EVERY_LANE, isOdd ? first : second, 1);
    const uint32_t two = isOdd ? got | kept << 8 : kept | got << 8;
    const uint32_t placed = (lane & 2) != 0 ? two << 16 : two;
    return placed | __shfl_xor_sync(EVERY_LANE, placed, 2);
}

DEVICE Sixteen loadOneByOne(const uint16_t *values, int64_t first, int64_t n) {
    Sixteen chunk;
#pragma unroll
    for (int j = 0; j < 4; j++) {
        const int64_t i = first + 2 * j;
        const uint32_t low = i < n ? values[i] : SOME_POSITIVE;
        const uint32_t high = i + 1 < n ? values[i + 1] : SOME_POSITIVE;
        chunk.part[j] = low | high << 16;
    }
    return chunk;
}

template <uint32_t INFINITE>
DEVICE void packNarrow(
    const uint16_t *__restrict__ values, uint64_t *__restrict__ words, int64_t n, const Draw &zeros, uint64_t *totals) {
    constexpr int TILE = CHUNKS * SPAN;
    constexpr int HALVES = TILE / WARP;
    const bool isAligned = (uintptr_t)values % sizeof(Sixteen) == 0;
    const int64_t halfCount = 2 * wordsOf(n);
    const int lane = laneIndex();
    uint32_t counts[COUNTS] = {0, 0};
    for (int64_t tile = warpIndex(); tile * TILE < n; tile += warpCount()) {
        const int64_t first = tile * TILE + lane * CHUNK;
        Sixteen chunk[CHUNKS];
        if (isAligned && first + SPAN + CHUNK <= n) {
            chunk[0] = load16(values + first);
            chunk[1] = load16(values + first + SPAN);
        } else {
            chunk[0] = loadOneByOne(values, first, n);
            chunk[1] = loadOneByOne(values, first + SPAN, n);
        }
        const uint32_t byte0 = voteOfChunk<INFINITE>(chunk[0], first / LANES, zeros, counts);
        const uint32_t byte1 = voteOfChunk<INFINITE>(chunk[1], (first + SPAN) / LANES, zeros, counts);
        const uint32_t signs = halfOf(byte0, byte1);
        const int64_t half = tile * HALVES + lane % 2 * (HALVES / CHUNKS) + lane / 4;
        if ((lane & 2) == 0 && half < halfCount) {
            ((uint32_t *)words)[half] = signs;
        }
    }
    addCounts(counts, 2, totals);
}

extern "C" __global__ void __launch_bounds__(BLOCK) packSignsF16(
    const uint16_t *values, uint64_t *words, int64_t n, int32_t zeroPolicy, uint64_t zeroKey, int64_t firstWord,
    uint64_t *counts) {
    packNarrow<INFINITE_F16>(values, words, n, drawOf(zeroPolicy, zeroKey, firstWord), counts);
}

extern "C" __global__ void __launch_bounds__(BLOCK) packSignsBf16(
    const uint16_t *values, uint64_t *words, int64_t n, int32_t zeroPolicy, uint64_t zeroKey, int64_t firstWord,
    uint64_t *counts) {
    packNarrow<INFINITE_BF16>(values, words, n, drawOf(zeroPolicy, zeroKey, firstWord), counts);
}
