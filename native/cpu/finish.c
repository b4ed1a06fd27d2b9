/*
 * The result of a reduction: the combined contributions, divided by the number of ranks for AVG, rounded to 16 bits for
 * floats of 16 bits. The quotient of a float32 is rounded before that.
 *
 * A quotient of small integers is computed in floating point, which vectorises, and is exact: a quotient that is not an
 * integer is at least 1/255 away from one, and rounding moves it by less.
 *
 * Reads 4 and writes 2 bytes an element of 16 bits, else reads and writes the target: limited by memory. AVG of int64
 * is limited by the division.
 */
#include "halves.h"

/* In place, so that the compiler sees no other memory. */
#define DIVIDE(tier, isa, type, quotient)                                                                              \
    isa static void divide_##type##_##tier(void *target, int32_t n, int32_t ranks) {                                   \
        type *const to = target;                                                                                       \
        for (int64_t i = 0; i < n; i++) {                                                                              \
            const type a = to[i];                                                                                      \
            to[i] = (type)(quotient);                                                                                  \
        }                                                                                                              \
    }

#define DIVISIONS(tier, isa)                                                                                           \
    DIVIDE(tier, isa, float, a / (float)ranks)                                                                         \
    DIVIDE(tier, isa, double, a / (double)ranks)                                                                       \
    DIVIDE(tier, isa, int8_t, (int32_t)((float)a / (float)ranks))                                                      \
    DIVIDE(tier, isa, uint8_t, (int32_t)((float)a / (float)ranks))                                                     \
    DIVIDE(tier, isa, int32_t, (int32_t)((double)a / (double)ranks))                                                   \
    DIVIDE(tier, isa, int64_t, a / ranks)                                                                              \
    static void divide_##tier(int32_t type, void *target, int32_t n, int32_t ranks) {                                  \
        switch (type) {                                                                                                \
        case TYPE_FLOAT32:                                                                                             \
            divide_float_##tier(target, n, ranks);                                                                     \
            break;                                                                                                     \
        case TYPE_FLOAT64:                                                                                             \
            divide_double_##tier(target, n, ranks);                                                                    \
            break;                                                                                                     \
        case TYPE_INT8:                                                                                                \
            divide_int8_t_##tier(target, n, ranks);                                                                    \
            break;                                                                                                     \
        case TYPE_UINT8:                                                                                               \
            divide_uint8_t_##tier(target, n, ranks);                                                                   \
            break;                                                                                                     \
        case TYPE_INT32:                                                                                               \
            divide_int32_t_##tier(target, n, ranks);                                                                   \
            break;                                                                                                     \
        default:                                                                                                       \
            divide_int64_t_##tier(target, n, ranks);                                                                   \
        }                                                                                                              \
    }

DIVISIONS(scalar, )
DIVISIONS(avx2, AVX2)

static int64_t size_of(int32_t type) {
    return type == TYPE_FLOAT64 || type == TYPE_INT64 ? 8 : type == TYPE_FLOAT32 || type == TYPE_INT32 ? 4 : 1;
}

/* For types that are as wide as their sums. The target may be the source. */
#define FINISH_WIDE(tier)                                                                                              \
    static void finish_wide_##tier(                                                                                    \
        int32_t op, int32_t type, const void *source, void *target, int32_t n, int32_t ranks) {                        \
        if (source != target) {                                                                                        \
            memcpy(target, source, (size_t)(n * size_of(type)));                                                       \
        }                                                                                                              \
        if (op == OP_AVG) {                                                                                            \
            divide_##tier(type, target, n, ranks);                                                                     \
        }                                                                                                              \
    }

FINISH_WIDE(scalar)
FINISH_WIDE(avx2)

/* Rounds floats, or their quotients, to 16 bits; type and is_mean are constants at every call. */
INLINE void
narrow_scalar(const int32_t type, const int is_mean, const float *source, uint16_t *target, int64_t n, float ranks) {
    for (int64_t i = 0; i < n; i++) {
        const float value = is_mean ? source[i] / ranks : source[i];
        target[i] = type == TYPE_FLOAT16 ? float16_of_float(value) : bfloat16_of_float(value);
    }
}

AVX2 INLINE void
narrow_avx2(const int32_t type, const int is_mean, const float *source, uint16_t *target, int64_t n, float ranks) {
    const int64_t whole = n & ~(int64_t)7;
    for (int64_t i = 0; i < whole; i += 8) {
        const __m256 sum = _mm256_loadu_ps(source + i);
        const __m256 value = is_mean ? _mm256_div_ps(sum, _mm256_set1_ps(ranks)) : sum;
        _mm_storeu_si128((__m128i *)(target + i), narrowed_avx2(type, value));
    }
    narrow_scalar(type, is_mean, source + whole, target + whole, n - whole, ranks);
}

#define CASE(tier, type)                                                                                               \
    case type:                                                                                                         \
        if (op == OP_AVG) {                                                                                            \
            narrow_##tier(type, 1, source, target, n, (float)ranks);                                                   \
        } else {                                                                                                       \
            narrow_##tier(type, 0, source, target, n, (float)ranks);                                                   \
        }                                                                                                              \
        break;

#define FINISH(tier, isa)                                                                                              \
    isa void finish_##tier(int32_t op, int32_t type, const void *source, void *target, int32_t n, int32_t ranks) {     \
        switch (type) {                                                                                                \
            CASE(tier, TYPE_FLOAT16)                                                                                   \
            CASE(tier, TYPE_BFLOAT16)                                                                                  \
        default:                                                                                                       \
            finish_wide_##tier(op, type, source, target, n, ranks);                                                    \
        }                                                                                                              \
    }

FINISH(scalar, )
FINISH(avx2, AVX2)
