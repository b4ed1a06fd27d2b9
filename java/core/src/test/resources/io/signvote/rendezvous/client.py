#!/usr/bin/env python3
"""A member of a job that speaks the control protocol and nothing else.

    client.py vectors DIRECTORY                     writes messages.csv, the test vectors of the control page
    client.py join HOST PORT [options]              joins, exchanges heartbeats, and leaves; see --help

A second implementation of java/core/src/main/resources/io/signvote/rendezvous/README.md, written from that page alone, with the
standard library and nothing of the Java code. ControlVectorsTest holds the library to the vectors, and ci/checks/control-client
lets this client join jobs of the library.
"""

import argparse
import csv
import hmac
import os
import pathlib
import select
import socket
import struct
import sys
import time

SCHEMA = 5351
VERSION = 2
NO_SECRET = b"signvote without a secret"
IDS = dict(Hello=1, Challenge=2, Refused=3, Join=4, Welcome=5, Cancelled=6, Members=7, Heartbeat=8, Failed=9, Bye=10, Later=11)
NAMES = {number: name for name, number in IDS.items()}
REASONS = {1: "VERSION", 2: "SECRET"}
ROLES = dict(VOTER=1, SERVER=2)
KINDS = dict(
    PEER_DIED=1, PEER_SILENT=2, ABORTED=3, LEFT=4, LINK_LOST=5, MISMATCH=6, TIMEOUT=7, COORDINATOR_LOST=8)
KIND_NAMES = {number: name for name, number in KINDS.items()}
GREETING_BOUND = 40
REPLY_BOUND = 524_288
TAG_LENGTH = 32


class ProtocolError(Exception):
    """The other side does not speak the protocol of the page."""


def settings_text(plan="SHARDED", seed=0, zeros="RANDOM", ties="RANDOM", credit=0):
    return f"plan={plan},seed={seed},zeros={zeros},ties={ties},credit={credit}"


# messages


def body(name, block=b"", variable=b"", version=VERSION):
    return struct.pack("<4H", len(block), IDS[name], SCHEMA, version) + block + variable


def text(value):
    data = value.encode("utf-8")
    return struct.pack("<H", len(data)) + data


def join_body(j):
    block = struct.pack(
        "<2H2BH2iI", j["rank"], j["worldSize"], j["hasServer"], ROLES[j["role"]], j["port"], j["maxFrameLength"],
        j["receiveBufferLength"], 0)
    texts = (j["host"], j["driverDirectory"], j["settings"], j["job"], j["build"])
    return body("Join", block, b"".join(map(text, texts)))


def members_body(session_key, view, world_size, endpoints):
    entries = b"".join(
        struct.pack("<2i2H", e["maxFrameLength"], e["receiveBufferLength"], e["port"], 0)
        + text(e["host"]) + text(e["driverDirectory"])
        for e in endpoints)
    return body("Members", struct.pack("<qi2H", session_key, view, world_size, 0),
                struct.pack("<2H", 12, len(endpoints)) + entries)


def ranks_group(ranks):
    return struct.pack(f"<2H{len(ranks)}H", 2, len(ranks), *sorted(ranks))


def cancelled_body(is_retryable, ranks, message):
    return body("Cancelled", struct.pack("<B3x", is_retryable), ranks_group(ranks) + text(message))


def failed_body(ranks, kind, message):
    return body("Failed", struct.pack("<B3x", KINDS[kind]), ranks_group(ranks) + text(message))


