"""Compares the results of ci/lib/Collectives.java with those of ci/lib/collectives.c, for ci/checks/open-mpi:

    /usr/bin/python3 ci/lib/collectives.py FOLDER RANKS COUNT...

Prints a table of all types, calls and reductions. The exit code is 1 if a result is missing or differs by more than its bound:

* Inputs, integers and data that only moves: 0, every bit is equal.
* MIN and MAX of floats: 0, but -0 equals +0, and no input is a NaN. MPI has no rule for either.
* SUM and PROD of floats: (M - 1) * eps * S for M ranks. S is the sum of all |x|, for PROD the product. SignVote combines in rank
  order, Open MPI in an order of its own. In every order the result is within half of this bound of the exact one (Jeannerod and
  Rump 2013, doi:10.1137/120894488, for sums; Rump, Buenger and Jeannerod 2016, doi:10.1007/s10543-015-0555-z, for products). With
  two ranks there is one order, and every bit is equal.
* AVG of floats: the bound of the sum, divided by M, and half an ulp of each result, since each is rounded once more.

In SUM, AVG and PROD a NaN, an infinity and the sign of a zero must be the same on both sides. The bits of a NaN do not count.

SignVote promises the rank order: each SUM, AVG and PROD of floats must also be what numpy computes in that order, in every bit.
"""

import pathlib
import sys

import numpy

TYPES = {"FLOAT32": numpy.float32, "FLOAT64": numpy.float64, "INT8": numpy.int8}
TYPES |= {"UINT8": numpy.uint8, "INT32": numpy.int32, "INT64": numpy.int64}
KIND_OF_FLOATS = {"SUM": "SUMS", "AVG": "SUMS", "MIN": "ORDER", "MAX": "ORDER", "PROD": "PRODUCTS"}
OPS_OF_INTEGERS = [*KIND_OF_FLOATS, "BAND", "BOR", "BXOR"]
REDUCING = ("allReduce", "reduce", "reduceScatter")
MOVING = ("allGather", "gather", "scatter", "allToAll")
PLACES = ("out-of-place", "in-place")
SIDES = ("signvote", "open-mpi")
FAILURES_SHOWN = 20


class Failed(Exception):
    """A result that is missing or differs."""


def is_float(kind):
    return kind.startswith("FLOAT")


def kinds_of(kind):
    return [*dict.fromkeys(KIND_OF_FLOATS.values()), "BITS"] if is_float(kind) else ["BITS"]


def ops_of(kind):
    return [*KIND_OF_FLOATS] if is_float(kind) else OPS_OF_INTEGERS


def expected(counts, rank, ranks):
    """The names of all results of a rank: call, reduction, type, count, place."""
    for count in counts:
        is_root = rank == count % ranks
        for kind in TYPES:
            for place in PLACES:
                for call in REDUCING:
                    if call != "reduce" or is_root:
                        yield from ((call, op, kind, count, place) for op in ops_of(kind))
                for call in MOVING:
                    if call != "gather" or is_root:
                        yield call, "-", kind, count, place
            yield "broadcast", "-", kind, count, "in-place"


def block(count, ranks):
    """How many elements a rank has, in a call with a block for each rank."""
    return (count + ranks - 1) // ranks


def elements(name, ranks):
    """How many elements a record has."""
    call, count = name[0], name[3]
    if call in ("input", "allGather", "gather", "allToAll"):
        return ranks * block(count, ranks)
    return block(count, ranks) if call in ("reduceScatter", "scatter") else count


