#include "../memory.h"
#include "registry.h"
#include "violations.h"
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <sys/mman.h>

namespace emu {
namespace {
constexpr size_t PAGE = 4096;
constexpr uint8_t POISON = 0xE5; /* as a float -1.4e23: neither zero nor anything a test would expect */
constexpr uint8_t GUARD = 0xA9;

/* Addresses: [map, map + PAGE) no access, guard up to `address`, the bytes, guard to the end of a page, no access. */
struct Entry {
    EmuAllocation allocation;
    uint8_t *map;
    size_t mapped;
};

struct Registry {
    std::mutex lock;
    std::map<uintptr_t, Entry> live;
    std::map<uintptr_t, EmuAllocation> freed; /* addresses are not given again */
    std::atomic<uint64_t> generation{1};      /* of `live`: what a thread remembers of it is good for one generation */
    uint64_t nextId = 1;
};

Registry &registry() {
    static Registry *const all = new Registry;
    return *all;
}

size_t pagesOf(size_t bytes) {
    return (bytes + PAGE - 1) / PAGE * PAGE;
}

template <class Map> typename Map::iterator holder(Map &map, uintptr_t address) {
    auto after = map.upper_bound(address);
    return after == map.begin() ? map.end() : std::prev(after);
}

bool inside(const EmuAllocation &allocation, uintptr_t address, size_t length) {
    return address >= allocation.address && length <= allocation.length &&
           address - allocation.address <= allocation.length - length;
}

const char *kindName(EmuMemoryKind kind) {
    return kind == EMU_DEVICE ? "device" : kind == EMU_PINNED ? "pinned" : "registered";
}

void inspectGuards(const Entry &entry) {
    const EmuAllocation &it = entry.allocation;
    const uint8_t *const end = entry.map + entry.mapped - PAGE;
    for (const uint8_t *byte = reinterpret_cast<uint8_t *>(it.address) + it.length; byte < end; byte++) {
        if (*byte != GUARD) {
            violation(
                "something wrote %zd bytes past the end of %s memory of %zu bytes at 0x%zx, unseen",
                byte - (reinterpret_cast<uint8_t *>(it.address) + it.length), kindName(it.kind), it.length, it.address);
            return;
        }
    }
}

/* Lock held. */
void end(std::map<uintptr_t, Entry>::iterator place) {
    Registry &all = registry();
    const Entry entry = place->second;
    if (entry.map != nullptr) {
        inspectGuards(entry);
        mmap(entry.map, entry.mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
        all.freed[entry.allocation.address] = entry.allocation;
    }
    all.live.erase(place);
    all.generation++;
}

/* The kernel that this thread runs, and the allocations it touched last. */
struct Access {
    static constexpr int REMEMBERED = 8;
    const char *kernel = "a kernel";
    int device = -1;
    uint64_t violations = 0;
    uint64_t generation = 0;
    EmuAllocation recent[REMEMBERED];
    int count = 0;
    int next = 0;
};

thread_local Access access;

bool refuse(const char *why, const void *address, size_t length, bool isWrite, const EmuAllocation *near) {
    access.violations++;
    const char *const verb = isWrite ? "writes" : "reads";
    if (near == nullptr) {
        violation("%s %s %zu bytes at %p: %s", access.kernel, verb, length, address, why);
    } else {
        violation(
            "%s %s %zu bytes at %p: %s, %zd bytes into %s memory of %zu bytes at 0x%zx", access.kernel, verb, length,
            address, why, static_cast<ssize_t>(reinterpret_cast<uintptr_t>(address) - near->address),
            kindName(near->kind), near->length, near->address);
    }
    return false;
}

/* Off the fast path: looks the address up, remembers what holds it or says what is wrong. */
bool lookUp(const void *pointer, size_t length, bool isWrite) {
    const uintptr_t address = reinterpret_cast<uintptr_t>(pointer);
    Registry &all = registry();
    std::lock_guard<std::mutex> guard(all.lock);
    auto place = holder(all.live, address);
    if (place != all.live.end() && inside(place->second.allocation, address, length)) {
        const EmuAllocation &found = place->second.allocation;
        if (found.kind == EMU_DEVICE && found.device != access.device) {
            return refuse("memory of another device", pointer, length, isWrite, &found);
        }
        const uint64_t generation = all.generation;
        if (access.generation != generation) {
            access.generation = generation;
            access.count = access.next = 0;
        }
        access.recent[access.next] = found;
        access.next = (access.next + 1) % Access::REMEMBERED;
        access.count = access.count < Access::REMEMBERED ? access.count + 1 : access.count;
        return true;
    }
    auto freed = holder(all.freed, address);
    if (freed != all.freed.end() && inside(freed->second, address, 1)) {
        return refuse("freed", pointer, length, isWrite, &freed->second);
    }
    if (place != all.live.end() && address - place->second.allocation.address < place->second.mapped) {
        return refuse("out of range", pointer, length, isWrite, &place->second.allocation);
    }
    auto next = all.live.upper_bound(address);
    if (next != all.live.end() && next->first - address <= PAGE) {
        return refuse("out of range", pointer, length, isWrite, &next->second.allocation);
    }
    return refuse("not memory of a device, nor pinned or registered", pointer, length, isWrite, nullptr);
}
} // namespace

bool freedMemory(const void *pointer, EmuAllocation *found) {
    Registry &all = registry();
    std::lock_guard<std::mutex> guard(all.lock);
    const uintptr_t address = reinterpret_cast<uintptr_t>(pointer);
    auto place = holder(all.freed, address);
    if (place == all.freed.end() || !inside(place->second, address, 1)) {
        return false;
    }
    *found = place->second;
    return true;
}

bool overlapsMemory(const void *pointer, size_t length, EmuAllocation *found) {
    Registry &all = registry();
    std::lock_guard<std::mutex> guard(all.lock);
    const uintptr_t address = reinterpret_cast<uintptr_t>(pointer);
    auto place = holder(all.live, address + (length == 0 ? 0 : length - 1));
    if (place == all.live.end() || place->second.allocation.address + place->second.allocation.length <= address) {
        return false;
    }
    *found = place->second.allocation;
    return true;
}

Usage usageOf(const void *context) {
    Registry &all = registry();
    std::lock_guard<std::mutex> guard(all.lock);
    Usage usage;
    for (const auto &[address, entry] : all.live) {
        const EmuAllocation &it = entry.allocation;
        if (context != nullptr && it.context != context) {
            continue;
        }
        (it.kind == EMU_DEVICE ? usage.device : it.kind == EMU_PINNED ? usage.pinned : usage.registered)++;
        usage.deviceBytes += it.kind == EMU_DEVICE ? it.length : 0;
    }
    return usage;
}

size_t deviceBytesOf(int device) {
    Registry &all = registry();
    std::lock_guard<std::mutex> guard(all.lock);
    size_t bytes = 0;
    for (const auto &[address, entry] : all.live) {
        bytes += entry.allocation.kind == EMU_DEVICE && entry.allocation.device == device ? entry.allocation.length : 0;
    }
    return bytes;
}

void freeAllOf(const void *context) {
    Registry &all = registry();
    std::lock_guard<std::mutex> guard(all.lock);
    for (auto place = all.live.begin(); place != all.live.end();) {
        const auto here = place++;
        if (context == nullptr || here->second.allocation.context == context) {
            end(here);
        }
    }
}

} // namespace emu

using namespace emu;

void *emu_memory_allocate(size_t length, EmuMemoryKind kind, int device, void *context, unsigned flags) {
    const size_t mapped = PAGE + pagesOf(length + 1) + PAGE;
    void *const map = mmap(nullptr, mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (map == MAP_FAILED) {
        return nullptr;
    }
    uint8_t *const bytes = static_cast<uint8_t *>(map) + PAGE;
    const size_t usable = mapped - 2 * PAGE;
    if (mprotect(bytes, usable, PROT_READ | PROT_WRITE) != 0) {
        munmap(map, mapped);
        return nullptr;
    }
    memset(bytes, POISON, length);
    memset(bytes + length, GUARD, usable - length);
    Registry &all = registry();
    std::lock_guard<std::mutex> guard(all.lock);
    const uintptr_t address = reinterpret_cast<uintptr_t>(bytes);
    all.live[address] = {
        {address, length, kind, kind == EMU_DEVICE ? device : -1, context, flags, all.nextId++},
        static_cast<uint8_t *>(map),
        mapped};
    return bytes;
}

bool emu_memory_register(void *pointer, size_t length, void *context, unsigned flags) {
    EmuAllocation other;
    if (overlapsMemory(pointer, length, &other)) {
        return false;
    }
    Registry &all = registry();
    std::lock_guard<std::mutex> guard(all.lock);
    const uintptr_t address = reinterpret_cast<uintptr_t>(pointer);
    all.live[address] = {{address, length, EMU_REGISTERED, -1, context, flags, all.nextId++}, nullptr, length};
    return true;
}

bool emu_memory_free(void *pointer, EmuMemoryKind kind) {
    Registry &all = registry();
    std::lock_guard<std::mutex> guard(all.lock);
    auto place = all.live.find(reinterpret_cast<uintptr_t>(pointer));
    if (place == all.live.end() || place->second.allocation.kind != kind) {
        return false;
    }
    end(place);
    return true;
}

bool emu_memory_find(const void *pointer, EmuAllocation *found) {
    Registry &all = registry();
    std::lock_guard<std::mutex> guard(all.lock);
    const uintptr_t address = reinterpret_cast<uintptr_t>(pointer);
    auto place = holder(all.live, address);
    if (place == all.live.end() || !inside(place->second.allocation, address, 1)) {
        return false;
    }
    *found = place->second.allocation;
    return true;
}

void emu_memory_enter(int device, const char *kernel) {
    access = Access{};
    access.device = device;
    access.kernel = kernel;
}

uint64_t emu_memory_leave(void) {
    return access.violations;
}

bool emu_memory_check(const void *pointer, size_t length, bool isWrite) {
    const uintptr_t address = reinterpret_cast<uintptr_t>(pointer);
    if (access.generation == registry().generation.load(std::memory_order_relaxed)) {
        for (int i = 0; i < access.count; i++) {
            if (inside(access.recent[i], address, length)) {
                return true;
            }
        }
    }
    return lookUp(pointer, length, isWrite);
}
