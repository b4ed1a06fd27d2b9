/* In which order blocks and lanes take their turns. */
#ifndef SIGNVOTE_LANE_ORDER_H
#define SIGNVOTE_LANE_ORDER_H

#include "../launch.h"
#include <vector>

class LaneOrder {
  public:
    void set(EmuLaneOrder order, uint64_t seed);

    /* Lists 0 to count - 1 in an order; a random one differs from call to call. */
    void list(unsigned count, std::vector<unsigned> &turns);

  private:
    uint64_t next();

    EmuLaneOrder order = EMU_ASCENDING;
    uint64_t state = 0;
};

#endif
