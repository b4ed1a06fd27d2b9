/*
 * word = signs of 64 floats; lanes that are zero or not finite take their lot instead.
 *
 * Reads the floats and writes 1/8 byte a coordinate: limited by memory. A word without zeros, the common case, costs
 * one running maximum; the masks of zeros are made only for a word that holds one. All types go the same way, as bits
 * of a binary32 with the same sign that is a zero or not finite where the value is.
 */
#include "halves.h"

#define MAGNITUDE_BITS64 INT64_MAX
#define INFINITY_BITS64 0x7FF0000000000000
#define ONE_BITS 0x3F800000

/* In these functions type is a constant at every call. */
INLINE uint32_t lane_bits(const int32_t type, const void *values, int64_t i) {
    switch (type) {
    case TYPE_FLOAT16:
        return bits_of(float_of_float16(((const uint16_t *)values)[i]));
    case TYPE_BFLOAT16:
        return (uint32_t)((const uint16_t *)values)[i] << 16;
    case TYPE_FLOAT64: {
        const int64_t bits = ((const int64_t *)values)[i];
        const int64_t magnitude = bits & MAGNITUDE_BITS64;
        const uint32_t kind = magnitude == 0 ? 0 : magnitude < INFINITY_BITS64 ? ONE_BITS : INFINITY_BITS;
        return ((uint32_t)((uint64_t)bits >> 32) & ~MAGNITUDE_BITS) | kind;
    }
    default:
        return ((const uint32_t *)values)[i];
    }
}

INLINE lanes find_scalar(const int32_t type, const void *values, int64_t from, int count) {
    lanes found = {0, 0, 0};
    for (int lane = 0; lane < count; lane++) {
        const uint32_t bits = lane_bits(type, values, from + lane);
        const uint32_t magnitude = bits & MAGNITUDE_BITS;
        found.signs |= (uint64_t)(bits >> 31) << lane;
        found.zeros |= (uint64_t)(magnitude == 0) << lane;
        found.not_finite |= (uint64_t)(magnitude >= INFINITY_BITS) << lane;
    }
    return found;
}

/* Packs the words from w on. */
INLINE int64_t
pack_words_scalar(const int32_t type, const void *values, void *words, int64_t w, int32_t n, draw zeros) {
    int64_t count = 0;
    for (int64_t left = n - w * LANES; left > 0; left -= LANES, w++) {
        const lanes found = find_scalar(type, values, w * LANES, left < LANES ? (int)left : LANES);
        store_word(words, w, settle(found, zeros, w));
        count += count_of(found);
    }
    return count;
}

/* Four doubles, as bits of a binary32 in the upper halves of the lanes. */
AVX2 INLINE __m256 kinds_of_doubles_avx2(const int64_t *values) {
    const __m256i bits = load256(values);
    const __m256i magnitude = _mm256_and_si256(bits, _mm256_set1_epi64x(MAGNITUDE_BITS64));
    const __m256i is_zero = _mm256_cmpeq_epi64(magnitude, _mm256_setzero_si256());
    const __m256i not_finite = _mm256_cmpgt_epi64(magnitude, _mm256_set1_epi64x(INFINITY_BITS64 - 1));
    const __m256i one = _mm256_set1_epi32(ONE_BITS);
    const __m256i kind = _mm256_blendv_epi8(one, _mm256_set1_epi32(INFINITY_BITS), not_finite);
    const __m256i sign = _mm256_andnot_si256(_mm256_set1_epi32(MAGNITUDE_BITS), bits);
    return _mm256_castsi256_ps(_mm256_or_si256(sign, _mm256_andnot_si256(is_zero, kind)));
}

/* The bits of eight lanes. */
AVX2 INLINE __m256i lane_bits_avx2(const int32_t type, const void *values, int64_t i) {
    switch (type) {
    case TYPE_FLOAT16:
    case TYPE_BFLOAT16:
        return _mm256_castps_si256(widened_avx2(type, (const uint16_t *)values + i));
    case TYPE_FLOAT64: {
        const __m256 low = kinds_of_doubles_avx2((const int64_t *)values + i);
        const __m256 high = kinds_of_doubles_avx2((const int64_t *)values + i + 4);
        const __m256 mixed = _mm256_shuffle_ps(low, high, _MM_SHUFFLE(3, 1, 3, 1));
        return _mm256_permute4x64_epi64(_mm256_castps_si256(mixed), _MM_SHUFFLE(3, 1, 2, 0));
    }
    default:
        return load256((const uint32_t *)values + i);
    }
}

AVX2 INLINE int64_t pack_odd_word_avx2(const int32_t type, const void *values, void *words, int64_t w, draw zeros) {
    __m256i bits[8], zero[8], not_finite[8];
    for (int k = 0; k < 8; k++) {
        bits[k] = lane_bits_avx2(type, values, w * LANES + 8 * k);
        zero[k] = zero_avx2(bits[k]);
        not_finite[k] = not_finite_avx2(bits[k]);
    }
    const lanes found = {word_avx2(bits), word_avx2(zero), word_avx2(not_finite)};
    store_word(words, w, settle(found, zeros, w));
    return count_of(found);
}

AVX2 INLINE int64_t pack_word_avx2(const int32_t type, const void *values, void *words, int64_t w, draw zeros) {
    __m256i bits[8];
    __m256i oddity = _mm256_setzero_si256();
    for (int k = 0; k < 8; k++) {
        bits[k] = lane_bits_avx2(type, values, w * LANES + 8 * k);
        oddity = _mm256_max_epu32(oddity, oddity_avx2(bits[k]));
    }
    if (__builtin_expect(is_odd_avx2(oddity), 0)) {
        return pack_odd_word_avx2(type, values, words, w, zeros);
    }
    store_word(words, w, word_avx2(bits));
    return 0;
}

AVX2 INLINE int64_t pack_words_avx2(const int32_t type, const void *values, void *words, int32_t n, draw zeros) {
    const int64_t whole = n / LANES;
    int64_t count = 0;
    for (int64_t w = 0; w < whole; w++) {
        count += pack_word_avx2(type, values, words, w, zeros);
    }
    return count + pack_words_scalar(type, values, words, whole, n, zeros);
}

int64_t pack_signs_scalar(int32_t type, const void *values, void *words, int32_t n, draw zeros) {
    switch (type) {
    case TYPE_FLOAT16:
        return pack_words_scalar(TYPE_FLOAT16, values, words, 0, n, zeros);
    case TYPE_BFLOAT16:
        return pack_words_scalar(TYPE_BFLOAT16, values, words, 0, n, zeros);
    case TYPE_FLOAT64:
        return pack_words_scalar(TYPE_FLOAT64, values, words, 0, n, zeros);
    default:
        return pack_words_scalar(TYPE_FLOAT32, values, words, 0, n, zeros);
    }
}

AVX2 int64_t pack_signs_avx2(int32_t type, const void *values, void *words, int32_t n, draw zeros) {
    switch (type) {
    case TYPE_FLOAT16:
        return pack_words_avx2(TYPE_FLOAT16, values, words, n, zeros);
    case TYPE_BFLOAT16:
        return pack_words_avx2(TYPE_BFLOAT16, values, words, n, zeros);
    case TYPE_FLOAT64:
        return pack_words_avx2(TYPE_FLOAT64, values, words, n, zeros);
    default:
        return pack_words_avx2(TYPE_FLOAT32, values, words, n, zeros);
    }
}
