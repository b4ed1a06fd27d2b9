/*
 * Copies and fills. A copy touches host memory when its turn comes, unless that memory is pageable: then a real driver
 * stages, so that the source is read before the call returns, and a pageable target is complete when it returns. Plain
 * copies to a device from pageable memory return when staged, and plain fills of and copies within devices when queued:
 * a stream that does not wait for the default stream may see memory without them.
 */
#include "driver.h"
#include "registry.h"
#include <cstring>

using namespace emu;

namespace {
/* One end of a copy. */
struct Place {
    uint8_t *address = nullptr;
    bool isDevice = false;
    bool isPageable = false;
    uint64_t allocation = 0;
};

bool within(const EmuAllocation &it, const void *address, size_t bytes) {
    return bytes <= it.length && reinterpret_cast<uintptr_t>(address) - it.address <= it.length - bytes;
}

/* Where these bytes are; false, with a violation, if they are nowhere. */
bool locate(Call &call, const void *address, size_t bytes, const char *role, Place *place) {
    EmuAllocation found;
    place->address = static_cast<uint8_t *>(const_cast<void *>(address));
    if (emu_memory_find(address, &found) || overlapsMemory(address, bytes, &found)) {
        if (reinterpret_cast<uintptr_t>(address) < found.address || !within(found, address, bytes)) {
            call.refuse(
                "%s %p of %zu bytes leaves its %zu bytes at 0x%zx", role, address, bytes, found.length, found.address);
            return false;
        }
        place->isDevice = found.kind == EMU_DEVICE;
        place->allocation = found.id;
        return true;
    }
    if (freedMemory(address, &found)) {
        call.refuse("%s %p is in freed memory of %zu bytes at 0x%zx", role, address, found.length, found.address);
        return false;
    }
    place->isPageable = true;
    return address != nullptr || call.refuse("%s is null", role) == SUCCESS;
}

bool locateDevice(Call &call, CUdeviceptr address, size_t bytes, const char *role, Place *place) {
    if (!locate(call, reinterpret_cast<void *>(address), bytes, role, place)) {
        return false;
    }
    return !place->isPageable || call.refuse("%s 0x%llx is no memory of a device", role, address) == SUCCESS;
}

bool locateHost(Call &call, const void *address, size_t bytes, const char *role, Place *place) {
    if (!locate(call, address, bytes, role, place)) {
        return false;
    }
    return !place->isDevice || call.refuse("%s %p is memory of a device", role, address) == SUCCESS;
}

/* When its turn comes: whether the allocation is still there. */
bool stillThere(const char *call, const Place &place) {
    EmuAllocation found;
    if (place.isPageable || (emu_memory_find(place.address, &found) && found.id == place.allocation)) {
        return true;
    }
    violation("%s: %p was freed before the copy ran", call, static_cast<void *>(place.address));
    return false;
}

Range rangeOf(const Place &place, size_t bytes) {
    return {reinterpret_cast<uintptr_t>(place.address), bytes};
}

int copy(Call &call, const Place &to, const Place &from, size_t bytes, CUstream streamHandle, bool isPlain) {
    const std::shared_ptr<Stream> stream = streamOf(call, streamHandle);
    if (stream == nullptr) {
        return call.result;
    }
    Operation operation;
    operation.what = call.name;
    const char *const name = call.name;
    if (from.isPageable) {
        if (isPlain) {
            const int result = call.it.executor.waitFor(call.held, stream);
            if (result != SUCCESS) {
                return result;
            }
        }
        auto staged = std::make_shared<std::vector<uint8_t>>(from.address, from.address + bytes);
        operation.body = [=] {
            if (!stillThere(name, to)) {
                return static_cast<int>(ILLEGAL_ADDRESS);
            }
            memcpy(to.address, staged->data(), bytes);
            return static_cast<int>(SUCCESS);
        };
        operation.touches = {rangeOf(to, bytes)};
    } else {
        operation.body = [=] {
            if (!stillThere(name, to) || !stillThere(name, from)) {
                return static_cast<int>(ILLEGAL_ADDRESS);
            }
            memmove(to.address, from.address, bytes);
            return static_cast<int>(SUCCESS);
        };
        operation.touches = {rangeOf(to, bytes), rangeOf(from, bytes)};
    }
    const bool isWithinDevices = to.isDevice && from.isDevice;
    const bool waits = to.isPageable || (isPlain && !from.isPageable && !isWithinDevices);
    return enqueue(call, stream, std::move(operation), waits);
}

int toDevice(Call &call, CUdeviceptr target, const void *source, size_t bytes, CUstream stream, bool isPlain) {
    Place to, from;
    if (call.result != SUCCESS || bytes == 0 || !locateDevice(call, target, bytes, "target", &to) ||
        !locateHost(call, source, bytes, "source", &from)) {
        return call.result;
    }
    return copy(call, to, from, bytes, stream, isPlain);
}

int toHost(Call &call, void *target, CUdeviceptr source, size_t bytes, CUstream stream, bool isPlain) {
    Place to, from;
    if (call.result != SUCCESS || bytes == 0 || !locateHost(call, target, bytes, "target", &to) ||
        !locateDevice(call, source, bytes, "source", &from)) {
        return call.result;
    }
    return copy(call, to, from, bytes, stream, isPlain);
}

int withinDevices(Call &call, CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream, bool isPlain) {
    Place to, from;
    if (call.result != SUCCESS || bytes == 0 || !locateDevice(call, target, bytes, "target", &to) ||
        !locateDevice(call, source, bytes, "source", &from)) {
        return call.result;
    }
    return copy(call, to, from, bytes, stream, isPlain);
}

int anywhere(Call &call, CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream, bool isPlain) {
    Place to, from;
    if (call.result != SUCCESS || bytes == 0 || !locate(call, reinterpret_cast<void *>(target), bytes, "target", &to) ||
        !locate(call, reinterpret_cast<void *>(source), bytes, "source", &from)) {
        return call.result;
    }
    return copy(call, to, from, bytes, stream, isPlain);
}

template <class T>
int fill(Call &call, CUdeviceptr target, T value, size_t count, CUstream streamHandle, bool isPlain) {
    Place to;
    const size_t bytes = count * sizeof(T);
    if (call.result != SUCCESS || count == 0 || !locateDevice(call, target, bytes, "target", &to)) {
        return call.result;
    }
    if (target % sizeof(T) != 0) {
        return INVALID_VALUE;
    }
    const std::shared_ptr<Stream> stream = streamOf(call, streamHandle);
    if (stream == nullptr) {
        return call.result;
    }
    Operation operation;
    operation.what = call.name;
    operation.touches = {rangeOf(to, bytes)};
    const char *const name = call.name;
    operation.body = [=] {
        if (!stillThere(name, to)) {
            return static_cast<int>(ILLEGAL_ADDRESS);
        }
        T *const values = reinterpret_cast<T *>(to.address);
        std::fill(values, values + count, value);
        return static_cast<int>(SUCCESS);
    };
    return enqueue(call, stream, std::move(operation), isPlain && !to.isDevice);
}
} // namespace

