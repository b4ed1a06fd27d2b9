#include "lane_order.h"
#include <utility>

void LaneOrder::set(EmuLaneOrder chosen, uint64_t seed) {
    order = chosen;
    state = seed;
}

/* SplitMix64 */
uint64_t LaneOrder::next() {
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

void LaneOrder::list(unsigned count, std::vector<unsigned> &turns) {
    turns.resize(count);
    for (unsigned i = 0; i < count; i++) {
        turns[i] = order == EMU_DESCENDING ? count - 1 - i : i;
    }
    if (order == EMU_RANDOM) {
        for (unsigned left = count; left > 1; left--) {
            std::swap(turns[left - 1], turns[next() % left]);
        }
    }
}
