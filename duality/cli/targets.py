"""What a check is about: one application, or every application of every spec in some files and folders.

Rules: a folder is looked through in the order of names, and what no application is built in is passed over. A spec that
cannot be checked (it does not load, or needs a value that nobody gave) is a target all the same: it is told, and never
passed over in silence.
"""

import ast
import inspect
import os
from collections.abc import Iterator, Sequence
from typing import Any

import click
from attrs import frozen

from duality.cli.given import SpecCommand
from duality.cli.load import applications, load, load_file
from duality.cli.refusal import BadInput
from duality.errors import SpecError

FOLDED = ("__pycache__", "build", "dist", "node_modules")  # and whatever begins with a dot
_KEY = "duality.many"


@frozen
class Target:
    """One application to check, or (``refused``) why there is none. name: FILE:APP, as one types it."""

    file: str
    app: Any = None
    refused: str = ""

    @property
    def name(self) -> str:
        """What names it on a command line."""
        return f"{self.file}:{self.app.name}" if self.app is not None else self.file


class ManyCommand(SpecCommand):
    """As SpecCommand; but a folder may stand for a file, and several may be given: then all they hold is meant.

    The callback is given ``given``, a Given, or else ``targets``, an iterable of Target. Parameters can be given to a
    single application only.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.params[0].metavar = "FILE[:APP]|FOLDER"
        self.params.insert(1, click.Argument(["more"], nargs=-1, metavar="[...]"))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Load the one spec that is named, unless more is meant."""
        ctx.meta[_KEY] = many = self._more(args)
        return click.Command.parse_args(self, ctx, args) if many else super().parse_args(ctx, args)

    def _more(self, args: list[str]) -> bool:
        # A second word that names a file or a folder, and is no option's value, makes it more than one.
        first = self._first_argument(args)
        if first is None:
            return False
        rest = args[args.index(first) + 1 :]
        return os.path.isdir(first) or bool(rest and rest[0][:1] != "-" and os.path.exists(rest[0]))

    def invoke(self, ctx: click.Context) -> Any:
        """Hand the targets to the callback."""
        if not ctx.meta[_KEY]:
            more = ctx.params.pop("more")
            if more:
                raise BadInput(f"{more[0]}: there is no such file or folder.")
            return super().invoke(ctx)
        named = [ctx.params.pop("file"), *ctx.params.pop("more")]
        ctx.params["targets"] = targets(named)
        return click.Command.invoke(self, ctx)


def targets(named: Sequence[str]) -> Iterator[Target]:
    """All that is named, loaded one after the other as it is asked for. Raises BadInput if a name leads nowhere."""
    files = [file for name in named for file in _files(name)]
    if not files:
        raise BadInput(f"there is no spec in {' or '.join(named)}: no file there has an @application.")
    return (target for file in files for target in _of(file))


def _files(name: str) -> list[str]:
    if not os.path.isdir(name):
        return [name]
    found = []
    for folder, inner, files in os.walk(name):
        inner[:] = sorted(one for one in inner if one not in FOLDED and not one.startswith("."))
        found += [os.path.join(folder, one) for one in sorted(files) if one.endswith(".py")]
    return [file for file in found if _builds(file)]


def _builds(file: str) -> bool:
    """Whether a file has an application of its own; one that cannot be read as Python may have one."""
    try:
        with open(file, "rb") as opened:
            tree = ast.parse(opened.read())
    except (OSError, SyntaxError, ValueError):
        return True
    marks = (mark for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for mark in node.decorator_list)
    return any(ast.unparse(mark).rpartition(".")[2] == "application" for mark in marks)


def _of(file: str) -> Iterator[Target]:
    try:
        exact = not os.path.exists(file)  # FILE:APP
        apps = [load(file).app] if exact else list(applications(load_file(file), file).values())
        file = apps[0].file if exact else file
    except (BadInput, SpecError) as wrong:
        yield Target(file, refused=str(wrong))
        return
    for app in apps:
        lacks = [f"--{name}" for name, one in app.parameters.items() if _lacks(one)]
        if lacks:
            said = f"{file}:{app.line}: application {app.name} needs a value for {', '.join(lacks)}; check it alone."
            yield Target(file, app, said)
        else:
            yield Target(file, app.given())


def _lacks(parameter: inspect.Parameter) -> bool:
    variable = parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    return not variable and parameter.default is parameter.empty
