/*
 * The count of every lane against half of the ballots, one plane at a time from the most significant down:
 *
 *   where half has a 0:  above |= equal & plane, equal &= ~plane        where it has a 1:  equal &= plane
 *
 * The verdict is above; with an even number of ballots, equal lanes are ties and take their lot. The verdict may go to
 * plane 0: every word of every plane is read before the same word of the verdict is written.
 *
 * (planes + 1) / 8 bytes a coordinate, in cache: limited by loads, with random ties by their lots.
 */
#include "avx2.h"

/* Stores one word of the verdict and returns how many of its lanes tied. */
INLINE int32_t
conclude(void *words, int64_t w, uint64_t above, uint64_t equal, uint64_t in_use, int32_t ballots, draw ties) {
    const uint64_t tied = ballots & 1 ? 0 : equal & in_use;
    store_word(words, w, (above & in_use) | (tied == 0 ? 0 : tied & lots(ties, w)));
    return __builtin_popcountll(tied);
}

int32_t majority_scalar(const void *planes, int32_t plane_stride, void *words, int32_t n, int32_t ballots, draw ties) {
    const int32_t half = ballots >> 1;
    int32_t count = 0;
    int64_t w = 0;
    for (int64_t left = n; left > 0; left -= LANES, w++) {
        uint64_t above = 0;
        uint64_t equal = ~(uint64_t)0;
        for (int p = planes_of(ballots) - 1; p >= 0; p--) {
            const uint64_t plane = load_word(planes, (int64_t)p * plane_stride + w);
            if (half >> p & 1) {
                equal &= plane;
            } else {
                above |= equal & plane;
                equal &= ~plane;
            }
        }
        const uint64_t in_use = left < LANES ? ~(uint64_t)0 >> (LANES - left) : ~(uint64_t)0;
        count += conclude(words, w, above, equal, in_use, ballots, ties);
    }
    return count;
}

AVX2 int32_t
majority_avx2(const void *planes, int32_t plane_stride, void *words, int32_t n, int32_t ballots, draw ties) {
    const int32_t half = ballots >> 1;
    const int top = planes_of(ballots) - 1;
    const int64_t whole = n / (4 * LANES) * 4;
    const int32_t rest = (int32_t)(n - whole * LANES);
    int32_t count = 0;
    for (int64_t w = 0; w < whole; w += 4) {
        __m256i above = _mm256_setzero_si256();
        __m256i equal = _mm256_set1_epi64x(-1);
        for (int p = top; p >= 0; p--) {
            const __m256i plane = load256(const_word_at(planes, (int64_t)p * plane_stride + w));
            if (half >> p & 1) {
                equal = _mm256_and_si256(equal, plane);
            } else {
                above = _mm256_or_si256(above, _mm256_and_si256(equal, plane));
                equal = _mm256_andnot_si256(plane, equal);
            }
        }
        if (ballots & 1 || _mm256_testz_si256(equal, equal)) {
            store256(word_at(words, w), above);
            continue;
        }
        uint64_t lanes_above[4];
        uint64_t lanes_equal[4];
        store256(lanes_above, above);
        store256(lanes_equal, equal);
        for (int i = 0; i < 4; i++) {
            count += conclude(words, w + i, lanes_above[i], lanes_equal[i], ~(uint64_t)0, ballots, ties);
        }
    }
    if (rest != 0) {
        const void *const planes_left = const_word_at(planes, whole);
        void *const words_left = word_at(words, whole);
        count += majority_scalar(planes_left, plane_stride, words_left, rest, ballots, draw_from(ties, whole));
    }
    return count;
}
