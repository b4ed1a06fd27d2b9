/* Meetings of the lanes of a warp: who must come, and what each takes away. */
#ifndef SIGNVOTE_MEETING_H
#define SIGNVOTE_MEETING_H

#include "../dialect/runtime.h"
#include <string>

static constexpr unsigned WARP_LANES = 32;

enum class LaneState { ready, waiting, ended };

struct Lane {
    LaneState state = LaneState::ended;
    EmuMeeting meeting;
    uint64_t result;
};

const char *name_of(EmuMeetingKind kind);

/* "__ballot_sync at votes.cuh:40" */
std::string place_of(const EmuMeeting &meeting);

/* Whether two lanes stand at the same call with the same mask. */
bool is_same(const EmuMeeting &a, const EmuMeeting &b);

enum class Attendance { complete, incomplete, refused };

/*
 * Holds the meeting that lane `leader` of a warp waits for, if all are there whom its mask names: they are ready then,
 * results in hand. Else says in `why` who is missing, or why it is refused.
 */
Attendance hold_meeting(Lane *warp, unsigned lane_count, unsigned leader, std::string &why);

#endif
