"""``run``: one application, one runtime, one I/O core, from the first step to the last."""

import importlib
from typing import Any

from attrs import frozen

from duality.core.engine import Stats
from duality.core.io.real import RealIO
from duality.core.recorder import Recorder, Step
from duality.core.tracebacks import of_the_spec
from duality.graph import BlockingGraph
from duality.spec.application import Application
from duality.spec.module import modules_below

RUNTIMES = ("threads", "events", "oracle")


@frozen
class Run:
    """What a run leaves. ``trace`` and ``graph`` (the walked one) are None unless it was traced."""

    value: Any
    trace: tuple[Step, ...] | None
    graph: BlockingGraph | None
    stats: Stats


def run(
    app: Application,
    on: str = "threads",
    *,
    io: Any = None,
    schedule: Any = None,
    policy: Any = None,
    crossing: str = "direct",
    trace: bool = False,
    **params: Any,
) -> Run:
    """Run ``app`` and give what it returned; blocks this OS thread until no task can go on.

    on: ``threads``, ``events`` or ``oracle`` (the spec's own coroutines, uncompiled).   io: an I/O core; by default the
    real one.   schedule: who goes first at every step (see ``duality.proof.Schedule``); by default first-in first-out.
    policy: a ready queue of one's own.   crossing: ``direct``, or ``queued`` (every call and reply is a rest).
    trace: record every step (slower).   params: the application's own.
    Raises what the run ended with: the application's error, DeadlockError, SpecError, KeyboardInterrupt, SystemExit;
    the traceback goes from here straight into the spec.
    """
    if on not in RUNTIMES:
        raise ValueError(f"on must be one of {', '.join(RUNTIMES)}, not {on!r}")
    recorder = Recorder() if trace else None
    side = importlib.import_module(f"duality.{on}.runtime")
    runtime = side.Runtime(io if io is not None else RealIO(), schedule, policy, crossing, recorder)
    try:
        value, stats = runtime.run(lambda: modules_below(app.build(**params)))
    except BaseException as error:
        of_the_spec(error)
        raise
    if recorder is None:
        return Run(value, None, None, stats)
    return Run(value, tuple(recorder.steps), recorder.graph(), stats)