class Reader:
    """Takes a body apart; whatever is left over or missing is an error."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, layout):
        length = struct.calcsize(layout)
        if self.at + length > len(self.data):
            raise ProtocolError(f"body of {len(self.data)} bytes is too short")
        values = struct.unpack_from(layout, self.data, self.at)
        self.at += length
        return values

    def text(self):
        (length,) = self.take("<H")
        (data,) = self.take(f"<{length}s")
        return data.decode("utf-8")

    def ranks(self):
        length, count = self.take("<2H")
        if length != 2:
            raise ProtocolError(f"ranks of {length} bytes")
        ranks = list(self.take(f"<{count}H"))
        if count > 256 or ranks != sorted(set(ranks)):
            raise ProtocolError(f"ranks {ranks}")
        return ranks

    def end(self):
        if self.at != len(self.data):
            raise ProtocolError(f"{len(self.data) - self.at} bytes behind the message")


def parse(data):
    """Name and fields of what a coordinator sends."""
    reader = Reader(data)
    block_length, number, schema, version = reader.take("<4H")
    if (schema, version) != (SCHEMA, VERSION) or number not in NAMES:
        raise ProtocolError(f"header of id {number}, schema {schema}, version {version}")
    name = NAMES[number]
    lengths = dict(Hello=32, Challenge=32, Refused=4, Join=20, Welcome=16, Cancelled=4, Members=16, Failed=4)
    if block_length != lengths.get(name, 0):
        raise ProtocolError(f"{name} with a block of {block_length} bytes")
    fields = {}
    if name == "Challenge":
        (fields["nonce"],) = reader.take("<32s")
    elif name == "Refused":
        fields["reason"] = REASONS[reader.take("<B3x")[0]]
    elif name == "Welcome":
        fields["heartbeatIntervalNs"], fields["suspicionTimeoutNs"] = reader.take("<2q")
    elif name == "Cancelled":
        (retryable,) = reader.take("<B3x")
        if retryable not in (0, 1):
            raise ProtocolError(f"isRetryable {retryable}")
        fields.update(isRetryable=retryable, ranks=reader.ranks(), message=reader.text())
    elif name == "Later":
        fields["message"] = reader.text()
    elif name == "Members":
        fields["sessionKey"], fields["view"], fields["worldSize"] = reader.take("<qiH2x")
        entry_length, count = reader.take("<2H")
        if entry_length != 12:
            raise ProtocolError(f"endpoints of {entry_length} bytes")
        fields["endpoints"] = []
        for _ in range(count):
            frame, buffer, port = reader.take("<2iH2x")
            fields["endpoints"].append(dict(
                maxFrameLength=frame, receiveBufferLength=buffer, port=port, host=reader.text(),
                driverDirectory=reader.text()))
    elif name == "Failed":
        (kind,) = reader.take("<B3x")
        fields.update(kind=KIND_NAMES[kind], ranks=reader.ranks(), message=reader.text())
    elif name not in ("Heartbeat",):
        raise ProtocolError(f"{name} is not for members")
    reader.end()
    return name, fields


# keys and tags


class Seal:
    def __init__(self, secret, side, hello, challenge):
        label = f"signvote control {VERSION} from {side}".encode("ascii")
        self.key = hmac.digest(secret, label + hello + challenge, "sha256")
        self.count = 0

    def tag(self, data):
        tag = hmac.digest(self.key, struct.pack("<Q", self.count) + data, "sha256")
        self.count += 1
        return tag


def secret_of(path):
    """The key: the bytes of the file, without one newline at its end."""
    if path is None:
        return NO_SECRET
    data = pathlib.Path(path).read_bytes()
    return data[:-1] if data.endswith(b"\n") else data


# a connection


class Connection:
    def __init__(self, host, port, timeout):
        self.socket = socket.create_connection((host, port), timeout)
        self.bound = GREETING_BOUND
        self.outbound = self.inbound = None
        self.input = b""

    def send(self, data):
        tag = self.outbound.tag(data) if self.outbound else b""
        self.socket.sendall(struct.pack("<I", len(data) + len(tag)) + data + tag)

    def receive(self, deadline):
        """Next frame, or None at the deadline; EOFError where the other side has closed."""
        while True:
            if len(self.input) >= 4:
                (length,) = struct.unpack_from("<I", self.input)
                if not 1 <= length <= self.bound:
                    raise ProtocolError(f"frame of {length} bytes, at most {self.bound}")
                if len(self.input) >= 4 + length:
                    frame, self.input = self.input[4:4 + length], self.input[4 + length:]
                    return frame
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                return None
            data = self.socket.recv(65_536)
            if not data:
                raise EOFError("the coordinator has closed the connection")
            self.input += data

    def open(self, frame):
        """Body of a frame whose tag is right."""
        data, tag = frame[:-TAG_LENGTH], frame[-TAG_LENGTH:]
        if not hmac.compare_digest(self.inbound.tag(data), tag):
            raise ProtocolError("the coordinator does not hold the secret")
        return data


class Member:
    """One life of a member, printed line by line."""

    def __init__(self, options):
        self.options = options
        self.deadline = time.monotonic() + options.timeout
        self.connection = Connection(options.host, options.port, options.timeout)
        self.interval = None

    def run(self):
        if not self.greet():
            return 3
        self.connection.send(join_body(dict(
            rank=self.options.rank, worldSize=self.options.world_size, hasServer=int(self.options.has_server),
            role=self.options.role, host=self.options.own_host, port=self.options.own_port,
            maxFrameLength=self.options.max_frame_length, receiveBufferLength=self.options.receive_buffer_length,
            driverDirectory=self.options.driver_directory, settings=self.options.settings, job=self.options.job,
            build="")))
        name, fields = self.answer()
        say(name, fields)
        if name != "Welcome":
            return dict(Refused=3, Cancelled=4, Later=5).get(name, 1)
        self.interval = fields["heartbeatIntervalNs"] * 1e-9
        name, fields = self.await_message(self.deadline)
        say(name, fields)
        if name != "Members":
            return dict(Cancelled=4).get(name, 1)
        own = fields["endpoints"][self.options.rank]
        if (own["host"], own["port"]) != (self.options.own_host, self.options.own_port):
            raise ProtocolError("the roster is not ours")
        failed = self.stay()
        self.leave()
        return 6 if failed else 0

    def greet(self):
        hello = body("Hello", os.urandom(32), version=self.options.version)
        self.connection.send(hello)
        challenge = self.connection.receive(self.deadline)
        if challenge is None:
            raise TimeoutError("no Challenge")
        name, fields = parse(challenge)
        if name != "Challenge":
            say(name, fields)
            return False
        secret = secret_of(self.options.secret_file)
        self.connection.outbound = Seal(secret, "member", hello, challenge)
        self.connection.inbound = Seal(secret, "coordinator", hello, challenge)
        self.connection.bound = REPLY_BOUND
        return True

    def answer(self):
        frame = self.connection.receive(self.deadline)
        if frame is None:
            raise TimeoutError("no answer to Join")
        # only a Refused, which has no tag, is shorter than a tag
        return parse(frame if len(frame) < TAG_LENGTH else self.connection.open(frame))

    def await_message(self, until):
        """Next message but Heartbeats, to which it answers with its own; None at the time given."""
        while True:
            beat = time.monotonic() + self.interval
            while True:
                frame = self.connection.receive(min(beat, until))
                if frame is None:
                    break
                message = parse(self.connection.open(frame))
                if message[0] != "Heartbeat":
                    return message
            if time.monotonic() >= until:
                return None
            self.connection.send(body("Heartbeat"))

    def stay(self):
        """Whether the job has failed while we stayed, or because we asked for it."""
        message = self.await_message(time.monotonic() + self.options.stay)
        if message is None and self.options.fail is not None:
            self.connection.send(failed_body([self.options.rank], "ABORTED", self.options.fail))
            message = self.await_message(self.deadline)
        if message is not None:
            say(*message)
        return message is not None

    def leave(self):
        """Says Bye, then nothing more, and waits for the coordinator to close."""
        self.connection.send(body("Bye"))
        say("Bye", {})
        try:
            self.connection.socket.shutdown(socket.SHUT_WR)
            end = time.monotonic() + 1
            while self.connection.receive(end) is not None:
                pass
            say("the coordinator has not closed", {})
        except (EOFError, OSError):
            say("closed", {})


def say(name, fields):
    print(name, *(f"{key}={value}" for key, value in fields.items() if key != "endpoints"), flush=True)
    for index, endpoint in enumerate(fields.get("endpoints", [])):
        print(f"  member {index}", *(f"{key}={value}" for key, value in endpoint.items()), flush=True)


# test vectors


def vectors():
    hello_nonce, challenge_nonce = bytes(range(32)), bytes(range(32, 64))
    hello, challenge = body("Hello", hello_nonce), body("Challenge", challenge_nonce)
    ours = dict(
        rank=1, worldSize=2, hasServer=0, role="VOTER", port=40_123, maxFrameLength=1376, receiveBufferLength=212_992,
        host="10.0.0.2", driverDirectory="c-client/1", settings=settings_text(), job="", build="")
    server = dict(
        ours, rank=255, worldSize=255, hasServer=1, role="SERVER", port=65_535, maxFrameLength=2**31 - 1,
        receiveBufferLength=0, host="fe80::1", driverDirectory="", job="räum 7", build="1.0 abc wire 1",
        settings=settings_text("SERVER", -(1 << 63), "POSITIVE", "NEGATIVE", 256))
    entry = {key: ours[key] for key in ("maxFrameLength", "receiveBufferLength", "port", "host", "driverDirectory")}
    other = dict(entry, maxFrameLength=128, receiveBufferLength=0, port=1, host="127.0.0.1", driverDirectory="")
    yield "Hello", hello
    yield "Challenge", challenge
    yield "Refused VERSION", body("Refused", struct.pack("<B3x", 1))
    yield "Refused SECRET", body("Refused", struct.pack("<B3x", 2))
    yield "Join", join_body(ours)
    yield "Join of a server", join_body(server)
    yield "Welcome", body("Welcome", struct.pack("<2q", 2_000_000_000, 10_000_000_000))
    yield "Cancelled", cancelled_body(0, [1], "rank 1 came twice")
    yield "Cancelled in vain", cancelled_body(1, [], "the coordinator has failed")
    yield "Members", members_body(0x0123456789ABCDEF, 1, 2, [other, entry])
    yield "Members with a server", members_body(-1, 2**31 - 1, 1, [other, entry])
    yield "Heartbeat", body("Heartbeat")
    yield "Failed", failed_body([1], "ABORTED", "rank 1 gave up")
    yield "Failed without ranks", failed_body([], "TIMEOUT", "")
    yield "Failed of a link", failed_body([1, 255], "LINK_LOST", "1 to 255")
    yield "Bye", body("Bye")
    yield "Later", body("Later", variable=text("rank 1 is still counted as present"))


def write_vectors(directory):
    bodies = dict(vectors())
    secret = b"sixteen bytes ok"
    member = Seal(secret, "member", bodies["Hello"], bodies["Challenge"])
    coordinator = Seal(secret, "coordinator", bodies["Hello"], bodies["Challenge"])
    # one conversation, in this order: what has a tag is the next of its direction
    tags = {name: member.tag(bodies[name]) for name in ("Join", "Heartbeat", "Failed", "Bye")}
    tags.update((name, coordinator.tag(bodies[name])) for name in ("Welcome", "Members", "Cancelled", "Later"))
    with open(pathlib.Path(directory) / "messages.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["name", "body", "tag"])
        writer.writerows((name, data.hex(), tags.get(name, b"").hex()) for name, data in bodies.items())
    with open(pathlib.Path(directory) / "settings.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["plan", "seed", "zeros", "ties", "credit", "settings"])
        for row in [
            ("SHARDED", 0, "RANDOM", "RANDOM", 0), ("STAR", -(1 << 63), "POSITIVE", "NEGATIVE", 256),
            ("SERVER", (1 << 63) - 1, "RANDOM", "POSITIVE", 8),
        ]:
            writer.writerow((*row, settings_text(*row)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("vectors").add_argument("directory")
    join = commands.add_parser("join", help="exit status: 0 left, 3 Refused, 4 Cancelled, 5 Later, 6 Failed, 1 broken")
    join.add_argument("host")
    join.add_argument("port", type=int)
    join.add_argument("--rank", type=int, default=1)
    join.add_argument("--world-size", type=int, default=2)
    join.add_argument("--has-server", action="store_true")
    join.add_argument("--role", choices=ROLES, default="VOTER")
    join.add_argument("--own-host", default="127.0.0.1")
    join.add_argument("--own-port", type=int, default=40_123)
    join.add_argument("--max-frame-length", type=int, default=1376)
    join.add_argument("--receive-buffer-length", type=int, default=212_992)
    join.add_argument("--driver-directory", default="client.py")
    join.add_argument("--settings", default=settings_text())
    join.add_argument("--job", default="")
    join.add_argument("--secret-file")
    join.add_argument("--version", type=int, default=VERSION)
    join.add_argument("--stay", type=float, default=0, metavar="SECONDS", help="in the job before it leaves")
    join.add_argument("--fail", metavar="MESSAGE", help="ask for a failure after that time")
    join.add_argument("--timeout", type=float, default=30, metavar="SECONDS")
    options = parser.parse_args()
    if options.command == "vectors":
        write_vectors(options.directory)
        return 0
    return Member(options).run()


if __name__ == "__main__":
    sys.exit(main())
