/* What tests do to the emulated machine; the class io.signvote.kernel.cuda.Emulator does the same by JNI. */
#ifndef SIGNVOTE_EMULATOR_CONTROL_H
#define SIGNVOTE_EMULATOR_CONTROL_H

#include <string>

#define EMU_CONTROL __attribute__((visibility("default")))

namespace emu {

struct Driver;

/* Behaves as this line says (settings.h) from now on. Returns what is wrong with it, or nothing. */
EMU_CONTROL std::string configure(const std::string &line);

/* The violations since the last time, one a line. */
EMU_CONTROL std::string violations();

/* contexts=1 streams=2 events=0 modules=1 allocations=3 bytes=4096 pinned=0 registered=0 cublas=0 queued=0 */
EMU_CONTROL std::string live();

/* A fresh machine: nothing queued, nothing allocated, no context, no violation, settings as at the start. */
EMU_CONTROL void reset();

/* Tells those who keep their own copy. Lock held. */
void settingsChanged(Driver &it);

} // namespace emu

#endif
