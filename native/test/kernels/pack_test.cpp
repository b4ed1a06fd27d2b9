/* packSigns and momentumPackSigns of all three formats. */
#include "oracle.h"
#include "suite.h"

namespace {

/* Counts are added to what is there. */
const std::vector<uint64_t> COUNTED_BEFORE = {1000, 2000};

/* One format: names of its kernels, how its values are made and widened. */
template <class T> struct Format {
    const char *pack;
    const char *momentum;
    std::vector<T> (*make)(Fill, int64_t, Random &);
    float (*widen)(T);
};

const Format<float> FLOAT32 = {"packSigns", "momentumPackSigns", floats, [](float value) { return value; }};
const Format<uint16_t> FLOAT16 = {"packSignsF16", "momentumPackSignsF16", halves16, widenFloat16};
const Format<uint16_t> BFLOAT16 = {"packSignsBf16", "momentumPackSignsBf16", brainHalves16, widenBFloat16};

struct Case {
    int64_t n;
    Fill fill;
    int32_t policy;
    unsigned grid;
    int64_t offset;

    std::string name(const char *kernel) const {
        return std::string(kernel) + " n=" + std::to_string(n) + " fill=" + std::to_string((int)fill) +
               " policy=" + std::to_string(policy) + " grid=" + std::to_string(grid) +
               " offset=" + std::to_string(offset);
    }
};

template <class T> std::vector<float> widened(const std::vector<T> &values, float (*widen)(T)) {
    std::vector<float> wide;
    for (const T value : values) {
        wide.push_back(widen(value));
    }
    return wide;
}

void expectCounts(int64_t counted, const DeviceArray<uint64_t> &counts) {
    const std::vector<uint64_t> expected = {
        COUNTED_BEFORE[0] + (uint64_t)(uint32_t)counted, COUNTED_BEFORE[1] + (uint64_t)(counted >> 32)};
    expectEqual(expected, counts.values(), "counts differ");
}

template <class T> void pack(const Kernels &kernels, const Format<T> &format, const Case &it) {
    Random random((uint64_t)it.n);
    const draw zeros = {it.policy, random.next(), random.below(1000)};
    const std::vector<T> values = format.make(it.fill, it.n, random);
    std::vector<uint64_t> expected((size_t)wordCount(it.n));
    const std::vector<float> wide = widened(values, format.widen);
    const int64_t counted = pack_signs_scalar(TYPE_FLOAT32, wide.data(), expected.data(), (int32_t)it.n, zeros);

    const DeviceArray<T> source(values, it.offset);
    const DeviceArray<uint64_t> target(dirtyWords(it.n, random), it.offset);
    const DeviceArray<uint64_t> counts(COUNTED_BEFORE, 0);
    kernels.launch(
        format.pack, it.grid, source.data(), target.data(), it.n, zeros.policy, zeros.key, (int64_t)zeros.first_word,
        counts.data());

    expectEqual(expected, target.values(), "words differ");
    expectCounts(counted, counts);
}

/* Gradients die after the first step. A beta of 0.5 takes tiny momentum to either side of the smallest normal float. */
template <class T> void advance(const Kernels &kernels, const Format<T> &format, const Case &it) {
    Random random((uint64_t)it.n);
    const draw zeros = {it.policy, random.next(), random.below(1000)};
    const float beta = it.fill == Fill::tiny ? 0.5f : it.n % 2 == 0 ? 0.9f : 0.3f;
    const float one_minus_beta = it.fill == Fill::tiny ? 0.5f : it.n % 2 == 0 ? 0.1f : 0.7f;
    std::vector<float> momentum = floats(it.fill == Fill::tiny ? Fill::tiny : Fill::odd, it.n, random);
    const DeviceArray<float> v(momentum, it.offset);
    for (int step = 0; step < 2; step++) {
        const std::vector<T> gradients = format.make(step == 0 ? it.fill : Fill::zero, it.n, random);
        const std::vector<float> wide = widened(gradients, format.widen);
        std::vector<uint64_t> expected((size_t)wordCount(it.n));
        const int64_t counted = momentum_pack_signs_scalar(
            wide.data(), momentum.data(), expected.data(), (int32_t)it.n, beta, one_minus_beta, zeros);

        const DeviceArray<T> g(gradients, it.offset);
        const DeviceArray<uint64_t> target(dirtyWords(it.n, random), it.offset);
        const DeviceArray<uint64_t> counts(COUNTED_BEFORE, 0);
        kernels.launch(
            format.momentum, it.grid, g.data(), v.data(), target.data(), it.n, beta, one_minus_beta, zeros.policy,
            zeros.key, (int64_t)zeros.first_word, counts.data());

        expectEqual(momentum, v.values(), "momentum differs");
        expectEqual(expected, target.values(), "words differ");
        expectCounts(counted, counts);
    }
}

template <class Body> void forCases(Body body) {
    for (const int64_t n : sizes()) {
        for (const Fill fill : {Fill::usual, Fill::odd, Fill::zero, Fill::not_finite, Fill::tiny}) {
            const int32_t policy = fill == Fill::usual ? POLICY_POSITIVE : POLICY_RANDOM;
            body(Case{n, fill, policy, 1, 0});
        }
        body(Case{n, Fill::odd, POLICY_POSITIVE, 3, 1});
        body(Case{n, Fill::odd, POLICY_RANDOM, 2, 3});
    }
}

} // namespace

void testPackSigns(const Kernels &kernels) {
    forCases([&](const Case &it) {
        run(it.name("packSigns"), [&] { pack(kernels, FLOAT32, it); });
        run(it.name("packSignsF16"), [&] { pack(kernels, FLOAT16, it); });
        run(it.name("packSignsBf16"), [&] { pack(kernels, BFLOAT16, it); });
    });
}

void testMomentum(const Kernels &kernels) {
    forCases([&](const Case &it) {
        run(it.name("momentumPackSigns"), [&] { advance(kernels, FLOAT32, it); });
        run(it.name("momentumPackSignsF16"), [&] { advance(kernels, FLOAT16, it); });
        run(it.name("momentumPackSignsBf16"), [&] { advance(kernels, BFLOAT16, it); });
    });
}
