"""The runtime that this OS thread is running, if any: one at a time.

Rule: a run claims the slot before its first step and frees it after its last, so that a verb called outside any run,
or a second run inside the first, gets a sentence and not a surprise.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class _Slot(threading.local):
    runtime: Any = None


_slot = _Slot()


def running() -> Any:
    """The runtime whose task is calling. Raises RuntimeError outside a run."""
    runtime = _slot.runtime
    if runtime is None:
        raise RuntimeError("no duality application is running in this OS thread: call this from a procedure of a spec")
    return runtime


def running_or_none() -> Any | None:
    """The runtime of this OS thread, or None outside a run."""
    return _slot.runtime


def claim(runtime: Any) -> None:
    """Make ``runtime`` the one of this OS thread. Raises RuntimeError if another runs here already."""
    if _slot.runtime is not None:
        raise RuntimeError(
            "a duality application is already running in this OS thread; start the second one in a thread of its own"
        )
    _slot.runtime = runtime


@contextmanager
def claimed(runtime: Any) -> Iterator[None]:
    """Have ``runtime``, which may be over, be the one of this OS thread for a while, whichever is now."""
    before, _slot.runtime = _slot.runtime, runtime
    try:
        yield
    finally:
        _slot.runtime = before


def free(runtime: Any) -> None:
    """Undo ``claim``."""
    if _slot.runtime is runtime:
        _slot.runtime = None
