"""A wire between the product and its servers that can be cut: a proxy in a process of its own, told what to do.

Orders are lines on the control port: `NAME drop` (every open connection breaks), `NAME down SECONDS` (and none is taken
for a while), `NAME cut N` (the next N answers end half way), `NAME slow SECONDS` (nothing passes for a while).
"""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress


class Wire:
    """One listening port and the server behind it: host:port, or the path of a socket."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self._open: set[asyncio.StreamWriter] = set()
        self._down_until = self._slow_until = 0.0
        self._cuts = 0

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry bytes both ways until one end is through."""
        if time.monotonic() < self._down_until:
            writer.transport.abort()
            return
        host, _, port = self._upstream.rpartition(":")
        there = await (
            asyncio.open_unix_connection(self._upstream)
            if self._upstream.startswith("/")
            else asyncio.open_connection(host, int(port))
        )
        ends = {writer, there[1]}
        self._open |= ends
        try:
            await asyncio.wait(
                [
                    asyncio.ensure_future(self._carry(reader, there[1], cut=False)),
                    asyncio.ensure_future(self._carry(there[0], writer, cut=True)),
                ],
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            self._open -= ends
            for end in ends:
                end.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, cut: bool) -> None:
        with suppress(OSError):  # the other end is gone
            while data := await reader.read(2**16):
                await asyncio.sleep(max(0.0, self._slow_until - time.monotonic()))
                if cut and self._cuts:
                    self._cuts -= 1
                    writer.write(data[: len(data) // 2])
                    return
                writer.write(data)
                await writer.drain()

    def obey(self, order: str, number: float) -> None:
        """Do as told; see the module."""
        if order == "calm":
            self._cuts, self._down_until, self._slow_until = 0, 0.0, 0.0
        if order in ("drop", "down"):
            for end in self._open:
                end.transport.abort()
        if order == "down":
            self._down_until = time.monotonic() + number
        if order == "slow":
            self._slow_until = time.monotonic() + number
        if order == "cut":
            self._cuts = int(number)


async def serve(control: int, wires: Mapping[str, tuple[int, str]]) -> None:
    """Listen until killed."""
    named = {name: Wire(upstream) for name, (_, upstream) in wires.items()}

    async def ordered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name, order, *number = (await reader.readline()).decode().split()
        named[name].obey(order, float(number[0]) if number else 0.0)
        writer.write(b"ok\n")
        writer.close()

    listeners = [await asyncio.start_server(ordered, "127.0.0.1", control)]
    for name, (port, _) in wires.items():
        listeners.append(await asyncio.start_server(named[name].connect, "127.0.0.1", port))
    print("ready", flush=True)
    await asyncio.gather(*(one.serve_forever() for one in listeners))


@contextmanager
def wired(control: int, wires: Mapping[str, tuple[int, str]]) -> Iterator[None]:
    """Wires in a process of their own until the end of the block: name to (port, what is behind it)."""
    command = [sys.executable, "-S", __file__, str(control), json.dumps(wires)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            if process.stdout is None or process.stdout.readline() != b"ready\n":
                raise RuntimeError("the wires are not up")
            yield
        finally:
            process.kill()


def tell(control: int, words: str) -> None:
    """Give an order; it is carried out when this returns."""
    with socket.create_connection(("127.0.0.1", control), timeout=10) as line:
        line.sendall(f"{words}\n".encode())
        line.recv(16)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), json.loads(sys.argv[2])))
