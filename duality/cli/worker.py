"""A run in a process of its own: ``python -m duality.cli.worker``, a Request on standard input, an Outcome on output.

Rules: what is measured shares its process with nobody, and nothing that only a command line needs is imported here.
What a spec prints goes to standard error.
"""

import importlib
import os
import pickle
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from attrs import evolve

from duality.cli.load import load
from duality.cli.outcome import Outcome, Request, schedule_of
from duality.cli.trouble import in_terms_of
from duality.compiler.program import procedures, program
from duality.core.io.real import RealIO
from duality.core.recorder import Recorder
from duality.core.tracebacks import of_the_spec
from duality.errors import SpecError
from duality.run import run
from duality.spec.application import Application
from duality.spec.module import modules_below

LONG_ENOUGH = 0.15  # seconds of runs after which a median is worth having
MOST = 50  # runs
Announce = Callable[[str, int], None]


def trace(request: Request, app: Application) -> Outcome:
    """One traced run. What it walked before it failed, if it fails, is part of the outcome."""
    recorder = Recorder()
    side = importlib.import_module(f"duality.{request.on}.runtime")
    runtime = side.Runtime(RealIO(), schedule_of(request.seed), None, request.crossing, recorder)
    outcome = Outcome(request.on)
    try:
        value, _ = runtime.run(lambda: modules_below(app.build()))
        outcome = evolve(outcome, value=_pickled(value), shown=repr(value))
    except SpecError:
        raise
    except BaseException as error:
        told = in_terms_of(request.file, of_the_spec(error))
        outcome = evolve(outcome, error=f"{type(error).__name__}: {error}", told=told)
    moves, tasks = runtime.tracer.moves(), runtime.scheduler.born_count
    return evolve(outcome, steps=tuple(recorder.steps), walked=recorder.graph(), moves=moves, tasks=tasks)


def measure(request: Request, app: Application) -> Outcome:
    """Untraced runs, enough for a median; one only if it is long, or fails."""
    compiled(app, request)
    before = memory()
    walls: list[float] = []
    cpus: list[float] = []
    outcome = Outcome(request.on)
    while not walls or (outcome.error is None and sum(walls) < LONG_ENOUGH and len(walls) < MOST):
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            ran = run(app, request.on, schedule=schedule_of(request.seed), crossing=request.crossing)
            outcome = evolve(outcome, value=_pickled(ran.value), shown=repr(ran.value), tasks=ran.stats.tasks)
        except SpecError:
            raise
        except BaseException as error:
            outcome = evolve(outcome, error=f"{type(error).__name__}: {error}")
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    peak = memory()
    wall, cpu = statistics.median(walls), statistics.median(cpus)
    return evolve(outcome, wall=wall, cpu=cpu, peak=peak, grown=peak - before, runs=len(walls))


def compiled(app: Application, request: Request) -> None:
    """Compile first, so that the first run is like the others."""
    if request.on == "oracle":
        list(procedures(app))
    else:
        program(app, request.on)


def memory() -> int:
    """Bytes this process took at its largest. (Not `ru_maxrss`: that one remembers the process we were forked from.)"""
    with open("/proc/self/status") as status:
        found = dict(line.split(":", 1) for line in status)
    return int(found["VmHWM"].split()[0]) * 1024


def _pickled(value: Any) -> bytes | None:
    try:
        return pickle.dumps(value)
    except Exception:  # a value may refuse in any way it likes
        return None


def main() -> None:
    """Do what standard input asks."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    request: Request = pickle.load(sys.stdin.buffer)
    if request.task == "serve":
        from duality.web import knot

        def announce(host: str, port: int) -> None:
            answers.write(f"{port}\n".encode())
            answers.flush()

        outcome = trace(request, knot.given(**request.params, announce=announce))
    else:
        app = load(f"{request.file}:{request.app}").app.given(**request.params)
        outcome = trace(request, app) if request.task == "trace" else measure(request, app)
    pickle.dump(outcome, answers)
    answers.close()


if __name__ == "__main__":
    main()