def read(path):
    """The records of a file by their names."""
    data, records, at = path.read_bytes(), {}, 0
    while at < len(data):
        end = data.index(b"\n", at)
        *name, length = data[at:end].decode("ascii").split(" ")
        at = end + 1 + int(length)
        name = (*name[:3], int(name[3]), name[4])
        if name in records or at > len(data):
            raise Failed(f"{path.name}: {' '.join(map(str, name))} is there twice or is cut off")
        records[name] = numpy.frombuffer(data, TYPES[name[2]], count=int(length) // TYPES[name[2]]().itemsize, offset=end + 1)
    return records


def bits(values):
    return values.view(f"u{values.itemsize}")


def ulps(a, b):
    """The numbers of floats from each element of a to the element of b."""

    def position(values):
        signed = values.view(f"i{values.itemsize}").astype(numpy.int64)
        return numpy.where(signed < 0, numpy.iinfo(f"i{values.itemsize}").min - signed, signed)

    first, second = position(a), position(b)
    return numpy.maximum(first, second).astype(numpy.uint64) - numpy.minimum(first, second).astype(numpy.uint64)


def bound(op, ours, theirs, inputs):
    """The greatest difference that rounding explains, for each element."""
    ranks = len(inputs)
    if ranks == 2:
        return numpy.zeros(ours.shape, numpy.longdouble)
    sizes = abs(inputs.astype(numpy.longdouble))
    scale = sizes.prod(axis=0) if op == "PROD" else sizes.sum(axis=0)
    most = (ranks - 1) * numpy.longdouble(numpy.finfo(ours.dtype).eps) * scale
    return most / ranks + (numpy.spacing(abs(ours)) + numpy.spacing(abs(theirs))) / 2 if op == "AVG" else most


def in_rank_order(op, inputs):
    """The reduction of the rows, one after another."""
    combine = numpy.multiply if op == "PROD" else numpy.add
    result = inputs[0]
    for row in inputs[1:]:
        result = combine(result, row)
    return result / result.dtype.type(len(inputs)) if op == "AVG" else result


def compare(op, ours, theirs, inputs):
    """Returns which elements are wrong, the greatest difference in ulps, and the greatest one in shares of the bound."""
    if ours.dtype.kind != "f" or op == "-":
        return bits(ours) != bits(theirs), 0, 0
    if op in ("MIN", "MAX"):
        return ours != theirs, 0, 0
    with numpy.errstate(all="ignore"):
        finite = numpy.isfinite(ours) & numpy.isfinite(theirs)
        most = bound(op, ours, theirs, inputs)
        difference = abs(ours.astype(numpy.longdouble) - theirs)
        ordered = in_rank_order(op, inputs)
        in_order = (bits(ours) == bits(ordered)) | numpy.isnan(ours) & numpy.isnan(ordered)
        same = (ours == theirs) & (numpy.signbit(ours) == numpy.signbit(theirs)) | numpy.isnan(ours) & numpy.isnan(theirs)
        close = finite & (difference <= most) & (ours != theirs)
        shares = difference[close] / most[close]
    return ~(in_order & (same | close)), ulps(ours[close], theirs[close]).max(initial=0), shares.max(initial=0)


class Comparison:
    """All results of one number of ranks."""

    def __init__(self, folder, ranks, counts):
        self.ranks, self.failures, self.cells, self.results = ranks, [], {}, 0
        self.files = {side: [read(folder / f"{side}.{rank}") for rank in range(ranks)] for side in SIDES}
        inputs = [("input", kind, of, count, PLACES[0]) for count in counts for of in TYPES for kind in kinds_of(of)]
        for rank in range(ranks):
            names = [*inputs, *expected(counts, rank, ranks)]
            for side in SIDES:
                unknown = self.files[side][rank].keys() - set(names)
                if unknown:
                    raise Failed(f"{side}.{rank}: unknown: {' '.join(map(str, unknown.pop()))}")
            for name in names:
                self.check(rank, name)

    def check(self, rank, name):
        call, op, kind, count, _ = name
        where = f"{' '.join(map(str, name))}, {self.ranks} ranks, rank {rank}"
        ours, theirs = (self.files[side][rank].get(name) for side in SIDES)
        cell = self.cells.setdefault((call, op), {}).setdefault(kind, [0, 0, True])
        self.results += 1
        if ours is None or theirs is None:
            failure = f"{SIDES[ours is not None]} has no result"
        elif len(ours) != len(theirs):
            failure = f"{len(ours)} elements of SignVote, {len(theirs)} of Open MPI"
        elif len(ours) != elements(name, self.ranks):
            failure = f"{len(ours)} elements of SignVote, {elements(name, self.ranks)} expected"
        else:
            inputs = self.inputs(name, rank)
            wrong, most_ulps, share = compare("-" if call == "input" else op, ours, theirs, inputs)
            cell[:2] = max(cell[0], most_ulps), max(cell[1], share)
            if not wrong.any():
                return
            first = int(wrong.argmax())
            failure = f"{wrong.sum()} of {len(wrong)} elements are wrong, the first at {first}: "
            failure += f"{ours[first]!s} of SignVote, {theirs[first]!s} of Open MPI"
            if inputs is not None and op not in ("MIN", "MAX"):
                failure += f", {in_rank_order(op, inputs)[first]!s} in rank order"
        cell[2] = False
        self.failures.append(f"{where}: {failure}")

    def inputs(self, name, rank):
        """The contributions to a result of a rank, a row for each contributor."""
        call, op, kind, count, _ = name
        if call == "input" or op == "-" or not is_float(kind):
            return None
        source = ("input", KIND_OF_FLOATS[op], kind, count, PLACES[0])
        first = rank * block(count, self.ranks) if call == "reduceScatter" else 0
        end = first + elements(name, self.ranks)
        return numpy.array([file[source][first:end] for file in self.files["open-mpi"]])

    def print_table(self):
        def text(cell):
            if cell is None:
                return ""
            most_ulps, share, is_right = cell
            return "WRONG" if not is_right else f"{most_ulps} ulp, {share:.2f}" if most_ulps else "equal"

        heads = "".join(kind.ljust(18 if is_float(kind) else 7) for kind in TYPES)
        print(f"{self.ranks} ranks".ljust(22) + heads.rstrip())
        ops = {op: number for number, op in enumerate(OPS_OF_INTEGERS)}
        calls = {call: number for number, call in enumerate(("input", *REDUCING, *MOVING, "broadcast"))}
        for call, op in sorted(self.cells, key=lambda name: (calls[name[0]], ops.get(name[1], 0))):
            cells = self.cells[call, op]
            row = [text(cells.get(kind)).ljust(18 if is_float(kind) else 7) for kind in TYPES]
            print(f"{call} {op}".removesuffix(" -").ljust(22) + "".join(row).rstrip())


def main(folder, ranks, *counts):
    try:
        comparison = Comparison(pathlib.Path(folder), int(ranks), [int(count) for count in counts])
    except (Failed, OSError, ValueError) as error:
        sys.exit(f"ci/lib/collectives.py: {error}")
    comparison.print_table()
    for failure in comparison.failures[:FAILURES_SHOWN]:
        print(f"ci/lib/collectives.py: {failure}", file=sys.stderr)
    if comparison.failures:
        sys.exit(f"ci/lib/collectives.py: {len(comparison.failures)} of {comparison.results} records are wrong")


if __name__ == "__main__":
    main(*sys.argv[1:])
