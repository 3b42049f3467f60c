"""A trial: one run of an application seen whole. How it ended is a part of it, and not raised.

Rules: what is compared between runtimes is data without addresses, in an order that no hash decides. Only what is
wrong with the machine or with the schedule comes out as an error: it is no outcome of a spec.
"""

import contextvars
import importlib
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol

from attrs import field, frozen

from duality.core.recorder import Contradiction, Recorder, Step
from duality.graph import BlockingGraph
from duality.proof.blame import place_of
from duality.proof.facts import Fact
from duality.proof.guard import Going, Guard
from duality.proof.schedule import Schedule, ScheduleError
from duality.proof.stalls import late
from duality.spec.condition import Condition
from duality.spec.module import fields_of, is_module, modules_below

RUNTIMES = ("oracle", "threads", "events")
_DROPPED = "an asynchronous generator was dropped"


@frozen
class Trial:
    """``steps``: the trace.   ``outcome``: how it ended and what it left, by aspect.   ``walked``: the graph.

    asked: the operations asked of the I/O core, in order, as text.   word: the choices made, one a step.
    place: ``file:line`` of the spec where its error came from, or "".   facts: what its watchers have found.
    outcome has ``value`` (as shown) or ``error`` (see ``described``); ``tasks``, how many were born; ``leaked`` and
    ``living``, the tasks that never ended; ``open``, what was not closed; ``state`` and ``held``, of each module.
    """

    on: str
    steps: tuple[Step, ...]
    outcome: dict[str, Any]
    walked: BlockingGraph
    asked: tuple[str, ...]
    word: tuple[int, ...]
    place: str = field(default="", eq=False)
    facts: tuple[Fact, ...] = field(default=(), eq=False)

    def __str__(self) -> str:
        return "\n".join([*map(str, self.steps), *(f"{key}: {value}" for key, value in self.outcome.items())])


class Watcher(Protocol):
    """Somebody who looks on. What a watcher raises ends the run, and is its error."""

    def begin(self, runtime: Any, modules: Sequence[tuple[str, Any]]) -> None:
        """The modules (each with its path from the root) have been built; nothing has run."""

    def rest(self, runtime: Any, task: Any) -> None:
        """Every task rests or is ready; the last step was ``task``'s (None before the first)."""


def runtime_of(on: str, schedule: Schedule, io: Any, crossing: str) -> Any:
    """A runtime for one trial. schedule, io: unplayed, unopened; both are used up."""
    runtime = importlib.import_module(f"duality.{on}.runtime").Runtime(io, schedule, None, crossing, Recorder())
    runtime.costs = False
    return runtime


def trial(
    build: Callable[[], Any],
    on: str,
    schedule: Schedule,
    io: Any,
    *,
    crossing: str = "direct",
    watchers: Sequence[Watcher] = (),
    runtime: Any = None,
) -> Trial:
    """Run the root module that ``build()`` makes on runtime ``on``, traced, and tell all. Blocks until it has ended.

    schedule, io: unplayed, unopened; both are used up.   runtime: one that was made of these, None to make one.
    Raises Contradiction if a runtime contradicts itself, ScheduleError if the schedule does not fit; KeyboardInterrupt
    if there was one, and Stalled if a step took longer than the guard that stands over the run lets it.
    """
    runtime = runtime or runtime_of(on, schedule, io, crossing)
    recorder: Recorder = runtime.recorder
    recorder.watching = [partial(watcher.rest, runtime) for watcher in watchers]
    modules: list[tuple[str, Any]] = []
    outcome: dict[str, Any] = {}
    place = ""
    going = Going(lambda: len(recorder.steps), schedule.close, late(recorder, schedule))
    with Guard(), generators_dropped() as dropped, going:
        try:
            built = partial(_built, build, runtime, watchers, modules)
            value, stats = contextvars.copy_context().run(runtime.run, built)  # what it sets there is over with it
            outcome["value"], outcome["tasks"] = repr(value), stats.tasks
        except (ScheduleError, Contradiction):
            raise
        except BaseException as error:
            outcome["error"], place = described(error), place_of(error)
        outcome |= _left(runtime, modules)
    outcome["dropped"] = len(dropped)
    asked = tuple(map(str, getattr(io, "log", ())))
    facts = tuple(fact for watcher in watchers for fact in getattr(watcher, "facts", ()))
    return Trial(on, tuple(recorder.steps), outcome, recorder.graph(), asked, tuple(schedule.word), place, facts)


def _built(build: Callable[[], Any], runtime: Any, watchers: Sequence[Watcher], modules: list[tuple[str, Any]]) -> Any:
    """The modules, made; and those who look on are told."""
    modules.extend(modules_below(build()))
    for watcher in watchers:
        watcher.begin(runtime, modules)
    return modules


def _left(runtime: Any, modules: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """What a run left behind."""
    return {
        "leaked": runtime.scheduler.leaked,
        "living": [task.name for task in runtime.scheduler.living],
        "state": {path: state_of(instance) for path, instance in modules},
        "held": {path: str(instance._duality_gate.holder) for path, instance in modules},
    }


@contextmanager
def generators_dropped() -> Iterator[list[warnings.WarningMessage]]:
    """The warnings of generators that were dropped and wanted to rest: they are a part of the run. Others pass on."""
    dropped: list[warnings.WarningMessage] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.filterwarnings("always", _DROPPED, RuntimeWarning)
        yield dropped
    for one in caught:
        if _DROPPED in str(one.message):
            dropped.append(one)
        else:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)


def described(error: BaseException | None) -> Any:
    """An error as data: its type, what it says, its notes, the errors it groups, its cause and its context."""
    if error is None:
        return None
    inner = [described(one) for one in error.exceptions] if isinstance(error, BaseExceptionGroup) else []
    chain = described(error.__cause__), None if error.__suppress_context__ else described(error.__context__)
    return type(error).__name__, str(error), getattr(error, "__notes__", []), inner, *chain


def state_of(instance: Any) -> dict[str, str]:
    """The fields of a module that are data; channels to other modules and conditions are not."""
    return {
        name: repr(value)
        for name, value in fields_of(instance)
        if not isinstance(value, Condition) and not is_module(value) and not _holds_modules(value)
    }


def _holds_modules(value: Any) -> bool:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return any(is_module(item) for item in items)
