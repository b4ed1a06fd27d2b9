/* Streams and the waits of the host. */
#include "driver.h"
#include "registry.h"
#include <algorithm>

using namespace emu;

namespace {
constexpr unsigned NON_BLOCKING = 1;

int create(Call &call, CUstream *handle, unsigned flags, int priority) {
    if (call.result != SUCCESS || flags > NON_BLOCKING) {
        return call.result != SUCCESS ? call.result : INVALID_VALUE;
    }
    auto stream = std::make_shared<Stream>();
    stream->context = call.it.contexts[call.context->handle];
    stream->isBlocking = (flags & NON_BLOCKING) == 0;
    stream->flags = flags;
    stream->priority = std::max(-5, std::min(priority, 0));
    *handle = call.it.streams.add(stream);
    stream->id = reinterpret_cast<uintptr_t>(*handle) & 0xFFFFFFFF;
    call.it.executor.add(stream);
    return SUCCESS;
}
} // namespace

EMU_API cuStreamCreate(CUstream *stream, unsigned flags) {
    Call call("cuStreamCreate", Needs::CONTEXT);
    return create(call, stream, flags, 0);
}

EMU_API cuStreamCreateWithPriority(CUstream *stream, unsigned flags, int priority) {
    Call call("cuStreamCreateWithPriority", Needs::CONTEXT);
    return create(call, stream, flags, priority);
}

EMU_API cuStreamDestroy_v2(CUstream handle) {
    Call call("cuStreamDestroy", Needs::CONTEXT);
    if (call.result != SUCCESS) {
        return call.result;
    }
    const std::shared_ptr<Stream> stream = handle == nullptr ? nullptr : streamOf(call, handle);
    if (stream == nullptr || stream->isDefault) {
        return call.result != SUCCESS ? call.result : INVALID_HANDLE;
    }
    if (!stream->queue.empty()) {
        violation(
            "cuStreamDestroy: %zu operations are still queued, first %s", stream->queue.size(),
            stream->queue.front().what.c_str());
    }
    call.it.streams.remove(handle);
    return SUCCESS;
}

EMU_API cuStreamSynchronize(CUstream handle) {
    Call call("cuStreamSynchronize", Needs::CONTEXT);
    if (call.result != SUCCESS) {
        return call.result;
    }
    const std::shared_ptr<Stream> stream = streamOf(call, handle);
    return stream == nullptr ? call.result : call.it.executor.waitFor(call.held, stream);
}

EMU_API cuStreamQuery(CUstream handle) {
    Call call("cuStreamQuery", Needs::CONTEXT);
    if (call.result != SUCCESS) {
        return call.result;
    }
    const std::shared_ptr<Stream> stream = streamOf(call, handle);
    return stream == nullptr ? call.result : stream->queue.empty() ? SUCCESS : NOT_READY;
}

EMU_API cuStreamGetFlags(CUstream handle, unsigned *flags) {
    Call call("cuStreamGetFlags", Needs::CONTEXT);
    const std::shared_ptr<Stream> stream = call.result == SUCCESS ? streamOf(call, handle) : nullptr;
    if (stream != nullptr) {
        *flags = stream->flags;
    }
    return call.result;
}

EMU_API cuStreamGetPriority(CUstream handle, int *priority) {
    Call call("cuStreamGetPriority", Needs::CONTEXT);
    const std::shared_ptr<Stream> stream = call.result == SUCCESS ? streamOf(call, handle) : nullptr;
    if (stream != nullptr) {
        *priority = stream->priority;
    }
    return call.result;
}

EMU_API cuStreamGetId(CUstream handle, unsigned long long *id) {
    Call call("cuStreamGetId", Needs::CONTEXT);
    const std::shared_ptr<Stream> stream = call.result == SUCCESS ? streamOf(call, handle) : nullptr;
    if (stream != nullptr) {
        *id = stream->id;
    }
    return call.result;
}

EMU_API cuStreamGetCtx(CUstream handle, CUcontext *context) {
    Call call("cuStreamGetCtx", Needs::CONTEXT);
    const std::shared_ptr<Stream> stream = call.result == SUCCESS ? streamOf(call, handle) : nullptr;
    if (stream != nullptr) {
        *context = stream->context->handle;
    }
    return call.result;
}
