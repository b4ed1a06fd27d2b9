/* Kernels give the promised bits in whatever floating-point mode they are called, and leave that mode as it was. */
#include "kernels.h"
#include <stdio.h>
#include <string.h>
#include <xmmintrin.h>

#define N 131
#define MODE_BITS 0xFFC0u

typedef struct {
    float momentum[N];
    float parameters[N];
    float sums[N];
    float sums_of_halves[N];
    float products[N];
    float least[N];
    double sums_of_doubles[N];
    float widened[N];
    uint16_t narrowed[N];
    float means[N];
    int32_t means_of_integers[N];
    uint64_t signs[(N + 63) / 64];
} results;

static float gradients[N];
static double denormal_doubles[N];
/* Of float16: denormals, ordinary numbers, and NaNs that are signalling, which trap where exceptions are not masked. */
static uint16_t halves[N];
static results inputs;
static int failures;

static void expect(int holds, const char *what, int tier, unsigned mode) {
    if (!holds) {
        printf("tier=%d mxcsr=0x%04x: %s\n", tier, mode, what);
        failures++;
    }
}

static float float_of(uint32_t bits) {
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

/* Values that flushing to zero, denormals read as zeros or another rounding would change. */
static void prepare(void) {
    for (int i = 0; i < N; i++) {
        const float denormal = float_of(3 + (uint32_t)i);
        gradients[i] = i % 3 ? denormal : float_of(0x00700000u + (uint32_t)i);
        /* small enough that a denormal product counts, and the smallest normal floats once that is added */
        inputs.momentum[i] = i % 2 ? 1.1f + (float)i : float_of(0x00800000u + 0x4000u * (uint32_t)i);
        inputs.parameters[i] = i % 2 ? 0.3f * (float)i : denormal;
        inputs.sums[i] = i % 2 ? 1e8f + (float)i : denormal;
        halves[i] = (uint16_t)(i % 5 == 0 ? 0x7D00 : i % 5 == 1 ? 1 + i : 0x3C01 + 7 * i);
        denormal_doubles[i] = i % 2 ? 5e-324 * i : 1e300;
        inputs.sums_of_halves[i] = i % 2 ? denormal : 1e4f + 0.3f * (float)i;
        inputs.products[i] = i % 2 ? 1e-38f : denormal;
        inputs.least[i] = i % 2 ? 0.0f : -denormal;
        inputs.sums_of_doubles[i] = i % 2 ? 3e-324 * i : 1e284 * i;
        inputs.means[i] = i % 2 ? denormal : 1.0f + (float)i;
        inputs.means_of_integers[i] = 1000003 * (i - N / 2);
    }
}

/* Runs every kernel that computes in floating point in a mode, and returns the mode they left. */
static unsigned run(const kernels *tier, unsigned mode, results *out) {
    uint64_t words[(N + 63) / 64] = {0};
    const draw zeros = {POLICY_POSITIVE, 0, 0};
    const unsigned usual = _mm_getcsr();
    *out = inputs;
    _mm_setcsr(mode);
    tier->momentum_pack_signs(gradients, out->momentum, words, N, 0.9f, 0.3f, zeros);
    tier->apply_signs(words, out->parameters, N, float_of(0x00800001u), 0.7f);
    tier->add(gradients, out->sums, N);
    tier->fold(OP_SUM, TYPE_FLOAT16, halves, out->sums_of_halves, N);
    tier->fold(OP_PROD, TYPE_FLOAT32, inputs.parameters, out->products, N);
    tier->fold(OP_MIN, TYPE_FLOAT32, gradients, out->least, N);
    tier->fold(OP_SUM, TYPE_FLOAT64, denormal_doubles, out->sums_of_doubles, N);
    tier->widen(TYPE_FLOAT16, halves, out->widened, N);
    tier->finish(OP_AVG, TYPE_FLOAT16, inputs.sums_of_halves, out->narrowed, N, 3);
    tier->finish(OP_AVG, TYPE_FLOAT32, out->means, out->means, N, 3);
    tier->finish(OP_AVG, TYPE_INT32, out->means_of_integers, out->means_of_integers, N, 3);
    tier->pack_signs(TYPE_FLOAT16, halves, out->signs, N, zeros);
    const unsigned left = _mm_getcsr();
    _mm_setcsr(usual);
    return left;
}

int main(void) {
    /* flush-to-zero, denormals-are-zero, both, the three other roundings, all exceptions unmasked */
    const unsigned modes[] = {0x9F80, 0x1FC0, 0x9FC0, 0x3F80, 0x5F80, 0x7F80, 0x0000};
    prepare();
    for (int tier = TIER_SCALAR; tier <= best_tier(); tier++) {
        results expected;
        run(kernels_of(tier), 0x1F80, &expected);
        expect(expected.sums[0] != 0.0f, "denormals are lost in the usual mode", tier, 0x1F80);
        expect(expected.products[1] != 0.0f, "denormal products are lost in the usual mode", tier, 0x1F80);
        for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
            results actual;
            const unsigned left = run(kernels_of(tier), modes[i], &actual);
            expect((left & MODE_BITS) == modes[i], "the mode was not put back", tier, modes[i]);
            expect(memcmp(&expected, &actual, sizeof expected) == 0, "other results than usual", tier, modes[i]);
        }
    }
    return failures != 0;
}
