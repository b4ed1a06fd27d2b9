/*
 * A launch: one block after another, one warp after another up to a barrier, one lane after another up to a meeting.
 * Nothing runs at the same time, yet nothing depends on the order in which it ran: what races is found by its accesses.
 */
#include "../launch.h"
#include "../../cpu/fp_mode.h"
#include "../memory.h"
#include "access_log.h"
#include "fiber.h"
#include "lane_order.h"
#include "last_error.h"
#include "meeting.h"
#include <memory>
#include <mutex>
#include <stdio.h>
#include <string.h>
#include <string>
#include <vector>

static constexpr int INVALID_VALUE = 1;
static constexpr int ILLEGAL_ADDRESS = 700;
static constexpr int MISALIGNED_ADDRESS = 716;
static constexpr int LAUNCH_FAILED = 719;

static constexpr unsigned char POISON = 0xA5;

namespace {

class Launch {
  public:
    int run(const EmuKernel &kernel, unsigned grid, unsigned block, void **args);
    void access(const void *address, size_t length, EmuAccess access, bool is_aligned);
    uint64_t meet(const EmuMeeting &meeting);

    EmuPlace place;
    LaneOrder order;
    std::string error;

  private:
    static void lane_body();
    bool run_block();
    bool run_warp(unsigned first, unsigned lane_count);
    bool meet_in_warp(unsigned first, unsigned lane_count);
    bool meet_in_block();
    bool fail(int code, const std::string &why);
    void access_shared(const char *address, size_t length, EmuAccess access);
    void check_race(AccessLog &log, const void *address, size_t length, EmuAccess access);
    [[noreturn]] void fault(int code, const std::string &why);
    std::string text_of(const void *address, size_t length, EmuAccess access) const;

