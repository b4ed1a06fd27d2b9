/*
 * value = -1 for a bit of 1, else +1.
 *
 * Reads 1/8 byte a coordinate and writes the floats: limited by memory.
 */
#include "halves.h"

/* A loop of the scalar tier over the lanes from i on. */
#define UNPACK(name, type, plus, minus)                                                                                \
    static void unpack_##name##_scalar(const void *words, type *values, int64_t i, int32_t n) {                        \
        for (; i < n; i++) {                                                                                           \
            values[i] = load_word(words, i / LANES) >> (i % LANES) & 1 ? minus : plus;                                 \
        }                                                                                                              \
    }

UNPACK(float16, uint16_t, 0x3C00, 0xBC00)
UNPACK(bfloat16, uint16_t, 0x3F80, 0xBF80)
UNPACK(float32, float, 1.0f, -1.0f)
UNPACK(float64, double, 1.0, -1.0)

void unpack_signs_scalar(int32_t type, const void *words, void *values, int32_t n) {
    switch (type) {
    case TYPE_FLOAT16:
        unpack_float16_scalar(words, values, 0, n);
        break;
    case TYPE_BFLOAT16:
        unpack_bfloat16_scalar(words, values, 0, n);
        break;
    case TYPE_FLOAT64:
        unpack_float64_scalar(words, values, 0, n);
        break;
    default:
        unpack_float32_scalar(words, values, 0, n);
    }
}

/* Sixteen lanes of 16 bits: each tests its own bit. */
AVX2 INLINE void unpack_halves_avx2(const void *words, uint16_t *values, int64_t whole, const uint16_t plus) {
    const __m256i own = _mm256_setr_epi16(
        1, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 8, 1 << 9, 1 << 10, 1 << 11, 1 << 12, 1 << 13,
        1 << 14, (int16_t)(1 << 15));
    const __m256i sign = _mm256_set1_epi16(INT16_MIN);
    for (int64_t w = 0; w < whole; w++) {
        const uint64_t word = load_word(words, w);
        for (int k = 0; k < 4; k++) {
            const __m256i bits = _mm256_and_si256(_mm256_set1_epi16((int16_t)(uint16_t)(word >> 16 * k)), own);
            const __m256i is_minus = _mm256_and_si256(_mm256_cmpeq_epi16(bits, own), sign);
            store256(values + w * LANES + 16 * k, _mm256_or_si256(is_minus, _mm256_set1_epi16((int16_t)plus)));
        }
    }
}

AVX2 static void unpack_doubles_avx2(const void *words, double *values, int64_t whole) {
    for (int64_t w = 0; w < whole; w++) {
        const uint64_t word = load_word(words, w);
        for (int k = 0; k < 8; k++) {
            const __m256 ones = signed_ones_avx2(word, k);
            double *const at = values + w * LANES + 8 * k;
            _mm256_storeu_pd(at, _mm256_cvtps_pd(_mm256_castps256_ps128(ones)));
            _mm256_storeu_pd(at + 4, _mm256_cvtps_pd(_mm256_extractf128_ps(ones, 1)));
        }
    }
}

AVX2 static void unpack_floats_avx2(const void *words, float *values, int64_t whole) {
    for (int64_t w = 0; w < whole; w++) {
        const uint64_t word = load_word(words, w);
        for (int k = 0; k < 8; k++) {
            _mm256_storeu_ps(values + w * LANES + 8 * k, signed_ones_avx2(word, k));
        }
    }
}

AVX2 void unpack_signs_avx2(int32_t type, const void *words, void *values, int32_t n) {
    const int64_t whole = n / LANES;
    const int64_t done = whole * LANES;
    switch (type) {
    case TYPE_FLOAT16:
        unpack_halves_avx2(words, values, whole, 0x3C00);
        unpack_float16_scalar(words, values, done, n);
        break;
    case TYPE_BFLOAT16:
        unpack_halves_avx2(words, values, whole, 0x3F80);
        unpack_bfloat16_scalar(words, values, done, n);
        break;
    case TYPE_FLOAT64:
        unpack_doubles_avx2(words, values, whole);
        unpack_float64_scalar(words, values, done, n);
        break;
    default:
        unpack_floats_avx2(words, values, whole);
        unpack_float32_scalar(words, values, done, n);
    }
}
