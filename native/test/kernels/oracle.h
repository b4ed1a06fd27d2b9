/*
 * What the kernels should give, by the scalar tier of native/cpu: C that shares no line with the CUDA sources and that
 * Java's contract test holds to the specification. Narrow floats are widened here, by arithmetic.
 */
#ifndef SIGNVOTE_TEST_ORACLE_H
#define SIGNVOTE_TEST_ORACLE_H

#include <stdint.h>
#include <vector>

extern "C" {
#include "../../cpu/kernels.h"
}

float widenFloat16(uint16_t value);
float widenBFloat16(uint16_t value);

/* The counter planes, 8 of wordCount words each, after some ballots of n coordinates were counted. */
std::vector<uint64_t> planesOf(const std::vector<std::vector<uint64_t>> &ballots, int64_t n);

#endif
