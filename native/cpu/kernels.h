/*
 * The kernels of io.signvote.kernel.Kernels, which states their semantics, in C.
 *
 *   name                  scalar  avx2    bytes moved per coordinate or element
 *   pack_signs              x      x       4.125
 *   momentum_pack_signs     x      x      12.125
 *   unpack_signs            x      x       4.125
 *   accumulate              x      x      (1 + 2 planes) / 8
 *   majority                x      x      (planes + 1) / 8
 *   apply_signs             x      x       8.125
 *   add                     x      x      12
 *   fold                    x      x      3 times the size; 10 for 16 bits
 *   widen                   x      x       6
 *   finish                  x      x      2 times the size; 6 for 16 bits
 *
 * Every kernel stands in its own file, both tiers side by side. Numbers are aligned to their size, words to nothing.
 * The AVX2 tier hands a tail that does not fill its vectors to the scalar tier, so that nothing is touched past the end
 * of a buffer. The bytes of pack_signs and unpack_signs are those of float32.
 */
#ifndef SIGNVOTE_KERNELS_H
#define SIGNVOTE_KERNELS_H

#include <stdint.h>

/* Changes with every change to the native methods of io.signvote.kernel.jni.NativeMethods. */
#define SIGNVOTE_ABI 3

enum tier { TIER_SCALAR = 0, TIER_AVX2 = 1, TIER_COUNT = 2 };

/* What zeros or ties count as. */
enum policy { POLICY_POSITIVE = 0, POLICY_RANDOM = 1, POLICY_NEGATIVE = 2 };

/* Types of elements, by the codes of io.signvote.op.DataType. */
enum type {
    TYPE_FLOAT32 = 2,
    TYPE_UINT8 = 3,
    TYPE_FLOAT16 = 4,
    TYPE_BFLOAT16 = 5,
    TYPE_FLOAT64 = 6,
    TYPE_INT8 = 7,
    TYPE_INT32 = 8,
    TYPE_INT64 = 9,
    TYPE_COUNT = 10
};

/* Reductions, by the codes of io.signvote.op.ReduceOp. */
enum op {
    OP_SUM = 2,
    OP_AVG = 3,
    OP_MIN = 4,
    OP_MAX = 5,
    OP_PROD = 6,
    OP_BAND = 7,
    OP_BOR = 8,
    OP_BXOR = 9,
    OP_COUNT = 10
};

/* A policy with the lots it draws: first_word is the index, in the whole call, of the first word of the piece. */
typedef struct {
    int32_t policy;
    uint64_t key;
    uint64_t first_word;
} draw;

typedef int64_t pack_signs_fn(int32_t type, const void *values, void *words, int32_t n, draw zeros);
typedef int64_t momentum_pack_signs_fn(
    const float *gradients, float *momentum, void *words, int32_t n, float beta, float one_minus_beta, draw zeros);
typedef void unpack_signs_fn(int32_t type, const void *words, void *values, int32_t n);
typedef void accumulate_fn(const void *words, void *planes, int32_t plane_stride, int32_t word_count, int32_t ballots);
typedef int32_t
majority_fn(const void *planes, int32_t plane_stride, void *words, int32_t n, int32_t ballots, draw ties);
typedef void apply_signs_fn(const void *words, float *parameters, int32_t n, float eta, float lambda);
typedef void add_fn(const float *source, float *target, int32_t n);
typedef void fold_fn(int32_t op, int32_t type, const void *source, void *target, int32_t n);
typedef void widen_fn(int32_t type, const uint16_t *source, float *target, int32_t n);
typedef void finish_fn(int32_t op, int32_t type, const void *source, void *target, int32_t n, int32_t ranks);

pack_signs_fn pack_signs_scalar, pack_signs_avx2;
momentum_pack_signs_fn momentum_pack_signs_scalar, momentum_pack_signs_avx2;
unpack_signs_fn unpack_signs_scalar, unpack_signs_avx2;
accumulate_fn accumulate_scalar, accumulate_avx2;
majority_fn majority_scalar, majority_avx2;
apply_signs_fn apply_signs_scalar, apply_signs_avx2;
add_fn add_scalar, add_avx2;
fold_fn fold_scalar, fold_avx2;
widen_fn widen_scalar, widen_avx2;
finish_fn finish_scalar, finish_avx2;

typedef struct {
    pack_signs_fn *pack_signs;
    momentum_pack_signs_fn *momentum_pack_signs;
    unpack_signs_fn *unpack_signs;
    accumulate_fn *accumulate;
    majority_fn *majority;
    apply_signs_fn *apply_signs;
    add_fn *add;
    fold_fn *fold;
    widen_fn *widen;
    finish_fn *finish;
} kernels;

/* The kernels of a tier that this processor has. Those that compute in floating point guard their environment. */
const kernels *kernels_of(int32_t tier);

/* The best tier of this processor. */
int32_t best_tier(void);

#endif
