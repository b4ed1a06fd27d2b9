/* unpackSigns, applySigns and add. */
#include "oracle.h"
#include "suite.h"

namespace {

struct Case {
    int64_t n;
    unsigned grid;
    int64_t offset;

    std::string name(const char *kernel) const {
        return std::string(kernel) + " n=" + std::to_string(n) + " grid=" + std::to_string(grid) +
               " offset=" + std::to_string(offset);
    }
};

void unpack(const Kernels &kernels, const Case &it) {
    Random random((uint64_t)it.n);
    const std::vector<uint64_t> words = dirtyWords(it.n, random);
    std::vector<float> expected((size_t)it.n);
    unpack_signs_scalar(TYPE_FLOAT32, words.data(), expected.data(), (int32_t)it.n);

    const DeviceArray<uint64_t> source(words, it.offset);
    const DeviceArray<float> target(it.n, it.offset);
    kernels.launch("unpackSigns", it.grid, (const uint64_t *)source.data(), target.data(), it.n);

    expectEqual(expected, target.values(), "values differ");
}

void apply(const Kernels &kernels, const Case &it, float eta, float lambda) {
    Random random((uint64_t)it.n);
    const std::vector<uint64_t> words = dirtyWords(it.n, random);
    std::vector<float> expected = floats(Fill::odd, it.n, random);
    const DeviceArray<float> parameters(expected, it.offset);
    apply_signs_scalar(words.data(), expected.data(), (int32_t)it.n, eta, lambda);

    const DeviceArray<uint64_t> source(words, it.offset);
    kernels.launch("applySigns", it.grid, (const uint64_t *)source.data(), parameters.data(), it.n, eta, lambda);

    expectEqual(expected, parameters.values(), "parameters differ");
}

void sum(const Kernels &kernels, const Case &it) {
    Random random((uint64_t)it.n);
    const std::vector<float> addends = floats(Fill::odd, it.n, random);
    std::vector<float> expected = floats(Fill::odd, it.n, random);
    const DeviceArray<float> target(expected, it.offset);
    add_scalar(addends.data(), expected.data(), (int32_t)it.n);

    const DeviceArray<float> source(addends, it.offset);
    kernels.launch("add", it.grid, (const float *)source.data(), target.data(), it.n);

    expectEqual(expected, target.values(), "sums differ");
}

} // namespace

void testApplySigns(const Kernels &kernels) {
    for (const int64_t n : sizes()) {
        for (const Case &it : {Case{n, 1, 0}, Case{n, 1, 1}, Case{n, 3, 3}}) {
            run(it.name("unpackSigns"), [&] { unpack(kernels, it); });
            run(it.name("applySigns"), [&] { apply(kernels, it, 1e-4f, 0.01f); });
            run(it.name("applySigns without decay"), [&] { apply(kernels, it, 0.3f, 0.0f); });
            run(it.name("add"), [&] { sum(kernels, it); });
        }
    }
}
