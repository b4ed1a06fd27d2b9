/* What a cuBLAS handle is here, and how results of the driver become those of cuBLAS. */
#ifndef SIGNVOTE_EMULATOR_CUBLAS_HANDLE_H
#define SIGNVOTE_EMULATOR_CUBLAS_HANDLE_H

#include "../driver/libraries.h"
#include <cstdint>
#include <cstdlib>

#define EMU_API extern "C" __attribute__((visibility("default"))) int

namespace emu {

enum Status {
    STATUS_SUCCESS = 0,
    STATUS_NOT_INITIALIZED = 1,
    STATUS_ALLOC_FAILED = 3,
    STATUS_INVALID_VALUE = 7,
    STATUS_EXECUTION_FAILED = 13,
    STATUS_NOT_SUPPORTED = 15
};

enum PointerMode { HOST_POINTERS = 0, DEVICE_POINTERS = 1 };

struct BlasHandle {
    void *stream = nullptr;
    int pointerMode = HOST_POINTERS;
    int mathMode = 0;
};

/* Null for a handle that is none, or was destroyed. */
BlasHandle *handleOf(void *handle);

int statusOf(int driverResult);

/* A scalar that a call reads: now, from the host, or when its turn comes, from the device. */
class Scalar {
  public:
    Scalar(const BlasHandle &handle, const float *pointer)
        : pointer(handle.pointerMode == DEVICE_POINTERS ? pointer : nullptr),
          value(handle.pointerMode == DEVICE_POINTERS ? 0 : *pointer) {
    }
    void addTo(std::vector<Operand> &operands) const {
        if (pointer != nullptr) {
            operands.push_back({pointer, sizeof(float)});
        }
    }
    float operator()() const {
        return pointer != nullptr ? *pointer : value;
    }

  private:
    const float *pointer;
    float value;
};

/* The bytes of n floats that stand `increment` apart. */
inline size_t vectorBytes(int n, int increment) {
    return (static_cast<size_t>(n - 1) * static_cast<size_t>(std::abs(increment)) + 1) * sizeof(float);
}

/* The place of element i: with a negative increment a vector runs backwards. */
inline size_t elementOf(int i, int n, int increment) {
    const int64_t place = increment > 0 ? int64_t{i} * increment : int64_t{n - 1 - i} * -increment;
    return static_cast<size_t>(place);
}

} // namespace emu

#endif
