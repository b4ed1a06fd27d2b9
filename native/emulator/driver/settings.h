/*
 * How the emulated machine behaves, from one line: SIGNVOTE_EMULATOR in the environment when cuInit is called, or
 * configure. Every line starts from the defaults. Durations are in microseconds, sizes in bytes.
 *
 *   devices=2                       how many there are; counts at cuInit and after reset
 *   memory=1073741824               bytes of each device
 *   capability=80                   compute capability, major * 10 + minor; 70:80 for device 0 and all others
 *   driver=13000                    what cuDriverGetVersion says
 *   occupancy=16                    most blocks that a multiprocessor holds at once
 *   lanes=ascending                 order of lanes and blocks: ascending, descending, random
 *   streams=random                  which of the runnable streams goes on: random, oldest or newest work first
 *   seed=1                          of everything random
 *   delay=0                         before an operation starts, the executor sleeps up to this long, half of the times
 *   hold=false                      if true, nothing starts until somebody waits, or another line says false
 *   stack=clean                     what pushing and popping a context that is lost gives: success, or with sticky the
 *                                   error that it was lost with; a push that fails does not happen, a pop does
 *   fail=cuLaunchKernel@3:719       the third call of it from now gives 719; may be said several times;
 *                                   @3+ also all later ones. What a device would find out late, it finds out late: a
 *                                   launch or an asynchronous copy is accepted and its stream fails.
 */
#ifndef SIGNVOTE_EMULATOR_SETTINGS_H
#define SIGNVOTE_EMULATOR_SETTINGS_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace emu {

enum class Lanes { ASCENDING, DESCENDING, RANDOM };
enum class Streams { RANDOM, OLDEST, NEWEST };

struct Fault {
    std::string call; /* without _v2 */
    uint64_t nth;
    bool onwards;
    int result;
    uint64_t calls = 0;
};

struct Settings {
    int devices = 2;
    size_t memory = size_t{1} << 30;
    std::vector<int> capabilities{80}; /* of the devices in order, the last for all others */
    int driver = 13000;
    int occupancy = 16;
    Lanes lanes = Lanes::ASCENDING;
    Streams streams = Streams::RANDOM;
    uint64_t seed = 1;
    uint64_t delayUs = 0;
    bool hold = false;
    bool stickyStack = false;
    std::vector<Fault> faults;
};

inline int capabilityOf(const Settings &settings, int device) {
    const size_t last = settings.capabilities.size() - 1;
    return settings.capabilities[std::min(static_cast<size_t>(device), last)];
}

/* Reads a line. Returns what is wrong with it, or nothing. */
std::string parse(const std::string &line, Settings *settings);

/* Counts a call, and says what it shall give instead: 0 for nothing. */
int countCall(Settings &settings, const char *call);

/* Steele, Lea and Flood's generator. */
class Dice {
  public:
    explicit Dice(uint64_t seed) : state(seed) {
    }
    uint64_t next();
    uint64_t below(uint64_t bound) {
        return next() % bound;
    }

  private:
    uint64_t state;
};

} // namespace emu

#endif
