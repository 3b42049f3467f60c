"""Processor time per request: a page of 8 KiB from the cache, 64 connections that stay open.

Rules: the server has one core and wrk another; every sample is a fresh process, checked before it is loaded; what
counts is all the processor time of the server's process, user and system.
Source: von Behren et al. 2003, section 5 (Knot and Haboob under the same load).
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

from duality.bench import driver
from duality.bench.asking import Answer, check
from duality.bench.machine import package, where
from duality.bench.process import BenchError, Server, cores, python, serving
from duality.bench.result import Sample

PAGE = bytes(range(256)) * 32
PATH = "/page.bin"
SIDES = ("threads", "events")
LIKE_OURS = (*SIDES, "gevent", "uvloop", "asyncio")
"""Whose answers are the same as ours to the byte, but for the moment they were made at."""

WARM = 1  # second of load before the measurement: caches filled, connections accepted, bytecode specialised


@frozen
class Contender:
    """A server: its name and the command that serves the folder put at its end."""

    name: str
    command: list[str]


def contenders() -> tuple[list[Contender], list[str]]:
    """Those that can run here, ours first; and a sentence for each that cannot."""
    peers = "duality.bench.peers"
    found = [Contender(side, python(f"{peers}.knot_server", side)) for side in SIDES]
    missing = []
    if package("gevent") == "absent":
        missing.append("gevent is not installed: pip install 'duality[bench]'.")
    else:
        found.append(Contender("gevent", python(f"{peers}.gevent_server")))
    if package("uvloop") == "absent":
        missing.append("uvloop is not installed: pip install 'duality[bench]'.")
    else:
        found.append(Contender("uvloop", python(f"{peers}.protocol_server", "uvloop")))
    found.append(Contender("asyncio", python(f"{peers}.protocol_server", "asyncio")))
    nginx = where("nginx")
    if nginx is None:
        missing.append("nginx is not installed (it is only worth knowing): your distribution's nginx package.")
    else:
        found.append(Contender("nginx", python(f"{peers}.nginx_server", nginx)))
    return found, missing


@contextmanager
def site() -> Iterator[Path]:
    """A folder with the page, last changed long ago."""
    with tempfile.TemporaryDirectory(prefix="duality-bench-") as folder:
        root = Path(folder, "site")
        root.mkdir()
        page = root / PATH.lstrip("/")
        page.write_bytes(PAGE)
        os.utime(page, (1_000_000_000, 1_000_000_000))
        yield root.resolve()


@contextmanager
def checked(contender: Contender, root: Path, core: int | None) -> Iterator[tuple[Server, Answer]]:
    """The contender, serving ``root`` and found to answer rightly. Raises BenchError, with its name, if it does not."""
    with serving([*contender.command, str(root)], core) as server:
        try:
            answer = check(server.port, root, PATH)
        except (BenchError, OSError) as error:
            raise BenchError(f"{contender.name} is left out: {error}") from None
        yield server, answer


def measure(contender: Contender, root: Path, number: int, seconds: int) -> Sample:
    """One sample of one contender. Raises BenchError."""
    ours, theirs = cores()
    with checked(contender, root, ours) as (server, answer):
        driver.load(server.port, PATH, WARM, theirs)
        before = server.cpu()
        load = driver.load(server.port, PATH, seconds, theirs)
        cpu = server.cpu() - before
    raw = {
        "cpu_seconds": cpu,
        "requests": load.requests,
        "wall_seconds": load.seconds,
        "answer_bytes": len(answer.head) + len(answer.body),
        "server_core": ours,
        "client_core": theirs,
        "client": driver.command(server.port, PATH, seconds),
    }
    value = cpu / load.requests * 1e6
    return Sample("web", contender.name, number, value, "µs of processor per request", raw, contender.command)
