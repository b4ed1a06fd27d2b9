/* Floats of 16 bits as binary32, and back, rounded to nearest even: the bits of io.signvote.bits.Halves. */
#ifndef SIGNVOTE_HALVES_H
#define SIGNVOTE_HALVES_H

#include "avx2.h"

#define QUIET_BITS 0x00400000u
/* The exponents of binary32 and binary16 differ by this, in bits of a binary32. */
#define REBIAS (112u << 23)

INLINE float float_of_float16(uint16_t half) {
    const uint32_t sign = (uint32_t)(half & 0x8000) << 16;
    const uint32_t exponent = half >> 10 & 0x1F;
    const uint32_t fraction = half & 0x3FF;
    const uint32_t normal = ((uint32_t)(half & 0x7FFF) << 13) + REBIAS;
    const uint32_t denormal = bits_of((float)(int32_t)fraction * 0x1p-24f);
    const uint32_t special = INFINITY_BITS | (fraction != 0 ? QUIET_BITS : 0) | fraction << 13;
    return float_of(sign | (exponent == 0 ? denormal : exponent == 0x1F ? special : normal));
}

INLINE uint16_t float16_of_float(float value) {
    const uint32_t sign = bits_of(value) >> 16 & 0x8000;
    const uint32_t bits = bits_of(value) & MAGNITUDE_BITS;
    if (bits > INFINITY_BITS) {
        return (uint16_t)(sign | 0x7E00 | (bits & 0x007FFFFF) >> 13);
    }
    if (bits >= bits_of(65520.0f)) {
        return (uint16_t)(sign | 0x7C00);
    }
    if (bits < bits_of(0x1p-14f)) {
        /* at 0.5 the last digit of a binary32 is 2^-24, the least binary16: the addition rounds */
        return (uint16_t)(sign | (bits_of(float_of(bits) + 0.5f) - bits_of(0.5f)));
    }
    return (uint16_t)(sign | (bits - REBIAS + 0xFFF + (bits >> 13 & 1)) >> 13);
}

INLINE float float_of_bfloat16(uint16_t half) {
    return float_of((uint32_t)half << 16);
}

INLINE uint16_t bfloat16_of_float(float value) {
    const uint32_t bits = bits_of(value);
    const uint32_t rounded = bits + 0x7FFF + (bits >> 16 & 1);
    return (uint16_t)(((bits & MAGNITUDE_BITS) > INFINITY_BITS ? bits | QUIET_BITS : rounded) >> 16);
}

/* Eight floats of 16 bits, widened; type is a constant at every call. */
AVX2 INLINE __m256 widened_avx2(const int32_t type, const uint16_t *halves) {
    const __m128i narrow = _mm_loadu_si128((const __m128i *)halves);
    return type == TYPE_FLOAT16 ? _mm256_cvtph_ps(narrow)
                                : _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(narrow), 16));
}

/* Eight floats as bfloat16, in the upper halves of the lanes. */
AVX2 INLINE __m256i rounded_bfloat16_avx2(__m256 values) {
    const __m256i bits = _mm256_castps_si256(values);
    const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    const __m256i rounded = _mm256_add_epi32(_mm256_add_epi32(bits, _mm256_set1_epi32(0x7FFF)), odd);
    const __m256i quiet = _mm256_or_si256(bits, _mm256_set1_epi32(QUIET_BITS));
    const __m256i is_nan = _mm256_castps_si256(_mm256_cmp_ps(values, values, _CMP_UNORD_Q));
    return _mm256_blendv_epi8(rounded, quiet, is_nan);
}

/* Eight floats narrowed; type is a constant at every call. */
AVX2 INLINE __m128i narrowed_avx2(const int32_t type, __m256 values) {
    if (type == TYPE_FLOAT16) {
        return _mm256_cvtps_ph(values, _MM_FROUND_TO_NEAREST_INT);
    }
    const __m256i upper = _mm256_srli_epi32(rounded_bfloat16_avx2(values), 16);
    return _mm_packus_epi32(_mm256_castsi256_si128(upper), _mm256_extracti128_si256(upper, 1));
}

#endif
