"""The sentences faults are written in: one line each, what goes wrong and when, or how often.

Rule: the table below is all there is. What is parsed, what is printed and what the documentation lists is read from it.
"""

from __future__ import annotations

import errno
import math
import re
from collections.abc import Callable
from typing import Any, Final

from attrs import frozen

DISK_VERBS: Final = ("open", "read", "write", "stat", "listdir", "read_file", "realpath")
STREAM_VERBS: Final = ("recv", "recv_exactly", "send", "send_file")

Argument = str | int | float | tuple[str, ...]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _seconds(text: str) -> float:
    if not 0 <= _number(text) < math.inf:
        raise ValueError(f"{text} is no number of seconds")
    return float(text)


def _chance(text: str) -> float:
    if not 0 <= _number(text) <= 1:
        raise ValueError(f"{text} is no chance: 0 is never, 1 is always")
    return float(text)


def _port(text: str) -> int:
    if not 1 <= int(text) <= 65535:
        raise ValueError(f"{text} is no port, only 1 to 65535 are")
    return int(text)


def _error(text: str) -> str:
    if not hasattr(errno, text) or text != text.upper():
        raise ValueError(f"the system has no error {text}")
    return text


def _hosts(text: str) -> tuple[str, ...]:
    return tuple(sorted({name.strip() for name in text.split(",")}))


def _shown(argument: Argument) -> str:
    if isinstance(argument, tuple):
        return ", ".join(argument)
    return repr(argument).removesuffix(".0") if isinstance(argument, float) else str(argument)


_READERS: Final[dict[str, tuple[str, Callable[[str], Any]]]] = {
    "number": (r"\d+", int),
    "port": (r"\d+", _port),
    "seconds": (r"[\d.e+-]+", _seconds),
    "chance": (r"[\d.e+-]+", _chance),
    "error": (r"[A-Z0-9]+", _error),
    "path": (r"/\S*", str),
    "host": (r"[^\s|,:]+", str),
    "hosts": (r"[^\s|,:]+(?:\s*,\s*[^\s|,:]+)*", _hosts),
    "others": (r"[^\s|,:]+(?:\s*,\s*[^\s|,:]+)*", _hosts),
    "disk_verb": ("|".join(DISK_VERBS), str),
    "stream_verb": ("|".join(STREAM_VERBS), str),
}


@frozen
class Form:
    """A kind of sentence. text: how it reads, with ``{arguments}``.   begins: ``at`` or ``from`` if it has a time, else
    ``""``.   meaning: what then happens."""

    name: str
    begins: str
    text: str
    meaning: str

    @property
    def arguments(self) -> list[str]:
        """The names of its arguments, in order."""
        return re.findall(r"{(\w+)}", self.text)

    def read(self, text: str) -> tuple[Argument, ...] | None:
        """The arguments in ``text``, None if it is no such sentence. Raises ValueError if one of them cannot be."""
        pattern = re.sub(r"\\{(\w+)\\}", lambda found: f"({_READERS[found[1]][0]})", re.escape(self.text))
        found = re.fullmatch(pattern.replace(r"\ ", r"\s+"), text)
        if found is None:
            return None
        arguments = [_READERS[name][1](word) for name, word in zip(self.arguments, found.groups(), strict=True)]
        if "others" in self.arguments and (both := set(arguments[0]) & set(arguments[1])):
            raise ValueError(f"{min(both)} cannot be on both sides")
        return tuple(arguments)


FORMS: Final = {
    form.name: form
    for form in (
        Form("reset", "at", "reset connection {number}", "both ends get ECONNRESET; what is under way is lost"),
        Form("partition", "at", "partition {hosts} | {others}", "nothing gets from one side to the other, either way"),
        Form("heal", "at", "heal", "every partition is over; what was held up is sent again"),
        Form("join", "at", "heal {hosts} | {others}", "the partition between these is over"),
        Form("lag", "from", "slow {hosts} | {others} by {seconds} s", "everything between these takes so much longer"),
        Form("refuse", "from", "refuse {host}:{port}", "whoever connects there gets ECONNREFUSED"),
        Form("admit", "from", "admit {host}:{port}", "whoever connects there is no longer refused"),
        Form("break", "at", "fail {stream_verb} of connection {number} with {error}", "the next one fails"),
        Form("fail", "at", "fail {disk_verb} of {path} with {error}", "the next one fails"),
        Form("slow", "from", "slow {path} by {seconds} s", "operations on this file take so much longer"),
        Form("forbid", "from", "forbid {path}", "whatever needs the content of this file gets EACCES"),
        Form("fill", "from", "fill the disk", "writing more than there is gets ENOSPC"),
        Form("clear", "from", "clear the disk", "the disk has room again"),
        Form("exhaust", "from", "use up the descriptors", "what needs a descriptor gets EMFILE"),
        Form("release", "from", "give back the descriptors", "there are descriptors again"),
        Form("interrupt", "at", "interrupt", "the run gets SIGINT"),
        Form("terminate", "at", "terminate", "the run gets SIGTERM"),
        Form("resets", "", "reset {chance}", "of each receive and send: the connection is reset"),
        Form("refusals", "", "refuse {chance}", "of each knock of who connects: it is refused"),
        Form(
            "short reads",
            "",
            "short read {chance}",
            "of each receive: it gives only a part; of a disk's: it takes twice",
        ),
        Form("short writes", "", "short write {chance}", "of each send: its bytes arrive in two parts"),
        Form("late", "", "late {chance} by {seconds} s", "of whatever goes from machine to machine: it arrives later"),
        Form("EIO", "", "EIO {chance}", "of each operation on the disk: it fails"),
        Form("ENOSPC", "", "ENOSPC {chance}", "of each write: it fails"),
        Form("EMFILE", "", "EMFILE {chance}", "of whatever needs a descriptor: it fails"),
    )
}
"""Every kind of sentence, by name."""

_TIMED: Final = re.compile(r"(?:at|from)\s+(\S+)\s*s\s*:\s*(.+)")


@frozen
class Sentence:
    """One fault. kind: of ``FORMS``.   when: seconds, or None for a chance.   arguments: as its form names them."""

    kind: str
    when: float | None
    arguments: tuple[Argument, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Sentence:
        """Read one sentence. Raises ValueError with what is wrong."""
        timed = _TIMED.fullmatch(text)
        when, words = (_seconds(timed[1]), timed[2]) if timed else (None, text)
        wrong = "no such sentence"
        for form in FORMS.values():
            arguments = form.read(words)
            if arguments is not None:
                if bool(form.begins) == bool(timed):
                    return cls(form.name, when, arguments)
                wrong = "it needs a time" if form.begins else "it holds from the beginning to the end and takes no time"
        raise ValueError(wrong)

    def __str__(self) -> str:
        form = FORMS[self.kind]
        words = form.text.format(**dict(zip(form.arguments, map(_shown, self.arguments), strict=True)))
        return words if self.when is None else f"{form.begins} {_shown(self.when)} s: {words}"
