"""The outside cases: data in ``cases/*.case``, one file for each of CPython's own test files.

A case has a name and sections. The short ones stand on one line:

    [construct]  the row of the language table it belongs to
    [asked]      the tests of CPython (of 3.12; ``asked.txt`` has all) that ask for this; ``test_patma_003-007`` is five
    [status]     covered, refused or different
    [since]      the first Python that can read it, if that is not 3.11

    [spec]       a file's text; ``desk.py`` is imported before it, an ``@application`` that builds ``Main`` follows
    [gives]      what ``main`` gives, on CPython and on all three
    [refused]    the sentence of the SpecError (or ``SyntaxError: ...``: then Python itself refuses it)
    [because]    why it is different; if a [spec] shows it, [gives] is ours and [python] is CPython's

Rule: what CPython gives is written by ``--update-golden`` from a plain run, and read by a person; never from ours.
"""

import ast
import pprint
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import define, field

CASES = Path(__file__).parent / "cases"
ASKED = Path(__file__).parent / "asked.txt"
HEAD = "from tests.compiler.outside.desk import *\n"
TAIL = "\n\n@application\ndef app():\n    return Main()\n"
SHORT = ("construct", "asked", "status", "since")
SECTIONS = (*SHORT, "spec", "gives", "python", "refused", "because")
STATUSES = ("covered", "refused", "different")


@define
class Case:
    """One case, as it is written."""

    file: Path
    name: str
    sections: dict[str, str] = field(factory=dict)

    def __getattr__(self, section: str) -> str:
        """A section's text, empty if it has none."""
        if section not in SECTIONS:
            raise AttributeError(section)
        return self.sections.get(section, "").strip("\n")

    @property
    def text(self) -> str:
        """The whole file that the case's spec stands for."""
        future = "".join(re.findall(r"\A(?:from __future__ .*\n)*", self.spec)[:1])
        return future + HEAD + self.spec.removeprefix(future) + TAIL

    @property
    def tests(self) -> list[str]:
        """The names of CPython's tests."""
        return [name for word in self.asked.split() for name in _spread(word)]

    @property
    def oldest(self) -> tuple[int, ...]:
        """The first Python that can read the spec."""
        return tuple(map(int, (self.since or "3.11").split(".")))

    @property
    def answer(self) -> str:
        """The name of the section that has CPython's answer."""
        return "python" if self.status == "different" else "gives"

    def value(self, section: str) -> Any:
        """The value that a section says."""
        return ast.literal_eval(self.sections[section].strip())

    def answered(self, value: Any) -> None:
        """Write down CPython's answer."""
        self.sections[self.answer] = pprint.pformat(value, width=110)

    def __str__(self) -> str:
        parts = [f"[case {self.name}]"]
        for section in SECTIONS:
            if section in self.sections:
                text = getattr(self, section)
                parts.append(f"[{section}] {text}" if section in SHORT or "\n" not in text else f"[{section}]\n{text}")
        return "\n".join(parts) + "\n"


def _spread(word: str) -> Iterator[str]:
    many = re.fullmatch(r"(\w*?)(\d+)-(\d+)", word)
    if many is None:
        yield word
        return
    for number in range(int(many[2]), int(many[3]) + 1):
        yield f"{many[1]}{number:0{len(many[2])}}"


def asked() -> dict[str, dict[str, list[str]]]:
    """CPython's own tests: by file, by class."""
    found: dict[str, dict[str, list[str]]] = {}
    for block in ASKED.read_text().split("\n\n"):
        title, _, body = block.partition("\n")
        classes = re.split(r"\n(?! )", body.strip("\n"))
        words = {one.partition(":")[0]: one.partition(":")[2].split() for one in classes}
        found[title[1:].partition("]")[0]] = words
    return found


def cases(file: Path) -> list[Case]:
    """The cases of a file, in order."""
    return list(_read(file))


def _read(file: Path) -> Iterator[Case]:
    case, section = None, ""
    for line in file.read_text().splitlines():
        if opened := re.fullmatch(r"\[case (.*)\]", line):
            if case is not None:
                yield case
            case = Case(file, opened[1])
        elif case is not None and (opened := re.match(rf"\[({'|'.join(SECTIONS)})\] ?(.*)", line)):
            section = opened[1]
            case.sections[section] = opened[2]
        elif case is not None:
            case.sections[section] += "\n" + line
    if case is not None:
        yield case


def write(file: Path, changed: list[Case]) -> None:
    """Write the cases of a file, a blank line between them."""
    file.write_text("\n".join(map(str, changed)))


def files() -> list[Path]:
    """All case files."""
    return sorted(CASES.glob("*.case"))
