/*
 * What a kernel may touch: the registry of device allocations and of host memory that was pinned or registered.
 *
 *   | no access | guard | the bytes asked for, poisoned | guard | no access |
 *
 * A freed allocation keeps its addresses for the life of the process, without access, so that a stale pointer is never
 * valid again by chance. Guards are bytes of no owner; emu_memory_check refuses them before anything is touched, and
 * emu_memory_free looks whether somebody wrote there unseen.
 *
 * Stacks, shared memory and arguments of a kernel are not device memory: the lockstep runtime recognises its own and
 * asks here about every other address.
 */
#ifndef SIGNVOTE_EMULATOR_MEMORY_H
#define SIGNVOTE_EMULATOR_MEMORY_H

#include <cstddef>
#include <cstdint>

enum EmuMemoryKind { EMU_DEVICE, EMU_PINNED, EMU_REGISTERED };

struct EmuAllocation {
    uintptr_t address;
    size_t length;
    EmuMemoryKind kind;
    int device;     /* of a device allocation; -1 for host memory, which every device may reach */
    void *context;  /* who allocated it */
    unsigned flags; /* as given to cuMemHostAlloc and cuMemHostRegister */
    uint64_t id;    /* never given twice */
};

extern "C" {

/* Poisoned memory between guards, aligned to 4096, or null when the machine has none. */
void *emu_memory_allocate(size_t length, EmuMemoryKind kind, int device, void *context, unsigned flags);

/* Takes host memory of somebody else in, EMU_REGISTERED; false if a part of it is here already. */
bool emu_memory_register(void *address, size_t length, void *context, unsigned flags);

/* Ends an allocation or a registration that starts at this address; false if there is none of this kind. */
bool emu_memory_free(void *address, EmuMemoryKind kind);

/* The allocation that holds this address, copied to `found`; false if there is none. */
bool emu_memory_find(const void *address, EmuAllocation *found);

/* From here to emu_memory_leave, on this thread, accesses are those of a kernel on that device. */
void emu_memory_enter(int device, const char *kernel);

/* Returns how many violations there were since emu_memory_enter. */
uint64_t emu_memory_leave(void);

/*
 * Whether the kernel may touch these bytes; to be asked before each access, atomics (isWrite) included. If not, the
 * violation is noted, and the access must not happen: end the launch with CUDA_ERROR_ILLEGAL_ADDRESS, 700.
 */
bool emu_memory_check(const void *address, size_t length, bool isWrite);
}

#endif
