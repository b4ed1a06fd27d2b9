/*
 * check-kernels <image>            compares all kernels of the image, on device 0, with the scalar tier of native/cpu
 * check-kernels --small <image>    the same without the large sizes, for tools that slow kernels down
 * check-kernels --profile <image>  launches each kernel once on a large size and checks nothing, for a profiler
 * check-kernels --open             opens the device and does nothing
 *
 * Exit status: 1 for a fault of a kernel, 2 for wrong arguments, 3 if the device cannot be used.
 */
#include "../suite.h"
#include "profile.h"
#include <chrono>
#include <stdio.h>

namespace {
const int64_t LARGE = 3000017;

struct Suite {
    const char *name;
    void (*test)(const Kernels &kernels);
};

const Suite SUITES[] = {
    {"packSigns", testPackSigns},
    {"momentumPackSigns", testMomentum},
    {"accumulate, majority, tally", testVotes},
    {"unpackSigns, applySigns, add", testApplySigns},
};

/* Whether a suite found no fault. */
bool isRight(const Suite &suite, const Kernels &kernels) {
    const int64_t before = caseCount;
    const auto start = std::chrono::steady_clock::now();
    std::string fault;
    try {
        suite.test(kernels);
    } catch (const Fault &thrown) {
        fault = thrown.what();
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    printf(
        "%-30s %5lld cases %6.1f s  %s\n", suite.name, (long long)(caseCount - before), took.count(),
        fault.empty() ? "right" : ("FAULT: " + fault).c_str());
    fflush(stdout);
    return fault.empty();
}
} // namespace

int main(int argc, char **argv) {
    const std::string option = argc == 3 || (argc == 2 && argv[1][0] == '-') ? argv[1] : "";
    const bool isOpenOnly = option == "--open" && argc == 2;
    if (argc < 2 || argc > 3 || !(option.empty() || option == "--small" || option == "--profile" || isOpenOnly)) {
        fprintf(stderr, "usage: check-kernels [--small | --profile] <image>, or check-kernels --open\n");
        return 2;
    }
    try {
        const std::string &name = Card::instance().name();
        const bool isEmulated = name.find("emulated") != std::string::npos;
        printf("%s\n", name.c_str());
        if (isOpenOnly) {
            return 0;
        }
        const Kernels kernels(argv[argc - 1]);
        if (option == "--profile") {
            launchEach(kernels, isEmulated ? LARGE / 100 : 8 * LARGE);
            return 0;
        }
        if (option.empty() && !isEmulated) {
            addSize(LARGE);
        }
        int failures = 0;
        for (const Suite &suite : SUITES) {
            failures += isRight(suite, kernels) ? 0 : 1;
        }
        return failures == 0 ? 0 : 1;
    } catch (const Fault &fault) {
        printf("the device cannot be used: %s\n", fault.what());
        return 3;
    }
}
