"""Tracing, for the oracle: where the coroutine stands says which node it is at.

Beside ``events/trace.py`` and ``threads/trace.py``.
"""

import sys
from collections.abc import Callable
from types import CellType
from typing import Any

from duality.core.told import BLOCKING
from duality.oracle.io import Facade
from duality.oracle.verbs import Scope


class Tracer:
    """Tells the recorder of every node that a task passes."""

    def __init__(self, runtime: Any) -> None:
        self.runtime = runtime
        self.recorder = recorder = runtime.recorder
        self.replaced: list[tuple[dict[str, Any], str, Callable[..., Any]]] = []
        recorder.standing = lambda task: task.standing()
        verbs = runtime.verbs
        for name in ("sleep", "join", "yield_now"):
            setattr(verbs, name, self.told(getattr(verbs, name), 2))  # the spec's verb stands in between
        verbs.net, verbs.disk = _Told(verbs.net, self, 2), _Told(verbs.disk, self, 2)
        verbs.scope = self._scope
        told = {"__slots__": (), "wait": self.told(runtime.condition.wait)}
        runtime.condition = type("Condition", (runtime.condition,), told)

    def moves(self) -> int:
        """How many times another coroutine went on."""
        return int(self.recorder.switches)

    def close(self) -> None:
        """The run is over: helpers are themselves again."""
        for namespace, name, function in self.replaced:
            namespace[name] = function

    def replace(self, namespace: dict[str, Any], name: str, told: CellType) -> None:
        """Put one that tells in a helper's place, where the coroutines look for it, until the run is over.

        It stands between the spec's frame and the telling: see the depth in ``module.port``.
        """
        self.replaced.append((namespace, name, namespace[name]))

        def helper(*args: Any, **named: Any) -> Any:
            return told.cell_contents(*args, **named)

        helper.is_procedure = True  # type: ignore[attr-defined]
        namespace[name] = helper

    def beginning(self, function: Callable[..., Any], points: Any) -> Callable[..., Any]:
        """A procedure that tells of its begin and its end."""
        recorder, scheduler = self.recorder, self.runtime.scheduler

        async def begun(*args: Any, **named: Any) -> Any:
            task = scheduler.current
            depth = recorder.depth(task)
            recorder.begin(task, points)
            try:
                value = await function(*args, **named)
            except BaseException:
                recorder.unwind(task, depth)
                raise
            recorder.end(task)
            return value

        return begun

    def told(self, operation: Callable[..., Any], depth: int = 1) -> Callable[..., Any]:
        """An operation, told of before it starts; the spec's frame is ``depth`` calls up."""

        def telling(*args: Any, **named: Any) -> Any:
            self.at(sys._getframe(depth))
            return operation(*args, **named)

        telling.__dict__.update(operation.__dict__ if hasattr(operation, "__dict__") else {})
        return telling

    def at(self, frame: Any) -> None:
        """The current task is about to await the call that ``frame`` stands at."""
        self.recorder.at(self.runtime.scheduler.current, self.runtime.node_at(frame))

    def object(self, value: Any) -> Any:
        """What a task is given of the I/O core: one that tells."""
        return _Told(value, self, 1) if isinstance(value, Facade) else value

    def _scope(self) -> Scope:
        made = _Scope(self.runtime.scheduler.current, self.runtime.fork)
        made.block = self.runtime.block
        made.tracer = self
        return made


class _Told:
    """Stands for a facade; its operations are told of before they start."""

    def __init__(self, facade: Facade, tracer: Tracer, depth: int) -> None:
        self._facade = facade
        self._tracer = tracer
        self._depth = depth

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._facade, name)
        return self._tracer.told(self._after(value), self._depth) if name in BLOCKING else value

    def _after(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        async def awaited(*args: Any, **named: Any) -> Any:
            bare = [one._facade if isinstance(one, _Told) else one for one in args]
            return self._tracer.object(await operation(*bare, **named))

        return awaited


class _Scope(Scope):
    tracer: Any = None

    def __aexit__(self, kind: Any, error: BaseException | None, trace: Any) -> Any:
        self.tracer.at(sys._getframe(1))
        return super().__aexit__(kind, error, trace)
