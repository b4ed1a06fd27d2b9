/* The tables of the tiers, and the guard around the kernels that compute in floating point. */
#include "kernels.h"
#include "fp_mode.h"

/* The guarded entries of a tier. They are not inlined into one another: the kernel cannot move out of its guard. */
#define GUARDED(tier)                                                                                                  \
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
    }

#define TABLE(tier)                                                                                                    \
    {                                                                                                                  \
        pack_signs_##tier, guarded_momentum_##tier, unpack_signs_##tier, accumulate_##tier, majority_##tier,           \
            guarded_apply_##tier, guarded_add_##tier                                                                   \
    }

GUARDED(scalar)
GUARDED(avx2)

static const kernels TABLES[TIER_COUNT] = {TABLE(scalar), TABLE(avx2)};

const kernels *kernels_of(int32_t tier) {
    return &TABLES[tier];
}

int32_t best_tier(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") ? TIER_AVX2 : TIER_SCALAR;
}
