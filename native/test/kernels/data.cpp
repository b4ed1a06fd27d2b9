#include "data.h"
#include <string.h>

/* SplitMix64 */
uint64_t Random::next() {
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* A format of binary floating point: what its bits are. */
struct Format {
    uint32_t sign;
    uint32_t infinity;
    uint32_t one;
};

static constexpr Format FLOAT32 = {0x80000000u, 0x7F800000u, 0x3F800000u};
static constexpr Format FLOAT16 = {0x8000u, 0x7C00u, 0x3C00u};
static constexpr Format BFLOAT16 = {0x8000u, 0x7F80u, 0x3F80u};

static uint32_t value(Fill fill, const Format &format, Random &random) {
    const uint32_t sign = random.below(2) == 0 ? 0 : format.sign;
    const uint32_t quiet = format.infinity | format.infinity >> 1; /* the top bit of the mantissa too */
    const uint32_t usual = sign | (uint32_t)(format.one / 2 + random.below(format.one));
    const uint32_t normal = format.infinity & (0 - format.infinity); /* the smallest */
    switch (fill) {
    case Fill::usual:
        return usual;
    case Fill::zero:
        return sign;
    case Fill::not_finite:
        return sign | (random.below(2) == 0 ? format.infinity : quiet);
    case Fill::tiny:
        return sign | (uint32_t)(random.below(4) == 0 ? normal - 4 + random.below(8) : random.below(4 * normal));
    case Fill::odd:
        break;
    }
    switch (random.below(24)) {
    case 0:
    case 1:
        return sign;
    case 2:
        return sign | 1u; /* the smallest denormal */
    case 3:
        return sign | normal >> 1; /* a larger one */
    case 4:
        return sign | format.infinity;
    case 5:
        return sign | quiet;
    case 6:
        return sign | (format.infinity - 1); /* the largest number */
    default:
        return usual;
    }
}

std::vector<float> floats(Fill fill, int64_t n, Random &random) {
    std::vector<float> all((size_t)n);
    for (float &each : all) {
        const uint32_t bits = value(fill, FLOAT32, random);
        memcpy(&each, &bits, 4);
    }
    return all;
}

static std::vector<uint16_t> narrow(Fill fill, const Format &format, int64_t n, Random &random) {
    std::vector<uint16_t> all((size_t)n);
    for (uint16_t &each : all) {
        each = (uint16_t)value(fill, format, random);
    }
    return all;
}

std::vector<uint16_t> halves16(Fill fill, int64_t n, Random &random) {
    return narrow(fill, FLOAT16, n, random);
}

std::vector<uint16_t> brainHalves16(Fill fill, int64_t n, Random &random) {
    return narrow(fill, BFLOAT16, n, random);
}

std::vector<uint64_t> dirtyWords(int64_t n, Random &random) {
    std::vector<uint64_t> all((size_t)wordCount(n));
    for (uint64_t &each : all) {
        each = random.next();
    }
    return all;
}

std::vector<uint64_t> words(int64_t n, Random &random) {
    std::vector<uint64_t> all = dirtyWords(n, random);
    if (n % 64 != 0) {
        all.back() &= ~(uint64_t)0 >> (64 - n % 64);
    }
    return all;
}
