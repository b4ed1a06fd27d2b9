#include "meeting.h"
#include <string.h>

const char *name_of(EmuMeetingKind kind) {
    switch (kind) {
    case EmuMeetingKind::barrier:
        return "__syncthreads";
    case EmuMeetingKind::ballot:
        return "__ballot_sync";
    case EmuMeetingKind::any:
        return "__any_sync";
    case EmuMeetingKind::shuffle:
        return "__shfl_sync";
    case EmuMeetingKind::shuffle_down:
        return "__shfl_down_sync";
    case EmuMeetingKind::shuffle_xor:
        return "__shfl_xor_sync";
    }
    return "?";
}

std::string place_of(const EmuMeeting &meeting) {
    const char *const slash = strrchr(meeting.file, '/');
    const char *const file = slash == nullptr ? meeting.file : slash + 1;
    return std::string(name_of(meeting.kind)) + " at " + file + ":" + std::to_string(meeting.line);
}

bool is_same(const EmuMeeting &a, const EmuMeeting &b) {
    return a.kind == b.kind && a.mask == b.mask && a.line == b.line &&
           (a.file == b.file || strcmp(a.file, b.file) == 0);
}

static bool is_named(uint32_t mask, unsigned lane) {
    return (mask >> lane & 1) != 0;
}

static bool is_shuffle(EmuMeetingKind kind) {
    return kind == EmuMeetingKind::shuffle || kind == EmuMeetingKind::shuffle_down ||
           kind == EmuMeetingKind::shuffle_xor;
}

/* The lane whose value a lane takes from a shuffle: its own where the source lies beyond the warp. */
static unsigned source_of(const EmuMeeting &meeting, unsigned lane) {
    if (meeting.kind == EmuMeetingKind::shuffle) {
        return (unsigned)meeting.lane % WARP_LANES;
    }
    const unsigned far = (unsigned)meeting.lane;
    const unsigned source = meeting.kind == EmuMeetingKind::shuffle_down ? lane + far : lane ^ far;
    return source < WARP_LANES ? source : lane;
}

static uint32_t ballot_of(const Lane *warp, uint32_t mask) {
    uint32_t ballot = 0;
    for (unsigned lane = 0; lane < WARP_LANES; lane++) {
        if (is_named(mask, lane)) {
            ballot |= (uint32_t)warp[lane].meeting.value << lane;
        }
    }
    return ballot;
}

Attendance hold_meeting(Lane *warp, unsigned lane_count, unsigned leader, std::string &why) {
    const EmuMeeting called = warp[leader].meeting;
    if (!is_named(called.mask, leader)) {
        why = place_of(called) + ": its mask does not name the lane that calls it";
        return Attendance::refused;
    }
    for (unsigned lane = 0; lane < WARP_LANES; lane++) {
        if (!is_named(called.mask, lane)) {
            continue;
        }
        const bool is_there = lane < lane_count && warp[lane].state == LaneState::waiting;
        if (!is_there || !is_same(warp[lane].meeting, called)) {
            why = place_of(called) + " waits for lane " + std::to_string(lane) + " of its warp, which " +
                  (is_there ? "waits for " + place_of(warp[lane].meeting) : "has ended");
            return Attendance::incomplete;
        }
        if (is_shuffle(called.kind) && !is_named(called.mask, source_of(warp[lane].meeting, lane))) {
            why = place_of(called) + ": its mask does not name the source of lane " + std::to_string(lane);
            return Attendance::refused;
        }
    }
    const uint32_t ballot = is_shuffle(called.kind) ? 0 : ballot_of(warp, called.mask);
    for (unsigned lane = 0; lane < lane_count; lane++) {
        if (is_named(called.mask, lane)) {
            Lane &member = warp[lane];
            member.state = LaneState::ready;
            member.result = is_shuffle(called.kind)              ? warp[source_of(member.meeting, lane)].meeting.value
                            : called.kind == EmuMeetingKind::any ? ballot != 0
                                                                 : ballot;
        }
    }
    return Attendance::complete;
}
