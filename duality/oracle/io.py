"""Input and output, for the oracle: an awaitable that asks the I/O core when it is awaited.

Beside ``events/io.py`` and ``threads/io.py``.
"""

from typing import Any

from duality.core.told import BLOCKING, OBJECTS


class Facade:
    """Stands before an object of the I/O core; its operations are coroutines."""

    __slots__ = ("_core", "_runtime")

    def __init__(self, core: Any, runtime: Any) -> None:
        self._core = core
        self._runtime = runtime

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._core, name)
        if name not in BLOCKING:
            return value
        runtime = self._runtime

        async def operation(*args: Any, **named: Any) -> Any:
            bare = [one._core if isinstance(one, Facade) else one for one in args]
            answer = await runtime.block(value(runtime.scheduler.current, *bare, **named))
            return Facade(answer, runtime) if isinstance(answer, OBJECTS) else answer

        return operation

    def __repr__(self) -> str:
        return repr(self._core)


def net(runtime: Any) -> Facade:
    """``net``, bound to the run's I/O core."""
    return Facade(runtime.io.net, runtime)


def disk(runtime: Any) -> Facade:
    """``disk``, bound to the run's I/O core."""
    return Facade(runtime.io.disk, runtime)
