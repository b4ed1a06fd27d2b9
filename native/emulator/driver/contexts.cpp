/* Contexts: the primary ones, others, and each thread's stack of them. */
#include "driver.h"

using namespace emu;

namespace {
std::shared_ptr<Context> open(Driver &it, void *handle, int device, unsigned flags, bool isPrimary) {
    auto context = std::make_shared<Context>();
    context->handle = handle;
    context->device = device;
    context->flags = flags;
    context->isPrimary = isPrimary;
    context->defaultStream = std::make_shared<Stream>();
    context->defaultStream->context = context;
    context->defaultStream->isDefault = true;
    it.executor.add(context->defaultStream);
    it.contexts[handle] = context;
    return context;
}

Device *deviceOf(Call &call, CUdevice ordinal) {
    if (call.result == SUCCESS && (ordinal < 0 || ordinal >= static_cast<int>(call.it.devices.size()))) {
        call.result = INVALID_DEVICE;
    }
    return call.result == SUCCESS ? &call.it.devices[static_cast<size_t>(ordinal)] : nullptr;
}

void endPrimary(Call &call, Device &device) {
    if (device.primary != nullptr) {
        endContext(call.held, device.primaryHandle, call.name);
        device.primary = nullptr;
    }
    device.retained = 0;
}
} // namespace

EMU_API cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice ordinal) {
    Call call("cuDevicePrimaryCtxRetain", Needs::INIT);
    Device *const device = deviceOf(call, ordinal);
    if (device == nullptr) {
        return call.result;
    }
    if (device->primary == nullptr) {
        device->primaryHandle = device->primaryHandle == nullptr ? newHandle() : device->primaryHandle;
        device->primary = open(call.it, device->primaryHandle, ordinal, device->flags, true);
    }
    device->retained++;
    *context = device->primaryHandle;
    return SUCCESS;
}

EMU_API cuDevicePrimaryCtxRelease_v2(CUdevice ordinal) {
    Call call("cuDevicePrimaryCtxRelease", Needs::INIT);
    Device *const device = deviceOf(call, ordinal);
    if (device == nullptr) {
        return call.result;
    }
    if (device->retained == 0) {
        violation("cuDevicePrimaryCtxRelease: device %d is released more often than retained", ordinal);
        return INVALID_CONTEXT;
    }
    if (device->retained == 1) {
        endPrimary(call, *device);
    } else {
        device->retained--;
    }
    return SUCCESS;
}

EMU_API cuDevicePrimaryCtxReset_v2(CUdevice ordinal) {
    Call call("cuDevicePrimaryCtxReset", Needs::INIT);
    Device *const device = deviceOf(call, ordinal);
    if (device != nullptr) {
        endPrimary(call, *device);
    }
    return call.result;
}

EMU_API cuDevicePrimaryCtxSetFlags_v2(CUdevice ordinal, unsigned flags) {
    Call call("cuDevicePrimaryCtxSetFlags", Needs::INIT);
    Device *const device = deviceOf(call, ordinal);
    if (device != nullptr) {
        device->flags = flags;
    }
    return call.result;
}

EMU_API cuDevicePrimaryCtxGetState(CUdevice ordinal, unsigned *flags, int *isActive) {
    Call call("cuDevicePrimaryCtxGetState", Needs::INIT);
    const Device *const device = deviceOf(call, ordinal);
    if (device != nullptr) {
        *flags = device->flags;
        *isActive = device->primary != nullptr;
    }
    return call.result;
}

EMU_API cuCtxCreate_v2(CUcontext *context, unsigned flags, CUdevice ordinal) {
    Call call("cuCtxCreate", Needs::INIT);
    if (deviceOf(call, ordinal) != nullptr) {
        *context = newHandle();
        open(call.it, *context, ordinal, flags, false);
        contextStack().push_back(*context);
    }
    return call.result;
}

