"""An application's parameters, as options of a command.

Rules: a parameter's type is its annotation, or else that of its default; what no word on a command line can say (a
function, say) is no option. A name that the command itself uses is spelt ``--app-NAME``.
"""

import ast
import inspect
import types
import typing
from collections.abc import Iterable
from typing import Any, Literal

import click

from duality.spec.application import Application

_SCALARS: dict[Any, click.ParamType[Any]] = {
    int: click.INT,
    float: click.FLOAT,
    str: click.STRING,
    bool: click.BOOL,
}
_CONTAINERS = (list, tuple, dict, set, frozenset, bytes)
PREFIX = "of_application_"


class Written(click.ParamType[Any]):
    """A value written as Python writes it (``[1, 2]``); ``loose``: what cannot be read so is taken as text."""

    name = "python"

    def __init__(self, kinds: tuple[type, ...] = (), loose: bool = False) -> None:
        self.kinds, self.loose = kinds, loose

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read ``value``; fails if it is no literal, or one of another type."""
        try:
            read = ast.literal_eval(value) if isinstance(value, str) else value
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            if self.loose:
                return value
            self.fail(f"{value!r} is not written as Python writes a {self._kinds()}", param, ctx)
        if self.kinds and not isinstance(read, self.kinds):
            self.fail(f"{value!r} is not a {self._kinds()}", param, ctx)
        return read

    def _kinds(self) -> str:
        return " or ".join(kind.__name__ for kind in self.kinds) or "value"


def option_for(parameter: inspect.Parameter, hint: Any, taken: Iterable[str]) -> click.Option | None:
    """The option of one parameter; None if it has a default and a type that no word can say."""
    name = parameter.name.replace("_", "-")
    name = f"app-{name}" if name in set(taken) else name
    required = parameter.default is parameter.empty
    kind = _type_of(hint, parameter.default, required)
    if kind is None:
        return None
    spellings = [f"--{name}"] if "_" not in parameter.name else [f"--{name}", f"--{name.replace('-', '_')}"]
    more: dict[str, Any] = {"flag_value": True} if kind is click.BOOL else {}  # `--ordered` alone says yes
    if not required:
        default = parameter.default
        more |= {"default": default, "show_default": default is not None and _short(default)}
    return click.Option([*spellings, f"{PREFIX}{parameter.name}"], type=kind, required=required, is_flag=False, **more)


def _short(default: Any) -> str | bool:
    text = repr(default)
    return True if len(text) <= 40 and text.strip("'") == str(default) else f"{text[:37]}..."


def _type_of(hint: Any, default: Any, required: bool) -> click.ParamType[Any] | None:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        kinds = [one for one in typing.get_args(hint) if one is not types.NoneType]
        return _type_of(kinds[0], default, required) if len(kinds) == 1 else Written(loose=True)
    if origin is Literal:
        return click.Choice(list(typing.get_args(hint)))
    if hint in _SCALARS:
        return _SCALARS[hint]
    base = origin or hint
    if base in _CONTAINERS:
        return Written((base,))
    if hint in (inspect.Parameter.empty, Any):
        known = _SCALARS.get(type(default))
        return known if known is not None else Written(loose=True)
    return Written(loose=True) if required else None


def options_of(app: Application, taken: Iterable[str]) -> list[click.Option]:
    """The options of an application, in order."""
    try:
        hints = typing.get_type_hints(app.function)
    except Exception:  # a name that only a type checker can see: the defaults must do
        hints = {}
    found = []
    for parameter in app.parameters.values():
        if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            hint = hints.get(parameter.name, parameter.annotation)
            hint = parameter.empty if isinstance(hint, str) else hint
            option = option_for(parameter, hint, taken)
            found += [option] if option is not None else []
    return found
