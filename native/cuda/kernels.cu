/* All kernels in one translation unit: one image for the driver, one library for the emulator. */
#include "accumulate.cu"
#include "add.cu"
#include "apply_signs.cu"
#include "majority.cu"
#include "momentum_pack_signs.cu"
#include "pack_signs.cu"
#include "tally.cu"
#include "unpack_signs.cu"
