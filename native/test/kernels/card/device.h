/*
 * Device memory and launches through the CUDA driver, for the tests of the kernels on a card. The program loads the
 * driver at run time, so its build needs no CUDA. Every error is thrown as a Fault: a suite ends at its first fault.
 */
#ifndef SIGNVOTE_TEST_DEVICE_H
#define SIGNVOTE_TEST_DEVICE_H

#include "../fault.h"
#include <map>
#include <stdint.h>
#include <string.h>
#include <string>
#include <vector>

using DeviceAddress = unsigned long long;

/* The first device, whose primary context is current for this thread. */
class Card {
  public:
    static Card &instance();

    const std::string &name() const {
        return deviceName;
    }

    DeviceAddress allocate(size_t length);
    void free(DeviceAddress address);
    void upload(DeviceAddress target, const void *source, size_t length);
    void download(void *target, DeviceAddress source, size_t length);
    void *load(const std::string &image);
    void *find(void *module, const char *kernel);
    unsigned grid(void *function);
    void launch(void *function, unsigned grid, void **arguments);

  private:
    Card();

    void *symbol(const char *name);
    void check(int result, const char *call);

    void *library;
    int multiprocessors;
    std::string deviceName;
};

/* n elements in an allocation that ends where they do, behind `offset` others that are to stay as they are. */
template <class T> class DeviceArray {
  public:
    DeviceArray(const std::vector<T> &values, int64_t offset) : DeviceArray((int64_t)values.size(), offset) {
        Card::instance().upload((DeviceAddress)data(), values.data(), values.size() * sizeof(T));
    }

    DeviceArray(int64_t n, int64_t offset)
        : count(n), offset(offset), base(Card::instance().allocate((size_t)(n + offset) * sizeof(T))) {
        const std::vector<unsigned char> front((size_t)offset * sizeof(T), FRONT);
        Card::instance().upload(base, front.data(), front.size());
    }

    ~DeviceArray() {
        Card::instance().free(base);
    }

    DeviceArray(const DeviceArray &) = delete;
    DeviceArray &operator=(const DeviceArray &) = delete;

    T *data() const {
        return (T *)base + offset;
    }

    std::vector<T> values() const {
        std::vector<T> all((size_t)(offset + count));
        Card::instance().download(all.data(), base, all.size() * sizeof(T));
        const unsigned char *const front = (const unsigned char *)all.data();
        for (size_t i = 0; i < (size_t)offset * sizeof(T); i++) {
            if (front[i] != FRONT) {
                throw Fault("something was written before the array");
            }
        }
        return std::vector<T>(all.begin() + offset, all.end());
    }

  private:
    static constexpr unsigned char FRONT = 0x5A;

    const int64_t count;
    const int64_t offset;
    const DeviceAddress base;
};

class Kernels {
  public:
    explicit Kernels(const char *path);

    Kernels(const Kernels &) = delete;
    Kernels &operator=(const Kernels &) = delete;

    /* Arguments have exactly the types of the parameters. */
    template <class... Arguments> void launch(const char *name, unsigned grid, Arguments... arguments) const {
        void *list[] = {&arguments...};
        Card::instance().launch(function(name), grid, list);
    }

    /* Blocks that fill the card once. */
    unsigned grid(const char *name) const {
        return Card::instance().grid(function(name));
    }

  private:
    void *function(const char *name) const;

    void *module;
    mutable std::map<std::string, void *> functions;
};

#endif
