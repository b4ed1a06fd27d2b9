#!/usr/bin/env python3
"""Times other ways to pack signs on a GPU, on the data of the timed kernels: cupy.packbits, a fused Triton kernel, and
PyTorch one operation after another (compare, shift, sum).

    peers.py [--emulated] TILE COUNT...

TILE is the file of float32 values that KernelTimes --tile wrote; the data is the tile, again and again. Times are those of
events, medians of 9 samples over arrays that rotate beyond the L2, and MB is what packing must move, 4.125 bytes a value,
whatever a contender moves in fact. With --emulated, or without a card, nothing is timed: what numpy and PyTorch pack on the CPU
is compared, bit by bit, which is what makes the contenders comparable.
"""
import sys

try:
    import numpy
except ImportError:
    print("other ways of packing are left out: python3 has no numpy")
    sys.exit(0)



class WrongBits(Exception):
    """A contender packs other bits: that is a failure, and whatever else stops one leaves it out."""


def ensure_equal(actual, words, name):
    if not numpy.array_equal(actual, words):
        raise WrongBits(f"{name} packs other bits")


SAMPLES = 9
SAMPLE_MS = 10.0
ROTATION_BYTES = 512 << 20


def data(tile, count):
    return numpy.resize(tile, count)


def expected(values):
    """Bit i mod 8 of byte i // 8 is set for a negative value: our words, seen as little-endian bytes."""
    return numpy.packbits(values < 0, bitorder="little")


def told(error):
    lines = str(error).strip().splitlines()
    return type(error).__name__ + (": " + lines[0] if lines else "")


def torch_pack(torch, values, shifts):
    bits = (values < 0).view(-1, 8).to(torch.uint8)
    return (bits << shifts).sum(dim=1, dtype=torch.uint8)


def median(values):
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def timed(name, count, arrays, pack, event, elapsed):
    """Calls back to back over rotating arrays between two events."""

    def sample(calls):
        start, end = event(), event()
        start.record()
        for call in range(calls):
            pack(arrays[call % len(arrays)])
        end.record()
        end.synchronize()
        return elapsed(start, end) / calls

    once = sample(len(arrays))
    calls = max(len(arrays), min(256, int(SAMPLE_MS / once) + 1))
    ms = median([sample(calls) for _ in range(SAMPLES)])
    moved = 4.125 * count / 1e6
    print(f"{name:<27} {count:>11} {moved:>9.1f} {1e3 * ms:>9.1f} {moved / ms:>8.0f}", flush=True)


def run_cupy(tile, counts):
    import cupy

    if cupy.cuda.runtime.getDeviceCount() == 0:
        raise RuntimeError("cupy finds no card")
    for count in counts:
        host = data(tile, count)
        copies = max(1, -(-ROTATION_BYTES // (4 * count)))
        arrays = [cupy.asarray(host) for _ in range(copies)]

        def pack(values):
            return cupy.packbits(values < 0, bitorder="little")

        ensure_equal(cupy.asnumpy(pack(arrays[0])), expected(host), "cupy")
        timed("cupy.packbits", count, arrays, pack, cupy.cuda.Event, cupy.cuda.get_elapsed_time)
        del arrays
        cupy.get_default_memory_pool().free_all_blocks()


def run_torch(tile, counts):
    import torch

    if not torch.cuda.is_available():
        raise RuntimeError("torch finds no card")
    shifts = torch.arange(8, dtype=torch.uint8, device="cuda")
    for count in counts:
        host = data(tile, count)
        copies = max(1, -(-ROTATION_BYTES // (4 * count)))
        arrays = [torch.from_numpy(host).cuda() for _ in range(copies)]
        packed = torch_pack(torch, arrays[0], shifts).cpu().numpy()
        ensure_equal(packed, expected(host), "torch")
        timed(
            "torch, op by op",
            count,
            arrays,
            lambda values: torch_pack(torch, values, shifts),
            lambda: torch.cuda.Event(enable_timing=True),
            lambda start, end: start.elapsed_time(end),
        )
        del arrays
        torch.cuda.empty_cache()


TRITON_SOURCE = """
import triton
import triton.language as tl


@triton.jit
def pack(values, words, n, BLOCK: tl.constexpr):
    word = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    lane = tl.arange(0, 32)
    place = word[:, None] * 32 + lane[None, :]
    value = tl.load(values + place, mask=place < n, other=1.0)
    bits = (value < 0).to(tl.int32) << lane[None, :]
    tl.store(words + word, tl.sum(bits, axis=1), mask=word * 32 < n)
"""


def run_triton(tile, counts):
    """A fused kernel in plain Triton: each row of 32 values becomes a word. Triton needs its source in a file."""
    import importlib.util
    import tempfile

    import torch

    with tempfile.NamedTemporaryFile("w", suffix=".py") as source:
        source.write(TRITON_SOURCE)
        source.flush()
        spec = importlib.util.spec_from_file_location("signvote_triton_pack", source.name)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for count in counts:
            host = data(tile, count)
            copies = max(1, -(-ROTATION_BYTES // (4 * count)))
            arrays = [torch.from_numpy(host).cuda() for _ in range(copies)]
            words = torch.empty(count // 32, dtype=torch.int32, device="cuda")
            block = 128

            def pack(values):
                module.pack[(-(-words.numel() // block),)](values, words, values.numel(), BLOCK=block)
                return words

            packed = pack(arrays[0]).cpu().numpy().view(numpy.uint8)
            ensure_equal(packed, expected(host), "triton")
            timed(
                "triton, one kernel",
                count,
                arrays,
                pack,
                lambda: torch.cuda.Event(enable_timing=True),
                lambda start, end: start.elapsed_time(end),
            )
            del arrays
            torch.cuda.empty_cache()


def try_out(tile, counts):
    """The contenders' arithmetic on the CPU, as far as it is there."""
    for count in counts:
        values = data(tile, count)
        words = expected(values)
        negative = numpy.unpackbits(words, bitorder="little").astype(bool)
        ensure_equal(negative, values < 0, "numpy")
        print(f"{'numpy.packbits':<27} {count:>11}  emulated")
        try:
            import torch
        except Exception as absent:  # also a library of its own that it does not find
            print(f"{'torch, op by op':<27} {count:>11}  left out: {told(absent)}")
            continue
        packed = torch_pack(torch, torch.from_numpy(values), torch.arange(8, dtype=torch.uint8))
        ensure_equal(packed.numpy(), words, "torch")
        print(f"{'torch, op by op':<27} {count:>11}  emulated, on the CPU")


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--emulated"]
    tile = numpy.fromfile(arguments[0], dtype="<f4")
    # whole bytes: others have no tail
    counts = [int(argument.replace("_", "")) // 64 * 64 for argument in arguments[1:]]
    if "--emulated" in sys.argv:
        try_out(tile, counts)
        return
    print(f"{'contender':<27} {'count':>11} {'MB':>9} {'time(us)':>9} {'GB/s':>8}")
    is_wrong = False
    for name, contender in (("cupy", run_cupy), ("triton", run_triton), ("torch", run_torch)):
        try:
            contender(tile, counts)
        except WrongBits as wrong:
            is_wrong = True
            print(f"{name:<27} WRONG: {wrong}", flush=True)
        except Exception as failed:  # not there, no compiler, no code for this card, out of memory
            print(f"{name:<27} left out: {told(failed)}", flush=True)
    sys.exit(1 if is_wrong else 0)


if __name__ == "__main__":
    main()
