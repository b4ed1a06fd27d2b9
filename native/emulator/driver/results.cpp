#include "results.h"
#include "driver.h"

namespace emu {
namespace {
struct Row {
    int result;
    const char *name;
    const char *text;
};

constexpr Row ROWS[] = {
    {0, "CUDA_SUCCESS", "no error"},
    {1, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {2, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {3, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {4, "CUDA_ERROR_DEINITIALIZED", "driver shutting down"},
    {46, "CUDA_ERROR_DEVICE_UNAVAILABLE", "device is busy or unavailable"},
    {100, "CUDA_ERROR_NO_DEVICE", "no device is detected"},
    {101, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {200, "CUDA_ERROR_INVALID_IMAGE", "the image is not one for this device"},
    {201, "CUDA_ERROR_INVALID_CONTEXT", "no or an invalid device context"},
    {202, "CUDA_ERROR_CONTEXT_ALREADY_CURRENT", "context is current already"},
    {209, "CUDA_ERROR_NO_BINARY_FOR_GPU", "the image has no code for this device"},
    {214, "CUDA_ERROR_ECC_UNCORRECTABLE", "uncorrectable memory error"},
    {218, "CUDA_ERROR_INVALID_PTX", "invalid intermediate code"},
    {220, "CUDA_ERROR_NVLINK_UNCORRECTABLE", "uncorrectable error of a link"},
    {222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "intermediate code of a later toolkit"},
    {226, "CUDA_ERROR_CONTAINED", "an error that the device contained"},
    {301, "CUDA_ERROR_FILE_NOT_FOUND", "file not found"},
    {304, "CUDA_ERROR_OPERATING_SYSTEM", "a call of the operating system failed"},
    {400, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {401, "CUDA_ERROR_ILLEGAL_STATE", "illegal state"},
    {500, "CUDA_ERROR_NOT_FOUND", "symbol not found"},
    {600, "CUDA_ERROR_NOT_READY", "not ready"},
    {700, "CUDA_ERROR_ILLEGAL_ADDRESS", "a kernel touched memory that it may not"},
    {701, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources for a launch"},
    {702, "CUDA_ERROR_LAUNCH_TIMEOUT", "a kernel took too long"},
    {708, "CUDA_ERROR_PRIMARY_CONTEXT_ACTIVE", "the primary context is active"},
    {709, "CUDA_ERROR_CONTEXT_IS_DESTROYED", "context is destroyed"},
    {710, "CUDA_ERROR_ASSERT", "an assertion of a kernel failed"},
    {712, "CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED", "host memory is registered already"},
    {713, "CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED", "host memory is not registered"},
    {714, "CUDA_ERROR_HARDWARE_STACK_ERROR", "the stack of a kernel is damaged"},
    {715, "CUDA_ERROR_ILLEGAL_INSTRUCTION", "illegal instruction"},
    {716, "CUDA_ERROR_MISALIGNED_ADDRESS", "a kernel touched a misaligned address"},
    {717, "CUDA_ERROR_INVALID_ADDRESS_SPACE", "operation on a wrong address space"},
    {718, "CUDA_ERROR_INVALID_PC", "invalid program counter"},
    {719, "CUDA_ERROR_LAUNCH_FAILED", "launch failed"},
    {721, "CUDA_ERROR_TENSOR_MEMORY_LEAK", "a kernel left tensor memory allocated"},
    {800, "CUDA_ERROR_NOT_PERMITTED", "not permitted"},
    {801, "CUDA_ERROR_NOT_SUPPORTED", "not supported"},
    {802, "CUDA_ERROR_SYSTEM_NOT_READY", "system not yet initialized"},
    {803, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", "driver library and kernel module differ"},
    {806, "CUDA_ERROR_MPS_RPC_FAILURE", "the server of this client does not answer"},
    {810, "CUDA_ERROR_MPS_CLIENT_TERMINATED", "the server ended this client"},
    {999, "CUDA_ERROR_UNKNOWN", "unknown error"},
};

const Row *rowOf(int result) {
    for (const Row &row : ROWS) {
        if (row.result == result) {
            return &row;
        }
    }
    return nullptr;
}
} // namespace

/* After Cuda.isLost of the library, which also takes 4 and 709 for the end of what it had. */
bool isSticky(int result) {
    switch (result) {
    case 46:
    case 214:
    case 220:
    case 226:
    case 700:
    case 702:
    case 710:
    case 714:
    case 715:
    case 716:
    case 717:
    case 718:
    case 719:
    case 721:
    case 806:
    case 810:
    case 999:
        return true;
    default:
        return false;
    }
}

const char *resultName(int result) {
    const Row *row = rowOf(result);
    return row == nullptr ? nullptr : row->name;
}

const char *resultText(int result) {
    const Row *row = rowOf(result);
    return row == nullptr ? nullptr : row->text;
}

} // namespace emu

EMU_API cuGetErrorName(int error, const char **name) {
    *name = emu::resultName(error);
    return *name == nullptr ? emu::INVALID_VALUE : emu::SUCCESS;
}

EMU_API cuGetErrorString(int error, const char **text) {
    *text = emu::resultText(error);
    return *text == nullptr ? emu::INVALID_VALUE : emu::SUCCESS;
}
