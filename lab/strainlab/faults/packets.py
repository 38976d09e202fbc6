"""Delays or corrupts the packets of a netfilter queue: netem for kernels that have none. Runs inside a container.

usage: packets.py QUEUE TIME_MS JITTER_MS CORRELATION_PERCENT CORRUPT_PERCENT

Each packet is held for TIME_MS, give or take up to JITTER_MS (uniform, each draw tied to the one before by
CORRELATION_PERCENT, as netem does it), and never overtakes another. CORRUPT_PERCENT of the packets get one bit of
their payload flipped; the receiver sees a wrong checksum. The rule that fills the queue bears --queue-bypass: when
this program ends, whatever its end, packets pass as if nothing were."""

import heapq
import random
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Iterator

NETLINK_NETFILTER, SOL_NETLINK, NETLINK_NO_ENOBUFS = 12, 270, 5
PACKET, VERDICT, CONFIG = 0x300, 0x301, 0x302
REQUEST, ACK, ERROR = 1, 4, 2
CONFIG_COMMAND, CONFIG_PARAMETERS, CONFIG_LENGTH = 1, 2, 3
BIND, COPY_META, COPY_PACKET, ACCEPT = 1, 1, 2, 1
PACKET_HEADER, VERDICT_HEADER, PAYLOAD = 1, 2, 10
QUEUE_LENGTH = 1 << 16
WHOLE_PACKET = 0xFFFF


def attribute(kind: int, data: bytes) -> bytes:
    return struct.pack("=HH", len(data) + 4, kind) + data + b"\0" * (-len(data) % 4)


def attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        yield kind & 0x3FFF, data[4:length]
        data = data[(length + 3) & ~3 :]


def message(kind: int, flags: int, queue: int, body: bytes) -> bytes:
    return struct.pack("=LHHLLBBH", 20 + len(body), kind, flags, 0, 0, 0, 0, socket.htons(queue)) + body


def open_queue(queue: int, copy: int) -> socket.socket:
    """A netlink socket that receives the packets of a queue."""
    link = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
    link.bind((0, 0))
    link.setsockopt(SOL_NETLINK, NETLINK_NO_ENOBUFS, 1)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    for body in (
        attribute(CONFIG_COMMAND, struct.pack(">BBH", BIND, 0, 0)),
        attribute(CONFIG_PARAMETERS, struct.pack(">LB", WHOLE_PACKET, copy)),
        attribute(CONFIG_LENGTH, struct.pack(">L", QUEUE_LENGTH)),
    ):
        link.send(message(CONFIG, REQUEST | ACK, queue, body))
        answer = link.recv(1 << 16)
        kind, code = struct.unpack_from("=H", answer, 4)[0], struct.unpack_from("=l", answer, 16)[0]
        if kind == ERROR and code:
            sys.exit(f"packets: queue {queue}: refused by the kernel: error {-code}")
    return link


def packets_of(data: bytes) -> Iterator[tuple[int, bytes | None]]:
    """(id, payload) of each packet in what the socket received."""
    while len(data) >= 20:
        length, kind = struct.unpack_from("=LH", data)
        if kind == PACKET:
            parts = dict(attributes(data[20:length]))
            yield struct.unpack_from(">L", parts[PACKET_HEADER])[0], parts.get(PAYLOAD)
        data = data[(length + 3) & ~3 :]


def release(link: socket.socket, queue: int, packet: int, payload: bytes | None) -> None:
    body = attribute(VERDICT_HEADER, struct.pack(">LL", ACCEPT, packet))
    if payload is not None:
        body += attribute(PAYLOAD, payload)
    link.send(message(VERDICT, REQUEST, queue, body))


def flip(payload: bytes) -> bytes:
    """The packet with one bit of what follows its IPv4 header flipped."""
    header = (payload[0] & 15) * 4
    if len(payload) <= header:
        return payload
    changed = bytearray(payload)
    changed[random.randrange(header, len(payload))] ^= 1 << random.randrange(8)
    return bytes(changed)


class Jitter:
    """Uniform numbers between -1 and 1; each is part the one before."""

    def __init__(self, correlation: float) -> None:
        self.correlation, self.last = correlation, 0.0

    def draw(self) -> float:
        self.last = self.correlation * self.last + (1 - self.correlation) * random.uniform(-1, 1)
        return self.last


def main() -> None:
    queue = int(sys.argv[1])
    hold, spread, correlation, corrupt = (float(word) for word in sys.argv[2:6])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    link = open_queue(queue, COPY_PACKET if corrupt else COPY_META)
    print("begun", flush=True)
    jitter, last = Jitter(correlation / 100), 0.0
    held: list[tuple[float, int, bytes | None]] = []
    try:
        while True:
            wait = max(0.0, held[0][0] - time.monotonic()) if held else None
            if select.select([link], [], [], wait)[0]:
                now = time.monotonic()
                for packet, payload in packets_of(link.recv(1 << 17)):
                    hit = random.uniform(0, 100) < corrupt
                    last = max(last, now + (hold + spread * jitter.draw()) / 1000)
                    heapq.heappush(held, (last, packet, flip(payload) if payload and hit else None))
            while held and held[0][0] <= time.monotonic():
                release(link, queue, *heapq.heappop(held)[1:])
    finally:
        for _, packet, payload in sorted(held):
            release(link, queue, packet, payload)


if __name__ == "__main__":
    main()