EMU_API cuCtxDestroy_v2(CUcontext context) {
    Call call("cuCtxDestroy", Needs::INIT);
    if (call.result != SUCCESS) {
        return call.result;
    }
    const auto place = call.it.contexts.find(context);
    if (place == call.it.contexts.end() || place->second->isPrimary) {
        violation("cuCtxDestroy: context %p is none, was destroyed or is a primary one", context);
        return INVALID_CONTEXT;
    }
    std::vector<void *> &stack = contextStack();
    if (!stack.empty() && stack.back() == context) {
        stack.pop_back();
    }
    endContext(call.held, context, call.name);
    return SUCCESS;
}

namespace {
/* What pushing and popping a context answers: a driver may give the error that the context was lost with. */
int answerOf(Call &call, void *handle) {
    const auto place = call.it.contexts.find(handle);
    return call.it.settings.stickyStack && place != call.it.contexts.end() ? place->second->lost : SUCCESS;
}
} // namespace

EMU_API cuCtxPushCurrent_v2(CUcontext context) {
    Call call("cuCtxPushCurrent", Needs::INIT);
    if (call.result != SUCCESS) {
        return call.result;
    }
    if (call.it.contexts.count(context) == 0) {
        violation("cuCtxPushCurrent: context %p is none, or was destroyed", context);
        return INVALID_CONTEXT;
    }
    const int answer = answerOf(call, context);
    if (answer == SUCCESS) {
        contextStack().push_back(context);
    }
    return answer;
}

EMU_API cuCtxPopCurrent_v2(CUcontext *context) {
    Call call("cuCtxPopCurrent", Needs::INIT);
    if (call.result != SUCCESS) {
        return call.result;
    }
    std::vector<void *> &stack = contextStack();
    if (stack.empty()) {
        violation("cuCtxPopCurrent: this thread has no context");
        return INVALID_CONTEXT;
    }
    const int answer = answerOf(call, stack.back());
    if (context != nullptr) {
        *context = stack.back();
    }
    stack.pop_back();
    return answer;
}

EMU_API cuCtxSetCurrent(CUcontext context) {
    Call call("cuCtxSetCurrent", Needs::INIT);
    if (call.result != SUCCESS) {
        return call.result;
    }
    if (context != nullptr && call.it.contexts.count(context) == 0) {
        violation("cuCtxSetCurrent: context %p is none, or was destroyed", context);
        return INVALID_CONTEXT;
    }
    std::vector<void *> &stack = contextStack();
    if (!stack.empty()) {
        stack.pop_back();
    }
    if (context != nullptr) {
        stack.push_back(context);
    }
    return SUCCESS;
}

EMU_API cuCtxGetCurrent(CUcontext *context) {
    Call call("cuCtxGetCurrent", Needs::INIT);
    if (call.result == SUCCESS) {
        *context = contextStack().empty() ? nullptr : contextStack().back();
    }
    return call.result;
}

EMU_API cuCtxGetDevice(CUdevice *device) {
    Call call("cuCtxGetDevice", Needs::CONTEXT);
    if (call.result == SUCCESS) {
        *device = call.context->device;
    }
    return call.result;
}

EMU_API cuCtxGetFlags(unsigned *flags) {
    Call call("cuCtxGetFlags", Needs::CONTEXT);
    if (call.result == SUCCESS) {
        *flags = call.context->flags;
    }
    return call.result;
}

EMU_API cuCtxGetApiVersion(CUcontext context, unsigned *version) {
    Call call("cuCtxGetApiVersion", Needs::INIT);
    if (call.result == SUCCESS) {
        *version = 3020;
        return context == nullptr || call.it.contexts.count(context) != 0 ? SUCCESS : INVALID_CONTEXT;
    }
    return call.result;
}

EMU_API cuCtxGetStreamPriorityRange(int *least, int *greatest) {
    Call call("cuCtxGetStreamPriorityRange", Needs::CONTEXT);
    if (call.result == SUCCESS) {
        *least = 0;
        *greatest = -5;
    }
    return call.result;
}

EMU_API cuCtxSynchronize() {
    Call call("cuCtxSynchronize", Needs::CONTEXT);
    if (call.result != SUCCESS) {
        return call.result;
    }
    return call.it.executor.waitFor(call.held, call.it.contexts[call.context->handle]);
}
