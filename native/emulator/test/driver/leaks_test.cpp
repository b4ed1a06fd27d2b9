/* What is live is counted, and what ends too early, twice or never is noticed. */
#include "api.h"

namespace {
constexpr char NOTHING[] =
    "contexts=0 streams=0 events=0 modules=0 allocations=0 bytes=0 pinned=0 registered=0 cublas=0 queued=0";
}

TEST(everythingIsCounted) {
    Machine machine("");
    const Handle stream = machine.stream(), event = machine.event();
    const Address words = machine.allocate(100);
    uint32_t *const pinned = machine.pinned(1);
    Adder adder;
    EXPECT_EQUAL(
        "contexts=1 streams=1 events=1 modules=1 allocations=1 bytes=100 pinned=1 registered=0 cublas=0 queued=0",
        emu::live());
    EXPECT_EQUAL(0, cuStreamDestroy_v2(stream));
    EXPECT_EQUAL(0, cuEventDestroy_v2(event));
    EXPECT_EQUAL(0, cuMemFree_v2(words));
    EXPECT_EQUAL(0, cuMemFreeHost(pinned));
    EXPECT_EQUAL(0, cuModuleUnload(adder.module));
    machine.close();
    EXPECT_EQUAL(NOTHING, emu::live());
    EXPECT_EQUAL("", emu::violations());
}

TEST(aContextThatEndsWithThingsLeftIsNoticed) {
    Machine machine("");
    machine.stream();
    machine.allocate(100);
    machine.close();
    EXPECT(contains(emu::violations(), "streams=1 events=0 modules=0 allocations=1"));
    EXPECT_EQUAL(NOTHING, emu::live());
}

TEST(primaryContextIsCounted) {
    Machine machine("");
    Handle again = nullptr;
    unsigned flags = 0;
    int isActive = 0;
    EXPECT_EQUAL(0, cuDevicePrimaryCtxRetain(&again, 0));
    EXPECT_EQUAL(0, cuDevicePrimaryCtxRelease_v2(0));
    EXPECT_EQUAL(0, cuDevicePrimaryCtxGetState(0, &flags, &isActive));
    EXPECT_EQUAL(1, isActive);
    machine.close();
    EXPECT_EQUAL(0, cuDevicePrimaryCtxGetState(0, &flags, &isActive));
    EXPECT_EQUAL(0, isActive);
    EXPECT_EQUAL(201, cuDevicePrimaryCtxRelease_v2(0));
    EXPECT(contains(emu::violations(), "released more often"));
}

TEST(memoryInUseIsNotFreed) {
    Machine machine("hold=true");
    const Handle stream = machine.stream();
    const Address source = machine.allocate(400), target = machine.allocate(400);
    uint32_t *const pinned = machine.pinned(1);
    Adder adder;
    EXPECT_EQUAL(0, cuMemsetD32Async(source, 0, 100, stream));
    EXPECT_EQUAL(0, cuMemsetD32Async(target, 0, 100, stream));
    EXPECT_EQUAL(0, cuStreamSynchronize(stream));
    EXPECT_EQUAL(0, adder.launch(source, target, 100, stream));
    EXPECT_EQUAL(0, cuMemFree_v2(source));
    EXPECT(contains(emu::violations(), "launch of add is still queued"));
    EXPECT_EQUAL(0, cuMemcpyDtoHAsync_v2(pinned, target, 4, stream));
    EXPECT_EQUAL(0, cuMemFreeHost(pinned));
    EXPECT(contains(emu::violations(), "cuMemcpyDtoHAsync is still queued"));
    EXPECT_EQUAL(0, cuMemFree_v2(target));
    EXPECT_EQUAL("", emu::violations());
}

