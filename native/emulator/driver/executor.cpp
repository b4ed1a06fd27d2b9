#include "executor.h"
#include <algorithm>
#include <chrono>
#include <thread>

namespace emu {
namespace {
int64_t nowNs() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

bool overlap(const Range &range, uintptr_t address, size_t length) {
    return range.address < address + length && address < range.address + range.length;
}

void finish(Operation &operation, int result) {
    if (operation.records != nullptr) {
        operation.records->result = result;
        operation.records->timeNs = nowNs();
        operation.records->isDone = true;
    }
}
} // namespace

Executor::Executor(std::mutex &lock, const Settings &settings) : lock(lock), settings(settings) {
}

void Executor::reseed(uint64_t seed) {
    dice = Dice(seed);
}

void Executor::add(const std::shared_ptr<Stream> &stream) {
    streams.push_back(stream);
    if (!isStarted) {
        isStarted = true;
        std::thread([this] { run(); }).detach();
    }
}

uint64_t Executor::submit(Stream &stream, Operation operation) {
    operation.sequence = ++submitted;
    stream.queue.push_back(std::move(operation));
    changed.notify_all();
    return submitted;
}

bool Executor::isRunnable(const Stream &stream) const {
    if (stream.queue.empty()) {
        return false;
    }
    const Operation &first = stream.queue.front();
    if (first.awaits != nullptr && !first.awaits->isDone) {
        return false;
    }
    if (!stream.isDefault && !stream.isBlocking) {
        return true;
    }
    return std::none_of(streams.begin(), streams.end(), [&](const std::shared_ptr<Stream> &other) {
        return other->context == stream.context && !other->queue.empty() &&
               other->queue.front().sequence < first.sequence &&
               (stream.isDefault ? other->isBlocking : other->isDefault);
    });
}

std::shared_ptr<Stream> Executor::choose() {
    if (settings.hold && waiting == 0) {
        return nullptr;
    }
    std::vector<std::shared_ptr<Stream>> runnable;
    std::copy_if(streams.begin(), streams.end(), std::back_inserter(runnable), [this](const auto &stream) {
        return isRunnable(*stream);
    });
    if (runnable.empty()) {
        return nullptr;
    }
    const auto earlier = [](const auto &one, const auto &other) {
        return one->queue.front().sequence < other->queue.front().sequence;
    };
    switch (settings.streams) {
    case Streams::OLDEST:
        return *std::min_element(runnable.begin(), runnable.end(), earlier);
    case Streams::NEWEST:
        return *std::max_element(runnable.begin(), runnable.end(), earlier);
    default:
        return runnable[dice.below(runnable.size())];
    }
}

void Executor::run() {
    std::unique_lock<std::mutex> held(lock);
    for (;;) {
        if (choose() == nullptr) {
            changed.wait(held);
            continue;
        }
        /* slept before the choice: what is submitted meanwhile may overtake */
        if (settings.delayUs != 0 && dice.below(2) == 0) {
            const std::chrono::microseconds pause(dice.below(settings.delayUs + 1));
            held.unlock();
            std::this_thread::sleep_for(pause);
            held.lock();
        }
        const std::shared_ptr<Stream> stream = choose();
        if (stream == nullptr) {
            continue;
        }
        Operation &operation = stream->queue.front();
        running = stream.get();
        int result = operation.late;
        if (result == 0 && operation.body != nullptr) {
            held.unlock();
            result = operation.body();
            held.lock();
        }
        running = nullptr;
        finish(operation, result);
        stream->queue.pop_front();
        if (result != 0) {
            lose(*stream->context, result);
        } else if (stream->context->lost != 0) {
            discard(*stream, stream->context->lost);
        }
        streams.erase(
            std::remove_if(
                streams.begin(), streams.end(),
                [](const auto &one) { return one.use_count() == 1 && one->queue.empty(); }),
            streams.end());
        changed.notify_all();
    }
}

/* The operation that runs ends by itself. */
void Executor::discard(Stream &stream, int result) {
    const size_t kept = running == &stream ? 1 : 0;
    while (stream.queue.size() > kept) {
        finish(stream.queue.back(), result);
        stream.queue.pop_back();
    }
}

void Executor::lose(Context &context, int result) {
    if (context.lost == 0) {
        context.lost = result;
    }
    for (const auto &stream : streams) {
        if (stream->context.get() == &context) {
            discard(*stream, context.lost);
        }
    }
    changed.notify_all();
}

template <class Done> void Executor::await(std::unique_lock<std::mutex> &held, Done done) {
    waiting++;
    changed.notify_all();
    changed.wait(held, done);
    waiting--;
}

int Executor::waitFor(std::unique_lock<std::mutex> &held, const std::shared_ptr<Stream> &stream) {
    const uint64_t last = submitted;
    await(held, [&] { return stream->queue.empty() || stream->queue.front().sequence > last; });
    return stream->context->lost;
}

int Executor::waitFor(std::unique_lock<std::mutex> &held, const std::shared_ptr<Context> &context) {
    const uint64_t last = submitted;
    await(held, [&] {
        return std::all_of(streams.begin(), streams.end(), [&](const auto &stream) {
            return stream->context != context || stream->queue.empty() || stream->queue.front().sequence > last;
        });
    });
    return context->lost;
}

int Executor::waitFor(std::unique_lock<std::mutex> &held, const std::shared_ptr<Record> &record) {
    await(held, [&] { return record->isDone; });
    return record->result;
}

const Operation *Executor::userOf(const void *pointer, size_t length) const {
    const uintptr_t address = reinterpret_cast<uintptr_t>(pointer);
    for (const auto &stream : streams) {
        for (const Operation &operation : stream->queue) {
            for (const Range &range : operation.touches) {
                if (overlap(range, address, length)) {
                    return &operation;
                }
            }
            for (const uint64_t value : operation.pointers) {
                if (value >= address && value < address + length) {
                    return &operation;
                }
            }
        }
    }
    return nullptr;
}

const Operation *Executor::userOf(const void *module) const {
    for (const auto &stream : streams) {
        for (const Operation &operation : stream->queue) {
            if (operation.uses == module) {
                return &operation;
            }
        }
    }
    return nullptr;
}

size_t Executor::pending(const Context *context) const {
    size_t count = 0;
    for (const auto &stream : streams) {
        count += context == nullptr || stream->context.get() == context ? stream->queue.size() : 0;
    }
    return count;
}

void Executor::drop(std::unique_lock<std::mutex> &held, const Context *context) {
    for (const auto &stream : streams) {
        if (context == nullptr || stream->context.get() == context) {
            discard(*stream, stream->context->lost);
        }
    }
    await(held, [&] { return pending(context) == 0; });
    streams.erase(
        std::remove_if(
            streams.begin(), streams.end(),
            [&](const auto &stream) { return context == nullptr || stream->context.get() == context; }),
        streams.end());
}

} // namespace emu
