#include "oracle.h"
#include "data.h"
#include <math.h>

static float signedBy(uint16_t value, float magnitude) {
    return value >> 15 ? -magnitude : magnitude;
}

float widenFloat16(uint16_t value) {
    const int exponent = value >> 10 & 0x1F;
    const int mantissa = value & 0x3FF;
    if (exponent == 0x1F) {
        return signedBy(value, mantissa == 0 ? INFINITY : NAN);
    }
    return signedBy(
        value, exponent == 0 ? ldexpf((float)mantissa, -24) : ldexpf((float)(mantissa + 1024), exponent - 25));
}

float widenBFloat16(uint16_t value) {
    const int exponent = value >> 7 & 0xFF;
    const int mantissa = value & 0x7F;
    if (exponent == 0xFF) {
        return signedBy(value, mantissa == 0 ? INFINITY : NAN);
    }
    return signedBy(
        value, exponent == 0 ? ldexpf((float)mantissa, -133) : ldexpf((float)(mantissa + 128), exponent - 134));
}

std::vector<uint64_t> planesOf(const std::vector<std::vector<uint64_t>> &ballots, int64_t n) {
    const int32_t count = (int32_t)wordCount(n);
    std::vector<uint64_t> planes((size_t)count * 8);
    for (size_t m = 0; m < ballots.size(); m++) {
        accumulate_scalar(ballots[m].data(), planes.data(), count, count, (int32_t)m);
    }
    return planes;
}
