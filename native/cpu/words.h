/* Words of 64 packed signs, and the lots of io.signvote.bits.Lot. Words stand at any alignment, hence the memcpy. */
#ifndef SIGNVOTE_WORDS_H
#define SIGNVOTE_WORDS_H

#include "kernels.h"
#include <string.h>

#define LANES 64

#define MAGNITUDE_BITS 0x7FFFFFFFu
#define INFINITY_BITS 0x7F800000u
#define SMALLEST_NORMAL_BITS 0x00800000u

/* Marks the functions of the AVX2 tier. FMA is not among its instructions: every operation rounds once. */
#define AVX2 __attribute__((target("avx2,f16c,popcnt")))
#define INLINE static inline __attribute__((always_inline))
/* For what is rare: inlined, it would take registers from the loop around it. */
#define RARE static __attribute__((noinline, cold))

/* What the lanes of one word of a ballot hold; zeros and not_finite are disjoint. */
typedef struct {
    uint64_t signs;
    uint64_t zeros;
    uint64_t not_finite;
} lanes;

INLINE void *word_at(void *words, int64_t index) {
    return (char *)words + 8 * index;
}

INLINE const void *const_word_at(const void *words, int64_t index) {
    return (const char *)words + 8 * index;
}

INLINE uint64_t load_word(const void *words, int64_t index) {
    uint64_t word;
    memcpy(&word, const_word_at(words, index), 8);
    return word;
}

INLINE void store_word(void *words, int64_t index, uint64_t word) {
    memcpy(word_at(words, index), &word, 8);
}

INLINE uint32_t bits_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return bits;
}

INLINE float float_of(uint32_t bits) {
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

INLINE uint64_t mix(uint64_t z) {
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* 64 lots of the word at an index of this piece. */
INLINE uint64_t lots(draw from, int64_t index) {
    switch (from.policy) {
    case POLICY_RANDOM:
        return mix(from.key + (from.first_word + (uint64_t)index + 1) * 0x9E3779B97F4A7C15u);
    case POLICY_NEGATIVE:
        return ~(uint64_t)0;
    default:
        return 0;
    }
}

/* The same lots for a piece that begins some words later. */
INLINE draw draw_from(draw from, int64_t words) {
    from.first_word += (uint64_t)words;
    return from;
}

/* The word to store, once zeros and what is not finite have drawn their lots. */
INLINE uint64_t settle(lanes found, draw zeros, int64_t index) {
    const uint64_t drawing = found.zeros | found.not_finite;
    return (found.signs & ~drawing) | (drawing & lots(zeros, index));
}

/* Zeros in the low, not finite in the high 32 bits. */
INLINE int64_t count_of(lanes found) {
    return __builtin_popcountll(found.zeros) + ((int64_t)__builtin_popcountll(found.not_finite) << 32);
}

/* Planes that count up to a number of ballots. */
INLINE int planes_of(int32_t ballots) {
    return ballots == 0 ? 0 : 32 - __builtin_clz((uint32_t)ballots);
}

#endif
