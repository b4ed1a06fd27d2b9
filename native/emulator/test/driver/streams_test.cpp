/* What streams, events and waits order, and that what they do not order happens in another order. */
#include "api.h"
#include <set>

namespace {
/* Writes 1 to a word in one stream and 2 in another, and returns what is left. */
uint32_t race(const std::string &settings, bool withEvent) {
    Machine machine(settings + ",hold=true");
    const Handle first = machine.stream(), second = machine.stream(), event = machine.event();
    const Address word = machine.allocate(4);
    EXPECT_EQUAL(0, cuMemsetD32Async(word, 1, 1, first));
    if (withEvent) {
        EXPECT_EQUAL(0, cuEventRecord(event, first));
        EXPECT_EQUAL(0, cuStreamWaitEvent(second, event, 0));
    }
    EXPECT_EQUAL(0, cuMemsetD32Async(word, 2, 1, second));
    EXPECT_EQUAL(0, cuCtxSynchronize());
    const uint32_t left = machine.read(word);
    EXPECT_EQUAL("", emu::violations());
    return left;
}
} // namespace

TEST(missingEventShows) {
    EXPECT_EQUAL(1u, race("streams=newest", false));
    EXPECT_EQUAL(2u, race("streams=oldest", false));
    std::set<uint32_t> seen;
    for (int seed = 1; seed <= 20; seed++) {
        seen.insert(race("seed=" + std::to_string(seed), false));
    }
    EXPECT_EQUAL(2u, seen.size());
}

TEST(eventOrdersStreams) {
    EXPECT_EQUAL(2u, race("streams=newest", true));
    for (int seed = 1; seed <= 20; seed++) {
        EXPECT_EQUAL(2u, race("seed=" + std::to_string(seed), true));
    }
}

TEST(sameSeedSameOrder) {
    for (int seed = 1; seed <= 5; seed++) {
        const std::string settings = "seed=" + std::to_string(seed);
        EXPECT_EQUAL(race(settings, false), race(settings, false));
    }
}

TEST(aStreamKeepsItsOrder) {
    Machine machine("streams=newest,delay=100");
    const Handle stream = machine.stream(), other = machine.stream();
    const Address word = machine.allocate(4), another = machine.allocate(4);
    for (unsigned i = 0; i < 50; i++) {
        EXPECT_EQUAL(0, cuMemsetD32Async(word, i, 1, stream));
        EXPECT_EQUAL(0, cuMemsetD32Async(another, i, 1, other));
    }
    EXPECT_EQUAL(0, cuStreamSynchronize(stream));
    EXPECT_EQUAL(49u, machine.read(word));
}

/* A wait is for the record that the event had at the call, not for a later one. */
TEST(waitTakesTheRecordOfItsTime) {
    std::set<uint32_t> seen;
    for (int seed = 1; seed <= 40; seed++) {
        Machine machine("hold=true,seed=" + std::to_string(seed));
        const Handle leader = machine.stream(), follower = machine.stream(), event = machine.event();
        const Address word = machine.allocate(4);
        EXPECT_EQUAL(0, cuStreamWaitEvent(follower, event, 0)); /* never recorded: no wait */
        EXPECT_EQUAL(0, cuMemsetD32Async(word, 1, 1, leader));
        EXPECT_EQUAL(0, cuEventRecord(event, leader));
        EXPECT_EQUAL(0, cuStreamWaitEvent(follower, event, 0));
        EXPECT_EQUAL(0, cuMemsetD32Async(word, 2, 1, leader));
        EXPECT_EQUAL(0, cuEventRecord(event, leader));
        EXPECT_EQUAL(0, cuMemsetD32Async(word, 3, 1, follower));
        EXPECT_EQUAL(0, cuCtxSynchronize());
        seen.insert(machine.read(word));
    }
    EXPECT(seen == std::set<uint32_t>({2, 3}));
}

TEST(defaultStreamOrdersBlockingStreams) {
    for (int seed = 1; seed <= 20; seed++) {
        Machine machine("hold=true,seed=" + std::to_string(seed));
        const Handle blocking = machine.stream(0);
        const Address word = machine.allocate(4);
        EXPECT_EQUAL(0, cuMemsetD32Async(word, 1, 1, blocking));
        EXPECT_EQUAL(0, cuMemsetD32Async(word, 2, 1, nullptr));
        EXPECT_EQUAL(0, cuMemsetD32Async(word, 3, 1, blocking));
        EXPECT_EQUAL(0, cuCtxSynchronize());
        EXPECT_EQUAL(3u, machine.read(word));
    }
}

TEST(defaultStreamDoesNotOrderOthers) {
    Machine machine("hold=true,streams=newest");
    const Handle stream = machine.stream(NON_BLOCKING);
    const Address word = machine.allocate(4);
    EXPECT_EQUAL(0, cuMemsetD32_v2(word, 1, 1)); /* of the default stream, and not waited for */
    EXPECT_EQUAL(0, cuMemsetD32Async(word, 2, 1, stream));
    EXPECT_EQUAL(0, cuCtxSynchronize());
    EXPECT_EQUAL(1u, machine.read(word));
}

