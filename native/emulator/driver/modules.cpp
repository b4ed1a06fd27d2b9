/*
 * Modules, functions and launches. An image is two lines of text: one that says so, then the path of the library with
 * the kernels compiled for this machine.
 */
#include "../memory.h"
#include "driver.h"
#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>

using namespace emu;

namespace {
constexpr char IMAGE[] = "signvote-emulated-module 1\n";
constexpr size_t MAX_SHARED = 49152;
constexpr int MULTIPROCESSOR_THREADS = 2048;
constexpr size_t MULTIPROCESSOR_SHARED = 102400;

int load(Call &call, CUmodule *handle, const char *image) {
    if (call.result != SUCCESS || image == nullptr) {
        return call.result != SUCCESS ? call.result : INVALID_VALUE;
    }
    if (strncmp(image, IMAGE, sizeof IMAGE - 1) != 0) {
        return INVALID_IMAGE;
    }
    const char *const start = image + sizeof IMAGE - 1;
    const std::string path(start, strcspn(start, "\n"));
    EmuLibrary *const library = emu_library_open(path.c_str());
    if (library == nullptr) {
        fprintf(stderr, "%s: %s\n", call.name, emu_launch_error());
        return INVALID_IMAGE;
    }
    auto module = std::make_shared<Module>();
    module->context = call.context;
    module->library = std::shared_ptr<EmuLibrary>(library, emu_library_close);
    *handle = call.it.modules.add(module);
    return SUCCESS;
}

std::shared_ptr<Function> functionOf(Call &call, CUfunction handle) {
    std::shared_ptr<Function> function = call.result == SUCCESS ? call.it.functions.find(handle) : nullptr;
    if (call.result == SUCCESS && function == nullptr) {
        call.refuse("function %p is none, or its module was unloaded", handle);
        call.result = INVALID_HANDLE;
    }
    return function;
}

/* A real driver copies the arguments before it returns; callers use their buffers again at once. */
struct Arguments {
    std::vector<uint64_t> values;
    std::vector<void *> addresses;
};

std::shared_ptr<Arguments> copyOf(const EmuKernel &kernel, void **parameters) {
    auto copied = std::make_shared<Arguments>();
    copied->values.resize(static_cast<size_t>(kernel.argument_count));
    copied->addresses.resize(copied->values.size());
    for (size_t i = 0; i < copied->values.size(); i++) {
        memcpy(&copied->values[i], parameters[i], kernel.argument_bytes[i]);
        copied->addresses[i] = &copied->values[i];
    }
    return copied;
}

size_t sharedBytes(const EmuKernel &kernel) {
    return static_cast<size_t>(kernel.shared_end - kernel.shared_begin);
}

int blocksAMultiprocessor(const EmuKernel &kernel, int block, size_t dynamicShared, int most) {
    const size_t shared = sharedBytes(kernel) + dynamicShared;
    if (block < 1 || block > static_cast<int>(kernel.block_limit) || shared > MAX_SHARED) {
        return 0;
    }
    const int byShared = shared == 0 ? most : static_cast<int>(MULTIPROCESSOR_SHARED / shared);
    return std::min({most, MULTIPROCESSOR_THREADS / block, byShared});
}

int occupancy(Call &call, int *blocks, CUfunction handle, int block, size_t dynamicShared) {
    const std::shared_ptr<Function> function = functionOf(call, handle);
    if (function == nullptr || block < 1) {
        return call.result != SUCCESS ? call.result : INVALID_VALUE;
    }
    *blocks = blocksAMultiprocessor(*function->kernel, block, dynamicShared, call.it.settings.occupancy);
    return SUCCESS;
}
} // namespace

EMU_API cuModuleLoadData(CUmodule *module, const void *image) {
    Call call("cuModuleLoadData", Needs::CONTEXT);
    return load(call, module, static_cast<const char *>(image));
}

/* Options are those of a compiler that is not there. */
EMU_API cuModuleLoadDataEx(CUmodule *module, const void *image, unsigned, int *, void **) {
    Call call("cuModuleLoadDataEx", Needs::CONTEXT);
    return load(call, module, static_cast<const char *>(image));
}

EMU_API cuModuleLoadFatBinary(CUmodule *module, const void *image) {
    Call call("cuModuleLoadFatBinary", Needs::CONTEXT);
    return load(call, module, static_cast<const char *>(image));
}

