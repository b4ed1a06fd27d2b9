/*
 * What a kernel library asks of the runtime that launches it. The library is bound to a table of functions when it is
 * opened, so that neither is linked with the other.
 */
#ifndef SIGNVOTE_RUNTIME_H
#define SIGNVOTE_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

/* Where in the launch the running lane is: what threadIdx.x and its kin read. */
struct EmuPlace {
    unsigned thread;
    unsigned block;
    unsigned block_size;
    unsigned grid_size;
};

enum class EmuMeetingKind { barrier, ballot, any, shuffle, shuffle_down, shuffle_xor };

/* One lane's part in a meeting of lanes, and where in the source it stands. */
struct EmuMeeting {
    EmuMeetingKind kind;
    uint32_t mask; /* lanes of the warp that meet; of a barrier, unused */
    uint64_t value;
    int lane; /* of a shuffle: its source, or how far it is */
    const char *file;
    int line;
};

enum class EmuAccess { read, write, atomic };

struct EmuRuntime {
    const EmuPlace *place;
    /* Returns if the lane may touch these bytes, else ends the launch. is_aligned: they must be aligned to their size.
     */
    void (*access)(const void *address, size_t length, EmuAccess access, bool is_aligned);
    /* Waits for the others and returns what the meeting gives this lane. */
    uint64_t (*meet)(const EmuMeeting &meeting);
};

/* Of the runtime; launch.cpp. */
extern const EmuRuntime emu_runtime;

/* Exported by a kernel library beside emu_kernels. */
typedef void emu_bind_fn(const EmuRuntime *runtime);

#endif
