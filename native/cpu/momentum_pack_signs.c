/*
 * v = beta v + (1 - beta) g where g is finite, else v stays; word = signs of 64 v. Two products and a sum, each rounded
 * once: never fused. A new v below the smallest normal float is written as +0. Lanes where v is zero, or g or v not
 * finite, take their lot instead.
 *
 * One pass: reads g and v, writes v and the word, 12.125 bytes a coordinate: limited by memory. When a tenth of the
 * coordinates is dead, nearly every word has a zero. So words with zeros load and compute nothing twice.
 */
#include "avx2.h"

static lanes advance_scalar(const float *gradients, float *momentum, int count, float beta, float one_minus_beta) {
    lanes found = {0, 0, 0};
    /* from the last lane down, so that each joins by a shift of one */
    for (int lane = count - 1; lane >= 0; lane--) {
        const float g = gradients[lane];
        const uint32_t sum = bits_of(beta * momentum[lane] + one_minus_beta * g);
        const uint32_t magnitude = sum & MAGNITUDE_BITS;
        const uint32_t is_zero = magnitude < SMALLEST_NORMAL_BITS;
        if ((bits_of(g) & MAGNITUDE_BITS) < INFINITY_BITS) {
            const uint32_t next = sum & (is_zero - 1); /* a branch would be guessed wrong */
            memcpy(momentum + lane, &next, 4);
        }
        /* a gradient that is not finite makes a sum that is not, whatever beta */
        found.signs = found.signs << 1 | sum >> 31;
        found.zeros = found.zeros << 1 | is_zero;
        found.not_finite = found.not_finite << 1 | (magnitude >= INFINITY_BITS);
    }
    return found;
}

int64_t momentum_pack_signs_scalar(
    const float *gradients, float *momentum, void *words, int32_t n, float beta, float one_minus_beta, draw zeros) {
    int64_t count = 0;
    int64_t w = 0;
    for (int64_t left = n; left > 0; left -= LANES, w++) {
        const int64_t at = w * LANES;
        const int lane_count = left < LANES ? (int)left : LANES;
        const lanes found = advance_scalar(gradients + at, momentum + at, lane_count, beta, one_minus_beta);
        store_word(words, w, settle(found, zeros, w));
        count += count_of(found);
    }
    return count;
}

AVX2 INLINE __m256i next_avx2(__m256 g, __m256 v, float beta, float one_minus_beta) {
    const __m256 decayed = _mm256_mul_ps(_mm256_set1_ps(beta), v);
    return _mm256_castps_si256(_mm256_add_ps(decayed, _mm256_mul_ps(_mm256_set1_ps(one_minus_beta), g)));
}

AVX2 INLINE __m256i flushed_avx2(__m256i bits) {
    return _mm256_andnot_si256(below_normal_avx2(magnitude_avx2(bits)), bits);
}

AVX2 RARE int64_t advance_not_finite_word_avx2(
    const float *gradients, float *momentum, void *words, int64_t w, float beta, float one_minus_beta, draw zeros) {
    __m256i bits[8], zero[8], not_finite[8];
    for (int k = 0; k < 8; k++) {
        const __m256 g = _mm256_loadu_ps(gradients + 8 * k);
        const __m256 v = _mm256_loadu_ps(momentum + 8 * k);
        const __m256i stays = not_finite_avx2(_mm256_castps_si256(g));
        const __m256i next = flushed_avx2(next_avx2(g, v, beta, one_minus_beta));
        bits[k] = _mm256_blendv_epi8(next, _mm256_castps_si256(v), stays);
        store256(momentum + 8 * k, bits[k]);
        not_finite[k] = _mm256_or_si256(stays, not_finite_avx2(bits[k]));
        zero[k] = _mm256_andnot_si256(not_finite[k], zero_avx2(bits[k]));
    }
    const lanes found = {word_avx2(bits), word_avx2(zero), word_avx2(not_finite)};
    store_word(words, w, settle(found, zeros, w));
    return count_of(found);
}

/* The new momenta of a word, all finite, of which some become zeros. */
AVX2 INLINE int64_t store_word_with_zeros_avx2(__m256i bits[8], float *momentum, void *words, int64_t w, draw zeros) {
    for (int k = 0; k < 8; k++) {
        bits[k] = flushed_avx2(bits[k]);
        store256(momentum + 8 * k, bits[k]);
    }
    /* normal floats saturate to -128 or 127, so that a byte tells a zero too */
    const __m256i low = bytes_avx2(bits);
    const __m256i high = bytes_avx2(bits + 4);
    const __m256i zero = _mm256_setzero_si256();
    const uint64_t found = word_of_bytes_avx2(_mm256_cmpeq_epi8(low, zero), _mm256_cmpeq_epi8(high, zero));
    store_word(words, w, word_of_bytes_avx2(low, high) | (found & lots(zeros, w)));
    return __builtin_popcountll(found);
}

AVX2 INLINE int64_t advance_word_avx2(
    const float *gradients, float *momentum, void *words, int64_t w, float beta, float one_minus_beta, draw zeros) {
    __m256i bits[8];
    __m256i least = _mm256_set1_epi32(MAGNITUDE_BITS);
    __m256i most = _mm256_setzero_si256();
    for (int k = 0; k < 8; k++) {
        const __m256 g = _mm256_loadu_ps(gradients + 8 * k);
        const __m256 v = _mm256_loadu_ps(momentum + 8 * k);
        bits[k] = next_avx2(g, v, beta, one_minus_beta);
        const __m256i magnitude = magnitude_avx2(bits[k]);
        least = _mm256_min_epi32(least, magnitude);
        most = _mm256_max_epi32(most, magnitude);
    }
    /* again, a gradient that is not finite need not be looked for */
    if (__builtin_expect(any_avx2(not_finite_avx2(most)), 0)) {
        return advance_not_finite_word_avx2(gradients, momentum, words, w, beta, one_minus_beta, zeros);
    }
    if (__builtin_expect(any_avx2(below_normal_avx2(least)), 0)) {
        return store_word_with_zeros_avx2(bits, momentum, words, w, zeros);
    }
    for (int k = 0; k < 8; k++) {
        store256(momentum + 8 * k, bits[k]);
    }
    store_word(words, w, word_avx2(bits));
    return 0;
}

AVX2 int64_t momentum_pack_signs_avx2(
    const float *gradients, float *momentum, void *words, int32_t n, float beta, float one_minus_beta, draw zeros) {
    const int64_t whole = n / LANES;
    const int rest = n % LANES;
    int64_t count = 0;
    for (int64_t w = 0; w < whole; w++) {
        const int64_t at = w * LANES;
        count += advance_word_avx2(gradients + at, momentum + at, words, w, beta, one_minus_beta, zeros);
    }
    if (rest != 0) {
        const int64_t at = whole * LANES;
        count += momentum_pack_signs_scalar(
            gradients + at, momentum + at, word_at(words, whole), rest, beta, one_minus_beta, draw_from(zeros, whole));
    }
    return count;
}
