"""A command about a spec: loads the spec that its first argument names, and takes the application's parameters too."""

from typing import Any

import click
from attrs import frozen

from duality.cli.load import Target, load
from duality.cli.parameters import PREFIX, options_of
from duality.cli.refusal import BadInput
from duality.spec import application

_HELP = ("-h", "--help", "--")
_KEY = "duality.target"


@frozen
class Given:
    """The application a command was given, its parameters' values bound to it.

    file: of the spec, as named.   params: the values that are not the defaults.   rest: what stood behind the name.
    """

    app: application.Given
    file: str
    rest: str

    @property
    def params(self) -> dict[str, Any]:
        """The values of the parameters, but for those left at their defaults."""
        return self.app.params


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
        except click.MissingParameter as wrong:
            if file is None or wrong.param is None or wrong.param not in ctx.meta[f"{_KEY}.options"]:
                raise
            raise BadInput(self._missing(ctx, wrong.param), *self._place(ctx)) from None
        except click.NoSuchOption as wrong:
            if file is None:
                raise
            raise BadInput(self._unknown(ctx, wrong.option_name), ctx.meta[_KEY].file) from None

    def _missing(self, ctx: click.Context, option: click.Parameter) -> str:
        app = ctx.meta[_KEY].app
        kind = option.make_metavar(ctx)
        return f"application {app.name} needs a value for its parameter: {option.opts[0]} {kind}."

    def _place(self, ctx: click.Context) -> tuple[str, int]:
        return ctx.meta[_KEY].file, ctx.meta[_KEY].app.line

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
        values = {name: ctx.params.pop(name) for name in list(ctx.params) if name.startswith(PREFIX)}
        target: Target = ctx.meta[_KEY]
        defaults = {name: one.default for name, one in target.app.parameters.items()}
        params = {name.removeprefix(PREFIX): value for name, value in values.items()}
        # What was left at its default is not passed: the application's own object serves, not a copy through click.
        given = {name: value for name, value in params.items() if name not in defaults or value != defaults[name]}
        ctx.params.pop("file")
        ctx.params["given"] = Given(target.app.given(**given), target.file, target.rest)
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
