"""CPython alone: a spec's coroutines on asyncio's own loop, no compiler and no runtime of ours between.

    before   a root module, built by its application
    after    what ``await root.main()`` gives

Rule: this is what the expected values of the cases come from. Only the verbs are ours, and they are asyncio's words.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from duality.core import current
from duality.spec.application import Application


class Scope(asyncio.TaskGroup):
    """A task group, which has another word for ``fork``."""

    def fork(self, call: Callable[..., Any], /, *args: Any, **named: Any) -> "asyncio.Task[Any]":
        """A task of the group."""
        return self.create_task(call(*args, **named))


class Verbs:
    """``yield_now``, ``sleep``, ``fork``, ``join`` and ``scope``, said in asyncio."""

    scope = Scope

    async def yield_now(self) -> None:
        """To the back of the loop's queue."""
        await asyncio.sleep(0)

    async def sleep(self, seconds: float, /) -> None:
        """Rest for a time."""
        await asyncio.sleep(seconds)

    async def join(self, task: "asyncio.Task[Any]", /) -> Any:
        """Wait for the end of another."""
        return await task

    def fork(self, call: Callable[..., Any], /, *args: Any, **named: Any) -> "asyncio.Task[Any]":
        """A task of its own."""
        return asyncio.create_task(call(*args, **named))


class Bare:
    """Stands where a runtime stands, and changes nothing: modules stay the classes that Python made."""

    def __init__(self) -> None:
        self.verbs = Verbs()

    def dress_of(self, cls: type) -> type:
        """The class itself."""
        return cls

    def equip(self, instance: Any, path: str = "") -> None:
        """Nothing is added."""


def value(app: Application) -> Any:
    """What ``main`` gives; its error is raised."""
    bare = Bare()
    current.claim(bare)
    try:
        return asyncio.run(app.build().main())
    finally:
        current.free(bare)
