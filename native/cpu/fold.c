/*
 * target = target op source, element by element. The source has floats of 16 bits where the target has floats.
 *
 * One loop for each reduction and type, which the compiler vectorises for each tier. Floats of 16 bits are the
 * exception: the AVX2 tier converts them by instructions of their own. The least and greatest floats are found as
 * integers, so that -0 is below +0, and any NaN gives one NaN.
 *
 * Reads both and writes the target: limited by memory. Only the products of 64 bits take more than a few instructions.
 */
#include "halves.h"

#define CANONICAL_NAN 0x7FC00000
#define CANONICAL_NAN64 0x7FF8000000000000
#define INFINITY_BITS64 0x7FF0000000000000

/* Bits of floats in the order of their values, -0 below +0. Its own inverse. A NaN is outside of the infinities. */
INLINE int32_t ordered(int32_t bits) {
    return bits < 0 ? bits ^ INT32_MAX : bits;
}

INLINE int64_t ordered64(int64_t bits) {
    return bits < 0 ? bits ^ INT64_MAX : bits;
}

INLINE float extreme(float a, float b, const int is_least) {
    const int32_t x = ordered((int32_t)bits_of(a));
    const int32_t y = ordered((int32_t)bits_of(b));
    const int32_t low = x < y ? x : y;
    const int32_t high = x < y ? y : x;
    const int32_t found = ordered(is_least ? low : high);
    const int has_nan = (high > (int32_t)INFINITY_BITS) | (low < ~(int32_t)INFINITY_BITS);
    return float_of((uint32_t)(has_nan ? CANONICAL_NAN : found));
}

INLINE int64_t extreme64(int64_t a, int64_t b, const int is_least) {
    const int64_t x = ordered64(a);
    const int64_t y = ordered64(b);
    const int64_t low = x < y ? x : y;
    const int64_t high = x < y ? y : x;
    const int64_t found = ordered64(is_least ? low : high);
    const int has_nan = (high > INFINITY_BITS64) | (low < ~INFINITY_BITS64);
    return has_nan ? CANONICAL_NAN64 : found;
}

typedef void loop_fn(const void *restrict source, void *restrict target, int64_t n);

/* A loop over a, of the target, and b, of the source. */
#define LOOP(tier, isa, name, source_type, target_type, combined)                                                      \
    isa static void name##_##tier(const void *restrict source, void *restrict target, int64_t n) {                     \
        const source_type *const from = source;                                                                        \
        target_type *const to = target;                                                                                \
        for (int64_t i = 0; i < n; i++) {                                                                              \
            const source_type b = from[i];                                                                             \
            const target_type a = to[i];                                                                               \
            to[i] = (target_type)(combined);                                                                           \
        }                                                                                                              \
    }

#define LOOPS(name, type, combined)                                                                                    \
    LOOP(scalar, , name, type, type, combined)                                                                         \
    LOOP(avx2, AVX2, name, type, type, combined)

#define LEAST(a, b) ((a) < (b) ? (a) : (b))
#define GREATEST(a, b) ((a) < (b) ? (b) : (a))

LOOPS(sum_float64, double, (a + b))
LOOPS(sum_int8, uint8_t, (a + b))
LOOPS(sum_int32, uint32_t, (a + b))
LOOPS(sum_int64, uint64_t, (a + b))

LOOPS(prod_float32, float, (a * b))
LOOPS(prod_float64, double, (a * b))
LOOPS(prod_int8, uint8_t, (a * b))
LOOPS(prod_int32, uint32_t, (a * b))
LOOPS(prod_int64, uint64_t, (a * b))

LOOPS(min_float32, float, extreme(a, b, 1))
LOOPS(min_float64, int64_t, extreme64(a, b, 1))
LOOPS(min_int8, int8_t, LEAST(a, b))
LOOPS(min_uint8, uint8_t, LEAST(a, b))
LOOPS(min_int32, int32_t, LEAST(a, b))
LOOPS(min_int64, int64_t, LEAST(a, b))

LOOPS(max_float32, float, extreme(a, b, 0))
LOOPS(max_float64, int64_t, extreme64(a, b, 0))
LOOPS(max_int8, int8_t, GREATEST(a, b))
LOOPS(max_uint8, uint8_t, GREATEST(a, b))
LOOPS(max_int32, int32_t, GREATEST(a, b))
LOOPS(max_int64, int64_t, GREATEST(a, b))

LOOPS(band, uint8_t, (a & b))
LOOPS(bor, uint8_t, (a | b))
LOOPS(bxor, uint8_t, (a ^ b))

