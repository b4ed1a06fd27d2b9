#include "libraries.h"
#include "driver.h"
#include "registry.h"

namespace emu {
namespace {
bool isReachable(Call &call, const Operand &operand) {
    EmuAllocation found;
    const uintptr_t address = reinterpret_cast<uintptr_t>(operand.address);
    if (!emu_memory_find(operand.address, &found)) {
        call.refuse("%p is no memory of a device, or was freed", operand.address);
        return false;
    }
    if (operand.bytes > found.length || address - found.address > found.length - operand.bytes) {
        call.refuse(
            "%p of %zu bytes leaves its %zu bytes at 0x%zx", operand.address, operand.bytes, found.length,
            found.address);
        return false;
    }
    return true;
}
} // namespace

int queueWork(
    const char *name, void *streamHandle, const std::vector<Operand> &operands, std::function<void()> work,
    bool waits) {
    Call call(name, Needs::QUEUE);
    const std::shared_ptr<Stream> stream = call.result == SUCCESS ? streamOf(call, streamHandle) : nullptr;
    if (stream == nullptr) {
        return call.result;
    }
    Operation operation;
    operation.what = name;
    for (const Operand &operand : operands) {
        if (!isReachable(call, operand)) {
            return call.result;
        }
        operation.touches.push_back({reinterpret_cast<uintptr_t>(operand.address), operand.bytes});
    }
    operation.body = [work = std::move(work), operands, name] {
        EmuAllocation found;
        for (const Operand &operand : operands) {
            if (!emu_memory_find(operand.address, &found)) {
                violation("%s: %p was freed before it ran", name, operand.address);
                return static_cast<int>(ILLEGAL_ADDRESS);
            }
        }
        work();
        return static_cast<int>(SUCCESS);
    };
    return enqueue(call, stream, std::move(operation), waits);
}

int beginCall(const char *name) {
    return Call(name, Needs::CONTEXT).result;
}

void countLibraryHandle(int change) {
    Driver &it = driver();
    std::lock_guard<std::mutex> guard(it.lock);
    const std::vector<void *> &stack = contextStack();
    const auto place = stack.empty() ? it.contexts.end() : it.contexts.find(stack.back());
    if (place == it.contexts.end()) {
        violation("a handle of a library is made or destroyed without a context");
    } else {
        place->second->libraryHandles += change;
    }
}

} // namespace emu
