#ifndef SIGNVOTE_TEST_FAULT_H
#define SIGNVOTE_TEST_FAULT_H

#include <stdexcept>

/* What was being tested, and what went wrong. */
struct Fault : std::runtime_error {
    using std::runtime_error::runtime_error;
};

#endif
