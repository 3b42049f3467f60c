"""The client that loads a server: wrk, on a core of its own.

Source: wrk, a modern HTTP benchmarking tool; its report is read here, and any error in it voids the measurement.
"""

import re

from attrs import frozen

from duality.bench.machine import where
from duality.bench.process import BenchError, output

CONNECTIONS = 64
NO_WRK = "wrk is not installed, so the web servers are not measured: install your distribution's wrk package."


@frozen
class Load:
    """What wrk saw: complete answers, and the seconds it took."""

    requests: int
    seconds: float


def command(port: int, path: str, seconds: int) -> list[str]:
    """One OS thread, 64 connections that stay open. Raises BenchError if there is no wrk."""
    wrk = where("wrk")
    if wrk is None:
        raise BenchError(NO_WRK)
    return [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", f"http://127.0.0.1:{port}{path}"]


def load(port: int, path: str, seconds: int, core: int | None) -> Load:
    """Load the server for whole ``seconds``. Raises BenchError if any answer was not a plain success."""
    return read(output(command(port, path, seconds), core))


def read(report: str) -> Load:
    """What wrk's report says. Raises BenchError if it tells of errors, or of nothing."""
    wrong = re.search(r"Socket errors:.*|Non-2xx or 3xx responses:.*", report)
    if wrong:
        raise BenchError(f"wrk met errors, so the measurement is void: {wrong[0].strip()}.")
    found = re.search(r"(\d+) requests in ([\d.]+)(us|ms|s|m)\b", report)
    if not found or not int(found[1]):
        raise BenchError("wrk reported no request at all.")
    unit = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}[found[3]]
    return Load(int(found[1]), float(found[2]) * unit)