EMU_API cuMemcpyHtoD_v2(CUdeviceptr target, const void *source, size_t bytes) {
    Call call("cuMemcpyHtoD", Needs::QUEUE);
    return toDevice(call, target, source, bytes, nullptr, true);
}

EMU_API cuMemcpyHtoDAsync_v2(CUdeviceptr target, const void *source, size_t bytes, CUstream stream) {
    Call call("cuMemcpyHtoDAsync", Needs::QUEUE);
    return toDevice(call, target, source, bytes, stream, false);
}

EMU_API cuMemcpyDtoH_v2(void *target, CUdeviceptr source, size_t bytes) {
    Call call("cuMemcpyDtoH", Needs::QUEUE);
    return toHost(call, target, source, bytes, nullptr, true);
}

EMU_API cuMemcpyDtoHAsync_v2(void *target, CUdeviceptr source, size_t bytes, CUstream stream) {
    Call call("cuMemcpyDtoHAsync", Needs::QUEUE);
    return toHost(call, target, source, bytes, stream, false);
}

EMU_API cuMemcpyDtoD_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes) {
    Call call("cuMemcpyDtoD", Needs::QUEUE);
    return withinDevices(call, target, source, bytes, nullptr, true);
}

EMU_API cuMemcpyDtoDAsync_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream) {
    Call call("cuMemcpyDtoDAsync", Needs::QUEUE);
    return withinDevices(call, target, source, bytes, stream, false);
}

EMU_API cuMemcpy(CUdeviceptr target, CUdeviceptr source, size_t bytes) {
    Call call("cuMemcpy", Needs::QUEUE);
    return anywhere(call, target, source, bytes, nullptr, true);
}

EMU_API cuMemcpyAsync(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream) {
    Call call("cuMemcpyAsync", Needs::QUEUE);
    return anywhere(call, target, source, bytes, stream, false);
}

EMU_API cuMemsetD8_v2(CUdeviceptr target, unsigned char value, size_t count) {
    Call call("cuMemsetD8", Needs::QUEUE);
    return fill<uint8_t>(call, target, value, count, nullptr, true);
}

EMU_API cuMemsetD16_v2(CUdeviceptr target, unsigned short value, size_t count) {
    Call call("cuMemsetD16", Needs::QUEUE);
    return fill<uint16_t>(call, target, value, count, nullptr, true);
}

EMU_API cuMemsetD32_v2(CUdeviceptr target, unsigned value, size_t count) {
    Call call("cuMemsetD32", Needs::QUEUE);
    return fill<uint32_t>(call, target, value, count, nullptr, true);
}

EMU_API cuMemsetD8Async(CUdeviceptr target, unsigned char value, size_t count, CUstream stream) {
    Call call("cuMemsetD8Async", Needs::QUEUE);
    return fill<uint8_t>(call, target, value, count, stream, false);
}

EMU_API cuMemsetD16Async(CUdeviceptr target, unsigned short value, size_t count, CUstream stream) {
    Call call("cuMemsetD16Async", Needs::QUEUE);
    return fill<uint16_t>(call, target, value, count, stream, false);
}

EMU_API cuMemsetD32Async(CUdeviceptr target, unsigned value, size_t count, CUstream stream) {
    Call call("cuMemsetD32Async", Needs::QUEUE);
    return fill<uint32_t>(call, target, value, count, stream, false);
}
