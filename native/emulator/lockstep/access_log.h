/*
 * Who touched which memory since the log was cleared, in units of 4 bytes, so that lanes which race for one are told
 * apart from lanes which only happened to run in a good order.
 */
#ifndef SIGNVOTE_ACCESS_LOG_H
#define SIGNVOTE_ACCESS_LOG_H

#include "../dialect/runtime.h"
#include <memory>
#include <unordered_map>

class AccessLog {
  public:
    /* No lane, and any number of lanes: names of those that are met in a unit. Lanes count from 1. */
    static constexpr uint32_t NOBODY = 0;
    static constexpr uint32_t SEVERAL = 0xFFFFFFFFu;

    /* Notes an access and returns the lane it races with: NOBODY if with none. */
    uint32_t note(const void *address, size_t length, EmuAccess access, uint32_t lane);

    void clear();

  private:
    static constexpr uintptr_t UNIT = 4;
    static constexpr uintptr_t PAGE_UNITS = 1024;

    struct Unit {
        uint32_t writer;
        uint32_t reader;
    };
    struct Page {
        Unit units[PAGE_UNITS];
    };

    Page &page_of(uintptr_t number);

    std::unordered_map<uintptr_t, std::unique_ptr<Page>> pages;
    uintptr_t last_number = 0;
    Page *last = nullptr;
};

#endif
