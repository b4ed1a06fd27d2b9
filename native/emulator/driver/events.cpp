/* Events: records in a stream that streams and the host wait for. */
#include "driver.h"

using namespace emu;

namespace {
constexpr unsigned DISABLE_TIMING = 2, ALL_FLAGS = 3;

std::shared_ptr<Event> eventOf(Call &call, CUevent handle) {
    if (call.result != SUCCESS) {
        return nullptr;
    }
    std::shared_ptr<Event> event = call.it.events.find(handle);
    if (event == nullptr) {
        call.refuse("event %p is none, or was destroyed", handle);
        call.result = INVALID_HANDLE;
    } else if (event->context->lost != SUCCESS) {
        call.result = event->context->lost;
    }
    return call.result == SUCCESS ? event : nullptr;
}

int record(Call &call, CUevent handle, CUstream streamHandle) {
    const std::shared_ptr<Event> event = eventOf(call, handle);
    const std::shared_ptr<Stream> stream = event == nullptr ? nullptr : streamOf(call, streamHandle);
    if (stream == nullptr) {
        return call.result;
    }
    if (stream->context.get() != event->context) {
        return INVALID_HANDLE;
    }
    event->record = std::make_shared<Record>();
    Operation operation;
    operation.what = "an event's record";
    operation.records = event->record;
    return enqueue(call, stream, std::move(operation), false);
}
} // namespace

EMU_API cuEventCreate(CUevent *event, unsigned flags) {
    Call call("cuEventCreate", Needs::CONTEXT);
    if (call.result != SUCCESS || flags > ALL_FLAGS) {
        return call.result != SUCCESS ? call.result : flags == 7 || flags == 6 ? NOT_SUPPORTED : INVALID_VALUE;
    }
    auto made = std::make_shared<Event>();
    made->context = call.context;
    made->isTimed = (flags & DISABLE_TIMING) == 0;
    *event = call.it.events.add(made);
    return SUCCESS;
}

EMU_API cuEventDestroy_v2(CUevent handle) {
    Call call("cuEventDestroy", Needs::CONTEXT);
    const std::shared_ptr<Event> event = eventOf(call, handle);
    if (event == nullptr) {
        return call.result;
    }
    if (event->record != nullptr && !event->record->isDone) {
        violation("cuEventDestroy: its record is still queued");
    }
    call.it.events.remove(handle);
    return SUCCESS;
}

EMU_API cuEventRecord(CUevent event, CUstream stream) {
    Call call("cuEventRecord", Needs::QUEUE);
    return record(call, event, stream);
}

EMU_API cuEventRecordWithFlags(CUevent event, CUstream stream, unsigned flags) {
    Call call("cuEventRecordWithFlags", Needs::QUEUE);
    return call.result == SUCCESS && flags != 0 ? INVALID_VALUE : record(call, event, stream);
}

EMU_API cuEventQuery(CUevent handle) {
    Call call("cuEventQuery", Needs::CONTEXT);
    const std::shared_ptr<Event> event = eventOf(call, handle);
    if (event == nullptr) {
        return call.result;
    }
    return event->record == nullptr || event->record->isDone ? SUCCESS : NOT_READY;
}

EMU_API cuEventSynchronize(CUevent handle) {
    Call call("cuEventSynchronize", Needs::CONTEXT);
    const std::shared_ptr<Event> event = eventOf(call, handle);
    if (event == nullptr) {
        return call.result;
    }
    const std::shared_ptr<Record> record = event->record;
    return record == nullptr ? SUCCESS : call.it.executor.waitFor(call.held, record);
}

EMU_API cuEventElapsedTime(float *milliseconds, CUevent from, CUevent to) {
    Call call("cuEventElapsedTime", Needs::CONTEXT);
    const std::shared_ptr<Event> start = eventOf(call, from);
    const std::shared_ptr<Event> end = start == nullptr ? nullptr : eventOf(call, to);
    if (end == nullptr) {
        return call.result;
    }
    if (!start->isTimed || !end->isTimed || start->record == nullptr || end->record == nullptr) {
        return INVALID_HANDLE;
    }
    if (!start->record->isDone || !end->record->isDone) {
        return NOT_READY;
    }
    *milliseconds = static_cast<float>(static_cast<double>(end->record->timeNs - start->record->timeNs) / 1e6);
    return SUCCESS;
}

EMU_API cuStreamWaitEvent(CUstream streamHandle, CUevent handle, unsigned flags) {
    Call call("cuStreamWaitEvent", Needs::QUEUE);
    const std::shared_ptr<Event> event = eventOf(call, handle);
    const std::shared_ptr<Stream> stream = event == nullptr ? nullptr : streamOf(call, streamHandle);
    if (stream == nullptr || flags != 0) {
        return call.result != SUCCESS ? call.result : INVALID_VALUE;
    }
    if (event->record == nullptr) {
        return SUCCESS;
    }
    Operation operation;
    operation.what = "a wait for an event";
    operation.awaits = event->record;
    return enqueue(call, stream, std::move(operation), false);
}
