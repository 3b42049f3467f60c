"""State outside the modules: globals, closures and class attributes that a run could change. It is refused.

Rules: what a module does not hold no footprint tells of, and one run would leave it to the next. So what the spec's
own functions can reach without a module is looked at after every run, and a change is refused. A constant (a table,
say) is no state: it is only read.
"""

import dis
import types
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from duality.errors import SpecError
from duality.proof.reach import ROOMS, reach
from duality.spec.module import is_module

_ADVICE = "Keep what changes in a field of a module: only that belongs to one run."


class Outside:
    """What the functions of the files of ``classes`` can reach outside of modules, and how it was at first."""

    def __init__(self, classes: Iterable[type], functions: Iterable[Any] = ()) -> None:
        self._cells: list[types.CellType] = []  # that the spec's functions close over
        self.watched = list(_watched(classes, functions, self._cells))
        self.cells = frozenset(id(cell) for cell in self._cells)
        self.before = [_shown(look()) for look, *_ in self.watched]

    def unchanged(self) -> None:
        """Raise SpecError, at the function's line, if anything has changed."""
        for (look, what, file, line), before in zip(self.watched, self.before, strict=True):
            if _shown(look()) != before:
                raise SpecError(
                    f"{what} was changed by a run: it is state outside the modules.", file, line, advice=_ADVICE
                )


Watched = tuple[Callable[[], Any], str, str, int]


def _watched(classes: Iterable[type], functions: Iterable[Any], cells: list[types.CellType]) -> Iterator[Watched]:
    met: set[Any] = set()
    spaces: dict[int, dict[str, Any]] = {}
    found = [*functions]
    for cls in classes:
        for base in cls.__mro__:
            if base not in met and base.__module__ not in ("builtins", "abc", "typing"):
                met.add(base)
                found += [getattr(value, "__func__", value) for value in vars(base).values()]
                yield from _attributes(base)
    found = [one for one in found if isinstance(one, types.FunctionType) and _of_the_spec(one)]
    for one in found:
        spaces.setdefault(id(one.__globals__), one.__globals__)
    for space in spaces.values():
        home = space.get("__name__")
        found += [one for one in space.values() if isinstance(one, types.FunctionType) and one.__module__ == home]
    for one in dict.fromkeys(found):
        cells += one.__closure__ or ()
        yield from _of_function(one)


def _attributes(cls: type) -> Iterator[Watched]:
    for name, value in vars(cls).items():
        if name.startswith(("__", "_duality")) or isinstance(value, types.FunctionType | property):
            continue
        if reach((value,)):
            file, line = _place(cls)
            yield lambda name=name: vars(cls).get(name), f"the class attribute {cls.__name__}.{name}", file, line  # type: ignore[misc]


def _of_the_spec(function: types.FunctionType) -> bool:
    """Whether a function stands in a file, and in none of the machine's."""
    return not function.__code__.co_filename.startswith(("<", *ROOMS))


def _place(cls: type) -> tuple[str, int]:
    for value in vars(cls).values():
        code = getattr(value, "__code__", None)
        if code is not None and not code.co_filename.startswith("<"):
            return code.co_filename, code.co_firstlineno
    return "", 0


def _of_function(function: types.FunctionType) -> Iterator[Watched]:
    code, name = function.__code__, function.__name__
    file, line = code.co_filename, code.co_firstlineno
    space = function.__globals__
    for used, at, stored in _globals(code):
        if stored or (used in space and reach((space[used],))):
            yield lambda used=used: space.get(used), f"the global `{used}`, used by {name},", file, at  # type: ignore[misc]
    for variable, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        if variable != "__class__":
            yield lambda cell=cell: _content(cell), f"the variable `{variable}` around {name}", file, line  # type: ignore[misc]
    for default in (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()):
        if reach((default,)):
            yield lambda default=default: default, f"a default argument of {name}", file, line  # type: ignore[misc]


def _globals(code: types.CodeType) -> Iterator[tuple[str, int, bool]]:
    """The globals that a function and the functions in it use: name, line, whether it is assigned."""
    line = code.co_firstlineno
    for one in dis.get_instructions(code):
        line = one.starts_line or line
        if one.opname in ("LOAD_GLOBAL", "STORE_GLOBAL", "DELETE_GLOBAL"):
            yield one.argval, line, one.opname != "LOAD_GLOBAL"
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _globals(inner)


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _shown(value: Any, met: tuple[int, ...] = ()) -> Any:
    """An object as data that changes when it does."""
    if id(value) in met or is_module(type(value)):
        return id(value)
    inside = getattr(value, "__dict__", None)
    if isinstance(value, dict):
        parts: Any = [*value.items()]
    elif isinstance(value, list | tuple | set | frozenset | deque):
        parts = [*value]
    elif isinstance(inside, dict) and not isinstance(value, type | types.ModuleType | types.FunctionType):
        parts = [*inside.items()]
    else:
        return repr(value)
    return type(value).__name__, [_shown(part, (*met, id(value))) for part in parts]
