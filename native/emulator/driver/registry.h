/* What the driver asks of the registry of memory.h beyond what kernels need. A null context means all. */
#ifndef SIGNVOTE_EMULATOR_REGISTRY_H
#define SIGNVOTE_EMULATOR_REGISTRY_H

#include "../memory.h"

namespace emu {

struct Usage {
    size_t device = 0, pinned = 0, registered = 0; /* allocations */
    size_t deviceBytes = 0;
};

Usage usageOf(const void *context);
size_t deviceBytesOf(int device);
void freeAllOf(const void *context);

/* Whether this address was in an allocation that is freed. */
bool freedMemory(const void *address, EmuAllocation *found);

/* Whether any of these bytes is in a live allocation. */
bool overlapsMemory(const void *address, size_t length, EmuAllocation *found);

} // namespace emu

#endif
