/*
 * v = beta v + (1 - beta) g where g is finite, else v stays; word = signs of 64 v. Lanes where v is zero, or g or v not
 * finite, take their lot instead. Two products and a sum, each rounded once: never fused.
 *
 * One pass: reads g and v, writes v and the word, 12.125 bytes a coordinate: limited by memory.
 */
#include "avx2.h"

static lanes advance_scalar(const float *gradients, float *momentum, int count, float beta, float one_minus_beta) {
    lanes found = {0, 0, 0};
    for (int lane = 0; lane < count; lane++) {
        const float g = gradients[lane];
        if ((bits_of(g) & MAGNITUDE_BITS) >= INFINITY_BITS) {
            found.not_finite |= (uint64_t)1 << lane;
            continue;
        }
        const float v = beta * momentum[lane] + one_minus_beta * g;
        momentum[lane] = v;
        const uint32_t bits = bits_of(v);
        const uint32_t magnitude = bits & MAGNITUDE_BITS;
        found.signs |= (uint64_t)(bits >> 31) << lane;
        found.zeros |= (uint64_t)(magnitude == 0) << lane;
        found.not_finite |= (uint64_t)(magnitude >= INFINITY_BITS) << lane;
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

AVX2 INLINE __m256 next_avx2(__m256 g, __m256 v, float beta, float one_minus_beta) {
    return _mm256_add_ps(_mm256_mul_ps(_mm256_set1_ps(beta), v), _mm256_mul_ps(_mm256_set1_ps(one_minus_beta), g));
}

AVX2 static int64_t advance_odd_word_avx2(
    const float *gradients, float *momentum, void *words, int64_t w, float beta, float one_minus_beta, draw zeros) {
    __m256i bits[8], zero[8], not_finite[8];
    for (int k = 0; k < 8; k++) {
        const __m256 g = _mm256_loadu_ps(gradients + 8 * k);
        const __m256 v = _mm256_loadu_ps(momentum + 8 * k);
        const __m256i stays = not_finite_avx2(_mm256_castps_si256(g));
        const __m256 next = _mm256_blendv_ps(next_avx2(g, v, beta, one_minus_beta), v, _mm256_castsi256_ps(stays));
        _mm256_storeu_ps(momentum + 8 * k, next);
        bits[k] = _mm256_castps_si256(next);
        not_finite[k] = _mm256_or_si256(stays, not_finite_avx2(bits[k]));
        zero[k] = _mm256_andnot_si256(not_finite[k], zero_avx2(bits[k]));
    }
    const lanes found = {word_avx2(bits), word_avx2(zero), word_avx2(not_finite)};
    store_word(words, w, settle(found, zeros, w));
    return count_of(found);
}

AVX2 INLINE int64_t advance_word_avx2(
    const float *gradients, float *momentum, void *words, int64_t w, float beta, float one_minus_beta, draw zeros) {
    __m256i bits[8];
    __m256i oddity = _mm256_setzero_si256();
    for (int k = 0; k < 8; k++) {
        const __m256 g = _mm256_loadu_ps(gradients + 8 * k);
        const __m256 v = _mm256_loadu_ps(momentum + 8 * k);
        bits[k] = _mm256_castps_si256(next_avx2(g, v, beta, one_minus_beta));
        oddity = _mm256_max_epu32(oddity, oddity_avx2(bits[k]));
    }
    /* a gradient that is not finite makes a next momentum that is not, whatever beta: it need not be looked for */
    if (__builtin_expect(is_odd_avx2(oddity), 0)) {
        return advance_odd_word_avx2(gradients, momentum, words, w, beta, one_minus_beta, zeros);
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
