"""Load for a server, and what each request cost it: rounds over connections that stay open, each answer compared.

Rule: judge a server by the CPU its process spends per request, never by requests per second: on two cores it is the
client that saturates first. Rounds go A B B A, so that what drifts with time hits both sides alike.
"""

import selectors
import socket
from collections.abc import Callable, Iterator, Mapping

from attrs import define, field

from duality.cli.client import MOST_HEAD, PATIENCE, Mistaken
from duality.cli.servers import Server

CONNECTIONS = 32


def rounds(
    servers: Mapping[str, Server], request: bytes, body: bytes, requests: int, times: int, step: Callable[[int], None]
) -> dict[str, list[float]]:
    """CPU seconds per request of each server, round after round. Blocks. ``step(n)``: n more answers have come.

    times: how often A B B A, or B A A B, is gone through.
    """
    found: dict[str, list[float]] = {side: [] for side in servers}
    sides = list(servers)
    for side in sides:
        drive(servers[side].port, request, body, max(CONNECTIONS, requests // 10), lambda count: None)  # warm
    for time in range(times):
        order = sides if time % 2 == 0 else sides[::-1]
        for side in (*order, *order[::-1]):
            before = servers[side].cpu()
            drive(servers[side].port, request, body, requests, step)
            found[side].append((servers[side].cpu() - before) / requests)
    return found


@define(eq=False)
class _Asking:
    """One connection. ``length``: of a whole answer, known after the first; ``parts``: what has come of this one."""

    socket: socket.socket
    length: int | None = None
    got: int = 0
    parts: list[bytes] = field(factory=list)


def drive(port: int, request: bytes, body: bytes, requests: int, step: Callable[[int], None]) -> None:
    """Send ``request`` ``requests`` times over CONNECTIONS connections; every answer must end in ``body``.

    Raises Mistaken if one does not, or if none comes for PATIENCE seconds.
    """
    waiting = {_Asking(one) for one in _connected(port)}
    left, told = requests - len(waiting), 0
    try:
        with selectors.DefaultSelector() as selector:
            for one in waiting:
                one.socket.sendall(request)
                selector.register(one.socket, selectors.EVENT_READ, one)
            done = 0
            while done < requests:
                ready = selector.select(PATIENCE)
                if not ready:
                    raise Mistaken(f"no answer for {PATIENCE:.0f} seconds, after {done} requests")
                for key, _ in ready:
                    if not _complete(key.data, body):
                        continue
                    done += 1
                    if left > 0:
                        left -= 1
                        key.data.socket.sendall(request)
                    else:
                        selector.unregister(key.data.socket)
                if done - told >= 256 or done == requests:
                    step(done - told)
                    told = done
    finally:
        for one in waiting:
            one.socket.close()


def _connected(port: int) -> Iterator[socket.socket]:
    for _ in range(CONNECTIONS):
        one = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield one


def _complete(one: _Asking, body: bytes) -> bool:
    """Take what has come; whether an answer is whole now. Its body has then been compared, byte by byte."""
    data = one.socket.recv(1 << 16)
    if not data:
        raise Mistaken("the server closed a connection under load")
    one.parts.append(data)
    one.got += len(data)
    if one.length is None:
        whole = b"".join(one.parts)
        end = whole.find(b"\r\n\r\n")
        if end < 0 and len(whole) > MOST_HEAD:
            raise Mistaken("the head of an answer has no end")
        if end < 0:
            return False
        one.length = end + 4 + len(body)
    if one.got < one.length:
        return False
    whole = b"".join(one.parts) if len(one.parts) > 1 else data
    if one.got > one.length or not whole.startswith(b"HTTP/1.1 200 ") or not whole.endswith(body):
        raise Mistaken("an answer under load was not the page that was asked for")
    one.parts.clear()
    one.got = 0
    return True
