/* Helpers of the AVX2 tier: eight lanes to a vector, eight vectors to a word. */
#ifndef SIGNVOTE_AVX2_H
#define SIGNVOTE_AVX2_H

#include "words.h"
#include <immintrin.h>

AVX2 INLINE __m256i load256(const void *address) {
    return _mm256_loadu_si256((const __m256i *)address);
}

AVX2 INLINE void store256(void *address, __m256i value) {
    _mm256_storeu_si256((__m256i *)address, value);
}

AVX2 INLINE __m256i magnitude_avx2(__m256i bits) {
    return _mm256_and_si256(bits, _mm256_set1_epi32(MAGNITUDE_BITS));
}

/* All ones where a lane is infinite or NaN. */
AVX2 INLINE __m256i not_finite_avx2(__m256i bits) {
    return _mm256_cmpgt_epi32(magnitude_avx2(bits), _mm256_set1_epi32(INFINITY_BITS - 1));
}

/* All ones where a magnitude is below the smallest normal float. */
AVX2 INLINE __m256i below_normal_avx2(__m256i magnitude) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(SMALLEST_NORMAL_BITS), magnitude);
}

/* All ones where a lane is a zero of either sign. */
AVX2 INLINE __m256i zero_avx2(__m256i bits) {
    return _mm256_cmpeq_epi32(magnitude_avx2(bits), _mm256_setzero_si256());
}

/*
 * Magnitude - 1, as unsigned: a zero wraps to the top, above all that is finite, so that one running maximum tells
 * whether a word holds anything special.
 */
AVX2 INLINE __m256i oddity_avx2(__m256i bits) {
    return _mm256_add_epi32(magnitude_avx2(bits), _mm256_set1_epi32(-1));
}

/* Whether a running maximum of oddities met a zero or something not finite. */
AVX2 INLINE int is_odd_avx2(__m256i oddity) {
    const __m256i least = _mm256_set1_epi32(INFINITY_BITS - 1);
    return _mm256_movemask_epi8(_mm256_cmpeq_epi32(_mm256_max_epu32(oddity, least), oddity));
}

AVX2 INLINE int any_avx2(__m256i mask) {
    return _mm256_movemask_epi8(mask);
}

/* Four vectors narrowed to bytes, each saturated, and put back in order: cheaper than four masks of eight bits. */
AVX2 INLINE __m256i bytes_avx2(const __m256i bits[4]) {
    const __m256i low = _mm256_packs_epi32(bits[0], bits[1]);
    const __m256i high = _mm256_packs_epi32(bits[2], bits[3]);
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    return _mm256_permutevar8x32_epi32(_mm256_packs_epi16(low, high), order);
}

/* The top bits of the bytes of two vectors. */
AVX2 INLINE uint64_t word_of_bytes_avx2(__m256i low, __m256i high) {
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

/* The sign bits of the eight vectors of a word. */
AVX2 INLINE uint64_t word_avx2(const __m256i bits[8]) {
    return word_of_bytes_avx2(bytes_avx2(bits), bytes_avx2(bits + 4));
}

/* Lanes 8k to 8k + 7 of a word as floats, -1 for a bit of 1, else +1: each lane shifts its own bit up to the sign. */
AVX2 INLINE __m256 signed_ones_avx2(uint64_t word, int k) {
    const int bit = 31 - 8 * (k % 4);
    const __m256i half = _mm256_set1_epi32((int32_t)(uint32_t)(word >> (k / 4 * 32)));
    const __m256i up = _mm256_setr_epi32(bit, bit - 1, bit - 2, bit - 3, bit - 4, bit - 5, bit - 6, bit - 7);
    const __m256 chosen = _mm256_castsi256_ps(_mm256_sllv_epi32(half, up));
    return _mm256_blendv_ps(_mm256_set1_ps(1.0f), _mm256_set1_ps(-1.0f), chosen);
}

#endif
