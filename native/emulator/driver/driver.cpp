#include "driver.h"
#include "registry.h"
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace emu {

Driver &driver() {
    static Driver *const it = new Driver;
    return *it;
}

void *newHandle() {
    static uint64_t count = 0; /* under the driver's lock */
    return reinterpret_cast<void *>(0x00E0000000000000u + 16 * ++count);
}

std::vector<void *> &contextStack() {
    thread_local std::vector<void *> stack;
    thread_local uint64_t generation = 0;
    if (generation != driver().generation) {
        generation = driver().generation;
        stack.clear();
    }
    return stack;
}

namespace {
/* The thread's context; null, with the reason in `result`, if there is none that can be used. */
Context *current(Driver &it, int *result) {
    const std::vector<void *> &stack = contextStack();
    if (stack.empty() || stack.back() == nullptr) {
        *result = INVALID_CONTEXT;
        return nullptr;
    }
    const auto place = it.contexts.find(stack.back());
    if (place == it.contexts.end()) {
        *result = CONTEXT_IS_DESTROYED;
        return nullptr;
    }
    *result = place->second->lost;
    return place->second.get();
}
} // namespace

Call::Call(const char *name, Needs needs) : name(name), it(driver()), held(it.lock) {
    const int injected = countCall(it.settings, name);
    if (needs != Needs::NOTHING && !it.isInitialized) {
        result = NOT_INITIALIZED;
        return;
    }
    if (needs == Needs::CONTEXT || needs == Needs::QUEUE) {
        context = current(it, &result);
        if (result != SUCCESS) {
            return;
        }
    }
    if (injected == SUCCESS) {
        return;
    }
    if (needs == Needs::QUEUE && isSticky(injected)) {
        late = injected;
        return;
    }
    result = injected;
    if (context != nullptr && isSticky(injected)) {
        it.executor.lose(*context, injected);
    }
}

int Call::refuse(const char *format, ...) {
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    violation("%s: %s", name, text);
    return result = INVALID_VALUE;
}

std::shared_ptr<Stream> streamOf(Call &call, void *handle) {
    constexpr uintptr_t LEGACY = 1, PER_THREAD = 2;
    if (handle == nullptr || reinterpret_cast<uintptr_t>(handle) == LEGACY) {
        return call.context->defaultStream;
    }
    if (reinterpret_cast<uintptr_t>(handle) == PER_THREAD) {
        call.result = NOT_SUPPORTED;
        return nullptr;
    }
    std::shared_ptr<Stream> stream = call.it.streams.find(handle);
    if (stream == nullptr) {
        call.refuse("stream %p is none, or was destroyed", handle);
        call.result = INVALID_HANDLE;
    } else if (stream->context->lost != SUCCESS) {
        call.result = stream->context->lost;
    }
    return call.result == SUCCESS ? stream : nullptr;
}

int enqueue(Call &call, const std::shared_ptr<Stream> &stream, Operation operation, bool isSynchronous) {
    operation.late = call.late;
    call.it.executor.submit(*stream, std::move(operation));
    return isSynchronous ? call.it.executor.waitFor(call.held, stream) : SUCCESS;
}

void endContext(std::unique_lock<std::mutex> &held, void *handle, const char *call) {
    Driver &it = driver();
    const std::shared_ptr<Context> context = it.contexts[handle];
    const size_t pending = it.executor.pending(context.get());
    if (pending != 0 && context->lost == SUCCESS) {
        violation("%s: %zu operations are still queued", call, pending);
    }
    it.executor.drop(held, context.get());
    const auto isHere = [&](const auto &object) { return object.context == context.get(); };
    const size_t streams = it.streams.removeIf([&](const Stream &stream) { return stream.context == context; });
    const size_t events = it.events.removeIf(isHere);
    it.functions.removeIf([&](const Function &function) { return isHere(*function.module); });
    const size_t modules = it.modules.removeIf(isHere);
    const Usage usage = usageOf(context.get());
    const size_t left = streams + events + modules + usage.device + usage.pinned + usage.registered +
                        static_cast<size_t>(context->libraryHandles);
    /* in a context that is lost nothing can be freed */
    if (left != 0 && context->lost == SUCCESS) {
        violation(
            "%s: the context still has streams=%zu events=%zu modules=%zu allocations=%zu pinned=%zu registered=%zu "
            "cublas=%d",
            call, streams, events, modules, usage.device, usage.pinned, usage.registered, context->libraryHandles);
    }
    freeAllOf(context.get());
    context->isDestroyed = true;
    context->defaultStream = nullptr;
    it.contexts.erase(handle);
}

} // namespace emu
