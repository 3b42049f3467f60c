"""One run seen whole: its steps, how it ended, what it left behind. Errors are part of it, not raised."""

import importlib
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from attrs import frozen

from duality.core.recorder import Recorder
from duality.graph import BlockingGraph
from duality.proof import ScheduleError
from duality.spec.condition import Condition
from duality.spec.module import fields_of, is_module, modules_below
from tests.virtual import VirtualIO


@frozen
class Observed:
    """``steps``: the trace.   ``outcome``: value or error, final module states, leaks.   ``walked``: the graph."""

    steps: tuple[Any, ...]
    outcome: dict[str, Any]
    walked: BlockingGraph

    def __str__(self) -> str:
        return "\n".join([*map(str, self.steps), *(f"{key}: {value}" for key, value in self.outcome.items())])


def observe(build: Callable[[], Any], on: str, schedule: Any = None, crossing: str = "direct") -> Observed:
    """Run the root module that ``build()`` makes, traced, and tell all. Only the machine's own are raised."""
    recorder = Recorder()
    modules: list[tuple[str, Any]] = []

    def building() -> list[tuple[str, Any]]:
        modules.extend(modules_below(build()))
        return modules

    runtime = importlib.import_module(f"duality.{on}.runtime").Runtime(VirtualIO(), schedule, None, crossing, recorder)
    outcome: dict[str, Any] = {}
    with generators_dropped() as dropped:
        try:
            value, stats = runtime.run(building)
            outcome["value"], outcome["tasks"] = repr(value), stats.tasks
        except (AssertionError, ScheduleError):  # the recorder's, or of a word that does not fit: no outcome of a spec
            raise
        except BaseException as error:
            outcome["error"] = described(error)
    outcome["dropped"] = len(dropped)
    outcome["leaked"] = runtime.scheduler.leaked
    outcome["living"] = [task.name for task in runtime.scheduler.living]
    outcome["state"] = {path: state_of(instance) for path, instance in modules}
    outcome["held"] = {path: str(instance._duality_gate.holder) for path, instance in modules}
    return Observed(tuple(recorder.steps), outcome, recorder.graph())


@contextmanager
def generators_dropped() -> Iterator[list[warnings.WarningMessage]]:
    """The warnings of generators that were dropped and wanted to rest: they are a part of the run. Others pass on."""
    dropped: list[warnings.WarningMessage] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.filterwarnings("always", "an asynchronous generator was dropped", RuntimeWarning)
        yield dropped
    for one in caught:
        if "asynchronous generator was dropped" in str(one.message):
            dropped.append(one)
        else:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)


def described(error: BaseException | None) -> Any:
    """An error as data: its type, what it says, its causes, the errors it groups."""
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
