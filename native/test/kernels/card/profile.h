#ifndef SIGNVOTE_TEST_PROFILE_H
#define SIGNVOTE_TEST_PROFILE_H

#include "device.h"

/* Launches each kernel once on n coordinates, with a grid that fills the card, and compares nothing. */
void launchEach(const Kernels &kernels, int64_t n);

#endif
