"""Processes that are measured: where they run, how they fail, what their clock counts."""

import os
import sys

import pytest

from duality.bench.process import BenchError, children, cores, output, pinned, serving

SERVER = "import time; print(4711, flush=True); time.sleep(600)"


def test_a_pinned_process_has_one_core_and_ours_are_given_back() -> None:
    before = os.sched_getaffinity(0)
    first, last = cores()
    told = output([sys.executable, "-c", "import os; print(os.sched_getaffinity(0))"], last)
    assert told.strip() == str({last})
    assert os.sched_getaffinity(0) == before
    assert {first, last} <= before


def test_the_cores_are_given_back_after_an_error_too() -> None:
    before = os.sched_getaffinity(0)
    with pytest.raises(RuntimeError), pinned(min(before)):
        raise RuntimeError
    assert os.sched_getaffinity(0) == before


def test_a_failure_is_one_sentence_with_its_cause() -> None:
    with pytest.raises(BenchError, match=r"failed: SystemExit|failed: no such thing"):
        output([sys.executable, "-c", "raise SystemExit('no such thing')"], None)


def test_a_server_that_does_not_start_says_why() -> None:
    with pytest.raises(BenchError, match="did not start: no port"):
        with serving([sys.executable, "-c", "raise SystemExit('no port')"], None):
            pass


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("duality.bench.process.STARTING", 0.1)
    with pytest.raises(BenchError, match="did not start: it said nothing"):
        with serving([sys.executable, "-c", "import time; time.sleep(600)"], None):
            pass


def test_a_server_tells_its_port_and_ends_with_the_block() -> None:
    with serving([sys.executable, "-c", SERVER], None) as server:
        assert server.port == 4711
        assert server.process.pid in children(os.getpid())
    assert server.process.poll() is not None
    assert server.process.pid not in children(os.getpid())
    with pytest.raises(OSError, match="Invalid"):
        server.cpu()


def test_the_clock_counts_the_server_and_its_children() -> None:
    # The parent does nothing but wait for a child that computes until it has had 0.2 s.
    work = "import time\nwhile time.process_time() < 0.2: pass\nprint(4711, flush=True); time.sleep(600)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"
    with serving([sys.executable, "-c", parent], None) as server:
        (child,) = children(server.process.pid)
        assert server.cpu() >= 0.2
        os.kill(child, 9)


def test_a_server_that_will_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("duality.bench.process.PARTING", 0.1)
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SERVER
    with serving([sys.executable, "-c", stubborn], None) as server:
        pass
    assert server.process.returncode == -9
