/*
 * The half of the runtime that every kernel library carries: the hooks that the compiler calls at each memory access of
 * a kernel (-fsanitize=thread, without that library), the calls of the dialect, and the table of kernels. Compiled
 * without the hooks.
 */
#include "dialect.h"

#include "../../cuda/kernels.cuh"
#include "../launch.h"
#include <type_traits>
#include <utility>

/* the launch bounds of every kernel */
static constexpr unsigned LANE_LIMIT = 256;

#define EXPORT __attribute__((visibility("default")))

static const EmuRuntime *runtime;

extern "C" EXPORT void emu_bind(const EmuRuntime *bound) {
    runtime = bound;
}

EmuPlace emu_place() {
    return *runtime->place;
}

uint64_t emu_meet(const EmuMeeting &meeting) {
    return runtime->meet(meeting);
}

unsigned long long emu_atomic_add(unsigned long long *address, unsigned long long value) {
    runtime->access(address, sizeof *address, EmuAccess::atomic, true);
    return __atomic_fetch_add(address, value, __ATOMIC_RELAXED);
}

/* One pair of hooks for each size. What the compiler does not know to be aligned, nvcc would load in pieces. */
#define HOOKS(size)                                                                                                    \
    extern "C" void __tsan_read##size(void *address) {                                                                 \
        runtime->access(address, size, EmuAccess::read, true);                                                         \
    }                                                                                                                  \
    extern "C" void __tsan_write##size(void *address) {                                                                \
        runtime->access(address, size, EmuAccess::write, true);                                                        \
    }                                                                                                                  \
    extern "C" void __tsan_unaligned_read##size(void *address) {                                                       \
        runtime->access(address, size, EmuAccess::read, false);                                                        \
    }                                                                                                                  \
    extern "C" void __tsan_unaligned_write##size(void *address) {                                                      \
        runtime->access(address, size, EmuAccess::write, false);                                                       \
    }
HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)

extern "C" void __tsan_read_range(void *address, size_t length) {
    runtime->access(address, length, EmuAccess::read, false);
}

extern "C" void __tsan_write_range(void *address, size_t length) {
    runtime->access(address, length, EmuAccess::write, false);
}

/* called by a constructor that the compiler adds */
extern "C" void __tsan_init() {
}

/* Calls a kernel with the arguments that a launch points at. */
template <auto kernel, class... Parameters, size_t... i>
static void call(void **args, void (*)(Parameters...), std::index_sequence<i...>) {
    kernel(*(std::remove_cv_t<Parameters> *)args[i]...);
}

template <class... Parameters> static constexpr int arityOf(void (*)(Parameters...)) {
    return sizeof...(Parameters);
}

template <class... Parameters> struct Sizes {
    static constexpr uint8_t bytes[] = {sizeof(Parameters)...};
};

template <class... Parameters> static constexpr const uint8_t *sizesOf(void (*)(Parameters...)) {
    return Sizes<Parameters...>::bytes;
}

template <auto kernel> static void run(void **args) {
    call<kernel>(args, kernel, std::make_index_sequence<(size_t)arityOf(kernel)>());
}

/* The linker bounds the section of the shared variables; a library without any has neither symbol. */
extern "C" __attribute__((weak, visibility("hidden"))) char __start_emu_shared[], __stop_emu_shared[];

template <auto kernel> static constexpr EmuKernel entry(const char *name) {
    return {name, run<kernel>, arityOf(kernel), sizesOf(kernel), LANE_LIMIT, __start_emu_shared, __stop_emu_shared};
}

extern "C" EXPORT const EmuKernel emu_kernels[] = {
    entry<packSigns>("packSigns"),
    entry<packSignsF16>("packSignsF16"),
    entry<packSignsBf16>("packSignsBf16"),
    entry<momentumPackSigns>("momentumPackSigns"),
    entry<momentumPackSignsF16>("momentumPackSignsF16"),
    entry<momentumPackSignsBf16>("momentumPackSignsBf16"),
    entry<unpackSigns>("unpackSigns"),
    entry<accumulate>("accumulate"),
    entry<majority>("majority"),
    entry<tally>("tally"),
    entry<applySigns>("applySigns"),
    entry<add>("add"),
    {nullptr, nullptr, 0, nullptr, 0, nullptr, nullptr},
};
