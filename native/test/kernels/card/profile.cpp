#include "profile.h"
#include "../data.h"

namespace {
const int32_t BALLOTS = 15;
const int64_t PLANES = 4;
const uint64_t KEY = 7;
const int64_t FIRST_WORD = 0;
} // namespace

void launchEach(const Kernels &kernels, int64_t n) {
    Random random(1);
    const int64_t words = wordCount(n);
    const DeviceArray<float> values(floats(Fill::usual, n, random), 0);
    const DeviceArray<float> others(floats(Fill::usual, n, random), 0);
    const DeviceArray<uint16_t> halves(halves16(Fill::usual, n, random), 0);
    const DeviceArray<uint16_t> brainHalves(brainHalves16(Fill::usual, n, random), 0);
    const DeviceArray<uint64_t> ballots(dirtyWords(BALLOTS * 64 * words, random), 0);
    const DeviceArray<uint64_t> planes(dirtyWords(PLANES * 64 * words, random), 0);
    const DeviceArray<uint64_t> verdict(words, 0);
    const DeviceArray<uint64_t> counts(std::vector<uint64_t>{0, 0}, 0);
    const auto pack = [&](const char *name, auto *source) {
        kernels.launch(name, kernels.grid(name), source, verdict.data(), n, (int32_t)0, KEY, FIRST_WORD, counts.data());
    };
    const auto advance = [&](const char *name, auto *gradients) {
        kernels.launch(
            name, kernels.grid(name), gradients, others.data(), verdict.data(), n, 0.9f, 0.1f, (int32_t)0, KEY,
            FIRST_WORD, counts.data());
    };
    pack("packSigns", values.data());
    pack("packSignsF16", halves.data());
    pack("packSignsBf16", brainHalves.data());
    advance("momentumPackSigns", values.data());
    advance("momentumPackSignsF16", halves.data());
    advance("momentumPackSignsBf16", brainHalves.data());
    kernels.launch(
        "accumulate", kernels.grid("accumulate"), (const uint64_t *)ballots.data(), planes.data(), words, words,
        BALLOTS - 1);
    kernels.launch(
        "majority", kernels.grid("majority"), (const uint64_t *)planes.data(), words, verdict.data(), n, BALLOTS,
        (int32_t)0, KEY, FIRST_WORD, counts.data());
    for (const int32_t count : {2, 7, BALLOTS}) {
        kernels.launch(
            "tally", kernels.grid("tally"), (const uint64_t *)ballots.data(), words, count, verdict.data(), n,
            (int32_t)0, KEY, FIRST_WORD, counts.data());
    }
    kernels.launch("unpackSigns", kernels.grid("unpackSigns"), (const uint64_t *)verdict.data(), values.data(), n);
    kernels.launch(
        "applySigns", kernels.grid("applySigns"), (const uint64_t *)verdict.data(), values.data(), n, 1e-4f, 1e-5f);
    kernels.launch("add", kernels.grid("add"), (const float *)others.data(), values.data(), n);
}
