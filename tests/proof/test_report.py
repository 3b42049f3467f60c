"""The report: what was run is in it, in the caller's order, and the file is whole or is not there."""

import json
import os
from pathlib import Path

import pytest
from attrs import evolve, field

from duality import Condition, application, entry, invariant, module, procedure
from duality.cli.load import load
from duality.graph import Edge, Node
from duality.proof import Finding, Setting, Verdict, sheet
from duality.proof.checked import Asked, Checked, declared, shares
from duality.proof.report import as_data, source_hash, write

ASKED = Asked(40, 7, ("random", "pct", "round robin", "fifo"), ("direct", "queued"), allow=("deadlock",))
BEGIN, END = Node("Main.main", "begin", 0, 3), Node("Main.main", "end", 0, 9)


@module
class Shelf:
    items: list = field(factory=list)
    changed: Condition = field(factory=Condition)

    @invariant
    def short(self):
        return len(self.items) < 5

    @entry
    async def put(self, item):
        assert item is not None
        self.items.append(item)


@module
class Main:
    shelf: Shelf

    @procedure
    async def main(self):
        assert await self.shelf.put(1) is None
        check(self.shelf)


def check(shelf):
    """A plain helper: what it asserts is no part of a procedure."""
    assert shelf


@application
def shop(size: int = 3):
    return Main(Shelf())


VERDICT = Verdict(40, 126, 900, 1.5, 1, 2, allowed={"leak": 1, "deadlock": 3}, unwalked=(Edge(BEGIN, END),))
CHECKED = Checked(__file__, shop.given(size=4), ASKED, VERDICT, wall=1.25, cpu=1.0)


def test_what_is_declared_is_counted(tmp_path: Path) -> None:
    # From a file of its own: what pytest makes of an ``assert`` in a file of tests is none any more.
    path = tmp_path / "shop.py"
    path.write_text(Path(__file__).read_text())
    assert declared(load(f"{path}:shop").app) == {"invariant": 1, "assertion": 2}


def test_the_kinds_of_schedules_add_up_to_those_played() -> None:
    found = shares(CHECKED)
    assert sum(found.values()) == 40
    assert (found["round robin"], found["fifo"]) == (6, 6)  # once with each crossing and each leader
    assert shares(evolve(CHECKED, verdict=None)) == {}


def test_everything_that_decides_a_check_is_in_the_report() -> None:
    data = as_data([CHECKED])
    (one,) = data["checks"]
    assert set(data["versions"]) == {"duality", "compiler", "python"}
    assert one["source"] == source_hash(__file__)
    assert (one["application"], one["params"]) == ("shop", {"size": "4"})
    assert one["asked"] == {
        "schedules": 40, "seed": 7, "kinds": ["random", "pct", "round robin", "fifo"],
        "crossings": ["direct", "queued"], "faults": "", "allow": ["deadlock"],
    }  # fmt: skip
    assert one["edges"] == {"walked": 1, "of": 2, "never": ["Main.main: begin -> end (line 3 to 9)"]}
    assert list(one["allowed"].items()) == [("deadlock", 3), ("leak", 1)]
    assert (one["held"], one["finding"]) == (True, None)
    assert one["seconds"] == {"wall": 1.25, "cpu": 1.0}


def test_a_finding_is_in_it_as_it_was_shrunk_and_as_it_was_found() -> None:
    small, large = Setting({"size": 1}, word=(0, 1)), Setting(word=(0, 1, 2, 3))
    found = Finding("L2", "they differ", "shop.py:3", 5, setting=small, as_found=large)
    data = as_data([evolve(CHECKED, verdict=evolve(VERDICT, finding=found, replay="shop.replay.json"))])
    told = data["checks"][0]["finding"]
    assert (told["law"], told["place"], told["step"], told["replay"]) == ("L2", "shop.py:3", 5, "shop.replay.json")
    assert (told["setting"]["word"], told["as_found"]["word"]) == ([0, 1], [0, 1, 2, 3])
    assert told["setting"]["params"] == {"size": "1"}
    assert (data["totals"]["held"], data["totals"]["findings"]) == (0, 1)


def test_what_was_refused_is_in_it_and_is_not_counted_as_held() -> None:
    refused = Checked("gone.py", None, ASKED, refused="gone.py: there is no such file.")
    data = as_data([refused, CHECKED])
    assert data["checks"][0] == {"file": "gone.py", "source": "", "refused": "gone.py: there is no such file."}
    assert {name: data["totals"][name] for name in ("applications", "held", "findings", "refused")} == {
        "applications": 2, "held": 1, "findings": 0, "refused": 1,
    }  # fmt: skip


def test_the_same_checks_are_the_same_text(tmp_path: Path) -> None:
    for name in ("one.json", "two.json"):
        write(tmp_path / name, [CHECKED, CHECKED])
    one, two = ((tmp_path / name).read_text() for name in ("one.json", "two.json"))
    assert one == two
    assert json.loads(one) == as_data([CHECKED, CHECKED])


def test_a_report_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "law.json"
    write(path, [CHECKED])
    before = path.read_text()

    def full(*names: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sheet.os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write(path, [])
    assert path.read_text() == before
    assert os.listdir(tmp_path) == ["law.json"]
