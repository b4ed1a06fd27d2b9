/* What fails, when it shows, and how far it reaches. */
#include "api.h"

using namespace emu;

TEST(memoryRunsOut) {
    Machine machine("memory=1000000");
    Address first = 0, second = 0;
    size_t available = 0, total = 0;
    EXPECT_EQUAL(0, cuMemAlloc_v2(&first, 600000));
    EXPECT_EQUAL(OUT_OF_MEMORY, cuMemAlloc_v2(&second, 600000));
    EXPECT_EQUAL(0, cuMemGetInfo_v2(&available, &total));
    EXPECT_EQUAL(400000u, available);
    EXPECT_EQUAL(1000000u, total);
    EXPECT_EQUAL(0, cuMemFree_v2(first));
    EXPECT_EQUAL(0, cuMemAlloc_v2(&second, 600000));
}

TEST(injectedFailureOfTheNthCall) {
    Machine machine("fail=cuMemAlloc@2:2,fail=cuStreamCreate@1+:999");
    Address address = 0;
    Handle stream = nullptr;
    EXPECT_EQUAL(0, cuMemAlloc_v2(&address, 4));
    EXPECT_EQUAL(OUT_OF_MEMORY, cuMemAlloc_v2(&address, 4));
    EXPECT_EQUAL(0, cuMemAlloc_v2(&address, 4));
    EXPECT_EQUAL(UNKNOWN, cuStreamCreate(&stream, 0));
    EXPECT_EQUAL(UNKNOWN, cuStreamCreate(&stream, 0));
}

TEST(launchFailureShowsLateAndStays) {
    Machine machine("fail=cuLaunchKernel@2:719");
    const Handle stream = machine.stream();
    const Address words = machine.allocate(8);
    Adder adder;
    EXPECT_EQUAL(0, cuMemsetD32Async(words, 0, 2, stream));
    EXPECT_EQUAL(0, adder.launch(words, words + 4, 1, stream));
    EXPECT_EQUAL(0, cuStreamSynchronize(stream));
    EXPECT_EQUAL(0, adder.launch(words, words + 4, 1, stream));
    EXPECT_EQUAL(LAUNCH_FAILED, cuStreamSynchronize(stream));
    Address more = 0;
    EXPECT_EQUAL(LAUNCH_FAILED, cuMemAlloc_v2(&more, 4));
    EXPECT_EQUAL(LAUNCH_FAILED, cuStreamQuery(stream));
    EXPECT_EQUAL(LAUNCH_FAILED, cuMemFree_v2(words));
    EXPECT_EQUAL(LAUNCH_FAILED, adder.launch(words, words + 4, 1, stream));

    Handle again = nullptr;
    emu::violations();
    EXPECT_EQUAL(0, cuDevicePrimaryCtxReset_v2(0));
    EXPECT_EQUAL("", emu::violations());
    EXPECT_EQUAL(0, cuDevicePrimaryCtxRetain(&again, 0));
    EXPECT(again == machine.context);
    EXPECT_EQUAL(0, cuMemAlloc_v2(&more, 4));
}

/* What comes after the failure does not run: nobody who waits for its last copy may be told that it came. */
TEST(nothingRunsAfterAFailure) {
    Machine machine("hold=true,fail=cuMemcpyDtoHAsync@1:700");
    const Handle stream = machine.stream(), other = machine.stream(), event = machine.event();
    const Address word = machine.allocate(4);
    uint32_t *const target = machine.pinned(2);
    target[0] = target[1] = 7;
    EXPECT_EQUAL(0, cuMemcpyDtoHAsync_v2(target, word, 4, stream));
    EXPECT_EQUAL(0, cuEventRecord(event, stream));
    EXPECT_EQUAL(0, cuStreamWaitEvent(other, event, 0));
    EXPECT_EQUAL(0, cuMemcpyDtoHAsync_v2(target + 1, word, 4, other));
    EXPECT_EQUAL(ILLEGAL_ADDRESS, cuEventSynchronize(event));
    EXPECT_EQUAL(ILLEGAL_ADDRESS, cuStreamSynchronize(other));
    EXPECT_EQUAL(7u, target[0]);
    EXPECT_EQUAL(7u, target[1]);
}

