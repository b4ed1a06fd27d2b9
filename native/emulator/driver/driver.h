/*
 * What the driver is made of. One lock guards all of it; operations run without it, on the executor's thread. Handles
 * are numbers that are no addresses and are never given twice, so that a stale one is recognised.
 */
#ifndef SIGNVOTE_EMULATOR_DRIVER_H
#define SIGNVOTE_EMULATOR_DRIVER_H

#include "../launch.h"
#include "executor.h"
#include "results.h"
#include "settings.h"
#include "violations.h"
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#define EMU_API extern "C" __attribute__((visibility("default"))) int

using CUdevice = int;
using CUdeviceptr = unsigned long long;
using CUcontext = void *;
using CUstream = void *;
using CUevent = void *;
using CUmodule = void *;
using CUfunction = void *;

namespace emu {

/* of every device */
constexpr int MULTIPROCESSORS = 4;

void *newHandle();

/* Live objects of a kind, by handle. */
template <class T> class Handles {
  public:
    void *add(std::shared_ptr<T> object) {
        void *const handle = newHandle();
        live[handle] = std::move(object);
        return handle;
    }
    std::shared_ptr<T> find(void *handle) const {
        const auto place = live.find(handle);
        return place == live.end() ? nullptr : place->second;
    }
    void remove(void *handle) {
        live.erase(handle);
    }
    template <class Predicate> size_t removeIf(Predicate predicate) {
        size_t removed = 0;
        for (auto place = live.begin(); place != live.end();) {
            const bool goes = predicate(*place->second);
            removed += goes;
            place = goes ? live.erase(place) : std::next(place);
        }
        return removed;
    }
    size_t size() const {
        return live.size();
    }

  private:
    std::map<void *, std::shared_ptr<T>> live;
};

struct Event {
    Context *context;
    bool isTimed;
    std::shared_ptr<Record> record; /* of the last cuEventRecord; null before the first */
};

struct Module {
    Context *context;
    std::shared_ptr<EmuLibrary> library;
};

struct Function {
    std::shared_ptr<Module> module; /* stays open while a launch is queued */
    void *moduleHandle;
    const EmuKernel *kernel;
};

struct Device {
    std::shared_ptr<Context> primary; /* null while nobody retains it */
    void *primaryHandle = nullptr;    /* the same for life, as a real driver's */
    int retained = 0;
    unsigned flags = 0;
};

struct Driver {
    std::mutex lock;
    bool isInitialized = false;
    Settings settings;
    uint64_t generation = 0; /* counts resets: a thread's stack of contexts is good for one */
    std::vector<Device> devices;
    std::map<void *, std::shared_ptr<Context>> contexts;
    Handles<Stream> streams;
    Handles<Event> events;
    Handles<Module> modules;
    Handles<Function> functions;
    Executor executor{lock, settings};
};

/* Never destroyed: the executor's thread may outlive main. */
Driver &driver();

/* This thread's contexts, the current one last. */
std::vector<void *> &contextStack();

/* Ends a context with all that lives in it; what is still there is a violation. Lock held by `held`. */
void endContext(std::unique_lock<std::mutex> &held, void *handle, const char *call);

enum class Needs { NOTHING, INIT, CONTEXT, QUEUE };

/*
 * The beginning of every entry point: takes the lock, counts the call for injected faults, and checks what it needs;
 * QUEUE is a context and the promise to hand `late` on to the executor.
 */
class Call {
  public:
    Call(const char *name, Needs needs);
    int refuse(const char *format, ...) __attribute__((format(printf, 2, 3)));

    const char *const name;
    Driver &it;
    std::unique_lock<std::mutex> held;
    int result = SUCCESS; /* not 0: return it */
    int late = SUCCESS;   /* what the queued operation shall fail with */
    Context *context = nullptr;
};

/* The stream of a handle, which may be null for the default stream; null and a result for one that is none. */
std::shared_ptr<Stream> streamOf(Call &call, void *handle);

/* Queues and, if told to, waits. */
int enqueue(Call &call, const std::shared_ptr<Stream> &stream, Operation operation, bool isSynchronous);

} // namespace emu

#endif
