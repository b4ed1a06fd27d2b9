/*
 * word = signs of 64 floats; lanes that are zero or not finite take their lot instead.
 *
 * Reads 4 bytes and writes 1/8 byte a coordinate: limited by memory. A word without zeros, the common case, costs one
 * running maximum; the masks of zeros are made only for a word that holds one.
 */
#include "avx2.h"

static lanes find_scalar(const float *values, int count) {
    lanes found = {0, 0, 0};
    for (int lane = 0; lane < count; lane++) {
        const uint32_t bits = bits_of(values[lane]);
        const uint32_t magnitude = bits & MAGNITUDE_BITS;
        found.signs |= (uint64_t)(bits >> 31) << lane;
        found.zeros |= (uint64_t)(magnitude == 0) << lane;
        found.not_finite |= (uint64_t)(magnitude >= INFINITY_BITS) << lane;
    }
    return found;
}

int64_t pack_signs_scalar(const float *values, void *words, int32_t n, draw zeros) {
    int64_t count = 0;
    int64_t w = 0;
    for (int64_t left = n; left > 0; left -= LANES, w++) {
        const lanes found = find_scalar(values + w * LANES, left < LANES ? (int)left : LANES);
        store_word(words, w, settle(found, zeros, w));
        count += count_of(found);
    }
    return count;
}

AVX2 static int64_t pack_odd_word_avx2(const float *values, void *words, int64_t w, draw zeros) {
    __m256i bits[8], zero[8], not_finite[8];
    for (int k = 0; k < 8; k++) {
        bits[k] = load256(values + 8 * k);
        zero[k] = zero_avx2(bits[k]);
        not_finite[k] = not_finite_avx2(bits[k]);
    }
    const lanes found = {word_avx2(bits), word_avx2(zero), word_avx2(not_finite)};
    store_word(words, w, settle(found, zeros, w));
    return count_of(found);
}

AVX2 INLINE int64_t pack_word_avx2(const float *values, void *words, int64_t w, draw zeros) {
    __m256i bits[8];
    __m256i oddity = _mm256_setzero_si256();
    for (int k = 0; k < 8; k++) {
        bits[k] = load256(values + 8 * k);
        oddity = _mm256_max_epu32(oddity, oddity_avx2(bits[k]));
    }
    if (__builtin_expect(is_odd_avx2(oddity), 0)) {
        return pack_odd_word_avx2(values, words, w, zeros);
    }
    store_word(words, w, word_avx2(bits));
    return 0;
}

AVX2 int64_t pack_signs_avx2(const float *values, void *words, int32_t n, draw zeros) {
    const int64_t whole = n / LANES;
    const int rest = n % LANES;
    int64_t count = 0;
    for (int64_t w = 0; w < whole; w++) {
        count += pack_word_avx2(values + w * LANES, words, w, zeros);
    }
    if (rest != 0) {
        count += pack_signs_scalar(values + whole * LANES, word_at(words, whole), rest, draw_from(zeros, whole));
    }
    return count;
}
