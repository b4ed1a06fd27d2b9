#include "device.h"
#include <dlfcn.h>
#include <fstream>
#include <iterator>

namespace {
constexpr unsigned BLOCK = 256;
constexpr int MULTIPROCESSOR_COUNT = 16; /* CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT */
} // namespace

Card &Card::instance() {
    static Card *const card = new Card;
    return *card;
}

Card::Card() : library(dlopen("libcuda.so.1", RTLD_NOW)) {
    if (library == nullptr) {
        throw Fault(dlerror());
    }
    int device = 0;
    void *context = nullptr;
    char text[256] = "";
    check(((int (*)(unsigned))symbol("cuInit"))(0), "cuInit");
    check(((int (*)(int *, int))symbol("cuDeviceGet"))(&device, 0), "cuDeviceGet");
    check(((int (*)(char *, int, int))symbol("cuDeviceGetName"))(text, sizeof text, device), "cuDeviceGetName");
    check(((int (*)(void **, int))symbol("cuDevicePrimaryCtxRetain"))(&context, device), "cuDevicePrimaryCtxRetain");
    check(((int (*)(void *))symbol("cuCtxPushCurrent_v2"))(context), "cuCtxPushCurrent");
    check(
        ((int (*)(int *, int, int))symbol("cuDeviceGetAttribute"))(&multiprocessors, MULTIPROCESSOR_COUNT, device),
        "cuDeviceGetAttribute");
    deviceName = text;
}

DeviceAddress Card::allocate(size_t length) {
    static const auto call = (int (*)(DeviceAddress *, size_t))symbol("cuMemAlloc_v2");
    DeviceAddress address = 0;
    check(call(&address, length), "cuMemAlloc");
    return address;
}

void Card::free(DeviceAddress address) {
    static const auto call = (int (*)(DeviceAddress))symbol("cuMemFree_v2");
    call(address); /* a failed launch is thrown already, and this would only repeat it */
}

void Card::upload(DeviceAddress target, const void *source, size_t length) {
    static const auto call = (int (*)(DeviceAddress, const void *, size_t))symbol("cuMemcpyHtoD_v2");
    if (length > 0) {
        check(call(target, source, length), "cuMemcpyHtoD");
    }
}

void Card::download(void *target, DeviceAddress source, size_t length) {
    static const auto call = (int (*)(void *, DeviceAddress, size_t))symbol("cuMemcpyDtoH_v2");
    check(call(target, source, length), "cuMemcpyDtoH");
}

void *Card::load(const std::string &image) {
    void *module = nullptr;
    check(((int (*)(void **, const void *))symbol("cuModuleLoadData"))(&module, image.c_str()), "cuModuleLoadData");
    return module;
}

void *Card::find(void *module, const char *kernel) {
    static const auto call = (int (*)(void **, void *, const char *))symbol("cuModuleGetFunction");
    void *function = nullptr;
    check(call(&function, module, kernel), "cuModuleGetFunction");
    return function;
}

unsigned Card::grid(void *function) {
    int blocks = 0;
    check(
        ((int (*)(int *, void *, int, size_t))symbol("cuOccupancyMaxActiveBlocksPerMultiprocessor"))(
            &blocks, function, BLOCK, 0),
        "cuOccupancyMaxActiveBlocksPerMultiprocessor");
    return (unsigned)(blocks * multiprocessors);
}

void Card::launch(void *function, unsigned grid, void **arguments) {
    static const auto call = (int (*)(
        void *, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void *, void **,
        void **))symbol("cuLaunchKernel");
    static const auto synchronize = (int (*)())symbol("cuCtxSynchronize");
    check(call(function, grid, 1, 1, BLOCK, 1, 1, 0, nullptr, arguments, nullptr), "cuLaunchKernel");
    check(synchronize(), "cuCtxSynchronize");
}

void *Card::symbol(const char *name) {
    void *const found = dlsym(library, name);
    if (found == nullptr) {
        throw Fault(dlerror());
    }
    return found;
}

void Card::check(int result, const char *call) {
    if (result == 0) {
        return;
    }
    const char *text = nullptr;
    ((int (*)(int, const char **))symbol("cuGetErrorName"))(result, &text);
    throw Fault(std::string(call) + " failed: " + std::to_string(result) + " " + (text == nullptr ? "" : text));
}

Kernels::Kernels(const char *path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw Fault(std::string(path) + " cannot be read");
    }
    module = Card::instance().load(std::string((std::istreambuf_iterator<char>(file)), {}));
}

void *Kernels::function(const char *name) const {
    void *&found = functions[name];
    if (found == nullptr) {
        found = Card::instance().find(module, name);
    }
    return found;
}
