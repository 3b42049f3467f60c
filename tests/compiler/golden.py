"""Golden cases: data a reader can check by eye, in ``cases/*.case``.

A file holds cases; a case has a name and sections, each with lines of text. ``[spec]`` is written by hand: procedures
of a module ``Shop`` (a subclass of ``shelf.Shelf``), the first of which is compiled. The other sections are what the
compiler made of it when somebody last looked; ``pytest tests/compiler --update-golden`` writes them anew.

    [graph]    the blocking graph     [alive]    for each rest, what lives across it
    [events]   the events program     [threads]  the threads program
"""

import re
from pathlib import Path

from attrs import define

from duality.compiler import compile_procedure, graph_of_events
from duality.compiler.product import Product
from tests.compiler.fuzz.compare import load

CASES = Path(__file__).parent / "cases"
HEAD = """\
from tests.compiler.shelf import *
@module
class Shop(Shelf):
"""
SECTIONS = ("spec", "graph", "alive", "events", "threads")


@define
class Case:
    """One case: its name and its sections' texts."""

    file: Path
    name: str
    sections: dict[str, str]

    def __str__(self) -> str:
        parts = [f"[case {self.name}]"]
        for section in SECTIONS:
            parts += [f"[{section}]", self.sections.get(section, "").rstrip()]
        return "\n".join(parts) + "\n"


def cases(file: Path) -> list[Case]:
    """The cases of a file, in order."""
    found: list[Case] = []
    section = ""
    for line in file.read_text().splitlines():
        if opened := re.fullmatch(r"\[case (.*)\]", line):
            found.append(Case(file, opened[1], {}))
        elif (opened := re.fullmatch(r"\[(\w+)\]", line)) and opened[1] in SECTIONS:
            section = opened[1]
            found[-1].sections[section] = ""
        elif found:
            found[-1].sections[section] += line + "\n"
    return found


def write(file: Path, changed: list[Case]) -> None:
    """Write the cases of a file, a blank line between them."""
    file.write_text("\n\n".join(map(str, changed)))


def compiled(case: Case, folder: Path) -> dict[str, str]:
    """What the compiler makes of the case now: the text of every section."""
    module = load(spec_of(case), folder)
    name = re.search(r"async def (\w+)", case.sections["spec"])
    assert name is not None
    function = vars(module.Shop)[name[1]]
    events, threads = (compile_procedure(function, module.Shop, side) for side in ("events", "threads"))
    return {
        "spec": case.sections["spec"].rstrip("\n"),
        "graph": graph_of_events.of_events(events).to_text().partition("\n")[2].rstrip(),
        "alive": _alive(events),
        "events": events.text.replace(" \n", "\n").rstrip(),
        "threads": threads.text.rstrip(),
    }


def spec_of(case: Case) -> str:
    """The whole file that a case's spec stands for."""
    return HEAD + "".join(f"    {line}\n" if line else "\n" for line in case.sections["spec"].splitlines())


def _alive(product: Product) -> str:
    return "\n".join(f"{node.name:<24} {{{', '.join(names)}}}" for node, names in product.alive.items())
