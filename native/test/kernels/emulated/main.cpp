/*
 * kernels-test <library>                     the kernels are right, in every lane order
 * kernels-test <library> <suite> <pattern>   they are broken: in every lane order the suite's first fault matches
 */
#include "../suite.h"
#include <regex>
#include <stdio.h>

struct Order {
    const char *name;
    EmuLaneOrder order;
    uint64_t seed;
};

static const Order ORDERS[] = {
    {"ascending", EMU_ASCENDING, 0},
    {"descending", EMU_DESCENDING, 0},
    {"random", EMU_RANDOM, 1},
};

struct Suite {
    std::string name;
    void (*test)(const Kernels &kernels);
};

static const Suite SUITES[] = {
    {"pack", testPackSigns},
    {"momentum", testMomentum},
    {"votes", testVotes},
    {"apply", testApplySigns},
};

/* The first fault of a suite, or of all for an empty name; empty if there is none. */
static std::string faultOf(const Kernels &kernels, const std::string &name) {
    try {
        for (const Suite &suite : SUITES) {
            if (name.empty() || name == suite.name) {
                suite.test(kernels);
            }
        }
        return "";
    } catch (const Fault &fault) {
        return fault.what();
    }
}

int main(int argc, char **argv) {
    if (argc != 2 && argc != 4) {
        fprintf(stderr, "usage: kernels-test <library> [<suite> <pattern of the fault>]\n");
        return 2;
    }
    int failures = 0;
    try {
        const Kernels kernels(argv[1]);
        for (const Order &each : ORDERS) {
            emu_set_lane_order(each.order, each.seed);
            const std::string fault = faultOf(kernels, argc == 2 ? "" : argv[2]);
            const bool isExpected =
                argc == 2 ? fault.empty() : std::regex_search(fault, std::regex(argv[3], std::regex::extended));
            failures += isExpected ? 0 : 1;
            printf(
                "%s: %s: %s\n", isExpected ? "as expected" : "FAILED", each.name,
                fault.empty() ? "no fault" : fault.c_str());
        }
    } catch (const Fault &fault) {
        printf("FAILED: %s\n", fault.what());
        return 1;
    }
    return failures == 0 ? 0 : 1;
}
