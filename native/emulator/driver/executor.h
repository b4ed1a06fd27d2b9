/*
 * One thread runs what streams hold, one operation at a time. Which of the runnable streams goes on is the scheduler's
 * choice, so that work which is not ordered by a stream, an event or a wait happens in any order.
 *
 * Order that is kept: a stream runs in the order of submission; an operation waits for the record of an event that it
 * names; the default stream of a context waits for all that was submitted before to the context's blocking streams, and
 * they for what was submitted to it.
 */
#ifndef SIGNVOTE_EMULATOR_EXECUTOR_H
#define SIGNVOTE_EMULATOR_EXECUTOR_H

#include "settings.h"
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace emu {

/* One call of cuEventRecord: done when its turn comes. */
struct Record {
    bool isDone = false;
    int result = 0;
    int64_t timeNs = 0;
};

struct Stream;

struct Context {
    void *handle = nullptr;
    int device = 0;
    unsigned flags = 0;
    bool isPrimary = false;
    int lost = 0; /* the result that every call gives from now on */
    bool isDestroyed = false;
    int libraryHandles = 0; /* of cuBLAS */
    std::shared_ptr<Stream> defaultStream;
};

/* Bytes that an operation will touch. */
struct Range {
    uintptr_t address;
    size_t length;
};

struct Operation {
    std::string what;
    std::function<int()> body; /* null: nothing to run */
    std::shared_ptr<Record> awaits;
    std::shared_ptr<Record> records;
    std::vector<Range> touches;     /* of a copy */
    std::vector<uint64_t> pointers; /* of a launch: argument values, pointers among them */
    const void *uses = nullptr;     /* the module of a launch */
    int late = 0;                   /* fails with this instead of running */
    uint64_t sequence = 0;
};

struct Stream {
    std::shared_ptr<Context> context;
    bool isDefault = false;
    bool isBlocking = false; /* ordered with the default stream */
    unsigned flags = 0;
    int priority = 0;
    uint64_t id = 0;
    std::deque<Operation> queue;
};

/* All members want the driver's lock held; those that wait are given it to let go of. */
class Executor {
  public:
    Executor(std::mutex &lock, const Settings &settings);
    void reseed(uint64_t seed);

    void add(const std::shared_ptr<Stream> &stream);
    /* Returns the place in the order of all submissions. */
    uint64_t submit(Stream &stream, Operation operation);

    /* Until nothing that is submitted now is left; the result of the stream's context. */
    int waitFor(std::unique_lock<std::mutex> &held, const std::shared_ptr<Stream> &stream);
    int waitFor(std::unique_lock<std::mutex> &held, const std::shared_ptr<Context> &context);
    int waitFor(std::unique_lock<std::mutex> &held, const std::shared_ptr<Record> &record);

    /* What is queued that touches these bytes; null for nothing. */
    const Operation *userOf(const void *address, size_t length) const;
    const Operation *userOf(const void *module) const;
    size_t pending(const Context *context) const;

    /* Marks a context lost: what it has queued will not run. */
    void lose(Context &context, int result);
    /* Ends a context's streams when what runs has ended. */
    void drop(std::unique_lock<std::mutex> &held, const Context *context);

    void settingsChanged() {
        changed.notify_all();
    }

  private:
    void run();
    bool isRunnable(const Stream &stream) const;
    std::shared_ptr<Stream> choose();
    void discard(Stream &stream, int result);
    template <class Done> void await(std::unique_lock<std::mutex> &held, Done done);

    std::mutex &lock;
    const Settings &settings;
    std::condition_variable changed;
    std::vector<std::shared_ptr<Stream>> streams;
    Stream *running = nullptr;
    int waiting = 0;
    uint64_t submitted = 0;
    Dice dice{1};
    bool isStarted = false;
};

} // namespace emu

#endif
