#include "violations.h"
#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <vector>

namespace emu {
namespace {
constexpr size_t MAX_NOTED = 100;

struct Noted {
    std::mutex lock;
    std::vector<std::string> lines;
    uint64_t unsaid = 0;
    std::atomic<uint64_t> count{0};
};

/* Never destroyed: the executor may outlive main. */
Noted &noted() {
    static Noted *const all = new Noted;
    return *all;
}
} // namespace

void violation(const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    Noted &all = noted();
    std::lock_guard<std::mutex> guard(all.lock);
    all.count++;
    if (all.lines.size() < MAX_NOTED) {
        all.lines.emplace_back(text);
    } else {
        all.unsaid++;
    }
}

uint64_t violationCount() {
    return noted().count;
}

std::string takeViolations() {
    Noted &all = noted();
    std::lock_guard<std::mutex> guard(all.lock);
    std::string text;
    for (const std::string &line : all.lines) {
        text += line + '\n';
    }
    if (all.unsaid != 0) {
        text += "and " + std::to_string(all.unsaid) + " more\n";
    }
    all.lines.clear();
    all.unsaid = 0;
    return text;
}

} // namespace emu
