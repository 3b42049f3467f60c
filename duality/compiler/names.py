"""What a procedure's global names mean to a runtime: verbs to bind, helpers to compile.

Rule: compiled programs never ask who is running; each verb is bound when the program is loaded, under the very name the
spec imported it by.
"""

import ast
import builtins
import inspect
import types
from collections.abc import Callable
from typing import Any

from attrs import field, frozen

from duality.compiler.points import meaning
from duality.compiler.read import Procedure
from duality.compiler.scopes import binding_count
from duality.spec import io, verbs
from duality.spec.module import is_module

_VERBS: dict[Any, str] = {
    getattr(verbs, name): name
    for name in ("fork", "join", "send", "sleep", "now", "yield_now", "reply", "scope", "fail_after", "move_on_after")
}


@frozen
class Names:
    """``verbs`` maps a name of the spec to a verb; ``helpers`` to an ``async def`` function; ``facades``: `duality`.

    ``modules``: the classes of modules that the procedure names, and may build while it runs.
    ``files``: names of other files, each with the helpers that are reached through it: ``{"io": {"io.fetch": fetch}}``.
    """

    verbs: dict[str, str]
    helpers: dict[str, Callable[..., Any]]
    facades: tuple[str, ...]
    modules: tuple[type, ...] = ()
    files: dict[str, dict[str, Callable[..., Any]]] = field(factory=dict)

    @property
    def functions(self) -> list[Callable[..., Any]]:
        """Every helper, however it is reached."""
        return [*self.helpers.values(), *(helper for paths in self.files.values() for helper in paths.values())]


def names(procedure: Procedure) -> Names:
    """Resolve the global names of ``procedure``, as they stand now."""
    local = binding_count(procedure.tree)
    used = {node.id for node in ast.walk(procedure.tree) if isinstance(node, ast.Name)}
    meanings = {name: procedure.lookup(name) for name in sorted(used - set(local))}
    facades = tuple(name for name, value in meanings.items() if _is_facade(value))
    modules = tuple(value for value in meanings.values() if isinstance(value, type) and is_module(value))
    found = Names({}, {}, facades, modules)
    for name, value in meanings.items():
        if value is io.net or value is io.disk:
            found.verbs[name] = "net" if value is io.net else "disk"
        elif isinstance(value, types.FunctionType):
            if value in _VERBS:
                found.verbs[name] = _VERBS[value]
            elif inspect.iscoroutinefunction(value) or inspect.isasyncgenfunction(value):
                found.helpers[name] = value
        elif value is builtins.anext:
            found.verbs[name] = "anext"
    for node in ast.walk(procedure.tree):
        helper = meaning(procedure, node) if isinstance(node, ast.Attribute) else None
        helps = inspect.iscoroutinefunction(helper) or inspect.isasyncgenfunction(helper)
        if helper is not None and helps and isinstance(meaning(procedure, node.value), types.ModuleType):  # type: ignore[attr-defined]
            path = ast.unparse(node)
            found.files.setdefault(path.partition(".")[0], {})[path] = helper
    return found


def _is_facade(value: Any) -> bool:
    return isinstance(value, types.ModuleType) and value.__name__ == "duality"
