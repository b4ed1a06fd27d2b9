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

/* What a word holds after its momentum has been advanced. */
AVX2 static lanes find_avx2(const float *gradients, const float *momentum) {
    lanes found = {0, 0, 0};
    for (int k = 0; k < 8; k++) {
        const __m256i v = load256(momentum + 8 * k);
        const __m256i odd = _mm256_or_si256(not_finite_avx2(load256(gradients + 8 * k)), not_finite_avx2(v));
        found.signs |= signs_avx2(v, k);
        found.zeros |= signs_avx2(_mm256_andnot_si256(odd, zero_avx2(v)), k);
        found.not_finite |= signs_avx2(odd, k);
    }
    return found;
}

AVX2 INLINE int64_t advance_word_avx2(
    const float *gradients, float *momentum, void *words, int64_t w, float beta, float one_minus_beta, draw zeros) {
    __m256i oddity = _mm256_setzero_si256();
    uint64_t signs = 0;
    for (int k = 0; k < 8; k++) {
        const __m256 g = _mm256_loadu_ps(gradients + 8 * k);
        const __m256 v = _mm256_loadu_ps(momentum + 8 * k);
        const __m256 kept = _mm256_mul_ps(_mm256_set1_ps(beta), v);
        const __m256 added = _mm256_mul_ps(_mm256_set1_ps(one_minus_beta), g);
        const __m256i stays = not_finite_avx2(_mm256_castps_si256(g));
        const __m256 next = _mm256_blendv_ps(_mm256_add_ps(kept, added), v, _mm256_castsi256_ps(stays));
        _mm256_storeu_ps(momentum + 8 * k, next);
        const __m256i bits = _mm256_castps_si256(next);
        signs |= signs_avx2(bits, k);
        oddity = _mm256_max_epu32(oddity, _mm256_or_si256(oddity_avx2(bits), stays));
    }
    if (__builtin_expect(!is_odd_avx2(oddity), 1)) {
        store_word(words, w, signs);
        return 0;
    }
    const lanes found = find_avx2(gradients, momentum);
    store_word(words, w, settle(found, zeros, w));
    return count_of(found);
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