TEST(aLostContextLeavesOtherDevicesAlone) {
    Machine machine("fail=cuMemcpyDtoHAsync@1:719");
    const Handle stream = machine.stream();
    uint32_t *const target = machine.pinned(1);
    const Address word = machine.allocate(4);
    EXPECT_EQUAL(0, cuMemcpyDtoHAsync_v2(target, word, 4, stream));
    EXPECT_EQUAL(LAUNCH_FAILED, cuStreamSynchronize(stream));
    Handle other = nullptr;
    Address there = 0;
    EXPECT_EQUAL(0, cuDevicePrimaryCtxRetain(&other, 1));
    EXPECT_EQUAL(0, cuCtxPushCurrent_v2(other));
    EXPECT_EQUAL(0, cuMemAlloc_v2(&there, 4));
    EXPECT_EQUAL(0, cuMemFree_v2(there));
    EXPECT_EQUAL(0, cuCtxPopCurrent_v2(nullptr));
    EXPECT_EQUAL(0, cuDevicePrimaryCtxRelease_v2(1));
}

namespace {
/* Launches add over n floats and expects that a violation with these words comes of it. */
void expectIllegal(Machine &machine, Address source, Address target, int64_t n, const char *words) {
    const Handle stream = machine.stream();
    Adder adder;
    EXPECT_EQUAL(0, adder.launch(source, target, n, stream));
    EXPECT_EQUAL(ILLEGAL_ADDRESS, cuStreamSynchronize(stream));
    EXPECT_EQUAL(ILLEGAL_ADDRESS, cuCtxSynchronize());
    const std::string said = emu::violations();
    if (!contains(said, words)) {
        printf("  '%s' is not in: %s\n", words, said.c_str());
        Tests::failures()++;
    }
}
} // namespace

TEST(kernelReadsPastTheEnd) {
    Machine machine("");
    expectIllegal(machine, machine.allocate(400), machine.allocate(404), 101, "out of range, 400 bytes into device");
}

TEST(kernelWritesPastTheEnd) {
    for (const char *lanes : {"lanes=ascending", "lanes=descending", "lanes=random"}) {
        Machine machine(lanes);
        expectIllegal(machine, machine.allocate(404), machine.allocate(400), 101, "out of range, 400 bytes into");
    }
}

TEST(kernelTouchesFreedMemory) {
    Machine machine("");
    const Address source = machine.allocate(400);
    EXPECT_EQUAL(0, cuMemFree_v2(source));
    expectIllegal(machine, source, machine.allocate(400), 100, "freed");
}

TEST(kernelTouchesHostMemory) {
    static float values[100];
    Machine machine("");
    expectIllegal(machine, reinterpret_cast<Address>(values), machine.allocate(400), 100, "nor pinned or registered");
}

TEST(kernelMayTouchPinnedAndRegisteredMemory) {
    static float values[100];
    Machine machine("");
    const Handle stream = machine.stream();
    uint32_t *const target = machine.pinned(100);
    memset(target, 0, 400);
    values[99] = 3;
    EXPECT_EQUAL(0, cuMemHostRegister_v2(values, sizeof values, 0));
    Adder adder;
    EXPECT_EQUAL(0, adder.launch(reinterpret_cast<Address>(values), reinterpret_cast<Address>(target), 100, stream));
    EXPECT_EQUAL(0, cuStreamSynchronize(stream));
    float sum;
    memcpy(&sum, target + 99, 4);
    EXPECT(sum == 3);
    EXPECT_EQUAL(0, cuMemHostUnregister(values));
    EXPECT_EQUAL("", emu::violations());
}

TEST(kernelTouchesAnotherDevice) {
    Machine machine("");
    Handle other = nullptr;
    EXPECT_EQUAL(0, cuDevicePrimaryCtxRetain(&other, 1));
    EXPECT_EQUAL(0, cuCtxPushCurrent_v2(other));
    const Address there = machine.allocate(400);
    EXPECT_EQUAL(0, cuCtxPopCurrent_v2(nullptr));
    expectIllegal(machine, there, machine.allocate(400), 100, "memory of another device");
}

