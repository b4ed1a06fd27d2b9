/* Handles of the emulated cuBLAS, their settings, names of results. */
#include "handle.h"
#include <map>
#include <memory>
#include <mutex>

namespace emu {
namespace {
constexpr int VERSION = 120600; /* what JCublas 12.6.0 was made for */

struct Handles {
    std::mutex lock;
    std::map<void *, std::unique_ptr<BlasHandle>> live;
    uint64_t count = 0;
};

Handles &handles() {
    static Handles *const all = new Handles;
    return *all;
}
} // namespace

BlasHandle *handleOf(void *handle) {
    Handles &all = handles();
    std::lock_guard<std::mutex> guard(all.lock);
    const auto place = all.live.find(handle);
    return place == all.live.end() ? nullptr : place->second.get();
}

int statusOf(int driverResult) {
    switch (driverResult) {
    case 0:
        return STATUS_SUCCESS;
    case 1:
        return STATUS_INVALID_VALUE;
    case 2:
        return STATUS_ALLOC_FAILED;
    case 3:
    case 201:
        return STATUS_NOT_INITIALIZED;
    default:
        return STATUS_EXECUTION_FAILED;
    }
}

} // namespace emu

using namespace emu;

EMU_API cublasCreate_v2(void **handle) {
    const int result = beginCall("cublasCreate");
    if (result != 0) {
        return statusOf(result);
    }
    Handles &all = handles();
    std::lock_guard<std::mutex> guard(all.lock);
    *handle = reinterpret_cast<void *>(0x00EB000000000000u + 16 * ++all.count);
    all.live[*handle] = std::make_unique<BlasHandle>();
    countLibraryHandle(1);
    return STATUS_SUCCESS;
}

EMU_API cublasDestroy_v2(void *handle) {
    Handles &all = handles();
    std::lock_guard<std::mutex> guard(all.lock);
    if (all.live.erase(handle) == 0) {
        return STATUS_NOT_INITIALIZED;
    }
    countLibraryHandle(-1);
    return STATUS_SUCCESS;
}

EMU_API cublasGetVersion_v2(void *handle, int *version) {
    *version = VERSION;
    return handleOf(handle) == nullptr ? STATUS_NOT_INITIALIZED : STATUS_SUCCESS;
}

EMU_API cublasGetProperty(int which, int *value) {
    const int parts[] = {VERSION / 10000, VERSION / 100 % 100, VERSION % 100};
    if (which < 0 || which > 2) {
        return STATUS_INVALID_VALUE;
    }
    *value = parts[which];
    return STATUS_SUCCESS;
}

EMU_API cublasSetStream_v2(void *handle, void *stream) {
    BlasHandle *const it = handleOf(handle);
    if (it == nullptr) {
        return STATUS_NOT_INITIALIZED;
    }
    it->stream = stream;
    return STATUS_SUCCESS;
}

EMU_API cublasGetStream_v2(void *handle, void **stream) {
    const BlasHandle *const it = handleOf(handle);
    if (it == nullptr) {
        return STATUS_NOT_INITIALIZED;
    }
    *stream = it->stream;
    return STATUS_SUCCESS;
}

EMU_API cublasSetPointerMode_v2(void *handle, int mode) {
    BlasHandle *const it = handleOf(handle);
    if (it == nullptr || (mode != HOST_POINTERS && mode != DEVICE_POINTERS)) {
        return it == nullptr ? STATUS_NOT_INITIALIZED : STATUS_INVALID_VALUE;
    }
    it->pointerMode = mode;
    return STATUS_SUCCESS;
}

EMU_API cublasGetPointerMode_v2(void *handle, int *mode) {
    const BlasHandle *const it = handleOf(handle);
    if (it == nullptr) {
        return STATUS_NOT_INITIALIZED;
    }
    *mode = it->pointerMode;
    return STATUS_SUCCESS;
}

EMU_API cublasSetMathMode(void *handle, int mode) {
    BlasHandle *const it = handleOf(handle);
    if (it == nullptr) {
        return STATUS_NOT_INITIALIZED;
    }
    it->mathMode = mode;
    return STATUS_SUCCESS;
}

EMU_API cublasGetMathMode(void *handle, int *mode) {
    const BlasHandle *const it = handleOf(handle);
    if (it == nullptr) {
        return STATUS_NOT_INITIALIZED;
    }
    *mode = it->mathMode;
    return STATUS_SUCCESS;
}

extern "C" __attribute__((visibility("default"))) const char *cublasGetStatusName(int status) {
    switch (status) {
    case STATUS_SUCCESS:
        return "CUBLAS_STATUS_SUCCESS";
    case STATUS_NOT_INITIALIZED:
        return "CUBLAS_STATUS_NOT_INITIALIZED";
    case STATUS_ALLOC_FAILED:
        return "CUBLAS_STATUS_ALLOC_FAILED";
    case STATUS_INVALID_VALUE:
        return "CUBLAS_STATUS_INVALID_VALUE";
    case STATUS_EXECUTION_FAILED:
        return "CUBLAS_STATUS_EXECUTION_FAILED";
    case STATUS_NOT_SUPPORTED:
        return "CUBLAS_STATUS_NOT_SUPPORTED";
    default:
        return "CUBLAS_STATUS_INTERNAL_ERROR";
    }
}

extern "C" __attribute__((visibility("default"))) const char *cublasGetStatusString(int status) {
    return cublasGetStatusName(status);
}
