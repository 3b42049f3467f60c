"""The table is true: its rooms are there, on both sides, and every name it uses exists."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

import pytest

import duality
from duality.notions import NOTIONS, TWINS, Notion

HERE = Path(duality.__file__).parent
# What one side must write out and Python does for the other: a record of what is alive is what a stack is.
ALONE = {"record", "telling", "groups", "managers", "protocols", "standing", "under"}


def names_in(words: str) -> list[str]:
    """Every dotted name in the code of a cell; keywords and one-letter placeholders are nobody's names."""
    code = " ".join(re.findall(r"`([^`]*)`", words))
    names = re.findall(r"[A-Za-z_][\w.]*", code)
    return [name for name in names if not keyword.iskeyword(name) and len(name.split(".")[0]) > 1]


@pytest.mark.parametrize("room", TWINS)
@pytest.mark.parametrize("side", ["events", "threads"])
def test_every_room_is_a_file_on_both_sides(room: str, side: str) -> None:
    assert (HERE / side / f"{room}.py").is_file()


@pytest.mark.parametrize("side", ["events", "threads"])
def test_every_twin_file_is_in_the_table(side: str) -> None:
    rooms = {path.stem for path in (HERE / side).glob("*.py")} - {"__init__"} - ALONE
    assert rooms == set(TWINS)


@pytest.mark.parametrize("notion", NOTIONS, ids=lambda notion: notion.spec)
def test_every_name_in_the_table_exists(notion: Notion) -> None:
    for name in names_in(notion.spec):
        thing: object = duality
        for part in name.split("."):
            thing = getattr(thing, part)


def test_no_row_is_given_twice() -> None:
    assert len({notion.spec for notion in NOTIONS}) == len(NOTIONS)


def test_no_cell_is_empty_and_the_two_sides_never_use_the_same_words() -> None:
    for notion in NOTIONS:
        assert notion.spec
        assert notion.events
        assert notion.threads
        assert notion.events != notion.threads


def test_the_check_of_names_does_see_names() -> None:
    assert names_in("`t = fork(m.p, a)`, then `x = await join(t)`") == ["fork", "join"]
    assert names_in("`await Condition.wait()`") == ["Condition.wait"]
