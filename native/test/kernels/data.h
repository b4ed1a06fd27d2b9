/* Inputs of the tests: seeded, so that every run sees the same. */
#ifndef SIGNVOTE_TEST_DATA_H
#define SIGNVOTE_TEST_DATA_H

#include <stdint.h>
#include <vector>

class Random {
  public:
    explicit Random(uint64_t seed) : state(seed) {
    }

    uint64_t next();

    uint64_t below(uint64_t bound) {
        return next() % bound;
    }

  private:
    uint64_t state;
};

enum class Fill { usual, odd, zero, not_finite, tiny };

/*
 * usual: no zeros; odd: among them zeros of both signs, denormals, infinities, NaNs of both signs; tiny: below 4 times
 * the smallest normal number, many of them next to it.
 */
std::vector<float> floats(Fill fill, int64_t n, Random &random);

/* The same as float16 and bfloat16. */
std::vector<uint16_t> halves16(Fill fill, int64_t n, Random &random);
std::vector<uint16_t> brainHalves16(Fill fill, int64_t n, Random &random);

/* Words of which bits beyond n are dirt. */
std::vector<uint64_t> dirtyWords(int64_t n, Random &random);

/* The same with those bits 0. */
std::vector<uint64_t> words(int64_t n, Random &random);

inline int64_t wordCount(int64_t n) {
    return (n + 63) / 64;
}

#endif
