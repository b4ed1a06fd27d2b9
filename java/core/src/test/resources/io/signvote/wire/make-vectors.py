#!/usr/bin/env python3
"""Writes the test vectors of the wire specification: make-vectors.py DIRECTORY

A second implementation of java/core/src/main/resources/io/signvote/wire/README.md, written from that page alone and with
nothing of the Java code in it. What it writes is checked in beside the page, and DataFrameVectorsTest, VoteVectorsTest and
ChunkingVectorsTest hold the library to it.
"""

import csv
import math
import pathlib
import random
import struct
import sys

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
NOBODY = MASK
KIND = {"BALLOT": 1, "VERDICT": 2, "CREDIT": 3, "BYE": 4}
REDUCTIONS = ["MAJORITY", "SUM", "AVG", "MIN", "MAX", "PROD", "BAND", "BOR", "BXOR"]
OP = {name: (1, 1 + i) for i, name in enumerate(REDUCTIONS)}
OP |= {f"REDUCE {name}": (6, 1 + i) for i, name in enumerate(REDUCTIONS)}
OP |= {f"REDUCE_SCATTER {name}": (7, 1 + i) for i, name in enumerate(REDUCTIONS)}
OP |= {"BROADCAST": (2, 0), "BARRIER": (3, 0), "LENGTHS": (4, 0), "ALL_GATHER_V": (5, 0), "ALL_GATHER": (8, 0), "GATHER": (9, 0),
       "SCATTER": (10, 0), "ALL_TO_ALL": (11, 0)}
HEADER = 96
TYPE = {"SIGN": 1, "FLOAT32": 2, "UINT8": 3, "FLOAT16": 4, "BFLOAT16": 5, "FLOAT64": 6, "INT8": 7, "INT32": 8, "INT64": 9}
SIZE = {"FLOAT32": 4, "UINT8": 1, "FLOAT16": 2, "BFLOAT16": 2, "FLOAT64": 8, "INT8": 1, "INT32": 4, "INT64": 8}
INTEGERS = {"UINT8": "B", "INT8": "b", "INT32": "i", "INT64": "q"}
ZEROS = {"POSITIVE": 0, "RANDOM": 1}
UNBOUNDED = (1 << 31) - 1
TIES = {"POSITIVE": 0, "RANDOM": 1, "NEGATIVE": 2}


def mix(z):
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
    return z ^ z >> 31


def key(seed, communicator, step, identity):
    return mix((mix((mix((mix(seed) + communicator) & MASK) + step) & MASK) + identity) & MASK)


def hashed(values):
    value_hash = 0
    for value in values:
        value_hash = mix((value_hash + value + GOLDEN) & MASK)
    return value_hash


