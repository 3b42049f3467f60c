"""Whether what a task is about to wait for is an operation of this run: asked where only the run can know.

Rule: a procedure must be the one that the run has made (a port, a monitor's procedure, a guarded coroutine), or else
what a task does next would depend on who runs it. What is not ours is a SpecError at the line that awaits or forks it.
"""

import os
import sys
import types
from collections.abc import Callable
from typing import Any

from duality.errors import SpecError

UNCHANGED = "_duality_unchanged"
"""The method of a module instance that raises if the program it was compiled from is not the one it has any more."""
_HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_ROOMS = tuple(os.path.join(_HOME, room) + os.sep for room in ("core", "events", "threads", "oracle", "spec"))
_COROUTINE = 0x80  # CO_COROUTINE
_WAYS = "A spec blocks only in procedures, conditions, and duality's own sleep, net, disk, join."


class Ours(set[type]):
    """The classes whose attribute ``name`` is known to be an operation of the run.

    Called with an object of another class it gives the object, if it is one after all, or refuses it.
    """

    def __init__(self, run: Any, name: str) -> None:
        super().__init__()
        self.run = run
        self.name = name

    def __call__(self, thing: Any) -> Any:
        """``thing`` itself. Raises SpecError if its ``name`` is there and is no operation."""
        kind, name = type(thing), self.name
        if is_made(self.run, kind, name):
            self.add(kind)
        elif not isinstance(thing, super) and hasattr(thing, name):
            value = getattr(thing, name)
            if raw(value) or not is_operation(self.run, value):
                known = "is no procedure of it" if hasattr(kind, UNCHANGED) else "is no operation of duality"
                raise refusal(f"`await` of `{name}` of {_a(kind)}, which {known}.", _WAYS)
        return thing


def is_made(run: Any, kind: type, name: str) -> bool:
    """Whether objects of class ``kind`` have an operation ``name`` of the run: modules, and what the machine gives."""
    if hasattr(kind, UNCHANGED):
        return run.dresses.get(kind) is kind and hasattr(getattr(kind, name, None), "is_procedure")
    return _of_the_machine(kind) or kind is types.AsyncGeneratorType


def _of_the_machine(thing: Any) -> bool:
    return str(getattr(thing, "__module__", "")).partition(".")[0] == "duality"


def raw(value: Any) -> bool:
    """Whether ``value`` is an ``async def`` function as its source made it."""
    return isinstance(value, types.FunctionType) and bool(value.__code__.co_flags & _COROUTINE)


def is_operation(run: Any, value: Any) -> bool:
    """Whether ``value``, if it is called, is an operation of the run."""
    owner = getattr(value, "__self__", None)
    if owner is not None and hasattr(type(owner), UNCHANGED) and run.dresses.get(type(owner)) is not type(owner):
        return False
    if hasattr(value, "is_procedure"):
        return True
    machine = _of_the_machine(type(owner)) if owner is not None else _of_the_machine(value)
    return machine or any(value == verb for verb in vars(run.verbs).values())


def operation(run: Any, value: Any) -> Any:
    """What the run calls where a spec awaits ``value(...)``: of an ``async def`` its helper, of a verb its own."""
    if raw(value):
        return run.helper_cell(value).cell_contents
    if getattr(value, "__module__", "") == "duality.spec.verbs":
        return getattr(run.verbs, value.__name__)
    if value is aiter:
        return value
    if value is anext:
        return getattr(run.verbs, "anext", anext)
    if callable(value) and not is_operation(run, value):
        raise refusal(f"`await` of a call of {told(value)}, which is no operation of duality.", _WAYS)
    return value


def told(value: Any) -> str:
    """What to call a value in a sentence; no address, so that every run says the same."""
    name = str(getattr(value, "__qualname__", "")).rpartition("<locals>.")[2]
    if name == "<lambda>":
        return "a lambda"
    return f"`{name}`" if name else _a(type(value))


def _a(kind: type) -> str:
    return f"an {kind.__name__}" if kind.__name__[:1].lower() in "aeiou" else f"a {kind.__name__}"


def refusal(message: str, advice: str) -> SpecError:
    """The error about what a spec does now, at the line where it does it."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_ROOMS):
        frame = frame.f_back
    if frame is None:
        return SpecError(message, advice=advice)
    file, line = frame.f_code.co_filename, frame.f_lineno
    return SpecError(message, file, line, source_line(file, line), advice)


def foreign(place: tuple[str, int] | None, rested: Any) -> SpecError:
    """The error about a rest at ``place`` that is not ours: a coroutine from elsewhere wants to wait for something."""
    file, line = place or (None, None)
    return SpecError(
        f"`await` of {_a(type(rested))}, which is no operation of duality.",
        file,
        line,
        source_line(file, line) if file and line else None,
        _WAYS,
    )


def source_line(file: str, line: int) -> str | None:
    """The text of a line, if it can be had."""
    import linecache  # only a spec that is refused needs it

    return linecache.getline(file, line) or None


def binds(call: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> None:
    """Raise CPython's own TypeError if the procedure ``call`` cannot take these arguments.

    The spec's own function is called, which is a coroutine function: it does nothing but take its arguments.
    """
    function: Any = getattr(call, "original", None) or getattr(call, "__func__", call)
    if not raw(function):
        return
    owner = getattr(call, "__self__", None)
    code = function.__code__
    count = len(args) + (owner is not None)
    if not named and not code.co_kwonlyargcount and not code.co_flags & 0x04:  # the quick look: as many as it names
        if code.co_argcount - len(function.__defaults__ or ()) <= count <= code.co_argcount:
            return
    bound = args if owner is None else (owner, *args)
    function(*bound, **named).close()
