"""The door of the command line: finds the command, and sees to it that whoever errs is told in one sentence.

Rules: bad input is exit status 2, an error of the application 1, an interrupt 130. A Python traceback of our own is
shown only for a fault of our own.
"""

import errno
import importlib
import os
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

import click

from duality import __version__
from duality.cli.refusal import BadInput
from duality.errors import SpecError

BAD_INPUT = 2
INTERRUPTED = 130


class Commands(Mapping[str, click.Command]):
    """The commands by name; ``run`` is ``command`` in ``duality/cli/run.py``, imported when first looked up."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)

    def __getitem__(self, name: str) -> click.Command:
        if name not in self.names:
            raise KeyError(name)
        found: click.Command = importlib.import_module(f"duality.cli.{name}").command
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


class Room(click.Group):
    """The group of all commands. A command returns its exit status, or None for 0."""

    def __init__(self, name: str, commands: Sequence[str], **options: Any) -> None:
        super().__init__(name, context_settings={"help_option_names": ["-h", "--help"]}, **options)
        self.commands = Commands(commands)  # type: ignore[assignment]
        click.version_option(__version__, prog_name="duality")(self)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which one meets them, not of the alphabet."""
        return list(self.commands)

    def main(  # type: ignore[override]
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line and exit; with ``standalone_mode=False`` return, or raise, as click does."""
        if not standalone_mode:
            return super().main(args, prog_name, standalone_mode=False, **extra)
        _prepare_streams()
        try:
            status = super().main(args, prog_name, standalone_mode=False, **extra)
            sys.stdout.flush()
        except click.exceptions.NoArgsIsHelpError as wrong:
            wrong.show()
            sys.exit(BAD_INPUT)
        except click.ClickException as wrong:
            _refuse(_sentence(wrong))
        except (BadInput, SpecError) as wrong:
            _refuse(str(wrong))
        except (KeyboardInterrupt, click.Abort):
            sys.exit(INTERRUPTED)
        except OSError as broken:
            if broken.errno != errno.EPIPE:
                raise
            _leave_pipe()
        sys.exit(status or 0)


def _prepare_streams() -> None:
    # What a spec returns may hold letters that the terminal has not: they are shown as escapes, not as a crash.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    warnings.showwarning = _show_warning


def _show_warning(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, file: Any = None, line: Any = None
) -> None:
    print(f"{filename}:{lineno}: warning: {message}", file=file or sys.stderr)


def _refuse(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    sys.exit(BAD_INPUT)


def _sentence(wrong: click.ClickException) -> str:
    said = wrong.format_message().strip()
    said = said[:1].lower() + said[1:] if said[:2] != said[:2].upper() else said
    context = getattr(wrong, "ctx", None)
    place = context.command_path if context is not None else "duality"
    return f"{place}: {said}{'' if said.endswith(('.', '?', ')')) else '.'}"


def _leave_pipe() -> NoReturn:
    # Whoever read us has gone (`duality show ... | head`). Python would complain once more when it flushes at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1)
