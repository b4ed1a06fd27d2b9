/* Device memory and launches for the tests of the kernels. Whatever is wrong is thrown: a suite ends at its first
 * fault. */
#ifndef SIGNVOTE_TEST_DEVICE_H
#define SIGNVOTE_TEST_DEVICE_H

#include "../../../emulator/launch.h"
#include "../../../emulator/memory.h"
#include "../fault.h"
#include <stdint.h>
#include <string.h>
#include <string>
#include <vector>

/* n elements in an allocation that ends where they do, behind `offset` others that are to stay as they are. */
template <class T> class DeviceArray {
  public:
    DeviceArray(int64_t n, int64_t offset)
        : count(n), offset(offset),
          base((T *)emu_memory_allocate((size_t)(n + offset) * sizeof(T), EMU_DEVICE, 0, nullptr, 0)) {
        memset((void *)base, FRONT, (size_t)offset * sizeof(T));
    }

    DeviceArray(const std::vector<T> &values, int64_t offset) : DeviceArray((int64_t)values.size(), offset) {
        memcpy((void *)data(), values.data(), values.size() * sizeof(T));
    }

    ~DeviceArray() {
        emu_memory_free(base, EMU_DEVICE);
    }

    DeviceArray(const DeviceArray &) = delete;
    DeviceArray &operator=(const DeviceArray &) = delete;

    T *data() const {
        return base + offset;
    }

    std::vector<T> values() const {
        const unsigned char *const front = (const unsigned char *)base;
        for (size_t i = 0; i < (size_t)offset * sizeof(T); i++) {
            if (front[i] != FRONT) {
                throw Fault("something was written before the array");
            }
        }
        return std::vector<T>(data(), data() + count);
    }

  private:
    static constexpr unsigned char FRONT = 0x5A;

    const int64_t count;
    const int64_t offset;
    T *const base;
};

class Kernels {
  public:
    explicit Kernels(const char *path) : library(emu_library_open(path)) {
        if (library == nullptr) {
            throw Fault(emu_launch_error());
        }
    }

    ~Kernels() {
        emu_library_close(library);
    }

    Kernels(const Kernels &) = delete;
    Kernels &operator=(const Kernels &) = delete;

    /* Arguments have exactly the types of the parameters. */
    template <class... Arguments> void launch(const char *name, unsigned grid, Arguments... arguments) const {
        const EmuKernel *const kernel = emu_library_kernel(library, name);
        if (kernel == nullptr || kernel->argument_count != (int)sizeof...(Arguments)) {
            throw Fault(std::string("no kernel of these parameters: ") + name);
        }
        void *list[] = {&arguments...};
        emu_memory_enter(0, name);
        const int result = emu_launch(kernel, grid, 256, list);
        emu_memory_leave();
        if (result != 0) {
            throw Fault(std::to_string(result) + " " + emu_launch_error());
        }
    }

  private:
    EmuLibrary *const library;
};

#endif
