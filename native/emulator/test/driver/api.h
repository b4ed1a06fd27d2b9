/* The entry points as the tests call them, and a machine with a context to call them on. */
#ifndef SIGNVOTE_EMULATOR_API_H
#define SIGNVOTE_EMULATOR_API_H

#include "../../driver/control.h"
#include "../../driver/results.h"
#include "check.h"
#include <cstddef>
#include <cstdint>

using Device = int;
using Address = unsigned long long;
using Handle = void *;

extern "C" {
int cuInit(unsigned);
int cuDeviceGetCount(int *);
int cuDeviceGetName(char *, int, Device);
int cuDevicePrimaryCtxRetain(Handle *, Device);
int cuDevicePrimaryCtxRelease_v2(Device);
int cuDevicePrimaryCtxReset_v2(Device);
int cuDevicePrimaryCtxGetState(Device, unsigned *, int *);
int cuCtxPushCurrent_v2(Handle);
int cuCtxPopCurrent_v2(Handle *);
int cuCtxGetCurrent(Handle *);
int cuCtxSynchronize();
int cuMemAlloc_v2(Address *, size_t);
int cuMemFree_v2(Address);
int cuMemHostAlloc(void **, size_t, unsigned);
int cuMemFreeHost(void *);
int cuMemHostRegister_v2(void *, size_t, unsigned);
int cuMemHostUnregister(void *);
int cuMemGetInfo_v2(size_t *, size_t *);
int cuMemGetAddressRange_v2(Address *, size_t *, Address);
int cuPointerGetAttribute(void *, int, Address);
int cuMemcpyHtoD_v2(Address, const void *, size_t);
int cuMemcpyDtoH_v2(void *, Address, size_t);
int cuMemcpyHtoDAsync_v2(Address, const void *, size_t, Handle);
int cuMemcpyDtoHAsync_v2(void *, Address, size_t, Handle);
int cuMemcpyDtoDAsync_v2(Address, Address, size_t, Handle);
int cuMemsetD32_v2(Address, unsigned, size_t);
int cuMemsetD32Async(Address, unsigned, size_t, Handle);
int cuStreamCreate(Handle *, unsigned);
int cuStreamDestroy_v2(Handle);
int cuStreamSynchronize(Handle);
int cuStreamQuery(Handle);
int cuStreamWaitEvent(Handle, Handle, unsigned);
int cuEventCreate(Handle *, unsigned);
int cuEventDestroy_v2(Handle);
int cuEventRecord(Handle, Handle);
int cuEventQuery(Handle);
int cuEventSynchronize(Handle);
int cuEventElapsedTime(float *, Handle, Handle);
int cuModuleLoad(Handle *, const char *);
int cuModuleLoadData(Handle *, const void *);
int cuModuleUnload(Handle);
int cuModuleGetFunction(Handle *, Handle, const char *);
int cuFuncGetAttribute(int *, int, Handle);
int cuOccupancyMaxPotentialBlockSize(int *, int *, Handle, size_t (*)(int), size_t, int);
int cuLaunchKernel(
    Handle, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, Handle, void **, void **);
int cuGetErrorName(int, const char **);
int cuGraphLaunch();
}

constexpr unsigned NON_BLOCKING = 1;

/* The image of the kernels, given to the program. */
extern const char *kernelImage;

/* A fresh machine with the primary context of device 0 current on this thread; lets go of it at the end. */
class Machine {
  public:
    explicit Machine(const std::string &settings) {
        emu::reset();
        EXPECT_EQUAL("", emu::configure(settings));
        EXPECT_EQUAL(0, cuInit(0));
        EXPECT_EQUAL(0, cuDevicePrimaryCtxRetain(&context, 0));
        EXPECT_EQUAL(0, cuCtxPushCurrent_v2(context));
    }
    ~Machine() {
        if (context != nullptr) {
            close();
        }
        emu::reset();
    }
    void close() {
        cuCtxPopCurrent_v2(nullptr);
        EXPECT_EQUAL(0, cuDevicePrimaryCtxRelease_v2(0));
        context = nullptr;
    }
    static Handle stream(unsigned flags = NON_BLOCKING) {
        Handle handle = nullptr;
        EXPECT_EQUAL(0, cuStreamCreate(&handle, flags));
        return handle;
    }
    static Handle event() {
        Handle handle = nullptr;
        EXPECT_EQUAL(0, cuEventCreate(&handle, 0));
        return handle;
    }
    static Address allocate(size_t bytes) {
        Address address = 0;
        EXPECT_EQUAL(0, cuMemAlloc_v2(&address, bytes));
        return address;
    }
    static uint32_t *pinned(size_t count) {
        void *address = nullptr;
        EXPECT_EQUAL(0, cuMemHostAlloc(&address, count * 4, 0));
        return static_cast<uint32_t *>(address);
    }
    static uint32_t read(Address address) {
        uint32_t value = 0;
        EXPECT_EQUAL(0, cuMemcpyDtoH_v2(&value, address, 4));
        return value;
    }

    Handle context = nullptr;
};

/* The kernel `add`: target[i] += source[i]. */
class Adder {
  public:
    Adder() {
        EXPECT_EQUAL(0, cuModuleLoad(&module, kernelImage));
        EXPECT_EQUAL(0, cuModuleGetFunction(&function, module, "add"));
    }
    int launch(Address source, Address target, int64_t n, Handle stream) {
        void *parameters[] = {&source, &target, &n};
        return cuLaunchKernel(function, 1, 1, 1, 256, 1, 1, 0, stream, parameters, nullptr);
    }
    Handle module = nullptr, function = nullptr;
};

#endif
