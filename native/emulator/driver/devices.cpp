/* Devices and what they say of themselves. */
#include "control.h"
#include "driver.h"
#include "registry.h"
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace emu;

namespace {
constexpr char DEVICE_NAME[] = "SignVote emulated device";

bool isDevice(Call &call, CUdevice device) {
    if (device < 0 || device >= static_cast<int>(call.it.devices.size())) {
        call.result = INVALID_DEVICE;
    }
    return call.result == SUCCESS;
}

/* Numbers after NVIDIA's CUdevice_attribute. What is not here is 0, as a device says of what it cannot do. */
int attribute(const Settings &settings, int which, CUdevice device) {
    switch (which) {
    case 1: /* threads a block */
    case 2: /* block x */
    case 3: /* block y */
        return 1024;
    case 4: /* block z */
        return 64;
    case 5: /* grid x */
        return 2147483647;
    case 6: /* grid y */
    case 7: /* grid z */
        return 65535;
    case 8: /* shared bytes a block */
        return 49152;
    case 9: /* constant bytes */
        return 65536;
    case 10: /* warp */
        return 32;
    case 11: /* pitch */
        return 2147483647;
    case 12: /* registers a block */
    case 82: /* registers a multiprocessor */
        return 65536;
    case 13: /* clock, kHz */
    case 36: /* memory clock, kHz */
        return 1000000;
    case 14: /* texture alignment */
        return 512;
    case 15: /* copies and kernels overlap */
    case 19: /* maps host memory */
    case 31: /* concurrent kernels */
    case 41: /* unified addressing */
    case 78: /* stream priorities */
    case 91: /* registered memory under its host address */
    case 99: /* registers host memory */
        return 1;
    case 16:
        return MULTIPROCESSORS;
    case 33: /* bus */
        return device + 1;
    case 37: /* memory bus, bits */
        return 256;
    case 38: /* L2 bytes */
        return 4194304;
    case 39: /* threads a multiprocessor */
        return 2048;
    case 40: /* copy engines */
        return 2;
    case 75:
        return capabilityOf(settings, device) / 10;
    case 76:
        return capabilityOf(settings, device) % 10;
    case 81: /* shared bytes a multiprocessor */
        return 102400;
    case 97: /* shared bytes a block, opted in */
        return 101376;
    case 106: /* blocks a multiprocessor */
        return 16;
    default:
        return 0;
    }
}
} // namespace

EMU_API cuInit(unsigned flags) {
    Call call("cuInit", Needs::NOTHING);
    if (call.result != SUCCESS || flags != 0) {
        return call.result != SUCCESS ? call.result : INVALID_VALUE;
    }
    if (call.it.isInitialized) {
        return SUCCESS;
    }
    const char *const line = getenv("SIGNVOTE_EMULATOR");
    if (line != nullptr) {
        const std::string wrong = parse(line, &call.it.settings);
        if (!wrong.empty()) {
            fprintf(stderr, "SIGNVOTE_EMULATOR: %s\n", wrong.c_str());
            return INVALID_VALUE;
        }
        settingsChanged(call.it);
        const int failure = countCall(call.it.settings, "cuInit");
        if (failure != SUCCESS) {
            return failure;
        }
    }
    if (call.it.settings.devices == 0) {
        return NO_DEVICE;
    }
    call.it.devices.resize(static_cast<size_t>(call.it.settings.devices));
    call.it.isInitialized = true;
    return SUCCESS;
}

EMU_API cuDriverGetVersion(int *version) {
    Call call("cuDriverGetVersion", Needs::NOTHING);
    if (call.result == SUCCESS) {
        *version = call.it.settings.driver;
    }
    return call.result;
}

EMU_API cuDeviceGetCount(int *count) {
    Call call("cuDeviceGetCount", Needs::INIT);
    if (call.result == SUCCESS) {
        *count = static_cast<int>(call.it.devices.size());
    }
    return call.result;
}

EMU_API cuDeviceGet(CUdevice *device, int ordinal) {
    Call call("cuDeviceGet", Needs::INIT);
    if (call.result == SUCCESS && isDevice(call, ordinal)) {
        *device = ordinal;
    }
    return call.result;
}

EMU_API cuDeviceGetName(char *name, int length, CUdevice device) {
    Call call("cuDeviceGetName", Needs::INIT);
    if (call.result == SUCCESS && isDevice(call, device)) {
        snprintf(name, static_cast<size_t>(length), "%s", DEVICE_NAME);
    }
    return call.result;
}

EMU_API cuDeviceGetUuid(void *uuid, CUdevice device) {
    Call call("cuDeviceGetUuid", Needs::INIT);
    if (call.result == SUCCESS && isDevice(call, device)) {
        memcpy(uuid, "signvote-emu-00", 16);
        static_cast<char *>(uuid)[15] = static_cast<char>(device);
    }
    return call.result;
}

EMU_API cuDeviceGetPCIBusId(char *text, int length, CUdevice device) {
    Call call("cuDeviceGetPCIBusId", Needs::INIT);
    if (call.result == SUCCESS && isDevice(call, device)) {
        snprintf(text, static_cast<size_t>(length), "0000:%02x:00.0", device + 1);
    }
    return call.result;
}

EMU_API cuDeviceTotalMem_v2(size_t *bytes, CUdevice device) {
    Call call("cuDeviceTotalMem", Needs::INIT);
    if (call.result == SUCCESS && isDevice(call, device)) {
        *bytes = call.it.settings.memory;
    }
    return call.result;
}

EMU_API cuDeviceGetAttribute(int *value, int which, CUdevice device) {
    Call call("cuDeviceGetAttribute", Needs::INIT);
    if (call.result == SUCCESS && isDevice(call, device)) {
        if (which < 1 || which > 200) {
            return INVALID_VALUE;
        }
        *value = attribute(call.it.settings, which, device);
    }
    return call.result;
}

EMU_API cuDeviceComputeCapability(int *major, int *minor, CUdevice device) {
    Call call("cuDeviceComputeCapability", Needs::INIT);
    if (call.result == SUCCESS && isDevice(call, device)) {
        *major = capabilityOf(call.it.settings, device) / 10;
        *minor = capabilityOf(call.it.settings, device) % 10;
    }
    return call.result;
}

EMU_API cuDeviceCanAccessPeer(int *can, CUdevice device, CUdevice peer) {
    Call call("cuDeviceCanAccessPeer", Needs::INIT);
    if (call.result == SUCCESS && isDevice(call, device) && isDevice(call, peer)) {
        *can = 0;
    }
    return call.result;
}

EMU_API cuMemGetInfo_v2(size_t *available, size_t *total) {
    Call call("cuMemGetInfo", Needs::CONTEXT);
    if (call.result == SUCCESS) {
        *total = call.it.settings.memory;
        *available = *total - std::min(*total, deviceBytesOf(call.context->device));
    }
    return call.result;
}
