/* Device memory, pinned and registered host memory, and what the driver knows of an address. */
#include "driver.h"
#include "registry.h"

using namespace emu;

namespace {
constexpr unsigned HOST_ALLOC_FLAGS = 7, HOST_REGISTER_FLAGS = 15;

void awaitDevices(Call &call) {
    for (auto &[handle, context] : std::map<void *, std::shared_ptr<Context>>(call.it.contexts)) {
        call.it.executor.waitFor(call.held, context);
    }
}

/*
 * Frees, as a real driver does, when the devices are done. For memory of a device that is whatever they do, so that
 * whoever frees in the middle of something is found to wait for it; being in use is a violation all the same.
 */
int release(Call &call, void *address, EmuMemoryKind kind, int notFound) {
    if (call.result != SUCCESS) {
        return call.result;
    }
    EmuAllocation found;
    if (!emu_memory_find(address, &found) || found.address != reinterpret_cast<uintptr_t>(address) ||
        found.kind != kind) {
        call.refuse("%p is the start of no such memory, or was freed", address);
        return notFound;
    }
    const Operation *const user = call.it.executor.userOf(address, found.length);
    if (user != nullptr) {
        violation("%s: %p is in use, %s is still queued", call.name, address, user->what.c_str());
    }
    if (user != nullptr || kind == EMU_DEVICE) {
        awaitDevices(call);
    }
    return emu_memory_free(address, kind) ? SUCCESS : notFound;
}

int allocatePinned(Call &call, void **address, size_t bytes, unsigned flags) {
    if (call.result != SUCCESS || bytes == 0 || flags > HOST_ALLOC_FLAGS) {
        return call.result != SUCCESS ? call.result : INVALID_VALUE;
    }
    *address = emu_memory_allocate(bytes, EMU_PINNED, -1, call.context, flags);
    return *address == nullptr ? OUT_OF_MEMORY : SUCCESS;
}

/* Numbers after NVIDIA's CUpointer_attribute. */
int describe(const EmuAllocation &it, const void *pointer, int which, void *data) {
    constexpr unsigned HOST = 1, DEVICE = 2;
    switch (which) {
    case 1:
        *static_cast<void **>(data) = static_cast<Context *>(it.context)->handle;
        return SUCCESS;
    case 2:
        *static_cast<unsigned *>(data) = it.kind == EMU_DEVICE ? DEVICE : HOST;
        return SUCCESS;
    case 3:
        *static_cast<const void **>(data) = pointer;
        return SUCCESS;
    case 4:
        if (it.kind == EMU_DEVICE) {
            return INVALID_VALUE;
        }
        *static_cast<const void **>(data) = pointer;
        return SUCCESS;
    case 7:
        *static_cast<unsigned long long *>(data) = it.id;
        return SUCCESS;
    case 8:
        *static_cast<unsigned *>(data) = 0;
        return SUCCESS;
    case 9:
        *static_cast<int *>(data) = it.kind == EMU_DEVICE ? it.device : static_cast<Context *>(it.context)->device;
        return SUCCESS;
    case 11:
        *static_cast<uintptr_t *>(data) = it.address;
        return SUCCESS;
    case 12:
        *static_cast<size_t *>(data) = it.length;
        return SUCCESS;
    case 13:
        *static_cast<unsigned char *>(data) = 1;
        return SUCCESS;
    default:
        return NOT_SUPPORTED;
    }
}
} // namespace

EMU_API cuMemAlloc_v2(CUdeviceptr *address, size_t bytes) {
    Call call("cuMemAlloc", Needs::CONTEXT);
    if (call.result != SUCCESS || bytes == 0) {
        return call.result != SUCCESS ? call.result : INVALID_VALUE;
    }
    const int device = call.context->device;
    const size_t taken = deviceBytesOf(device);
    if (taken > call.it.settings.memory || bytes > call.it.settings.memory - taken) {
        return OUT_OF_MEMORY;
    }
    void *const memory = emu_memory_allocate(bytes, EMU_DEVICE, device, call.context, 0);
    *address = reinterpret_cast<CUdeviceptr>(memory);
    return memory == nullptr ? OUT_OF_MEMORY : SUCCESS;
}

EMU_API cuMemFree_v2(CUdeviceptr address) {
    Call call("cuMemFree", Needs::CONTEXT);
    return call.result == SUCCESS && address == 0
               ? SUCCESS
               : release(call, reinterpret_cast<void *>(address), EMU_DEVICE, INVALID_VALUE);
}

