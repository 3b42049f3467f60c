"""What an object leads to: the mutable objects that whoever has it could change.

Rules: modules, tasks, conditions and the machine's other objects lead on to nothing, for what is theirs is recorded
where it is used. Whatever is not known to be immutable is mutable.
"""

import functools
import gc
import os
import types
from collections.abc import Iterable
from enum import Enum
from typing import Any

from greenlet import greenlet

from duality.core.ours import Ours, operation
from duality.spec.module import is_module

_ATOMS: frozenset[type] = frozenset(
    {type(None), bool, int, float, complex, str, bytes, range, type(...), type(NotImplemented), types.CodeType}
    | {types.ModuleType, types.WrapperDescriptorType, types.MethodDescriptorType, types.ClassMethodDescriptorType}
    | {types.FrameType, types.TracebackType, greenlet}
)
_HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_SIDES = ("core", "spec", "events", "threads", "oracle", "compiler", "proof.recorded")
_MACHINE = tuple(f"duality.{one}" for one in _SIDES)
ROOMS = tuple(os.path.join(_HOME, one) + os.sep for one in _SIDES)
_CODE = {types.CoroutineType: "cr_code", types.AsyncGeneratorType: "ag_code", types.GeneratorType: "gi_code"}


def reach(values: Iterable[Any]) -> frozenset[int]:
    """The identities of the mutable objects that ``values`` lead to. Modules and the machine's own objects lead on to
    nothing: what is theirs is recorded where it is used."""
    stack, met, found = list(values), set(), set()
    while stack:
        value = stack.pop()
        kind = type(value)
        if kind not in _ATOMS and id(value) not in met:
            met.add(id(value))
            mutable, inner = _inner(value, kind)
            if mutable:
                found.add(id(value))
            stack += inner
    return frozenset(found)


def _inner(value: Any, kind: type) -> tuple[bool, Iterable[Any]]:
    """Whether an object is mutable, and what it leads to."""
    if kind in (tuple, frozenset):
        return False, value
    if kind is types.FunctionType:
        if hasattr(value, "is_procedure") or value.__module__.startswith(_MACHINE):
            return False, ()  # what these close over, the run has given them
        inner = (value.__closure__ or ()), (value.__defaults__ or ()), (value.__kwdefaults__ or {}).values()
        return False, [one for some in inner for one in some]
    if kind is types.MethodType:
        return False, (value.__self__, value.__func__)
    if kind in (types.BuiltinFunctionType, types.MethodWrapperType):
        return False, (value.__self__,)
    if kind is types.CellType and _asks(value):
        return False, ()
    if isinstance(value, type | Enum) or is_module(kind) or _of_the_machine(kind):
        return False, ()
    if isinstance(value, BaseException):  # its traceback leads to every frame there is, but a spec does not look there
        return True, (value.args, *vars(value).values(), value.__cause__, value.__context__)
    if kind in _CODE:
        return True, _inside(value, getattr(value, _CODE[kind]))
    return not _frozen(kind), gc.get_referents(value)


def _inside(value: Any, code: types.CodeType) -> list[Any]:
    """What a coroutine or generator keeps; of the machine's own, not what their functions close over."""
    ours = code.co_filename.startswith(ROOMS)
    return [
        one
        for one in gc.get_referents(value)
        if not (type(one) is types.FunctionType and one.__code__ is code) and not (ours and type(one) is types.CellType)
    ]


def _asks(cell: types.CellType) -> bool:
    """Whether a cell is none of the spec's, but holds a question of the run's (``compiler/asked.py``)."""
    try:
        content = cell.cell_contents
    except ValueError:
        return False
    return isinstance(content, Ours) or (type(content) is functools.partial and content.func is operation)


def _of_the_machine(kind: type) -> bool:
    home = str(kind.__module__)
    return home.startswith(_MACHINE) and not home.endswith((".generator", ".record", ".protocols"))


def _frozen(kind: type) -> bool:
    """Whether objects of a class cannot be assigned to: a frozen dataclass or attrs class, a named tuple."""
    named = issubclass(kind, tuple) and hasattr(kind, "_fields")
    dataclass = getattr(getattr(kind, "__dataclass_params__", None), "frozen", False)
    return named or dataclass or getattr(kind.__setattr__, "__name__", "") == "_frozen_setattrs"
