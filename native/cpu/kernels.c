/* The tables of the tiers, and the guard around the kernels that compute in floating point. */
#include "kernels.h"
#include "fp_mode.h"
#include <cpuid.h>

/* The guarded entries of a tier. They are not inlined into one another: the kernel cannot move out of its guard. */
#define GUARDED(tier)                                                                                                  \
    static int64_t guarded_pack_##tier(int32_t type, const void *values, void *words, int32_t n, draw zeros) {         \
        const unsigned mode = fp_mode_enter();                                                                         \
        const int64_t count = pack_signs_##tier(type, values, words, n, zeros);                                        \
        fp_mode_leave(mode);                                                                                           \
        return count;                                                                                                  \
    }                                                                                                                  \
    static int64_t guarded_momentum_##tier(                                                                            \
        const float *g, float *v, void *words, int32_t n, float beta, float one_minus_beta, draw zeros) {              \
        const unsigned mode = fp_mode_enter();                                                                         \
        const int64_t count = momentum_pack_signs_##tier(g, v, words, n, beta, one_minus_beta, zeros);                 \
        fp_mode_leave(mode);                                                                                           \
        return count;                                                                                                  \
    }                                                                                                                  \
    static void guarded_apply_##tier(const void *words, float *x, int32_t n, float eta, float lambda) {                \
        const unsigned mode = fp_mode_enter();                                                                         \
        apply_signs_##tier(words, x, n, eta, lambda);                                                                  \
        fp_mode_leave(mode);                                                                                           \
    }                                                                                                                  \
    static void guarded_add_##tier(const float *source, float *target, int32_t n) {                                    \
        const unsigned mode = fp_mode_enter();                                                                         \
        add_##tier(source, target, n);                                                                                 \
        fp_mode_leave(mode);                                                                                           \
    }                                                                                                                  \
    static void guarded_fold_##tier(int32_t op, int32_t type, const void *source, void *target, int32_t n) {           \
        const unsigned mode = fp_mode_enter();                                                                         \
        fold_##tier(op, type, source, target, n);                                                                      \
        fp_mode_leave(mode);                                                                                           \
    }                                                                                                                  \
    static void guarded_widen_##tier(int32_t type, const uint16_t *source, float *target, int32_t n) {                 \
        const unsigned mode = fp_mode_enter();                                                                         \
        widen_##tier(type, source, target, n);                                                                         \
        fp_mode_leave(mode);                                                                                           \
    }                                                                                                                  \
    static void guarded_finish_##tier(                                                                                 \
        int32_t op, int32_t type, const void *source, void *target, int32_t n, int32_t ranks) {                        \
        const unsigned mode = fp_mode_enter();                                                                         \
        finish_##tier(op, type, source, target, n, ranks);                                                             \
        fp_mode_leave(mode);                                                                                           \
    }

#define TABLE(tier)                                                                                                    \
    {                                                                                                                  \
        guarded_pack_##tier, guarded_momentum_##tier, unpack_signs_##tier, accumulate_##tier, majority_##tier,         \
            guarded_apply_##tier, guarded_add_##tier, guarded_fold_##tier, guarded_widen_##tier, guarded_finish_##tier \
    }

GUARDED(scalar)
GUARDED(avx2)

static const kernels TABLES[TIER_COUNT] = {TABLE(scalar), TABLE(avx2)};

const kernels *kernels_of(int32_t tier) {
    return &TABLES[tier];
}

/* The instructions that convert float16. Not every compiler has a name for them in __builtin_cpu_supports. */
static int has_f16c(void) {
    unsigned a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) && c & bit_F16C;
}

int32_t best_tier(void) {
    __builtin_cpu_init();
    const int has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt");
    return has_avx2 && has_f16c() ? TIER_AVX2 : TIER_SCALAR;
}
