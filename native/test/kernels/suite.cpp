#include "suite.h"
#include <stdio.h>

int64_t caseCount = 0;

static std::vector<int64_t> all = {1,   2,   31,  32,  33,  63,  64,   65,   127,  255,  256,
                                   257, 320, 511, 512, 513, 960, 1023, 1024, 1025, 4095, 10007};

const std::vector<int64_t> &sizes() {
    return all;
}

void addSize(int64_t n) {
    all.push_back(n);
}

std::string hex(uint64_t bits) {
    char text[24];
    snprintf(text, sizeof text, "0x%llx", (unsigned long long)bits);
    return text;
}

void expectEqual(const std::vector<uint64_t> &expected, const std::vector<uint64_t> &actual, const std::string &what) {
    for (size_t i = 0; i < expected.size(); i++) {
        if (expected[i] != actual[i]) {
            throw Fault(what + " at " + std::to_string(i) + ": " + hex(actual[i]) + ", expected " + hex(expected[i]));
        }
    }
}

static uint32_t bitsOf(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return value != value ? 0x7FC00000u : bits;
}

void expectEqual(const std::vector<float> &expected, const std::vector<float> &actual, const std::string &what) {
    for (size_t i = 0; i < expected.size(); i++) {
        if (bitsOf(expected[i]) != bitsOf(actual[i])) {
            throw Fault(
                what + " at " + std::to_string(i) + ": " + hex(bitsOf(actual[i])) + ", expected " +
                hex(bitsOf(expected[i])));
        }
    }
}