EMU_API cuMemHostAlloc(void **address, size_t bytes, unsigned flags) {
    Call call("cuMemHostAlloc", Needs::CONTEXT);
    return allocatePinned(call, address, bytes, flags);
}

EMU_API cuMemAllocHost_v2(void **address, size_t bytes) {
    Call call("cuMemAllocHost", Needs::CONTEXT);
    return allocatePinned(call, address, bytes, 0);
}

EMU_API cuMemFreeHost(void *address) {
    Call call("cuMemFreeHost", Needs::CONTEXT);
    return release(call, address, EMU_PINNED, INVALID_VALUE);
}

EMU_API cuMemHostRegister_v2(void *address, size_t bytes, unsigned flags) {
    Call call("cuMemHostRegister", Needs::CONTEXT);
    if (call.result != SUCCESS || address == nullptr || bytes == 0 || flags > HOST_REGISTER_FLAGS) {
        return call.result != SUCCESS ? call.result : INVALID_VALUE;
    }
    return emu_memory_register(address, bytes, call.context, flags) ? SUCCESS : HOST_MEMORY_ALREADY_REGISTERED;
}

EMU_API cuMemHostUnregister(void *address) {
    Call call("cuMemHostUnregister", Needs::CONTEXT);
    return release(call, address, EMU_REGISTERED, HOST_MEMORY_NOT_REGISTERED);
}

EMU_API cuMemHostGetDevicePointer_v2(CUdeviceptr *pointer, void *address, unsigned flags) {
    Call call("cuMemHostGetDevicePointer", Needs::CONTEXT);
    EmuAllocation found;
    if (call.result != SUCCESS || flags != 0 || !emu_memory_find(address, &found) || found.kind == EMU_DEVICE) {
        return call.result != SUCCESS ? call.result : INVALID_VALUE;
    }
    *pointer = reinterpret_cast<CUdeviceptr>(address);
    return SUCCESS;
}

EMU_API cuMemHostGetFlags(unsigned *flags, void *address) {
    Call call("cuMemHostGetFlags", Needs::CONTEXT);
    EmuAllocation found;
    if (call.result != SUCCESS || !emu_memory_find(address, &found) || found.kind == EMU_DEVICE) {
        return call.result != SUCCESS ? call.result : INVALID_VALUE;
    }
    *flags = found.flags;
    return SUCCESS;
}

EMU_API cuMemGetAddressRange_v2(CUdeviceptr *base, size_t *bytes, CUdeviceptr address) {
    Call call("cuMemGetAddressRange", Needs::CONTEXT);
    EmuAllocation found;
    if (call.result != SUCCESS || !emu_memory_find(reinterpret_cast<void *>(address), &found)) {
        return call.result != SUCCESS ? call.result : NOT_FOUND;
    }
    if (base != nullptr) {
        *base = found.address;
    }
    if (bytes != nullptr) {
        *bytes = found.length;
    }
    return SUCCESS;
}

EMU_API cuPointerGetAttribute(void *data, int which, CUdeviceptr address) {
    Call call("cuPointerGetAttribute", Needs::CONTEXT);
    const void *const pointer = reinterpret_cast<void *>(address);
    EmuAllocation found;
    if (call.result != SUCCESS || !emu_memory_find(pointer, &found)) {
        return call.result != SUCCESS ? call.result : INVALID_VALUE;
    }
    return describe(found, pointer, which, data);
}

EMU_API cuPointerGetAttributes(unsigned count, int *which, void **data, CUdeviceptr address) {
    Call call("cuPointerGetAttributes", Needs::CONTEXT);
    if (call.result != SUCCESS) {
        return call.result;
    }
    const void *const pointer = reinterpret_cast<void *>(address);
    EmuAllocation found;
    const bool isKnown = emu_memory_find(pointer, &found);
    for (unsigned i = 0; i < count; i++) {
        if (isKnown) {
            const int result = describe(found, pointer, which[i], data[i]);
            if (result != SUCCESS && which[i] != 4) {
                return result;
            }
        } else if (which[i] == 2 || which[i] == 8 || which[i] == 9) {
            *static_cast<int *>(data[i]) = which[i] == 9 ? -2 : 0;
        } else if (which[i] == 13) {
            *static_cast<unsigned char *>(data[i]) = 0;
        } else {
            *static_cast<void **>(data[i]) = nullptr;
        }
    }
    return SUCCESS;
}
