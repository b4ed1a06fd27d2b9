/*
 * Runs kernels that were compiled for the host. A kernel library (the .so that an image names) holds the same sources
 * that nvcc compiles, with hooks at every memory access; a launch runs its blocks one after another, the lanes of a
 * block in lockstep fibers that meet at barriers and warp collectives.
 *
 * A launch ends at its first fault and touches no memory beyond it. Faults, as CUresults:
 *
 *   1    the launch itself: no blocks, no lanes, more lanes a block than the kernel's limit, 2^31 lanes and more
 *   700  emu_memory_check (memory.h) refused an access
 *   716  an access that is not aligned to its size
 *   719  lanes race for memory; a lane reads shared memory that nobody wrote; a meeting (barrier, ballot, shuffle) that
 *        not all reach who must
 *
 * One launch runs at a time; others wait. Any thread may call.
 */
#ifndef SIGNVOTE_LAUNCH_H
#define SIGNVOTE_LAUNCH_H

#include <stddef.h>
#include <stdint.h>

extern "C" {

/* One kernel of a library. A library exports `const EmuKernel emu_kernels[]`, ended by a null name. */
struct EmuKernel {
    const char *name;
    void (*run)(void **args);      /* calls the kernel as one lane */
    int argument_count;            /* parameters it takes: args holds the address of each */
    const uint8_t *argument_bytes; /* the size of each */
    unsigned block_limit;          /* lanes a block may have, of its launch bounds */
    char *shared_begin;            /* its static shared memory */
    char *shared_end;
};

/* An open kernel library. */
struct EmuLibrary;

/* Opens a kernel library by absolute path. Null on failure: emu_launch_error() says why. */
EmuLibrary *emu_library_open(const char *path);

/* The kernel of a name, or null. It lives until its library is closed. */
const EmuKernel *emu_library_kernel(const EmuLibrary *library, const char *name);

void emu_library_close(EmuLibrary *library);

enum EmuLaneOrder { EMU_ASCENDING, EMU_DESCENDING, EMU_RANDOM };

/* In which order the blocks of a grid run, and the lanes of a block between two meetings. The seed is of EMU_RANDOM. */
void emu_set_lane_order(EmuLaneOrder order, uint64_t seed);

/*
 * Runs a kernel to its end: block lanes in each of grid blocks; args[i] points at parameter i. Returns 0 or a fault.
 */
int emu_launch(const EmuKernel *kernel, unsigned grid, unsigned block, void **args);

/*
 * What went wrong in the calling thread's last emu_launch or emu_library_open: kernel, block, lane, access. Valid until
 * its next.
 */
const char *emu_launch_error(void);
}

#endif
