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
from attrs import frozen

from duality.cli.load import Target, load
from duality.cli.refusal import BadInput
from duality.spec.application import Application

_SCALARS: dict[Any, click.ParamType[Any]] = {
    int: click.INT,
    float: click.FLOAT,
    str: click.STRING,
    bool: click.BOOL,
}
_CONTAINERS = (list, tuple, dict, set, frozenset, bytes)
_HELP = ("-h", "--help", "--")
_KEY = "duality.target"
_PREFIX = "of_application_"


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
    default = None if required else parameter.default
    switch = {"flag_value": True} if kind is click.BOOL else {}  # `--ordered` alone says yes
    return click.Option(
        [*spellings, f"{_PREFIX}{parameter.name}"],
        type=kind,
        required=required,
        default=default,
        show_default=not required and default is not None and _short(default),
        is_flag=False,
        **switch,
    )


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


@frozen
class Given:
    """The application a command was given, with the values of its parameters."""

    target: Target
    params: dict[str, Any]


class SpecCommand(click.Command):
    """A command about a spec: its first argument is loaded, and the application's parameters become options of it.

    The callback is given ``given``, a Given, in place of those options.
    """

    rest = False  # whether a procedure may stand behind the application's name

    def __init__(self, *args: Any, **named: Any) -> None:
        named.setdefault("options_metavar", "[OPTIONS] [--PARAMETER VALUE ...]")
        super().__init__(*args, **named)
        self.params.insert(0, click.Argument(["file"], metavar="FILE[:APP]"))

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Those of the command and, once it is known, those of the application."""
        return [*super().get_params(ctx), *ctx.meta.get(f"{_KEY}.options", ())]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Load the spec that ``args`` names, then read ``args`` with the application's options."""
        file = self._first_argument(args)
        if file is not None:
            target = ctx.meta[_KEY] = load(file, rest=self.rest)
            taken = {spelling.lstrip("-") for param in super().get_params(ctx) for spelling in param.opts}
            ctx.meta[f"{_KEY}.options"] = options_of(target.app, taken)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as wrong:
            if file is None:
                raise
            raise BadInput(self._unknown(ctx, wrong.option_name), ctx.meta[_KEY].file) from None

    def _unknown(self, ctx: click.Context, name: str) -> str:
        app = ctx.meta[_KEY].app
        known = ", ".join(option.opts[0] for option in ctx.meta[f"{_KEY}.options"])
        return f"application {app.name} has no parameter {name}; it has {known or 'none'}."

    def _first_argument(self, args: list[str]) -> str | None:
        # An option's value is no file. Of options that only the application knows we do not know yet whether they have
        # one; then what looks like a spec is taken for it.
        words, after, unknown = [], False, False
        own: dict[str, Any] = {spelling: param for param in self.params for spelling in param.opts}
        for word in args:
            if word.startswith("-") and len(word) > 1:
                after = "=" not in word and word not in _HELP and not getattr(own.get(word), "is_flag", False)
                unknown = word not in own
            else:
                if not after or (unknown and ".py" in word):
                    words.append(word)
                after = False
        return words[0] if words else None

    def invoke(self, ctx: click.Context) -> Any:
        """Hand the application and its parameters' values to the callback."""
        values = {name: ctx.params.pop(name) for name in list(ctx.params) if name.startswith(_PREFIX)}
        target: Target = ctx.meta[_KEY]
        defaults = {name: one.default for name, one in target.app.parameters.items()}
        params = {name.removeprefix(_PREFIX): value for name, value in values.items()}
        # What was left at its default is not passed: the application's own object serves, not a copy through click.
        given = {name: value for name, value in params.items() if name not in defaults or value != defaults[name]}
        ctx.params.pop("file")
        ctx.params["given"] = Given(target, given)
        return super().invoke(ctx)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The command's own text, then what the application says of itself."""
        super().format_help_text(ctx, formatter)
        target = ctx.meta.get(_KEY)
        if target is not None and target.app.doc:
            with formatter.section(f"Application {target.app.name}"):
                formatter.write_text(target.app.doc)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The application's parameters under a heading of their own."""
        found = [param for param in super().get_params(ctx) if isinstance(param, click.Option)]
        own = [record for param in found if (record := param.get_help_record(ctx)) is not None]
        theirs = [_record(option, ctx) for option in ctx.meta.get(f"{_KEY}.options", ())]
        with formatter.section("Options"):
            formatter.write_dl(own)
        if theirs:
            with formatter.section(f"Parameters of {ctx.meta[_KEY].app.name}"):
                formatter.write_dl(theirs)


def _record(option: click.Option, ctx: click.Context) -> tuple[str, str]:
    record = option.get_help_record(ctx)
    return record if record is not None else (option.opts[0], "")
