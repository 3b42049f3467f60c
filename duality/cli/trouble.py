"""Errors of an application, told in terms of its spec.

Rule: a traceback shows the frames of the spec's files and no others. What the machine did in between, handlers and
dispatcher or stacks and switches, is the same call on either side, and reads the same here.
"""

import errno
import os
import re
import sys
import sysconfig
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

import duality
from duality.cli.refusal import BadInput, reason
from duality.errors import DeadlockError, SpecError

HOME = os.path.dirname(os.path.abspath(duality.__file__))
SPECS = tuple(os.path.join(HOME, room) + os.sep for room in ("web", "lib"))
OTHERS = tuple(sysconfig.get_path(name) + os.sep for name in ("stdlib", "purelib", "platlib"))


class ApplicationFailed(SystemExit):
    """The application's error has been told; the exit status is 1."""


def of_a_spec(filename: str, file: str) -> bool:
    """Whether a frame in ``filename`` is the spec's, whose own file is ``file``."""
    if filename == file:
        return True
    path = os.path.abspath(filename)
    if path.startswith(HOME + os.sep):
        return path.startswith(SPECS)
    return not filename.startswith("<") and not path.startswith(OTHERS)


def frames(trace: TracebackType | None, file: str) -> list[traceback.FrameSummary]:
    """The frames of a traceback that are the spec's, each under its procedure's full name."""
    return [
        traceback.FrameSummary(frame.f_code.co_filename, line, frame.f_code.co_qualname)
        for frame, line in traceback.walk_tb(trace)
        if of_a_spec(frame.f_code.co_filename, file)
    ]


def at(where: list[traceback.FrameSummary]) -> list[str]:
    """Where an error was raised, in a line for each frame, the innermost first."""
    places = [f"{frame.filename}:{frame.lineno}, in {frame.name}" for frame in reversed(where)]
    return [f"{'called from' if number else 'at'} {place}" for number, place in enumerate(places)]


def in_terms_of(file: str, error: BaseException) -> str:
    """The traceback of ``error``, its causes and its parts, as a reader of the spec wants it.

    A fault of our own, which no line of the spec is part of, is shown in full.
    """
    told = traceback.TracebackException.from_exception(error)
    if frames(error.__traceback__, file):
        _retell(told, error, file)
    return "".join(told.format()).rstrip()


def _retell(told: traceback.TracebackException, error: BaseException, file: str) -> None:
    told.stack = traceback.StackSummary.from_list(frames(error.__traceback__, file))
    pairs = [(told.__cause__, error.__cause__), (told.__context__, error.__context__)]
    pairs += zip(getattr(told, "exceptions", None) or (), getattr(error, "exceptions", ()), strict=False)
    for part, inner in pairs:
        if part is not None and inner is not None:
            _retell(part, inner, file)


def port_in_use(file: str, error: BaseException) -> BadInput | None:
    """The sentence for a port that cannot be had, if that is what ``error`` says."""
    if not isinstance(error, OSError) or error.errno not in (errno.EADDRINUSE, errno.EADDRNOTAVAIL):
        return None
    where = frames(error.__traceback__, file)
    said = re.sub(r"^\[Errno \d+\] ", "", reason(error))
    if not where:
        return BadInput(f"the port cannot be had: {said}.")
    return BadInput(f"the port cannot be had: {said}.", where[-1].filename, where[-1].lineno, where[-1].line)


@contextmanager
def telling(file: str) -> Iterator[None]:
    """Run an application: what it raises is told on standard error, and becomes the exit status.

    SpecError and a port in use stay bad input (2); an interrupt stays one; everything else is 1.
    """
    try:
        yield
    except KeyboardInterrupt as stop:
        where = frames(stop.__traceback__, file)[-1:]
        for frame in where:  # it did not come to an `await`, and was interrupted in the middle
            print(f"{frame.filename}:{frame.lineno}: interrupted in {frame.name}.", file=sys.stderr)
        raise
    except (SpecError, BadInput, SystemExit):
        raise
    except DeadlockError as deadlock:
        print(deadlock, *at(frames(deadlock.__traceback__, file)), sep="\n  ", file=sys.stderr)
        raise ApplicationFailed(1) from None
    except BaseException as error:
        busy = port_in_use(file, error)
        if busy is not None:
            raise busy from None
        print(in_terms_of(file, error), file=sys.stderr)
        raise ApplicationFailed(1) from None
