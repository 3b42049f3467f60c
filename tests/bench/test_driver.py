"""wrk's report, read: requests and seconds, and every kind of error it can tell of."""

import pytest

from duality.bench import driver
from duality.bench.process import BenchError

GOOD = """Running 3s test @ http://127.0.0.1:1/page.bin
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   662.13us  132.46us   6.31ms   93.82%
    Req/Sec    97.12k     3.96k  101.86k    93.33%
  289888 requests in 3.00s, 2.27GB read
Requests/sec:  96612.19
Transfer/sec:    773.71MB
"""


def test_a_good_report() -> None:
    assert driver.read(GOOD) == driver.Load(289888, 3.0)


@pytest.mark.parametrize(("told", "seconds"), [("500.00ms", 0.5), ("1.10m", 66.0), ("900.00us", 0.0009)])
def test_seconds_in_every_unit(told: str, seconds: float) -> None:
    assert driver.read(GOOD.replace("in 3.00s", f"in {told}")).seconds == pytest.approx(seconds)


@pytest.mark.parametrize(
    "error",
    ["  Socket errors: connect 0, read 1, write 0, timeout 0", "  Non-2xx or 3xx responses: 289888"],
)
def test_any_error_voids_the_measurement(error: str) -> None:
    with pytest.raises(BenchError, match=error.strip()):
        driver.read(GOOD.replace("Requests/sec", f"{error}\nRequests/sec"))


@pytest.mark.parametrize("report", ["", GOOD.replace("289888 requests", "0 requests")])
def test_no_request_is_no_measurement(report: str) -> None:
    with pytest.raises(BenchError, match="no request"):
        driver.read(report)


def test_the_command_is_what_the_marks_are_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "where", lambda name: f"/bin/{name}")
    assert driver.command(80, "/x", 3) == ["/bin/wrk", "-t1", "-c64", "-d3s", "http://127.0.0.1:80/x"]


def test_without_wrk_a_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "where", lambda name: None)
    with pytest.raises(BenchError, match="distribution's wrk package"):
        driver.command(80, "/x", 3)
