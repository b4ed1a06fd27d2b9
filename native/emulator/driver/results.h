/* The results that the emulated driver gives, by the numbers of NVIDIA's driver interface. */
#ifndef SIGNVOTE_EMULATOR_RESULTS_H
#define SIGNVOTE_EMULATOR_RESULTS_H

namespace emu {

enum Result {
    SUCCESS = 0,
    INVALID_VALUE = 1,
    OUT_OF_MEMORY = 2,
    NOT_INITIALIZED = 3,
    NO_DEVICE = 100,
    INVALID_DEVICE = 101,
    INVALID_IMAGE = 200,
    INVALID_CONTEXT = 201,
    ECC_UNCORRECTABLE = 214,
    FILE_NOT_FOUND = 301,
    INVALID_HANDLE = 400,
    NOT_FOUND = 500,
    NOT_READY = 600,
    ILLEGAL_ADDRESS = 700,
    LAUNCH_OUT_OF_RESOURCES = 701,
    PRIMARY_CONTEXT_ACTIVE = 708,
    CONTEXT_IS_DESTROYED = 709,
    HOST_MEMORY_ALREADY_REGISTERED = 712,
    HOST_MEMORY_NOT_REGISTERED = 713,
    LAUNCH_FAILED = 719,
    NOT_SUPPORTED = 801,
    UNKNOWN = 999
};

/* Whether a context that saw this result gives it for ever. */
bool isSticky(int result);

/* CUDA_ERROR_... and what it means; null for a number that is none. */
const char *resultName(int result);
const char *resultText(int result);

} // namespace emu

#endif
