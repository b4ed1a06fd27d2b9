/* The suites: each tests some kernels of a library against the oracle, and throws Fault. */
#ifndef SIGNVOTE_TEST_SUITE_H
#define SIGNVOTE_TEST_SUITE_H

#include "data.h"
#include "device.h" /* of the emulator, or of a card */
#include "fault.h"
#include <string>

void testPackSigns(const Kernels &kernels);
void testMomentum(const Kernels &kernels);
void testVotes(const Kernels &kernels);
void testApplySigns(const Kernels &kernels);

/* Around tiles and words: a warp takes 256, 512 or 1024 coordinates. */
const std::vector<int64_t> &sizes();

/* Adds a size that would take an emulated device too long. */
void addSize(int64_t n);

/* Number of cases that ran so far. */
extern int64_t caseCount;

/* A fault in a case, named. */
template <class Test> void run(const std::string &name, Test test) {
    caseCount++;
    try {
        test();
    } catch (const Fault &fault) {
        throw Fault(name + ": " + fault.what());
    }
}

std::string hex(uint64_t bits);

/* Throws where two arrays differ; any NaN equals any other. */
void expectEqual(const std::vector<uint64_t> &expected, const std::vector<uint64_t> &actual, const std::string &what);
void expectEqual(const std::vector<float> &expected, const std::vector<float> &actual, const std::string &what);

#endif
