/* How a library beside the driver, as cuBLAS is, puts work of its own into streams. */
#ifndef SIGNVOTE_EMULATOR_LIBRARIES_H
#define SIGNVOTE_EMULATOR_LIBRARIES_H

#include "control.h"
#include <cstddef>
#include <functional>
#include <vector>

namespace emu {

/* Memory that the work touches; all of it must be within reach of a device. */
struct Operand {
    const void *address;
    size_t bytes;
};

/*
 * Counts the call for injected faults, checks the operands, queues the work, and waits for it if told to. Returns a
 * result of the driver.
 */
EMU_CONTROL int
queueWork(const char *name, void *stream, const std::vector<Operand> &operands, std::function<void()> work, bool waits);

/* The same for a call that queues nothing: 0, an injected fault, or what is wrong with the thread's context. */
EMU_CONTROL int beginCall(const char *name);

/* Counts what the library keeps for its callers in the current context, with which it goes. */
EMU_CONTROL void countLibraryHandle(int change);

} // namespace emu

#endif