TEST(pinnedMemoryIsReadWhenTheCopyRuns) {
    Machine machine("hold=true");
    const Handle stream = machine.stream();
    const Address word = machine.allocate(4);
    uint32_t *const source = machine.pinned(1);
    *source = 1;
    EXPECT_EQUAL(0, cuMemcpyHtoDAsync_v2(word, source, 4, stream));
    *source = 2; /* too early */
    EXPECT_EQUAL(0, cuStreamSynchronize(stream));
    EXPECT_EQUAL(2u, machine.read(word));
}

TEST(pageableMemoryIsReadAtTheCall) {
    Machine machine("hold=true");
    const Handle stream = machine.stream();
    const Address word = machine.allocate(4);
    uint32_t source = 1;
    EXPECT_EQUAL(0, cuMemcpyHtoDAsync_v2(word, &source, 4, stream));
    source = 2;
    EXPECT_EQUAL(0, cuStreamSynchronize(stream));
    EXPECT_EQUAL(1u, machine.read(word));
}

TEST(pinnedTargetIsWrittenLater) {
    Machine machine("hold=true");
    const Handle stream = machine.stream();
    const Address word = machine.allocate(4);
    uint32_t *const target = machine.pinned(1);
    *target = 7;
    EXPECT_EQUAL(0, cuMemsetD32Async(word, 1, 1, stream));
    EXPECT_EQUAL(0, cuMemcpyDtoHAsync_v2(target, word, 4, stream));
    EXPECT_EQUAL(7u, *target);
    EXPECT_EQUAL(600, cuStreamQuery(stream));
    EXPECT_EQUAL(0, cuStreamSynchronize(stream));
    EXPECT_EQUAL(0, cuStreamQuery(stream));
    EXPECT_EQUAL(1u, *target);
}

TEST(pageableTargetIsThereAtReturn) {
    Machine machine("hold=true,delay=500");
    const Handle stream = machine.stream();
    const Address word = machine.allocate(4);
    uint32_t target = 7;
    EXPECT_EQUAL(0, cuMemsetD32Async(word, 1, 1, stream));
    EXPECT_EQUAL(0, cuMemcpyDtoHAsync_v2(&target, word, 4, stream));
    EXPECT_EQUAL(1u, target);
}

TEST(eventsSayWhenAndWhether) {
    Machine machine("hold=true");
    const Handle stream = machine.stream(), start = machine.event(), end = machine.event();
    const Address word = machine.allocate(4);
    float milliseconds = -1;
    EXPECT_EQUAL(0, cuEventQuery(start)); /* nothing recorded: nothing to wait for */
    EXPECT_EQUAL(400, cuEventElapsedTime(&milliseconds, start, end));
    EXPECT_EQUAL(0, cuEventRecord(start, stream));
    EXPECT_EQUAL(0, cuMemsetD32Async(word, 1, 1, stream));
    EXPECT_EQUAL(0, cuEventRecord(end, stream));
    EXPECT_EQUAL(600, cuEventQuery(end));
    EXPECT_EQUAL(600, cuEventElapsedTime(&milliseconds, start, end));
    EXPECT_EQUAL(0, cuEventSynchronize(end));
    EXPECT_EQUAL(0, cuEventQuery(end));
    EXPECT_EQUAL(0, cuEventElapsedTime(&milliseconds, start, end));
    EXPECT(milliseconds >= 0);
    Handle untimed = nullptr;
    EXPECT_EQUAL(0, cuEventCreate(&untimed, 2));
    EXPECT_EQUAL(0, cuEventRecord(untimed, stream));
    EXPECT_EQUAL(0, cuEventSynchronize(untimed));
    EXPECT_EQUAL(400, cuEventElapsedTime(&milliseconds, start, untimed));
}

TEST(argumentsAreCopiedAtTheLaunch) {
    Machine machine("hold=true");
    const Handle stream = machine.stream();
    const Address ones = machine.allocate(4), sums = machine.allocate(4);
    Adder adder;
    const float one = 1;
    uint32_t bits;
    memcpy(&bits, &one, 4);
    EXPECT_EQUAL(0, cuMemsetD32Async(ones, bits, 1, stream));
    EXPECT_EQUAL(0, cuMemsetD32Async(sums, 0, 1, stream));
    Address source = ones, target = sums;
    int64_t n = 1;
    void *parameters[] = {&source, &target, &n};
    EXPECT_EQUAL(0, cuLaunchKernel(adder.function, 1, 1, 1, 32, 1, 1, 0, stream, parameters, nullptr));
    source = target = 0;
    n = 1000;
    EXPECT_EQUAL(0, cuStreamSynchronize(stream));
    EXPECT_EQUAL(bits, machine.read(sums));
    EXPECT_EQUAL("", emu::violations());
}
