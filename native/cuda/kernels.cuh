/*
 * The kernels of io.signvote.kernel.Kernels, which states their semantics, in CUDA. Same bits on every backend.
 *
 *   kernel                bytes moved per coordinate        bytes in flight a lane, by the order of ptxas
 *   packSigns              4.125, of 16-bit values 2.125    32
 *   momentumPackSigns     12.125, of 16-bit values 10.125   64, of 16-bit values 48
 *   unpackSigns            4.125                             4, and 32 stores that nobody waits for
 *   accumulate            (1 + 2 planes) / 8                32 to 72
 *   majority              (planes + 1) / 8                  32 to 64
 *   tally                 (ballots + 1) / 8                 16 a ballot below 8 ballots, 64 above
 *   applySigns             8.125                            36
 *   add                   12                                40
 *
 * Every operation stands in its own file and runs on any grid of blocks of 256 lanes: warps stride over tiles, the last
 * tile is masked. Pointers are device pointers; words are aligned to 8 bytes, values to their size. Counts and ties are
 * added to what is there. n is at least 1.
 *
 * The same sources run on the host for tests (native/emulator), so they keep to a dialect: no CUDA headers, float16 and
 * bfloat16 are uint16_t; no inline PTX, no dynamic shared memory, 16 bytes at once only by load16; every collective is
 * reached by every lane of its mask; a 4-byte unit of device memory that one lane writes is no other lane's to touch in
 * that launch.
 */
#ifndef SIGNVOTE_KERNELS_CUH
#define SIGNVOTE_KERNELS_CUH

#include <stdint.h>

/* counts[0] += zeros, counts[1] += values that are not finite */
extern "C" __global__ void packSigns(
    const float *values, uint64_t *words, int64_t n, int32_t zeroPolicy, uint64_t zeroKey, int64_t firstWord,
    uint64_t *counts);
extern "C" __global__ void packSignsF16(
    const uint16_t *values, uint64_t *words, int64_t n, int32_t zeroPolicy, uint64_t zeroKey, int64_t firstWord,
    uint64_t *counts);
extern "C" __global__ void packSignsBf16(
    const uint16_t *values, uint64_t *words, int64_t n, int32_t zeroPolicy, uint64_t zeroKey, int64_t firstWord,
    uint64_t *counts);

/* counts as above, of momenta; what is not finite may be the gradient */
extern "C" __global__ void momentumPackSigns(
    const float *gradients, float *momentum, uint64_t *words, int64_t n, float beta, float oneMinusBeta,
    int32_t zeroPolicy, uint64_t zeroKey, int64_t firstWord, uint64_t *counts);
extern "C" __global__ void momentumPackSignsF16(
    const uint16_t *gradients, float *momentum, uint64_t *words, int64_t n, float beta, float oneMinusBeta,
    int32_t zeroPolicy, uint64_t zeroKey, int64_t firstWord, uint64_t *counts);
extern "C" __global__ void momentumPackSignsBf16(
    const uint16_t *gradients, float *momentum, uint64_t *words, int64_t n, float beta, float oneMinusBeta,
    int32_t zeroPolicy, uint64_t zeroKey, int64_t firstWord, uint64_t *counts);

extern "C" __global__ void unpackSigns(const uint64_t *words, float *values, int64_t n);

/* ballots were counted before, 0 to 254; strides are in words */
extern "C" __global__ void
accumulate(const uint64_t *words, uint64_t *planes, int64_t planeStride, int64_t wordCount, int32_t ballots);

/* ballots 1 to 255; words may be plane 0 */
extern "C" __global__ void majority(
    const uint64_t *planes, int64_t planeStride, uint64_t *words, int64_t n, int32_t ballots, int32_t tiePolicy,
    uint64_t tieKey, int64_t firstWord, uint64_t *ties);

/* ballotCount 1 to 255 */
extern "C" __global__ void tally(
    const uint64_t *ballots, int64_t ballotStride, int32_t ballotCount, uint64_t *words, int64_t n, int32_t tiePolicy,
    uint64_t tieKey, int64_t firstWord, uint64_t *ties);

extern "C" __global__ void applySigns(const uint64_t *words, float *parameters, int64_t n, float eta, float lambda);

/* target = target + source */
extern "C" __global__ void add(const float *source, float *target, int64_t n);

#endif