/* Floats of 16 bits onto floats. */
#define HALVES(type)                                                                                                   \
    LOOP(scalar, , sum_##type, uint16_t, float, (a + float_of_##type(b)))                                              \
    LOOP(scalar, , prod_##type, uint16_t, float, (a * float_of_##type(b)))                                             \
    LOOP(scalar, , min_##type, uint16_t, float, extreme(a, float_of_##type(b), 1))                                     \
    LOOP(scalar, , max_##type, uint16_t, float, extreme(a, float_of_##type(b), 0))

HALVES(float16)
HALVES(bfloat16)

/*
 * If two lanes are zeros, or one is NaN, then minps and maxps give the second. Of the results for both orders, the or
 * holds -0 if a lane does, and the and +0. Elsewhere both orders give the same.
 */
AVX2 INLINE __m256 combined_avx2(const int32_t op, __m256 a, __m256 b) {
    const __m256 nan = _mm256_castsi256_ps(_mm256_set1_epi32(CANONICAL_NAN));
    const __m256 has_nan = _mm256_cmp_ps(a, b, _CMP_UNORD_Q);
    switch (op) {
    case OP_SUM:
        return _mm256_add_ps(a, b);
    case OP_PROD:
        return _mm256_mul_ps(a, b);
    case OP_MIN:
        return _mm256_blendv_ps(_mm256_or_ps(_mm256_min_ps(a, b), _mm256_min_ps(b, a)), nan, has_nan);
    default:
        return _mm256_blendv_ps(_mm256_and_ps(_mm256_max_ps(a, b), _mm256_max_ps(b, a)), nan, has_nan);
    }
}

#define HALVES_AVX2(name, op, type)                                                                                    \
    AVX2 static void name##_avx2(const void *source, void *target, int64_t n) {                                        \
        const uint16_t *const from = source;                                                                           \
        float *const to = target;                                                                                      \
        const int64_t whole = n & ~(int64_t)7;                                                                         \
        for (int64_t i = 0; i < whole; i += 8) {                                                                       \
            const __m256 b = widened_avx2(type, from + i);                                                             \
            _mm256_storeu_ps(to + i, combined_avx2(op, _mm256_loadu_ps(to + i), b));                                   \
        }                                                                                                              \
        name##_scalar(from + whole, to + whole, n - whole);                                                            \
    }

HALVES_AVX2(sum_float16, OP_SUM, TYPE_FLOAT16)
HALVES_AVX2(prod_float16, OP_PROD, TYPE_FLOAT16)
HALVES_AVX2(min_float16, OP_MIN, TYPE_FLOAT16)
HALVES_AVX2(max_float16, OP_MAX, TYPE_FLOAT16)
HALVES_AVX2(sum_bfloat16, OP_SUM, TYPE_BFLOAT16)
HALVES_AVX2(prod_bfloat16, OP_PROD, TYPE_BFLOAT16)
HALVES_AVX2(min_bfloat16, OP_MIN, TYPE_BFLOAT16)
HALVES_AVX2(max_bfloat16, OP_MAX, TYPE_BFLOAT16)

static void sum_float32_scalar(const void *source, void *target, int64_t n) {
    add_scalar(source, target, (int32_t)n);
}

static void sum_float32_avx2(const void *source, void *target, int64_t n) {
    add_avx2(source, target, (int32_t)n);
}

/* The loops of a reduction of numbers. Sums and products of bytes are the same with and without a sign. */
#define NUMBERS(tier, name, uint8)                                                                                     \
    {                                                                                                                  \
        [TYPE_FLOAT16] = name##_float16_##tier, [TYPE_BFLOAT16] = name##_bfloat16_##tier,                              \
        [TYPE_FLOAT32] = name##_float32_##tier, [TYPE_FLOAT64] = name##_float64_##tier,                                \
        [TYPE_INT8] = name##_int8_##tier, [TYPE_UINT8] = name##_##uint8##_##tier, [TYPE_INT32] = name##_int32_##tier,  \
        [TYPE_INT64] = name##_int64_##tier                                                                             \
    }

/* Bits of integers are combined byte by byte. */
#define BITS(tier, name)                                                                                               \
    {                                                                                                                  \
        [TYPE_INT8] = name##_##tier, [TYPE_UINT8] = name##_##tier, [TYPE_INT32] = name##_##tier,                       \
        [TYPE_INT64] = name##_##tier                                                                                   \
    }

#define TABLE(tier)                                                                                                    \
    {                                                                                                                  \
        [OP_SUM] = NUMBERS(tier, sum, int8), [OP_AVG] = NUMBERS(tier, sum, int8),                                      \
        [OP_MIN] = NUMBERS(tier, min, uint8), [OP_MAX] = NUMBERS(tier, max, uint8),                                    \
        [OP_PROD] = NUMBERS(tier, prod, int8), [OP_BAND] = BITS(tier, band), [OP_BOR] = BITS(tier, bor),               \
        [OP_BXOR] = BITS(tier, bxor)                                                                                   \
    }

static loop_fn *const SCALAR_LOOPS[OP_COUNT][TYPE_COUNT] = TABLE(scalar);
static loop_fn *const AVX2_LOOPS[OP_COUNT][TYPE_COUNT] = TABLE(avx2);

/* Iterations of a loop: bytes if the reduction is of bits, else elements. */
static int64_t iterations(int32_t op, int32_t type, int32_t n) {
    const int64_t size = type == TYPE_INT64 ? 8 : type == TYPE_INT32 ? 4 : 1;
    return op == OP_BAND || op == OP_BOR || op == OP_BXOR ? n * size : n;
}

void fold_scalar(int32_t op, int32_t type, const void *source, void *target, int32_t n) {
    SCALAR_LOOPS[op][type](source, target, iterations(op, type, n));
}

void fold_avx2(int32_t op, int32_t type, const void *source, void *target, int32_t n) {
    AVX2_LOOPS[op][type](source, target, iterations(op, type, n));
}
