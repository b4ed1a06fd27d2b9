#ifndef SIGNVOTE_TEST_FAULT_H
#define SIGNVOTE_TEST_FAULT_H

#include <stdexcept>

/* An error in a test. Its message names the case and the cause. */
struct Fault : std::runtime_error {
    using std::runtime_error::runtime_error;
};

#endif
