#include "access_log.h"

uint32_t AccessLog::note(const void *address, size_t length, EmuAccess access, uint32_t lane) {
    const uintptr_t from = (uintptr_t)address / UNIT;
    const uintptr_t to = ((uintptr_t)address + length - 1) / UNIT;
    /* atomic additions do not race with one another: whoever makes them goes by one name */
    const uint32_t name = access == EmuAccess::atomic ? SEVERAL : lane;
    for (uintptr_t at = from; at <= to; at++) {
        Unit &unit = page_of(at / PAGE_UNITS).units[at % PAGE_UNITS];
        if (unit.writer != NOBODY && unit.writer != name) {
            return unit.writer;
        }
        if (access == EmuAccess::read) {
            unit.reader = unit.reader == NOBODY || unit.reader == lane ? lane : SEVERAL;
        } else if (unit.reader != NOBODY && unit.reader != lane) {
            return unit.reader;
        } else {
            unit.writer = name;
        }
    }
    return NOBODY;
}

AccessLog::Page &AccessLog::page_of(uintptr_t number) {
    if (last == nullptr || last_number != number) {
        std::unique_ptr<Page> &page = pages[number];
        if (page == nullptr) {
            page = std::make_unique<Page>();
        }
        last = page.get();
        last_number = number;
    }
    return *last;
}

void AccessLog::clear() {
    pages.clear();
    last = nullptr;
}