TEST(copiesAreChecked) {
    Machine machine("");
    const Handle stream = machine.stream();
    const Address words = machine.allocate(8);
    uint32_t *const host = machine.pinned(2);
    uint32_t pageable[3] = {0, 0, 0};
    EXPECT_EQUAL(INVALID_VALUE, cuMemcpyHtoDAsync_v2(words, pageable, 12, stream));
    EXPECT(contains(emu::violations(), "target 0x"));
    EXPECT_EQUAL(INVALID_VALUE, cuMemcpyHtoDAsync_v2(words, host, 12, stream));
    EXPECT_EQUAL(INVALID_VALUE, cuMemcpyDtoHAsync_v2(host + 1, words, 8, stream));
    EXPECT(contains(emu::violations(), "leaves its 8 bytes"));
    EXPECT_EQUAL(INVALID_VALUE, cuMemcpyHtoDAsync_v2(reinterpret_cast<Address>(pageable), host, 4, stream));
    EXPECT(contains(emu::violations(), "no memory of a device"));
    EXPECT_EQUAL(INVALID_VALUE, cuMemcpyDtoHAsync_v2(reinterpret_cast<void *>(words), words + 4, 4, stream));
    EXPECT(contains(emu::violations(), "is memory of a device"));
    EXPECT_EQUAL(0, cuMemFree_v2(words));
    EXPECT_EQUAL(INVALID_VALUE, cuMemsetD32Async(words, 0, 1, stream));
    EXPECT(contains(emu::violations(), "freed memory"));
}

TEST(imagesAreChecked) {
    Machine machine("");
    Handle module = nullptr, function = nullptr;
    const unsigned fatbin[] = {0xBA55ED50u, 0x00100001u, 0, 0};
    EXPECT_EQUAL(INVALID_IMAGE, cuModuleLoadData(&module, fatbin));
    EXPECT_EQUAL(INVALID_IMAGE, cuModuleLoadData(&module, "signvote-emulated-module 1\n/no/such/library.so\n"));
    EXPECT_EQUAL(FILE_NOT_FOUND, cuModuleLoad(&module, "/no/such/image"));
    Adder adder;
    EXPECT_EQUAL(NOT_FOUND, cuModuleGetFunction(&function, adder.module, "subtract"));
}

TEST(launchesAreChecked) {
    Machine machine("");
    const Handle stream = machine.stream();
    const Address words = machine.allocate(8);
    Adder adder;
    Address source = words, target = words + 4;
    int64_t n = 1;
    int limit = 0;
    void *parameters[] = {&source, &target, &n};
    EXPECT_EQUAL(0, cuFuncGetAttribute(&limit, 0, adder.function));
    EXPECT_EQUAL(256, limit);
    int grid = 0, block = 0;
    EXPECT_EQUAL(0, cuOccupancyMaxPotentialBlockSize(&grid, &block, adder.function, nullptr, 0, 0));
    EXPECT_EQUAL(256, block);
    EXPECT_EQUAL(32, grid);
    EXPECT_EQUAL(701, cuLaunchKernel(adder.function, 1, 1, 1, 257, 1, 1, 0, stream, parameters, nullptr));
    EXPECT_EQUAL(1, cuLaunchKernel(adder.function, 0, 1, 1, 256, 1, 1, 0, stream, parameters, nullptr));
    EXPECT_EQUAL(801, cuLaunchKernel(adder.function, 1, 2, 1, 256, 1, 1, 0, stream, parameters, nullptr));
    EXPECT_EQUAL(400, cuLaunchKernel(nullptr, 1, 1, 1, 256, 1, 1, 0, stream, parameters, nullptr));
}

TEST(whatIsNotEmulatedSaysSo) {
    Machine machine("");
    EXPECT_EQUAL(NOT_SUPPORTED, cuGraphLaunch());
}

TEST(callsWantInitAndAContext) {
    Machine machine("");
    Address address = 0;
    EXPECT_EQUAL(0, cuCtxPopCurrent_v2(nullptr));
    EXPECT_EQUAL(INVALID_CONTEXT, cuMemAlloc_v2(&address, 4));
    EXPECT_EQUAL(INVALID_CONTEXT, cuCtxPopCurrent_v2(nullptr));
    EXPECT_EQUAL(0, cuCtxPushCurrent_v2(machine.context));
    const char *name = nullptr;
    EXPECT_EQUAL(0, cuGetErrorName(700, &name));
    EXPECT_EQUAL("CUDA_ERROR_ILLEGAL_ADDRESS", std::string(name));
    EXPECT_EQUAL(INVALID_VALUE, cuGetErrorName(12345, &name));
}
