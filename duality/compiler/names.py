"""What a procedure's global names mean to a runtime: verbs to bind, helpers to compile.

Rule: compiled programs never ask who is running; each verb is bound when the program is loaded, under the very name the
spec imported it by.
"""

import ast
import builtins
import types
from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

from attrs import field, frozen

from duality.compiler.points import meaning
from duality.compiler.read import Procedure
from duality.compiler.scopes import binding_count
from duality.spec import io, verbs
from duality.spec.marks import is_async
from duality.spec.module import is_module

_VERBS: dict[Any, str] = {
    getattr(verbs, name): name
    for name in ("fork", "join", "send", "sleep", "now", "yield_now", "reply", "scope", "fail_after", "move_on_after")
}
_OBJECTS = ("net", "disk")  # bound like verbs


@frozen
class Words:
    """Which global names of a procedure are verbs, helpers, `duality`, modules, other files: by name only.

    ``verbs`` maps a name of the spec to a verb.   ``modules``: the classes of modules that the procedure names, and may
    build while it runs.   ``files``: names of other files, with the paths of what is reached through each:
    ``{"io": ("io.fetch",)}``.
    """

    verbs: dict[str, str] = field(factory=dict)
    helpers: tuple[str, ...] = ()
    facades: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    files: dict[str, tuple[str, ...]] = field(factory=dict)

    @property
    def free(self) -> set[str]:
        """Those that a program is given, and does not look up."""
        return {*self.verbs, *self.helpers, *self.facades, *self.files}


@frozen
class Names:
    """The same, and what they mean: ``helpers`` maps a name to an ``async def`` function, ``files`` a path to one."""

    verbs: dict[str, str]
    helpers: dict[str, Callable[..., Any]]
    facades: tuple[str, ...]
    modules: tuple[type, ...]
    files: dict[str, dict[str, Callable[..., Any]]]

    @property
    def functions(self) -> list[Callable[..., Any]]:
        """Every helper, however it is reached."""
        return [*self.helpers.values(), *(helper for paths in self.files.values() for helper in paths.values())]


def names(procedure: Procedure) -> Names:
    """Resolve the global names of ``procedure``, as they stand now."""
    return resolved(words(procedure), procedure.lookup)


def resolved(found: Words, lookup: Callable[[str], Any]) -> Names:
    """What ``found`` mean, by a ``lookup`` of global names."""
    helpers = {name: lookup(name) for name in found.helpers}
    files = {}
    for name, paths in found.files.items():
        files[name] = {path: reduce(getattr, path.split(".")[1:], lookup(name)) for path in paths}
    return Names(found.verbs, helpers, found.facades, tuple(map(lookup, found.modules)), files)


def words(procedure: Procedure) -> Words:
    """Sort the global names of ``procedure`` by what they mean now."""
    nodes = list(ast.walk(procedure.tree))
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    meanings = {name: procedure.lookup(name) for name in sorted(used - set(binding_count(procedure.tree)))}
    facades = tuple(name for name, value in meanings.items() if _is_facade(value))
    modules = tuple(name for name, value in meanings.items() if isinstance(value, type) and is_module(value))
    # A verb that is also used as a value is looked up like any other: it must be what the spec has imported.
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    values = {node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in called}
    bound = ((name, verb(value)) for name, value in meanings.items())
    verb_names = {name: which for name, which in bound if which in _OBJECTS or (which and name not in values)}
    helpers = tuple(name for name, value in meanings.items() if name not in verb_names and _helps(value))
    return Words(verb_names, helpers, facades, modules, _through_files(procedure, nodes))


def verb(value: Any) -> str | None:
    """Which verb a value is, or what is bound like one; None if it is neither."""
    if value is io.net or value is io.disk:
        return "net" if value is io.net else "disk"
    if isinstance(value, types.FunctionType):
        return _VERBS.get(value)
    return "anext" if value is builtins.anext else None


def _helps(value: Any) -> bool:
    """Whether a value is a helper: a procedure that is no method."""
    return isinstance(value, types.FunctionType) and is_async(value)


def _through_files(procedure: Procedure, nodes: Iterable[ast.AST]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for node in nodes:
        if isinstance(node, ast.Attribute) and is_async(meaning(procedure, node)):
            if isinstance(meaning(procedure, node.value), types.ModuleType):
                path = ast.unparse(node)
                name = path.partition(".")[0]
                found[name] = tuple(dict.fromkeys([*found.get(name, ()), path]))
    return found


def _is_facade(value: Any) -> bool:
    return isinstance(value, types.ModuleType) and value.__name__ == "duality"
