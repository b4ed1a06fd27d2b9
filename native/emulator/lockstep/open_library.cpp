/* Opens the kernel libraries that images name and binds them to the runtime. */
#include "../dialect/runtime.h"
#include "../launch.h"
#include "last_error.h"
#include <dlfcn.h>
#include <memory>
#include <string.h>

struct EmuLibrary {
    void *handle;
    const EmuKernel *kernels;
};

static EmuLibrary *refuse(void *handle) {
    last_error = dlerror();
    if (handle != nullptr) {
        dlclose(handle);
    }
    return nullptr;
}

EmuLibrary *emu_library_open(const char *path) {
    void *const handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        return refuse(nullptr);
    }
    emu_bind_fn *const bind = (emu_bind_fn *)dlsym(handle, "emu_bind");
    const EmuKernel *const kernels = bind == nullptr ? nullptr : (const EmuKernel *)dlsym(handle, "emu_kernels");
    if (kernels == nullptr) {
        return refuse(handle);
    }
    bind(&emu_runtime);
    return new EmuLibrary{handle, kernels};
}

const EmuKernel *emu_library_kernel(const EmuLibrary *library, const char *name) {
    for (const EmuKernel *kernel = library->kernels; kernel->name != nullptr; kernel++) {
        if (strcmp(kernel->name, name) == 0) {
            return kernel;
        }
    }
    return nullptr;
}

void emu_library_close(EmuLibrary *library) {
    dlclose(library->handle);
    delete library;
}
