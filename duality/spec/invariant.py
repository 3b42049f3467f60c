"""``@invariant``: what is true of a module whenever nobody is in the middle of one of its entries.

Rules on the door:
- An invariant looks, and does nothing else: no rest, no signal, no fork, nothing changed. What can be known of that is
  refused when the class is made; the rest when it is looked at.
- Nothing here is looked at in an ordinary run: a check does it (``duality/proof/invariants.py``).

Source: Hoare 1974, section 2, and Lampson & Redell 1980, section 2: the monitor invariant, which an entry may assume
when it begins and after a WAIT, and must establish before a WAIT and before it returns.
"""

import dis
import inspect
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any, TypeVar

from duality.spec.marks import is_async, named, refusal

F = TypeVar("F", bound=Callable[[Any], Any])
INVARIANT = "__duality_invariant__"
_NOT_PLAIN = inspect.CO_GENERATOR | inspect.CO_VARARGS | inspect.CO_VARKEYWORDS
_WRITE = "Write `def capacity(self): return len(self.items) <= self.capacity`, or a body of `assert`s."


def invariant(method: F) -> F:
    """A plain method of a module that says what must be true of it: by what it returns, or by its ``assert``s.

    Looked at by a check, before the first step and at every rest of every task, unless an entry of the module is under
    way: between two rests of an entry its holder may leave things undone, for nobody else can enter. It must hold when
    an entry waits on a condition, and when it ends, and so whenever the module is free or has just been handed to the
    next in its queue. A module without entries is never held: there it must hold at every rest.
    Subclasses inherit it; one of the same name is looked at as well, and takes nothing away.
    Raises SpecError if ``method`` is no plain method of one parameter, or says nothing.
    """
    code: Any = getattr(method, "__code__", None)
    message, advice = _misfit(method, code)
    if message:
        raise refusal(f"@invariant on {_told(method)}, {message}", inspect.unwrap(method), advice)
    setattr(method, INVARIANT, True)
    return method


def _told(method: Any) -> str:
    return "a lambda" if getattr(method, "__name__", "") == "<lambda>" else named(getattr(method, "__func__", method))


def _misfit(method: Any, code: CodeType | None) -> tuple[str, str]:
    """What is wrong with it and what to write instead; ("", "") if nothing is."""
    if is_async(method):
        return (
            "which is an `async def`: an invariant that blocks could not be looked at between two steps.",
            "Write `def`, and look at the fields only.",
        )
    if hasattr(method, "__wrapped__") or not isinstance(method, FunctionType) or code is None:
        return "which is no plain method.", _WRITE
    if method.__name__ == "<lambda>":
        return "which has no name to report it by.", _WRITE
    if "." not in named(method):
        return "which is outside a module.", "Put it into the class whose fields it looks at."
    if code.co_flags & inspect.CO_GENERATOR:
        return "which has a `yield`: a generator says nothing until somebody goes through it.", _WRITE
    if code.co_flags & _NOT_PLAIN or code.co_argcount + code.co_kwonlyargcount != 1:
        return "which has parameters: it is asked of its module, and nothing else.", "Give it `self` alone."
    written = next((name for one, name in _of_self(code) if one.opname in ("STORE_ATTR", "DELETE_ATTR")), None)
    if written is not None:
        return f"which changes `{code.co_varnames[0]}.{written}`.", "An invariant looks, and changes nothing."
    if __debug__ and not (judges(method) or _raises(code)):
        return "which says nothing: it returns no value and asserts nothing.", _WRITE
    return "", ""


def judges(function: Any) -> bool:
    """Whether an invariant says by its value what is so (it has a ``return`` of one), and not by ``assert`` alone."""
    before: dis.Instruction | None = None
    for one in dis.get_instructions(function):
        nothing = before is not None and before.opname == "LOAD_CONST" and before.argval is None
        if (one.opname == "RETURN_VALUE" and not nothing) or (one.opname == "RETURN_CONST" and one.argval is not None):
            return True
        before = one
    return False


def says_nothing(function: Any) -> bool:
    """Whether an invariant can never be broken: its ``assert``s were left out by ``python -O``."""
    return not (judges(function) or _raises(function.__code__))


def _raises(code: CodeType) -> bool:
    """Whether it has an ``assert``, a ``raise``, or a call that may."""
    return any(one.opname == "RAISE_VARARGS" or one.opname.startswith("CALL") for one in dis.get_instructions(code))


def _of_self(code: CodeType) -> Iterator[tuple[dis.Instruction, str]]:
    """Each instruction that reads or sets an attribute of the first parameter itself, with the attribute's name."""
    loaded: Any = ""
    for one in dis.get_instructions(code):
        if one.opname.endswith(("_ATTR", "_METHOD")) and loaded == code.co_varnames[0]:
            yield one, str(one.argval)
        loaded = one.argval if one.opname.startswith("LOAD_FAST") else ""
        loaded = loaded[-1] if isinstance(loaded, tuple) else loaded


# -- of a class --------------------------------------------------------------------------------------------------------


def invariants_of(cls: type) -> tuple[Any, ...]:
    """The invariants of a module's class: those that it inherits first, then its own, in order of the source."""
    found = (one for base in reversed(cls.__mro__) for one in vars(base).values())
    return tuple(dict.fromkeys(one for one in found if isinstance(one, FunctionType) and hasattr(one, INVARIANT)))


def look_through(cls: type) -> None:
    """Raise SpecError if the body of ``cls`` hides an invariant, or one of its own calls a procedure of the class."""
    for name, value in vars(cls).items():
        hidden = next((one for one in _within(value) if hasattr(one, INVARIANT)), None)
        if hidden is not None:
            raise refusal(f"the invariant {cls.__name__}.{name} is hidden: a decorator wraps it.", hidden, _WRITE)
        inherited = getattr(super(cls, cls), name, None)
        if hasattr(inherited, INVARIANT) and not hasattr(value, INVARIANT):
            raise refusal(
                f"{cls.__name__}.{name} hides the invariant {named(inherited)} and is none.",
                value if isinstance(value, FunctionType) else inherited,
                "What holds of a class holds of its subclasses: mark it @invariant too, or use another name.",
            )
        if isinstance(value, FunctionType) and hasattr(value, INVARIANT):
            _calls_no_procedure(cls, value)


def _within(value: Any) -> Iterator[Any]:
    """The functions that an attribute stands in front of."""
    for name in ("__func__", "fget", "func", "__wrapped__"):
        if not isinstance(value, type) and hasattr(value, name):
            yield getattr(value, name)


def _calls_no_procedure(cls: type, function: Any) -> None:
    for _, name in _of_self(function.__code__):
        if is_async(getattr(cls, name, None)):
            raise blocks(function, f"`{function.__code__.co_varnames[0]}.{name}`")


def blocks(function: Any, called: str) -> Exception:
    """The SpecError about an invariant that asks for ``called``, which may rest or has an effect."""
    return refusal(
        f"the invariant {named(function)} asks for {called}: an invariant that blocks, or does anything, is none.",
        function,
        "Look at the fields, or call plain functions: `def`, without `await`.",
    )
