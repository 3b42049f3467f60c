"""Accept and answer: a task per connection, a module per concern.

Rules: a cached page costs one receive, one parse, one look-up and one send. An error ends the connection it happened on
and nothing else. Whoever acquires, releases in a ``finally``.
"""

import logging
import time
from collections.abc import Callable
from errno import EMFILE, ENFILE, ENOBUFS, ENOMEM
from typing import Any

from duality import application, module, move_on_after, net, now, procedure, send, sleep
from duality.web.cache import Files, Pages
from duality.web.http import Request, Requests, notice

RECEIVE = 16 * 1024  # bytes at a time
LINGER = 1.0  # seconds for what a client is still sending when it is refused


@module
class Connections:
    """Every connection is a task in here."""

    pages: Pages

    @procedure
    async def serve(self, connection: Any) -> None:
        """Answer the requests of one connection, in order, until either side has had enough."""
        requests = Requests()
        try:
            while data := await connection.recv(RECEIVE):
                for request in requests.feed(data):
                    whole = await self.pages.find(request)
                    if whole is not None:
                        await connection.send(whole)
                    elif not await self.answer(connection, request):
                        return
                if requests.refused:
                    await self.refuse(connection, requests.refused)
                    return
        except OSError:
            pass  # the peer has gone; there is nobody to tell
        except Exception:
            logging.getLogger(__name__).exception("a connection ended by a fault of the server")
        finally:
            await connection.close()

    async def answer(self, connection: Any, request: Request) -> bool:
        """Answer any request at all; False when the connection has to end."""
        method, path, keep = request
        when = self.pages.epoch + now()
        if method not in (b"GET", b"HEAD"):
            page = notice(405, when, "Allow: GET, HEAD")
        else:
            page = notice(400, when) if path is None else await self.pages.read(path)
        try:
            await connection.send(page.reply(method, keep))
            if page.file is not None and method == b"GET":
                # A file that shrank leaves the client waiting for the rest; only the end says that none will come.
                keep = await connection.send_file(page.file, 0, page.length) == page.length and keep
            return keep
        finally:
            if page.file is not None:
                await page.file.close()

    async def refuse(self, connection: Any, status: int) -> None:
        """Say why, and wait for the client to stop: closing while it sends could destroy the answer on its way."""
        await connection.send(notice(status, self.pages.epoch + now()).reply(b"GET", False))
        with move_on_after(LINGER if status != 400 else 0):
            while await connection.recv(RECEIVE):
                pass


@module
class Main:
    """The accept loop. ``announce`` is told host and port once the server listens."""

    connections: Connections
    files: Files
    host: str
    port: int
    announce: Callable[[str, int], None]

    @procedure
    async def main(self) -> None:
        """Serve until the run is interrupted. Raises OSError if the root or the port cannot be had."""
        await self.files.prepare()
        listener = await net.listen(self.host, self.port)
        try:
            self.announce(self.host, listener.port)
            while True:
                try:
                    send(self.connections.serve, await listener.accept())
                except OSError as error:
                    if error.errno not in (EMFILE, ENFILE, ENOBUFS, ENOMEM):
                        raise
                    await sleep(0.1)  # until connections that end give something back
        finally:
            await listener.close()


@application
def knot(
    root: str,
    port: int = 8080,
    host: str = "127.0.0.1",
    cache: int = 64 * 1024 * 1024,
    fresh: float = 1.0,
    epoch: float | None = None,
    announce: Callable[[str, int], None] = lambda host, port: None,
) -> Main:
    """Serve the files below ``root``. port: 0 lets the system choose; ``announce`` is told which.

    cache: bytes of pages kept; a file over a 64th of that is sent from the disk each time.
    fresh: seconds for which a page is trusted before its file is looked at again; 0 looks at every request.
    epoch: seconds since 1970 when ``now()`` was 0; None asks the system's clocks.
    """
    files = Files(root, cache // 64)
    epoch = time.time() - time.monotonic() if epoch is None else epoch
    return Main(Connections(Pages(files, cache, fresh, epoch)), files, host, port, announce)
