#include "settings.h"
#include <cstdlib>
#include <sstream>

namespace emu {
namespace {
bool number(const std::string &text, uint64_t *value) {
    char *end = nullptr;
    *value = strtoull(text.c_str(), &end, 10);
    return !text.empty() && text[0] != '-' && *end == 0;
}

/* cuLaunchKernel@3:719 or cuLaunchKernel@3+:719 */
bool fault(const std::string &text, Settings *settings) {
    const size_t at = text.find('@');
    const size_t colon = text.find(':', at == std::string::npos ? 0 : at);
    if (at == std::string::npos || colon == std::string::npos) {
        return false;
    }
    std::string nth = text.substr(at + 1, colon - at - 1);
    const bool onwards = !nth.empty() && nth.back() == '+';
    if (onwards) {
        nth.pop_back();
    }
    std::string call = text.substr(0, at);
    const size_t version = call.rfind("_v");
    if (version != std::string::npos) {
        call.resize(version);
    }
    uint64_t count, result;
    if (!number(nth, &count) || count == 0 || !number(text.substr(colon + 1), &result) || result == 0) {
        return false;
    }
    settings->faults.push_back({call, count, onwards, static_cast<int>(result)});
    return true;
}

/* 80, or 70:80 */
bool capabilities(const std::string &text, Settings *settings) {
    std::istringstream parts(text);
    std::string part;
    settings->capabilities.clear();
    while (std::getline(parts, part, ':')) {
        uint64_t n = 0;
        if (!number(part, &n)) {
            return false;
        }
        settings->capabilities.push_back(static_cast<int>(n));
    }
    return !settings->capabilities.empty();
}

bool apply(const std::string &key, const std::string &value, Settings *settings) {
    uint64_t n = 0;
    const bool isNumber = number(value, &n);
    if (key == "devices" && isNumber && n <= 16) {
        settings->devices = static_cast<int>(n);
    } else if (key == "memory" && isNumber) {
        settings->memory = n;
    } else if (key == "capability") {
        return capabilities(value, settings);
    } else if (key == "driver" && isNumber) {
        settings->driver = static_cast<int>(n);
    } else if (key == "occupancy" && isNumber && n >= 1 && n <= 16) {
        settings->occupancy = static_cast<int>(n);
    } else if (key == "lanes" && value == "ascending") {
        settings->lanes = Lanes::ASCENDING;
    } else if (key == "lanes" && value == "descending") {
        settings->lanes = Lanes::DESCENDING;
    } else if (key == "lanes" && value == "random") {
        settings->lanes = Lanes::RANDOM;
    } else if (key == "streams" && value == "random") {
        settings->streams = Streams::RANDOM;
    } else if (key == "streams" && value == "oldest") {
        settings->streams = Streams::OLDEST;
    } else if (key == "streams" && value == "newest") {
        settings->streams = Streams::NEWEST;
    } else if (key == "seed" && isNumber) {
        settings->seed = n;
    } else if (key == "delay" && isNumber && n <= 1000000) {
        settings->delayUs = n;
    } else if (key == "hold" && (value == "true" || value == "false")) {
        settings->hold = value == "true";
    } else if (key == "stack" && (value == "clean" || value == "sticky")) {
        settings->stickyStack = value == "sticky";
    } else {
        return key == "fail" && fault(value, settings);
    }
    return true;
}
} // namespace

std::string parse(const std::string &line, Settings *settings) {
    Settings parsed;
    std::istringstream parts(line);
    std::string part;
    while (std::getline(parts, part, ',')) {
        const size_t equals = part.find('=');
        if (equals == std::string::npos || !apply(part.substr(0, equals), part.substr(equals + 1), &parsed)) {
            return "emulator: '" + part + "' is no setting, see native/emulator/driver/settings.h";
        }
    }
    *settings = parsed;
    return "";
}

int countCall(Settings &settings, const char *call) {
    int result = 0;
    for (Fault &fault : settings.faults) {
        if (fault.call == call) {
            fault.calls++;
            if (fault.calls == fault.nth || (fault.onwards && fault.calls > fault.nth)) {
                result = fault.result;
            }
        }
    }
    return result;
}

uint64_t Dice::next() {
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

} // namespace emu
