"""A bare Protocol, on uvloop or on asyncio's own loop: callbacks only, no task and no stream per connection.

The least that a program on these loops can do for a request.
"""

import asyncio
import os
import signal
import sys
from typing import Any, cast

from duality.bench.peers.answers import Answers, Pages


class Connection(asyncio.Protocol):
    """One connection: what arrives is answered within the callback."""

    __slots__ = ("answers", "feed", "transport", "write")

    def __init__(self, pages: Pages) -> None:
        self.answers = Answers(pages)
        self.feed = self.answers.feed

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.write = self.transport.write

    def data_received(self, data: bytes) -> None:
        replies = self.feed(data)
        if replies:
            self.write(replies)
        if self.answers.over:
            self.transport.close()


async def serve(root: str) -> None:
    """Serve ``root`` until told to end."""
    pages = Pages(os.path.realpath(root))
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    server = await loop.create_server(lambda: Connection(pages), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await ended.wait()
    server.close()


def main(loop: str, root: str) -> None:
    """Serve ``root`` on ``loop``, which is ``uvloop`` or ``asyncio``."""
    make: Any = asyncio.new_event_loop
    if loop == "uvloop":
        import uvloop

        make = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=make) as runner:
        runner.run(serve(root))


if __name__ == "__main__":
    main(*sys.argv[1:])