def lot(lots_key, coordinate):
    """1 for negative."""
    lots = mix((lots_key + (coordinate // 64 + 1) * GOLDEN) & MASK)
    return lots >> coordinate % 64 & 1


def packed(signs):
    """Bits, one a coordinate, as they lie in a payload."""
    payload = bytearray((len(signs) + 63) // 64 * 8)
    for i, sign in enumerate(signs):
        payload[i // 8] |= sign << i % 8
    return bytes(payload)


def header(f):
    return struct.pack(
        "<4H5qQiH6B5i2H2BH", 88, 1, 5350, 2,
        f["sessionKey"], f["round"], f["step"], f["count"], 0, int(f["options"], 16),
        f["tag"], f["root"], *OP[f["op"]], TYPE[f["dataType"]], ZEROS[f["zeroPolicy"]], TIES[f["tiePolicy"]], 0,
        f["view"], f["chunk"], f["coordinates"], f["ballots"], f["ballots"],
        1, f["credit"], KIND[f["kind"]], 1, 0,
    )


def frames():
    signs = packed([i % 3 == 0 for i in range(70)])
    floats = struct.pack("<3f", 1, -2.5, 0.1)
    word = packed([0])
    vote = dict(op="MAJORITY", dataType="FLOAT32", round=1, step=7, count=70, coordinates=70)
    total = dict(op="SUM", dataType="FLOAT32", round=2, count=3, coordinates=3)
    cast = dict(op="BROADCAST", dataType="FLOAT32", round=3, count=3, root=2)
    lengths = dict(op="LENGTHS", dataType="UINT8", round=6, count=1 << 20)
    gather = dict(op="ALL_GATHER_V", dataType="UINT8", round=7, count=13)
    barrier = dict(op="BARRIER", dataType="SIGN", round=4, count=1, coordinates=1)
    nothing = dict(op="SUM", dataType="FLOAT32", round=8, count=0)
    decision = dict(op="SUM", dataType="FLOAT32", round=9, step=1, count=1, coordinates=1)
    large = dict(
        op="MAJORITY", dataType="SIGN", zeroPolicy="POSITIVE", tiePolicy="NEGATIVE", sessionKey=-81985529216486896,
        view=2147483647, round=1 << 40, step=-1, count=1 << 34, chunk=239674, coordinates=64, credit=256,
        tag=-2147483648, options="fedcba9876543210")
    yield "ballot of floats", dict(vote, kind="BALLOT"), signs
    yield "verdict of floats", dict(vote, kind="VERDICT", ballots=3), signs
    yield "ballot of bits, large values", dict(large, kind="BALLOT"), packed([1] * 64)
    yield "verdict of bits, large values", dict(large, kind="VERDICT", ballots=255), packed([0] * 63 + [1])
    yield "addend", dict(total, kind="BALLOT"), floats
    yield "sum", dict(total, kind="VERDICT", ballots=3), floats
    yield "announcement", dict(cast, kind="CREDIT"), b""
    yield "broadcast", dict(cast, kind="VERDICT", ballots=1, coordinates=3), floats
    yield "report", dict(cast, kind="CREDIT", chunk=1, credit=12), b""
    yield "here", dict(barrier, kind="BALLOT"), word
    yield "all are here", dict(barrier, kind="VERDICT", ballots=3), word
    yield "length", dict(lengths, kind="VERDICT", chunk=2, coordinates=8, ballots=1), struct.pack("<q", 5)
    yield "announcement of one who has no bytes", dict(gather, kind="CREDIT"), b""
    yield "bytes", dict(gather, kind="VERDICT", chunk=1, coordinates=5, ballots=1), b"\x00\xffqsg"
    yield "ballot of nothing", dict(nothing, kind="BALLOT"), b""
    yield "verdict of nothing", dict(nothing, kind="VERDICT", ballots=3), b""
    yield "broadcast of nothing", dict(nothing, op="BROADCAST", kind="VERDICT", ballots=1, root=2), b""
    yield "true, when asked whether all say so", dict(decision, kind="BALLOT"), struct.pack("<f", 1)
    yield "two say true, when asked whether any does", dict(decision, kind="VERDICT", step=2, ballots=3), struct.pack("<f", 2)
    step = dict(vote, options=f"{hashed([0x38D1B717, 0x3F666666, 0]):x}")
    yield "ballot of a step", dict(step, kind="BALLOT"), signs
    yield "verdict of a step", dict(step, kind="VERDICT", ballots=3), signs
    yield "ballot with a tag", dict(vote, kind="BALLOT", tag=7), signs
    least = dict(op="MIN", dataType="INT64", round=10, count=2, coordinates=2)
    yield "ballot of integers", dict(least, kind="BALLOT"), struct.pack("<2q", -1, 1 << 62)
    mean = dict(op="AVG", dataType="FLOAT16", round=11, count=3, coordinates=3)
    yield "mean of floats of 16 bits", dict(mean, kind="VERDICT", ballots=3), struct.pack("<3e", 1, -2.5, 0.1)
    yield "ballot of bits to combine", dict(vote, op="BOR", dataType="SIGN", step=0, kind="BALLOT"), signs
    to_one = dict(total, op="REDUCE SUM", round=12, root=1)
    yield "addend for one rank", dict(to_one, kind="BALLOT"), floats
    yield "sum for the root", dict(to_one, kind="VERDICT", ballots=3), floats
    yield "answer to a rank that is not the root", dict(to_one, kind="VERDICT", ballots=3), b""
    yield "ballot for one block", dict(vote, op="REDUCE_SCATTER MAJORITY", round=13, chunk=2, kind="BALLOT"), signs
    yield "block for all", dict(total, op="ALL_GATHER", round=14, chunk=1, kind="VERDICT", ballots=1), floats
    yield "announcement of the root of a gather", dict(total, op="GATHER", coordinates=0, round=15, root=2, kind="CREDIT"), b""
    yield "block for the root", dict(total, op="GATHER", round=15, root=2, kind="BALLOT"), floats
    yield "block of the root", dict(total, op="SCATTER", round=16, root=2, chunk=1, kind="BALLOT"), floats
    yield "answer to all ranks", dict(total, op="SCATTER", round=16, root=2, chunk=1, kind="VERDICT", ballots=1), b""
    yield "block for each", dict(total, op="ALL_TO_ALL", round=17, chunk=0, kind="BALLOT"), floats
    yield "goodbye", dict(barrier, kind="BYE", round=5, coordinates=0), b""


def frame_rows():
    defaults = dict(
        sessionKey=0x0123456789ABCDEF, view=1, step=0, chunk=0, coordinates=0, zeroPolicy="RANDOM", tiePolicy="RANDOM",
        root=0, tag=0, options="0", ballots=0, credit=8)
    names = "kind sessionKey view round step count chunk coordinates op dataType zeroPolicy tiePolicy root tag options ballots credit"
    yield ["name", *names.split(), "payload", "frame"]
    for name, fields, payload in frames():
        f = dict(defaults, **fields)
        yield [name, *(f[field] for field in names.split()), payload.hex(), (header(f) + payload).hex()]


def verdict(ballots, count, ties, tie_key):
    signs, tied = [], 0
    for i in range(count):
        negatives = sum(ballot[i] for ballot in ballots)
        if 2 * negatives == len(ballots):
            tied += 1
            signs.append({"POSITIVE": 0, "NEGATIVE": 1, "RANDOM": lot(tie_key, i)}[ties])
        else:
            signs.append(int(2 * negatives > len(ballots)))
    return signs, tied


def vote_rows():
    draw = random.Random(5350)
    yield ["seed", "step", "ties", "count", "ballots", "verdict", "tied"]
    for seed, step, ties, count, ranks in [
        (0, 1, "RANDOM", 64, 3), (42, 1, "RANDOM", 70, 2), (42, 2, "RANDOM", 70, 2), (43, 1, "RANDOM", 70, 2),
        (42, 1, "POSITIVE", 70, 2), (42, 1, "NEGATIVE", 70, 2), (-1, 1 << 40, "RANDOM", 130, 4), (7, 9, "RANDOM", 1, 4),
        (7, 9, "RANDOM", 1100, 2),
    ]:
        ballots = [[draw.getrandbits(1) for _ in range(count)] for _ in range(ranks)]
        signs, tied = verdict(ballots, count, ties, key(seed & MASK, 0, step, NOBODY))
        yield [seed, step, ties, count, " ".join(packed(b).hex() for b in ballots), packed(signs).hex(), tied]


def zero_rows():
    values = [1, -1, 0.0, -0.0, math.inf, -math.inf, math.nan, 1e-45, -1e-45] * 9
    floats = struct.pack(f"<{len(values)}f", *values)
    yield ["seed", "step", "rank", "zeros", "values", "ballot"]
    for seed, step, rank, zeros in [
        (0, 1, 0, "RANDOM"), (42, 1, 0, "RANDOM"), (42, 1, 1, "RANDOM"), (42, 2, 1, "RANDOM"), (42, 1, 1, "POSITIVE"),
    ]:
        zero_key = key(seed, 0, step, rank)
        signs = []
        for i, value in enumerate(values):
            is_zero = value == 0 or not math.isfinite(value)
            signs.append(int(value < 0) if not is_zero else lot(zero_key, i) if zeros == "RANDOM" else 0)
        yield [seed, step, rank, zeros, floats.hex(), packed(signs).hex()]


def f32(value):
    """Rounded once to binary32; a product or a sum of two of them is exact enough before that."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


def signum_rows():
    yield ["seed", "step", "rank", "zeros", "beta", "gradients", "momenta", "momentaAfter", "ballot"]
    draw = random.Random(5350)
    for seed, step, rank, zeros, beta in [
        (0, 1, 0, "RANDOM", 0.9), (42, 2, 1, "RANDOM", 0.9), (42, 7, 2, "POSITIVE", 0.5), (-3, 1, 1, "RANDOM", 0),
    ]:
        beta = f32(beta)
        gradients = [0.0, -0.0, math.nan, math.inf, -math.inf, 1e-45, -1e-45, 1.0, -1.0] * 8
        edge = [2**-125, 2**-149 - 2**-125, -(2**-140)]  # with a beta of 0.5, 2^-126 stays
        momenta = [0.0, -0.0] * 9 + [f32(draw.uniform(-1, 1)) for _ in range(36)] + edge * 6
        zero_key = key(seed & MASK, 0, step, rank)
        after, signs = [], []
        for i, (g, v) in enumerate(zip(gradients, momenta)):
            if math.isfinite(g):
                v = f32(f32(beta * v) + f32(f32(1 - beta) * g))
                v = 0.0 if abs(v) < 2**-126 else v
            after.append(v)
            is_zero = v == 0 or not math.isfinite(g)
            signs.append(int(v < 0) if not is_zero else lot(zero_key, i) if zeros == "RANDOM" else 0)
        columns = (struct.pack(f"<{len(values)}f", *values).hex() for values in (gradients, momenta, after))
        yield [seed, step, rank, zeros, beta, *columns, packed(signs).hex()]


def chunk_rows():
    yield ["type", "count", "ranks", "maxFrameLength", "chunkCoordinates", "chunkCount", "lastCoordinates", "lastLength",
           "window", "cap"]
    for kind, count, ranks, max_frame, window in [
        ("SIGN", 1, 1, 1376, UNBOUNDED), ("SIGN", 1, 4, 1376, UNBOUNDED), ("SIGN", 1024, 4, 1376, 156_000),
        ("SIGN", 4097, 4, 1376, 156_000), ("SIGN", 100_000, 4, 1376, 3 << 20), ("SIGN", 25_600_000, 4, 8928, 3 << 20),
        ("SIGN", 25_600_000, 7, 8928, UNBOUNDED), ("SIGN", 1_000_000, 64, 8928, UNBOUNDED),
        ("SIGN", 1 << 34, 255, 65472, 3 << 20), ("FLOAT32", 1, 4, 1376, UNBOUNDED), ("FLOAT32", 1025, 4, 1376, 156_000),
        ("FLOAT32", 100_000, 4, 1376, 156_000), ("FLOAT32", 25_600_000, 7, 8928, 3 << 20),
        ("FLOAT32", 1000, 2, 1400, UNBOUNDED), ("SIGN", 0, 4, 1376, UNBOUNDED), ("FLOAT32", 0, 3, 8928, 3 << 20),
        ("FLOAT64", 100_000, 4, 1376, 156_000), ("FLOAT16", 100_000, 3, 8928, 3 << 20), ("INT8", 1_000_003, 4, 1376, 156_000),
        ("INT64", 257, 2, 8928, UNBOUNDED), ("UINT8", 1, 4, 1376, UNBOUNDED),
    ]:
        payload = (max_frame - HEADER) // 32 * 32
        most, granule = (payload * 8, 1024) if kind == "SIGN" else (payload // SIZE[kind], 256)
        coordinates = min(most, math.ceil(math.ceil(count / ranks) / granule) * granule)
        chunks = math.ceil(count / coordinates) if count else 1
        last = count - (chunks - 1) * coordinates
        length = math.ceil(last / 64) * 8 if kind == "SIGN" else last * SIZE[kind]
        frame = HEADER + (math.ceil(coordinates / 64) * 8 if kind == "SIGN" else coordinates * SIZE[kind])
        fitting = window // (frame * max(1, 2 * (ranks - 1)))
        affordable = 4 * chunks // ranks.bit_length()
        cap = max(1, min(256, fitting, 1 << affordable.bit_length() - 1 if affordable else 0))
        yield [kind, count, ranks, max_frame, coordinates, chunks, last, length, window, cap]


def block_rows():
    yield ["op", "type", "count", "ranks", "maxFrameLength", "chunkCoordinates", "chunkCount", "lastCoordinates", "lastFirst",
           "lastOffset", "resultLength"]
    for op, kind, count, ranks, max_frame in [
        ("REDUCE_SCATTER", "FLOAT32", 1000, 3, 1376), ("REDUCE_SCATTER", "SIGN", 1000, 3, 1376),
        ("REDUCE_SCATTER", "SIGN", 100_001, 4, 1376), ("REDUCE_SCATTER", "FLOAT64", 6_400_000, 4, 8928),
        ("ALL_GATHER", "INT8", 5000, 2, 1376), ("ALL_GATHER", "SIGN", 65, 5, 1376), ("GATHER", "FLOAT16", 3000, 7, 1376),
        ("GATHER", "SIGN", 129, 2, 1376), ("SCATTER", "INT64", 1000, 3, 8928), ("SCATTER", "UINT8", 1, 255, 1376),
        ("ALL_TO_ALL", "BFLOAT16", 9999, 4, 1376), ("ALL_TO_ALL", "INT32", 0, 4, 1376), ("ALL_TO_ALL", "SIGN", 1 << 30, 2, 65472),
    ]:
        payload = (max_frame - HEADER) // 32 * 32
        most = payload * 8 if kind == "SIGN" else payload // SIZE[kind]
        length = (lambda n: math.ceil(n / 64) * 8) if kind == "SIGN" else (lambda n: n * SIZE[kind])
        padded = math.ceil(count / 64) * 64 if kind == "SIGN" else count
        coordinates = min(most, padded)
        blocks = 1 if op == "GATHER" else ranks
        pieces = math.ceil(count / coordinates) if count else 1
        before = (pieces - 1) * coordinates
        casts_blocks = op in ("REDUCE_SCATTER", "SCATTER", "ALL_TO_ALL")
        first = before + (padded * (ranks - 1) if casts_blocks else 0)
        offset = length(before) + (length(count) * (ranks - 1) if op == "ALL_GATHER" else 0)
        held = length(count) * (1 if op in ("REDUCE_SCATTER", "SCATTER") else ranks)
        yield [op, kind, count, ranks, max_frame, coordinates, blocks * pieces, count - before, first, offset, held]


def result_rows():
    yield ["type", "count", "result", "check"]
    for kind, count, result in [
        ("FLOAT32", 0, b""), ("FLOAT32", 3, struct.pack("<3f", 1, -2.5, 0.1)),
        ("FLOAT32", 2, bytes.fromhex("0100c07f0000c0ff")), ("FLOAT64", 2, struct.pack("<2d", -1, math.nan)),
        ("FLOAT16", 2, struct.pack("<2e", 0.5, -0.0)), ("BFLOAT16", 1, bytes.fromhex("80bf")),
        ("INT8", 2, struct.pack("<2b", -1, 5)), ("UINT8", 2, bytes([255, 5])), ("INT32", 1, struct.pack("<i", -7)),
        ("INT64", 2, struct.pack("<2q", -7, 1 << 62)), ("SIGN", 70, packed([i % 3 == 0 for i in range(70)])),
    ]:
        if kind == "FLOAT64":
            values = [0x7FF8000000000000 if math.isnan(v) else struct.unpack("<q", struct.pack("<d", v))[0]
                      for v in struct.unpack(f"<{count}d", result)]
        elif kind in INTEGERS:
            values = struct.unpack(f"<{count}{INTEGERS[kind]}", result)
        elif kind == "SIGN":
            values = struct.unpack(f"<{len(result) // 8}q", result)
        else:
            size = SIZE[kind]
            pieces = [result[i:i + size] for i in range(0, len(result), size)]
            floats = [struct.unpack("<f", p)[0] if kind == "FLOAT32" else struct.unpack("<e", p)[0] if kind == "FLOAT16"
                      else struct.unpack("<f", b"\0\0" + p)[0] for p in pieces]
            values = [0x7FC00000 if math.isnan(v) else struct.unpack("<i", struct.pack("<f", v))[0] for v in floats]
        h = hashed([v & MASK for v in values])
        check = (h ^ h >> 32) & 0xFFFFFFFF
        yield [kind, count, result.hex(), check - (1 << 32) if check >> 31 else check]


def bytes_of(kind, value):
    if kind in INTEGERS:
        return (value & (1 << 8 * SIZE[kind]) - 1).to_bytes(SIZE[kind], "little")
    if kind != "BFLOAT16":
        return struct.pack({"FLOAT16": "<e", "FLOAT32": "<f", "FLOAT64": "<d"}[kind], value)
    bits = struct.unpack("<I", struct.pack("<f", value))[0]
    return (bits + 0x7FFF + (bits >> 16 & 1) >> 16).to_bytes(2, "little") if value == value else b"\xc0\x7f"


def value_of(kind, data):
    if kind == "BFLOAT16":
        return struct.unpack("<f", b"\0\0" + data)[0]
    return struct.unpack("<" + {"FLOAT16": "e", "FLOAT32": "f", "FLOAT64": "d", **INTEGERS}[kind], data)[0]


def combined(op, a, b):
    if op in ("MIN", "MAX"):
        if a != a or b != b:
            return math.nan
        smaller, larger = sorted((a, b), key=lambda value: (value, math.copysign(1, value)))
        return smaller if op == "MIN" else larger
    return {"SUM": a + b, "AVG": a + b, "PROD": a * b}[op]


def reduced(op, kind, values):
    """One element; floats of 16 bits are combined as float32."""
    wide = "FLOAT32" if kind.endswith("16") else kind
    total = values[0]
    for value in values[1:]:
        if kind in INTEGERS:
            total = {"BAND": lambda: total & value, "BOR": lambda: total | value, "BXOR": lambda: total ^ value}.get(
                op, lambda: combined(op, total, value))()
        else:
            total = combined(op, total, value)
        total = value_of(wide, bytes_of(wide, total))
    if op == "AVG" and kind in INTEGERS:
        total = abs(total) // len(values) * (-1 if total < 0 else 1)
    elif op == "AVG":
        total = value_of(wide, bytes_of(wide, total / len(values)))
    return bytes_of(kind, total)


def reduction_rows():
    yield ["op", "dataType", "contributions", "result"]
    draw = random.Random(13)
    for op in REDUCTIONS[1:]:
        for kind in SIZE:
            if op.startswith("B") and kind not in INTEGERS:
                continue
            columns = []
            for i in range(7):
                if kind in INTEGERS:
                    column = [value_of(kind, draw.randbytes(SIZE[kind])) for _ in range(3)]
                elif i == 0 and op in ("MIN", "MAX"):
                    column = [0.0, -0.0, 0.0]
                elif i == 1 and op in ("MIN", "MAX"):
                    column = [1.0, math.nan, -1.0]
                else:
                    scale = 10.0 ** draw.randint(-6, 1)
                    column = [value_of(kind, bytes_of(kind, draw.uniform(-scale, scale))) for _ in range(3)]
                columns.append(column)
            contributions = [b"".join(bytes_of(kind, column[rank]) for column in columns) for rank in range(3)]
            result = b"".join(reduced(op, kind, column) for column in columns)
            yield [op, kind, " ".join(each.hex() for each in contributions), result.hex()]


def hash_rows():
    yield ["values", "hash"]
    for values in [
        [0], [0, 0], [1], [1, 2], [2, 1], [MASK], [MASK, 1, MASK >> 1], [0x38D1B717, 0x3F666666, 0],
        [0x38D1B717, 0x3F666666, 0x358637BD], list(range(20)),
    ]:
        yield [" ".join(f"{value:x}" for value in values), f"{hashed(values):016x}"]


def standing_rows():
    yield "count layout completed phase verdictStep rates lastRates ofLast ofEarlier random bytes".split()
    draw = random.Random(9)
    for count, completed, phase, verdict_step, of_last, of_earlier in (
        (1, 0, 0, -1, 1, 1),
        (1_000_003, 3, 2, 3, 1, 1),
        (1 << 34, 1 << 40, 1, -1, 0, 0),
        (64, 7, 3, 6, 0xFEDCBA9876543210, 1),
    ):
        rates = [f32(draw.random()) for _ in range(3)]
        last = [f32(draw.random()) for _ in range(3)]
        layout, salt = draw.getrandbits(64), draw.getrandbits(64)
        standing = struct.pack("<qQqqq6f3Qq", count, layout, completed, phase, verdict_step, *rates, *last,
                               of_last, of_earlier, salt, 0)
        yield [count, "%x" % layout, completed, phase, verdict_step, " ".join(map(repr, rates)), " ".join(map(repr, last)),
               "%x" % of_last, "%x" % of_earlier, "%x" % salt, standing.hex()]


def agreement_rows():
    yield ["randoms", "number"]
    draw = random.Random(10)
    for ranks in (1, 2, 3, 255):
        randoms = [draw.getrandbits(64) for _ in range(ranks)]
        number = 0
        for value in randoms:
            number = key(number, value, 0, 0)
        yield [" ".join("%x" % value for value in randoms), "%x" % (number ^ MASK if number < 2 else number)]


def shard_rows():
    yield ["lengths", "maxFrameLength", "firstChunks", "chunkLength", "lastLengths"]
    for lengths, max_frame in [
        ([5], 1376), ([8, 8, 8], 1376), ([0, 0, 8], 1376), ([5, 0, 8], 1376), ([0, 1280, 1281, 0, 100_000], 1376),
        ([1 << 33, 1], 65472), ([33, 0], 132), ([31, 64], 132),
    ]:
        chunk_length = min((max_frame - HEADER) // 32 * 32, max(lengths))
        chunks = [math.ceil(length / chunk_length) for length in lengths]
        firsts = [sum(chunks[:rank]) for rank in range(len(lengths) + 1)]
        lasts = [length - (count - 1) * chunk_length if count else 0 for length, count in zip(lengths, chunks)]
        yield [" ".join(map(str, column)) if isinstance(column, list) else column
               for column in (lengths, max_frame, firsts, chunk_length, lasts)]


def main():
    directory = pathlib.Path(sys.argv[1])
    for name, rows in dict(shards=shard_rows, frames=frame_rows, votes=vote_rows, zeros=zero_rows, signum=signum_rows, chunks=chunk_rows, blocks=block_rows, results=result_rows, reductions=reduction_rows, hashes=hash_rows, standings=standing_rows, agreements=agreement_rows).items():
        with open(directory / f"{name}.csv", "w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows())


main()