TEST(otherThingsInUseDoNotEnd) {
    Machine machine("hold=true");
    const Handle stream = machine.stream(), event = machine.event();
    const Address word = machine.allocate(8);
    Adder adder;
    EXPECT_EQUAL(0, adder.launch(word, word + 4, 1, stream));
    EXPECT_EQUAL(0, cuEventRecord(event, stream));
    EXPECT_EQUAL(0, cuModuleUnload(adder.module));
    EXPECT(contains(emu::violations(), "cuModuleUnload: launch of add is still queued"));
    EXPECT_EQUAL(0, cuEventDestroy_v2(event));
    EXPECT(contains(emu::violations(), "its record is still queued"));
    EXPECT_EQUAL(0, cuStreamDestroy_v2(stream));
    EXPECT(contains(emu::violations(), "2 operations are still queued"));
    EXPECT_EQUAL(0, cuCtxSynchronize());
}

TEST(whatEndedIsNotUsed) {
    Machine machine("");
    const Handle stream = machine.stream(), event = machine.event();
    const Address word = machine.allocate(4);
    EXPECT_EQUAL(0, cuStreamDestroy_v2(stream));
    EXPECT_EQUAL(400, cuStreamSynchronize(stream));
    EXPECT_EQUAL(400, cuMemsetD32Async(word, 0, 1, stream));
    EXPECT_EQUAL(0, cuEventDestroy_v2(event));
    EXPECT_EQUAL(400, cuEventRecord(event, nullptr));
    EXPECT_EQUAL(0, cuMemFree_v2(word));
    EXPECT_EQUAL(1, cuMemFree_v2(word));
    EXPECT_EQUAL(0, cuMemFree_v2(0));
    const std::string said = emu::violations();
    EXPECT(contains(said, "cuStreamSynchronize: stream"));
    EXPECT(contains(said, "cuMemsetD32Async: stream"));
    EXPECT(contains(said, "cuEventRecord: event"));
    EXPECT(contains(said, "cuMemFree: "));
}

TEST(addressesAreDescribed) {
    static uint32_t host[4];
    Machine machine("");
    const Address words = machine.allocate(400);
    unsigned kind = 0;
    int ordinal = -1;
    Address base = 0;
    size_t length = 0;
    EXPECT_EQUAL(0, cuPointerGetAttribute(&kind, 2, words + 4));
    EXPECT_EQUAL(2u, kind);
    EXPECT_EQUAL(0, cuPointerGetAttribute(&ordinal, 9, words));
    EXPECT_EQUAL(0, ordinal);
    EXPECT_EQUAL(0, cuMemGetAddressRange_v2(&base, &length, words + 44));
    EXPECT_EQUAL(words, base);
    EXPECT_EQUAL(400u, length);
    EXPECT_EQUAL(1, cuPointerGetAttribute(&kind, 2, reinterpret_cast<Address>(host)));
    EXPECT_EQUAL(0, cuMemHostRegister_v2(host, sizeof host, 0));
    EXPECT_EQUAL(712, cuMemHostRegister_v2(host + 1, 4, 0));
    EXPECT_EQUAL(0, cuPointerGetAttribute(&kind, 2, reinterpret_cast<Address>(host)));
    EXPECT_EQUAL(1u, kind);
    EXPECT_EQUAL(0, cuMemHostUnregister(host));
    EXPECT_EQUAL(713, cuMemHostUnregister(host));
}

TEST(memoryOfADeviceStartsPoisoned) {
    Machine machine("");
    EXPECT_EQUAL(0xE5E5E5E5u, machine.read(machine.allocate(4)));
}

/* A write that no check saw, as by the host, leaves its mark behind the last byte. */
TEST(unseenWritesPastTheEndAreNoticed) {
    Machine machine("");
    uint32_t *const pinned = machine.pinned(3);
    pinned[3] = 1;
    EXPECT_EQUAL(0, cuMemFreeHost(pinned));
    EXPECT(contains(emu::violations(), "wrote 0 bytes past the end of pinned memory of 12 bytes"));
}

TEST(settingsAreRead) {
    emu::reset();
    EXPECT_EQUAL("", emu::configure("lanes=random,seed=7,delay=0,fail=cuMemFree_v2@3+:1"));
    EXPECT_EQUAL("", emu::configure(""));
    for (const char *wrong :
         {"lane=random", "lanes=up", "seed=-1", "fail=cuInit", "fail=cuInit@0:1", "fail=cuInit@1:", "delay"}) {
        EXPECT(contains(emu::configure(wrong), "is no setting"));
    }
}