EMU_API cuModuleLoad(CUmodule *module, const char *path) {
    Call call("cuModuleLoad", Needs::CONTEXT);
    if (call.result != SUCCESS) {
        return call.result;
    }
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return FILE_NOT_FOUND;
    }
    const std::string image((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    return load(call, module, image.c_str());
}

EMU_API cuModuleUnload(CUmodule handle) {
    Call call("cuModuleUnload", Needs::CONTEXT);
    const std::shared_ptr<Module> module = call.result == SUCCESS ? call.it.modules.find(handle) : nullptr;
    if (module == nullptr) {
        if (call.result == SUCCESS) {
            call.refuse("module %p is none, or was unloaded", handle);
            return INVALID_HANDLE;
        }
        return call.result;
    }
    const Operation *const user = call.it.executor.userOf(module.get());
    if (user != nullptr) {
        violation("cuModuleUnload: %s is still queued", user->what.c_str());
    }
    call.it.functions.removeIf([&](const Function &function) { return function.module == module; });
    call.it.modules.remove(handle);
    return SUCCESS;
}

EMU_API cuModuleGetFunction(CUfunction *function, CUmodule handle, const char *name) {
    Call call("cuModuleGetFunction", Needs::CONTEXT);
    const std::shared_ptr<Module> module = call.result == SUCCESS ? call.it.modules.find(handle) : nullptr;
    if (module == nullptr) {
        return call.result != SUCCESS ? call.result : INVALID_HANDLE;
    }
    const EmuKernel *const kernel = emu_library_kernel(module->library.get(), name);
    if (kernel == nullptr) {
        return NOT_FOUND;
    }
    auto found = std::make_shared<Function>();
    found->module = module;
    found->moduleHandle = handle;
    found->kernel = kernel;
    *function = call.it.functions.add(found);
    return SUCCESS;
}

EMU_API cuFuncGetModule(CUmodule *module, CUfunction handle) {
    Call call("cuFuncGetModule", Needs::CONTEXT);
    const std::shared_ptr<Function> function = functionOf(call, handle);
    if (function != nullptr) {
        *module = function->moduleHandle;
    }
    return call.result;
}

/* Numbers after NVIDIA's CUfunction_attribute. */
EMU_API cuFuncGetAttribute(int *value, int which, CUfunction handle) {
    Call call("cuFuncGetAttribute", Needs::CONTEXT);
    const std::shared_ptr<Function> function = functionOf(call, handle);
    if (function == nullptr) {
        return call.result;
    }
    switch (which) {
    case 0: /* threads a block */
        *value = static_cast<int>(function->kernel->block_limit);
        return SUCCESS;
    case 1: /* static shared bytes */
        *value = static_cast<int>(sharedBytes(*function->kernel));
        return SUCCESS;
    case 2: /* constant bytes */
    case 3: /* local bytes */
    case 7: /* caches global loads in L1 */
        *value = 0;
        return SUCCESS;
    case 4: /* registers */
        *value = 32;
        return SUCCESS;
    case 5: /* PTX version */
    case 6: /* binary version */
        *value = capabilityOf(call.it.settings, call.context->device);
        return SUCCESS;
    case 8: /* dynamic shared bytes at most */
        *value = static_cast<int>(MAX_SHARED - sharedBytes(*function->kernel));
        return SUCCESS;
    default:
        return NOT_SUPPORTED;
    }
}

EMU_API cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, CUfunction function, int block, size_t shared) {
    Call call("cuOccupancyMaxActiveBlocksPerMultiprocessor", Needs::CONTEXT);
    return occupancy(call, blocks, function, block, shared);
}

EMU_API cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(
    int *blocks, CUfunction function, int block, size_t shared, unsigned flags) {
    Call call("cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags", Needs::CONTEXT);
    return call.result == SUCCESS && flags > 1 ? INVALID_VALUE : occupancy(call, blocks, function, block, shared);
}

/* Without a function that says how much dynamic shared memory a block takes: kernels here take none. */
EMU_API cuOccupancyMaxPotentialBlockSize(
    int *grid, int *block, CUfunction handle, size_t (*sharedOf)(int), size_t shared, int limit) {
    Call call("cuOccupancyMaxPotentialBlockSize", Needs::CONTEXT);
    const std::shared_ptr<Function> function = functionOf(call, handle);
    if (function == nullptr || sharedOf != nullptr) {
        return call.result != SUCCESS ? call.result : NOT_SUPPORTED;
    }
    const int most = static_cast<int>(function->kernel->block_limit);
    *block = limit > 0 && limit < most ? limit : most;
    *grid = MULTIPROCESSORS * blocksAMultiprocessor(*function->kernel, *block, shared, call.it.settings.occupancy);
    return SUCCESS;
}

EMU_API cuLaunchKernel(
    CUfunction handle, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
    unsigned blockZ, unsigned sharedBytes, CUstream streamHandle, void **parameters, void **extra) {
    Call call("cuLaunchKernel", Needs::QUEUE);
    const std::shared_ptr<Function> function = functionOf(call, handle);
    const std::shared_ptr<Stream> stream = function == nullptr ? nullptr : streamOf(call, streamHandle);
    if (stream == nullptr) {
        return call.result;
    }
    const EmuKernel &kernel = *function->kernel;
    if (gridX == 0 || gridX > 2147483647u || blockX == 0 || gridY == 0 || gridZ == 0 || blockY == 0 || blockZ == 0 ||
        (parameters == nullptr && kernel.argument_count != 0)) {
        return INVALID_VALUE;
    }
    if (gridY != 1 || gridZ != 1 || blockY != 1 || blockZ != 1 || sharedBytes != 0 || extra != nullptr) {
        call.refuse("%s: kernels here have one dimension, static shared memory and no extra", kernel.name);
        return NOT_SUPPORTED;
    }
    if (blockX > kernel.block_limit) {
        return LAUNCH_OUT_OF_RESOURCES;
    }
    if (function->module->context != call.context || stream->context.get() != call.context) {
        call.refuse("%s: function, stream and current context are not of one device", kernel.name);
        return INVALID_HANDLE;
    }
    const std::shared_ptr<Arguments> arguments = copyOf(kernel, parameters);
    Operation operation;
    operation.what = std::string("launch of ") + kernel.name;
    operation.pointers = arguments->values;
    operation.uses = function->module.get();
    const int device = call.context->device;
    Driver &it = call.it;
    /* the function keeps its library open */
    operation.body = [function, arguments, device, gridX, blockX, &it] {
        const EmuKernel &kernel = *function->kernel;
        emu_memory_enter(device, kernel.name);
        int result = emu_launch(&kernel, gridX, blockX, arguments->addresses.data());
        if (result != SUCCESS) {
            violation("%s: grid=%u block=%u: %s", kernel.name, gridX, blockX, emu_launch_error());
        }
        if (emu_memory_leave() != 0) {
            result = ILLEGAL_ADDRESS;
        }
        return result;
    };
    return enqueue(call, stream, std::move(operation), false);
}