    const EmuKernel *kernel;
    void **args;
    int code;
    std::vector<std::unique_ptr<Fiber>> fibers;
    std::vector<Lane> lanes;
    std::vector<unsigned> blocks, warps, turns;
    AccessLog device_log, shared_log;
    std::vector<bool> is_shared_written;
};

std::mutex one_at_a_time;
Launch launch;

void Launch::lane_body() {
    launch.kernel->run(launch.args);
    launch.lanes[launch.place.thread].state = LaneState::ended;
}

int Launch::run(const EmuKernel &launched, unsigned grid, unsigned block, void **arguments) {
    kernel = &launched;
    args = arguments;
    code = 0;
    place = {0, 0, block, grid};
    lanes.assign(block, Lane());
    while (fibers.size() < block) {
        fibers.push_back(std::make_unique<Fiber>(lane_body));
    }
    order.list(grid, blocks);
    device_log.clear();
    bool is_fine = true;
    for (size_t i = 0; i < blocks.size() && is_fine; i++) {
        place.block = blocks[i];
        is_fine = run_block();
    }
    if (!is_fine) {
        for (std::unique_ptr<Fiber> &fiber : fibers) {
            fiber->drop();
        }
    }
    return code;
}

bool Launch::run_block() {
    const size_t shared_bytes = (size_t)(kernel->shared_end - kernel->shared_begin);
    memset(kernel->shared_begin, POISON, shared_bytes);
    is_shared_written.assign(shared_bytes, false);
    shared_log.clear();
    for (Lane &lane : lanes) {
        lane.state = LaneState::ready;
    }
    const unsigned warp_count = (place.block_size + WARP_LANES - 1) / WARP_LANES;
    do {
        order.list(warp_count, warps);
        for (const unsigned warp : warps) {
            const unsigned first = warp * WARP_LANES;
            const unsigned left = place.block_size - first;
            if (!run_warp(first, left < WARP_LANES ? left : WARP_LANES)) {
                return false;
            }
        }
    } while (meet_in_block());
    return code == 0;
}

/* Runs the lanes of a warp until each has ended or waits at a barrier. */
bool Launch::run_warp(unsigned first, unsigned lane_count) {
    do {
        order.list(lane_count, turns);
        for (const unsigned turn : turns) {
            place.thread = first + turn;
            if (lanes[place.thread].state == LaneState::ready) {
                fibers[place.thread]->resume();
                if (code != 0) {
                    return false;
                }
            }
        }
    } while (meet_in_warp(first, lane_count));
    return code == 0;
}

/* Whether some lanes of the warp may go on. */
bool Launch::meet_in_warp(unsigned first, unsigned lane_count) {
    bool is_any_ready = false;
    bool is_any_waiting = false;
    std::string why;
    unsigned who = 0;
    for (unsigned i = 0; i < lane_count; i++) {
        const Lane &lane = lanes[first + i];
        if (lane.state != LaneState::waiting || lane.meeting.kind == EmuMeetingKind::barrier) {
            is_any_ready |= lane.state == LaneState::ready;
            continue;
        }
        const Attendance attendance = hold_meeting(&lanes[first], lane_count, i, why);
        if (attendance == Attendance::refused) {
            place.thread = first + i;
            return fail(LAUNCH_FAILED, why);
        }
        is_any_ready |= attendance == Attendance::complete;
        if (attendance == Attendance::incomplete && !is_any_waiting) {
            is_any_waiting = true;
            who = first + i;
        }
    }
    if (!is_any_ready && is_any_waiting) {
        place.thread = who;
        hold_meeting(&lanes[first], lane_count, who - first, why);
        return fail(LAUNCH_FAILED, why);
    }
    return is_any_ready;
}

/* Whether all lanes of the block have met at a barrier and go on. */
bool Launch::meet_in_block() {
    const Lane *waiting = nullptr;
    for (const Lane &lane : lanes) {
        waiting = waiting == nullptr && lane.state == LaneState::waiting ? &lane : waiting;
    }
    if (waiting == nullptr) {
        return false;
    }
    for (const Lane &lane : lanes) {
        if (lane.state == LaneState::ended || !is_same(lane.meeting, waiting->meeting)) {
            place.thread = (unsigned)(waiting - lanes.data());
            return fail(
                LAUNCH_FAILED,
                place_of(waiting->meeting) + " waits for lane " + std::to_string(&lane - lanes.data()) +
                    " of its block, which " +
                    (lane.state == LaneState::ended ? "has ended" : "waits for " + place_of(lane.meeting)));
        }
    }
    for (Lane &lane : lanes) {
        lane.state = LaneState::ready;
    }
    shared_log.clear();
    return true;
}

uint64_t Launch::meet(const EmuMeeting &meeting) {
    Lane &lane = lanes[place.thread];
    lane.meeting = meeting;
    lane.state = LaneState::waiting;
    fibers[place.thread]->yield();
    return lane.result;
}

void Launch::access(const void *address, size_t length, EmuAccess access, bool is_aligned) {
    if (fibers[place.thread]->has_on_stack(address)) {
        return;
    }
    if (is_aligned && (uintptr_t)address % length != 0) {
        fault(MISALIGNED_ADDRESS, text_of(address, length, access) + " is not aligned");
    }
    const char *const at = (const char *)address;
    if (at >= kernel->shared_begin && at < kernel->shared_end) {
        access_shared(at, length, access);
        return;
    }
    if (!emu_memory_check(address, length, access != EmuAccess::read)) {
        fault(ILLEGAL_ADDRESS, text_of(address, length, access) + " is not the kernel's to make");
    }
    check_race(device_log, address, length, access);
}

void Launch::access_shared(const char *address, size_t length, EmuAccess access) {
    if (length > (size_t)(kernel->shared_end - address)) {
        fault(ILLEGAL_ADDRESS, text_of(address, length, access) + " reaches past the end of shared memory");
    }
    check_race(shared_log, address, length, access);
    for (size_t i = 0; i < length; i++) {
        const size_t at = (size_t)(address - kernel->shared_begin) + i;
        if (access == EmuAccess::write) {
            is_shared_written[at] = true;
        } else if (!is_shared_written[at]) {
            fault(LAUNCH_FAILED, text_of(address, length, access) + " finds shared memory that nobody wrote");
        }
    }
}

void Launch::check_race(AccessLog &log, const void *address, size_t length, EmuAccess access) {
    const uint32_t other = log.note(address, length, access, place.block * place.block_size + place.thread + 1);
    if (other == AccessLog::SEVERAL) {
        fault(LAUNCH_FAILED, text_of(address, length, access) + " races with other lanes");
    }
    if (other != AccessLog::NOBODY) {
        const unsigned block = (other - 1) / place.block_size;
        const unsigned lane = (other - 1) % place.block_size;
        fault(
            LAUNCH_FAILED, text_of(address, length, access) + " races with block=" + std::to_string(block) +
                               " lane=" + std::to_string(lane));
    }
}

/* Ends the launch from within a lane, which never goes on. */
void Launch::fault(int found, const std::string &why) {
    fail(found, why);
    fibers[place.thread]->yield();
    __builtin_unreachable();
}

bool Launch::fail(int found, const std::string &why) {
    code = found;
    error = std::string("kernel=") + kernel->name + " grid=" + std::to_string(place.grid_size) +
            " block=" + std::to_string(place.block) + " lane=" + std::to_string(place.thread) + ": " + why;
    return false;
}

std::string Launch::text_of(const void *address, size_t length, EmuAccess access) const {
    const char *const verb = access == EmuAccess::read    ? "read"
                             : access == EmuAccess::write ? "write"
                                                          : "atomic addition";
    char text[80];
    snprintf(text, sizeof text, "%s of %zu bytes at %p", verb, length, address);
    return text;
}

} // namespace

thread_local std::string last_error;

const EmuRuntime emu_runtime = {
    &launch.place,
    [](const void *address, size_t length, EmuAccess access, bool is_aligned) {
        launch.access(address, length, access, is_aligned);
    },
    [](const EmuMeeting &meeting) { return launch.meet(meeting); },
};

void emu_set_lane_order(EmuLaneOrder order, uint64_t seed) {
    const std::lock_guard<std::mutex> lock(one_at_a_time);
    launch.order.set(order, seed);
}

int emu_launch(const EmuKernel *kernel, unsigned grid, unsigned block, void **args) {
    if (grid == 0 || block == 0 || block > kernel->block_limit || (uint64_t)grid * block >= (uint64_t)1 << 31) {
        last_error = std::string("kernel=") + kernel->name + " grid=" + std::to_string(grid) +
                     " block=" + std::to_string(block) + ": blocks of 1 to " + std::to_string(kernel->block_limit) +
                     " lanes, less than 2^31 in all";
        return INVALID_VALUE;
    }
    const std::lock_guard<std::mutex> lock(one_at_a_time);
    launch.error.clear();
    const unsigned mode = fp_mode_enter();
    const int code = launch.run(*kernel, grid, block, args);
    fp_mode_leave(mode);
    last_error = launch.error;
    return code;
}

const char *emu_launch_error(void) {
    return last_error.c_str();
}
