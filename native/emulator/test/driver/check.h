/* Tests of the emulated driver: a program of named tests, run all or one by name; exits with the number that failed. */
#ifndef SIGNVOTE_EMULATOR_CHECK_H
#define SIGNVOTE_EMULATOR_CHECK_H

#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <utility>
#include <vector>

struct Tests {
    static std::vector<std::pair<const char *, std::function<void()>>> &all() {
        static std::vector<std::pair<const char *, std::function<void()>>> tests;
        return tests;
    }
    static int &failures() {
        static int count = 0;
        return count;
    }
    Tests(const char *name, std::function<void()> body) {
        all().emplace_back(name, std::move(body));
    }
};

#define TEST(name)                                                                                                     \
    static void name();                                                                                                \
    static const Tests test_##name(#name, name);                                                                       \
    static void name()

inline std::string shown(const std::string &value) {
    return "'" + value + "'";
}

template <class T> std::string shown(const T &value) {
    return std::to_string(value);
}

#define EXPECT(condition)                                                                                              \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            printf("  %s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                                           \
            Tests::failures()++;                                                                                       \
        }                                                                                                              \
    } while (0)

#define EXPECT_EQUAL(expected, actual)                                                                                 \
    do {                                                                                                               \
        const auto is = actual;                                                                                        \
        const decltype(is) wanted = expected;                                                                          \
        if (!(wanted == is)) {                                                                                         \
            printf(                                                                                                    \
                "  %s:%d: %s is %s, expected %s\n", __FILE__, __LINE__, #actual, shown(is).c_str(),                    \
                shown(wanted).c_str());                                                                                \
            Tests::failures()++;                                                                                       \
        }                                                                                                              \
    } while (0)

inline bool contains(const std::string &text, const char *part) {
    return text.find(part) != std::string::npos;
}

#endif
