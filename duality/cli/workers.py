"""Starting workers and hearing from them: the other end of ``worker.py``."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import duality
from duality.cli.outcome import Outcome, Request
from duality.cli.refusal import BadInput


def environment() -> dict[str, str]:
    """What a process of our own is started with: this very package, and one hash seed for all.

    A spec that walks a set of strings does so in the order of their hashes. That is an input like any other, so the
    runs we compare are given the same.
    """
    found = dict(os.environ)
    home = str(Path(duality.__file__).parents[1])
    found["PYTHONPATH"] = os.pathsep.join([home, *filter(None, [found.get("PYTHONPATH")])])
    found.setdefault("PYTHONHASHSEED", "0")
    return found


def python(*arguments: str) -> list[str]:
    """The command line of this Python; ``-P``: the folder we stand in is none to import from."""
    return [sys.executable, "-P", *arguments]


def start(request: Request) -> "subprocess.Popen[bytes]":
    """Start a worker; ``heard`` collects what it answers."""
    worker = subprocess.Popen(
        python("-m", "duality.cli.worker"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert worker.stdin is not None
    worker.stdin.write(pickle.dumps(request))
    worker.stdin.close()
    worker.stdin = None
    return worker


def heard(worker: "subprocess.Popen[bytes]") -> Outcome:
    """Wait for a worker's outcome. Blocks. Raises BadInput with what it said if it did not get to one."""
    with worker:
        try:
            answer, said = worker.communicate()
        except BaseException:
            worker.kill()
            raise
    if worker.returncode != 0 or not answer:
        last = said.decode(errors="replace").strip().splitlines() or ["it said nothing"]
        raise BadInput(f"a run in a process of its own ended with status {worker.returncode}: {last[-1]}")
    outcome: Outcome = pickle.loads(answer)
    return outcome


def ask(request: Request) -> Outcome:
    """One worker, from start to outcome. Blocks."""
    return heard(start(request))
