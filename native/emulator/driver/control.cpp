#include "control.h"
#include "driver.h"
#include "registry.h"
#include <cstdlib>

namespace emu {

void settingsChanged(Driver &it) {
    const Lanes lanes = it.settings.lanes;
    emu_set_lane_order(
        lanes == Lanes::ASCENDING    ? EMU_ASCENDING
        : lanes == Lanes::DESCENDING ? EMU_DESCENDING
                                     : EMU_RANDOM,
        it.settings.seed);
    it.executor.reseed(it.settings.seed);
    it.executor.settingsChanged();
}

std::string configure(const std::string &line) {
    Driver &it = driver();
    std::lock_guard<std::mutex> guard(it.lock);
    const std::string wrong = parse(line, &it.settings);
    if (wrong.empty()) {
        settingsChanged(it);
    }
    return wrong;
}

std::string violations() {
    return takeViolations();
}

std::string live() {
    Driver &it = driver();
    std::lock_guard<std::mutex> guard(it.lock);
    const Usage usage = usageOf(nullptr);
    int libraryHandles = 0;
    for (const auto &[handle, context] : it.contexts) {
        libraryHandles += context->libraryHandles;
    }
    return "contexts=" + std::to_string(it.contexts.size()) + " streams=" + std::to_string(it.streams.size()) +
           " events=" + std::to_string(it.events.size()) + " modules=" + std::to_string(it.modules.size()) +
           " allocations=" + std::to_string(usage.device) + " bytes=" + std::to_string(usage.deviceBytes) +
           " pinned=" + std::to_string(usage.pinned) + " registered=" + std::to_string(usage.registered) +
           " cublas=" + std::to_string(libraryHandles) + " queued=" + std::to_string(it.executor.pending(nullptr));
}

void reset() {
    Driver &it = driver();
    std::unique_lock<std::mutex> held(it.lock);
    while (!it.contexts.empty()) {
        endContext(held, it.contexts.begin()->first, "reset");
    }
    freeAllOf(nullptr);
    it.generation++;
    const char *const line = getenv("SIGNVOTE_EMULATOR");
    parse(line == nullptr ? "" : line, &it.settings);
    settingsChanged(it);
    it.devices.clear();
    it.devices.resize(it.isInitialized ? static_cast<size_t>(it.settings.devices) : 0);
    takeViolations();
}

} // namespace emu
