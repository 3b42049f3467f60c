"""Say what a product depends on besides its source: what the names in it mean now.

    before   await self.buffer.put(x); await helpers.fetch(y)
    after    self.buffer: a module; its put: an @entry of two parameters ...; helpers.fetch: a helper of a file ...

Rule: whatever a pass asks of an object of the running program is answered by what is noted here, so that two
compilations with the same source and the same facts make the same product, or refuse the same. Facts are plain data:
tuples, strings, numbers. What cannot be described so (somebody's ``__getattr__`` that raises, say) has no facts, and
nobody relies on it.
"""

import ast
import builtins
import inspect
import re
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from attrs import field, frozen

from duality.compiler.fits import below
from duality.compiler.inherited import inherited_name
from duality.compiler.load import mangled
from duality.compiler.names import verb
from duality.compiler.points import meaning, type_of
from duality.compiler.read import MISSING, Procedure, Standpoint, async_methods
from duality.spec import io
from duality.spec.condition import Condition
from duality.spec.marks import kind_of
from duality.spec.module import is_module, procedure_names

Facts = dict[str, Any]
"""By expression of the source (``self.items[].put``, ``super().put``): what it means. ``""``: the procedure itself."""
_SUPER = "super()."
_PARTS = re.compile(r"[^.\[\]]+|\[\]")
_PLAIN = frozenset([int, float, complex, bool, str, bytes, list, tuple, dict, set, frozenset, type(None)])
_KNOWN: dict[int, tuple[str, ...]] = {
    id(value): ("builtins", name) for name, value in vars(builtins).items() if callable(value)
}
_KNOWN |= {id(MISSING): ("missing",), id(io.net): ("net",), id(io.disk): ("disk",), id(Condition): ("Condition",)}


def expressions(procedure: Procedure) -> set[str]:
    """Everything in the source that a pass may ask the meaning of: names, and what is reached from them."""
    found = set(procedure.wanted)
    for node in ast.walk(procedure.tree):
        inherited = inherited_name(node)
        written = _written(node)
        found.update([f"{_SUPER}{inherited}"] if inherited is not None else [])
        found.update([written] if written is not None else [])
    return found


def _written(node: ast.AST) -> str | None:
    """``self.items[].put`` for a name, or what is reached from one by dots and subscripts."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute | ast.Subscript):
        parts.append(f".{node.attr}" if isinstance(node, ast.Attribute) else "[]")
        node = node.value
    return "".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None


def facts(function: Callable[..., Any], owner: type | None, first: str | None, asked: Iterable[str]) -> Facts | None:
    """The facts about a procedure and the expressions ``asked``; None if they cannot be told.

    first: what the procedure calls its own module.
    """
    try:
        teller = _Teller(function, owner, first)
        return {"": teller.itself()} | {one: teller.tell(one) for one in asked if one}
    except Exception:  # whoever raises here will do so again where it matters, or is nobody to rely on
        return None


@frozen(eq=False)
class _Teller(Standpoint):
    """Tells what is to be known. What annotations mean, and whether a class is still its body, it asks once.

    The second is a SpecError if not, as it is when the passes ask.
    """

    known: dict[Any, dict[str, Any]] = field(factory=dict)

    def hints(self, holder: Any) -> dict[str, Any]:
        """See ``Standpoint``."""
        if holder not in self.known:
            self.known[holder] = Standpoint.hints(self, holder)
            if is_module(holder):
                async_methods(holder)
        return self.known[holder]

    def itself(self) -> Any:
        """The procedure, and the class it is of."""
        code, names = self.function.__code__, procedure_names()
        owner: Any = self.owner
        lineage = [(base.__module__, base.__qualname__) for base in owner.__mro__] if owner is not None else []
        held = described(vars(owner).get(self.function.__name__)) if owner is not None else None
        scopes = (code.co_varnames, code.co_cellvars, code.co_freevars)
        own = tuple(sorted(name for name in _names_in(code) if name in names))
        return described(self.function), self.first, described(owner), tuple(lineage), held, scopes, own

    def tell(self, expression: str) -> Any:
        """What an expression means, of which class it is declared to be, what that class has under its last name."""
        if expression.startswith(_SUPER):
            assert self.owner is not None
            name = expression.removeprefix(_SUPER)
            return tuple(described(vars(base).get(name)) for base in self.owner.__mro__)
        node = _parsed(expression)
        about = described(meaning(self, node)), described(type_of(self, node))
        if isinstance(node, ast.Name):
            return *about, described(self.lookup(node.id))  # of a local, the two differ
        if not isinstance(node, ast.Attribute):
            return about
        name = mangled(node.attr, self.owner)
        owners = (type_of(self, node.value), meaning(self, node.value))
        classes = [one for one in owners if isinstance(one, type) and is_module(one)]
        for cls in classes:
            self.hints(cls)
        return *about, name in procedure_names(), *(tuple(_member(cls, name)) for cls in classes)


def _names_in(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            yield from _names_in(one)


def _parsed(expression: str) -> ast.expr:
    name, *rest = _PARTS.findall(expression)
    load, item = ast.Load(), ast.Constant(0)  # which item is all one
    node: ast.expr = ast.Name(name, load)
    for part in rest:
        node = ast.Subscript(node, item, load) if part == "[]" else ast.Attribute(node, part, load)
    return node


def _member(owner: type, name: str) -> Iterator[Any]:
    """What ``name`` is in a class of modules, in those it is made of, and in those that are made of it."""
    for base in owner.__mro__:
        yield described(vars(base).get(name))
    for cls in below(owner):
        yield described(inspect.getattr_static(cls, name, None))


def described(value: Any) -> Any:
    """What a pass can tell of an object by asking what it is."""
    cls = type(value)
    if cls in _PLAIN:
        return cls.__name__
    known = _KNOWN.get(id(value))
    if known is not None:
        return known
    asked = (inspect.iscoroutinefunction, inspect.isasyncgenfunction, inspect.isroutine, is_module, verb)
    about: list[Any] = [cls.__module__, cls.__qualname__, *(one(value) for one in asked), kind_of(value)]
    about += [
        bool(value == io.net),
        str(getattr(value, "__module__", "")),
        hasattr(value, "__wrapped__"),
        hasattr(value, "is_procedure"),
    ]
    if isinstance(value, types.FunctionType):
        about += _signature(value)
    elif isinstance(value, staticmethod | classmethod):
        about.append(described(value.__func__))
    elif isinstance(value, type | types.ModuleType):
        about += [value.__name__, getattr(value, "__qualname__", None)]
    return tuple(about)


def _signature(function: types.FunctionType) -> Iterator[Any]:
    code = function.__code__
    count = code.co_argcount + code.co_kwonlyargcount
    count += bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    yield from (function.__qualname__, code.co_flags)
    yield from (code.co_posonlyargcount, code.co_argcount, code.co_kwonlyargcount, code.co_varnames[:count])
    yield from (len(function.__defaults__ or ()), tuple(sorted(function.__kwdefaults__ or ())))
