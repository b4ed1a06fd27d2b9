/*
 * The CUDA that our kernels are written in, for a host compiler, which reads this before the kernels. Only what they
 * use: a kernel that steps outside the dialect does not compile here.
 */
#ifndef SIGNVOTE_DIALECT_H
#define SIGNVOTE_DIALECT_H

#include "runtime.h"
#include <string.h>
#include <type_traits>

#define __global__
#define __device__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(lanes)
/* blocks run one at a time, so that one copy will do; the runtime finds it by its section, which gcc does not give to
 * variables of templates */
#define __shared__ static __attribute__((section("emu_shared")))

/* Of library.cpp, which is compiled without the hooks. */
EmuPlace emu_place();
uint64_t emu_meet(const EmuMeeting &meeting);
unsigned long long emu_atomic_add(unsigned long long *address, unsigned long long value);

struct EmuIndex {
    unsigned x;
};
#define threadIdx (EmuIndex{emu_place().thread})
#define blockIdx (EmuIndex{emu_place().block})
#define blockDim (EmuIndex{emu_place().block_size})
#define gridDim (EmuIndex{emu_place().grid_size})

/* Where a call stands in the source, as default arguments. */
#define EMU_SITE const char *file = __builtin_FILE(), int line = __builtin_LINE()

static inline void __syncthreads(EMU_SITE) {
    emu_meet({EmuMeetingKind::barrier, 0, 0, 0, file, line});
}

static inline uint32_t __ballot_sync(uint32_t mask, int predicate, EMU_SITE) {
    return (uint32_t)emu_meet({EmuMeetingKind::ballot, mask, predicate != 0, 0, file, line});
}

static inline int __any_sync(uint32_t mask, int predicate, EMU_SITE) {
    return (int)emu_meet({EmuMeetingKind::any, mask, predicate != 0, 0, file, line});
}

template <class T> static inline T __shfl_sync(uint32_t mask, T value, int lane, EMU_SITE) {
    static_assert(std::is_integral<T>::value, "values travel as integers");
    return (T)emu_meet({EmuMeetingKind::shuffle, mask, (uint64_t)value, lane, file, line});
}

template <class T> static inline T __shfl_down_sync(uint32_t mask, T value, int distance, EMU_SITE) {
    static_assert(std::is_integral<T>::value, "values travel as integers");
    return (T)emu_meet({EmuMeetingKind::shuffle_down, mask, (uint64_t)value, distance, file, line});
}

template <class T> static inline T __shfl_xor_sync(uint32_t mask, T value, int lanes, EMU_SITE) {
    static_assert(std::is_integral<T>::value, "values travel as integers");
    return (T)emu_meet({EmuMeetingKind::shuffle_xor, mask, (uint64_t)value, lanes, file, line});
}

static inline unsigned long long atomicAdd(unsigned long long *address, unsigned long long value) {
    return emu_atomic_add(address, value);
}

/* each rounds once: the host compiler is told not to contract */
static inline float __fmul_rn(float a, float b) {
    return a * b;
}

static inline float __fadd_rn(float a, float b) {
    return a + b;
}

static inline float __fsub_rn(float a, float b) {
    return a - b;
}

static inline uint32_t __float_as_uint(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return bits;
}

static inline float __uint_as_float(uint32_t bits) {
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

static inline int __popc(uint32_t bits) {
    return __builtin_popcount(bits);
}

static inline int __popcll(uint64_t bits) {
    return __builtin_popcountll(bits);
}

static inline int __clz(int bits) {
    return bits == 0 ? 32 : __builtin_clz((unsigned)bits);
}

#endif
