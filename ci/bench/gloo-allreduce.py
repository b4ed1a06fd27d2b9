#!/usr/bin/env python3
"""Gloo's float32 sum allreduce, the peer that SignVote is measured against. Run on each host:

    ci/testbed --hosts 4 --rate 1gbit -- /usr/bin/python3 ci/bench/gloo-allreduce.py --count 25600000 --rounds 20 --wire eth0

Prints a line of JSON a rank and count: wall, CPU and wire bytes of a round, a value for each train of rounds back to back.
Needs PyTorch with Gloo; on Debian: apt-get install python3-torch (and Debian's own /usr/bin/python3 to run it).
"""

import argparse
import json
import os
import resource
import sys
import time


def wire_bytes(interface):
    with open(f"/sys/class/net/{interface}/statistics/tx_bytes", encoding="ascii") as file:
        return int(file.read())


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    parser = argparse.ArgumentParser(description="float32 sum allreduce over Gloo")
    parser.add_argument("--count", type=int, nargs="+", default=[25_600_000], help="floats")
    parser.add_argument("--rounds", type=int, nargs="+", default=[20], help="rounds of a train, back to back: of each count")
    parser.add_argument("--trains", type=int, default=3)
    parser.add_argument("--warmup", type=int, nargs="+", default=[1], help="rounds before the first train: of each count")
    parser.add_argument("--wire", default="eth0", help="interface to use and whose bytes to count")
    options = parser.parse_args()
    for name in ("rounds", "warmup"):
        values = getattr(options, name)
        if len(values) == 1:
            values *= len(options.count)
        if len(values) != len(options.count):
            parser.error(f"--{name} has {len(values)} values for {len(options.count)} of --count, give one or one for each")

    # Gloo takes the interface that the host name resolves to unless told otherwise.
    os.environ["GLOO_SOCKET_IFNAME"] = options.wire
    try:
        import torch
        import torch.distributed as dist
    except ImportError as missing:
        sys.exit(f"gloo-allreduce: {missing}, run: apt-get install python3-torch (and use /usr/bin/python3)")
    if not dist.is_gloo_available():
        sys.exit(f"gloo-allreduce: torch {torch.__version__} was built without Gloo")

    torch.set_num_threads(1)
    dist.init_process_group("gloo")
    for count, rounds, warmup in zip(options.count, options.rounds, options.warmup):
        head = {"program": "gloo", "torch": torch.__version__, "rank": dist.get_rank(), "hosts": dist.get_world_size()}
        head |= {"count": count, "rounds": rounds, "trains": options.trains}
        print(json.dumps({**head, **measure(torch, dist, count, rounds, warmup, options)}), flush=True)
    # Ends Gloo's threads. Left to the end of the process they abort it where peers are gone already.
    dist.destroy_process_group()


def measure(torch, dist, count, rounds, warmup, options):
    rank, hosts = dist.get_rank(), dist.get_world_size()
    values = torch.zeros(count)
    marks = torch.arange(count, dtype=torch.int32).remainder_(1000)

    # Checked once, outside the trains: rank r adds i mod 1000 + r at place i.
    values.copy_(marks).add_(rank)
    dist.all_reduce(values)
    wrong = int((values != marks.float() * hosts + hosts * (hosts - 1) // 2).sum())
    if wrong:
        sys.exit(f"gloo-allreduce: rank={rank}: {wrong} of {count} sums are wrong")
    values.zero_()  # zeros stay zeros, so that trains of any length do not overflow
    for _ in range(warmup):
        dist.all_reduce(values)

    result = {"wall_ms": [], "cpu_ms": [], "wire_bytes": []}
    for _ in range(options.trains):
        dist.barrier()
        start, start_cpu, start_wire = time.monotonic(), cpu_seconds(), wire_bytes(options.wire)
        for _ in range(rounds):
            dist.all_reduce(values)
        result["wall_ms"].append(round((time.monotonic() - start) * 1e3 / rounds, 3))
        result["cpu_ms"].append(round((cpu_seconds() - start_cpu) * 1e3 / rounds, 3))
        result["wire_bytes"].append(round((wire_bytes(options.wire) - start_wire) / rounds, 1))
    dist.barrier()
    return result


if __name__ == "__main__":
    main()
