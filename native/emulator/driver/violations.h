/* What no program may do and a real driver would not have noticed, or only sometimes. Tests read the list. */
#ifndef SIGNVOTE_EMULATOR_VIOLATIONS_H
#define SIGNVOTE_EMULATOR_VIOLATIONS_H

#include <cstdint>
#include <string>

namespace emu {

/* Notes a violation, printf-like; any thread. The list is bounded, the count is not. */
void violation(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* How many there have ever been. */
uint64_t violationCount();

/* The list, one a line, emptied. */
std::string takeViolations();

} // namespace emu

#endif
