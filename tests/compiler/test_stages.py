"""The passes, printed: each stage shows what the pass before it has handed on."""

import pytest
from attrs import field

from duality import Condition, entry, module
from duality.compiler import program
from duality.compiler.stages import STAGES, stage


@module
class Shelf:
    """A procedure with a rest in a loop, one in a `finally`, and a way out through it."""

    books: list = field(factory=list)
    filled: Condition = field(factory=Condition)

    @entry
    async def take(self, wanted):
        try:
            while not self.books:
                await self.filled.wait()
            return self.books.pop() + (await self.look(wanted))
        finally:
            await self.look(0)

    async def look(self, place):
        return place


def text(name):
    return stage(Shelf.take, Shelf, name)


def test_read_is_the_spec_itself():
    assert text("read").startswith("    @entry\n    async def take(self, wanted):\n        try:\n")


def test_lower_gives_every_rest_a_statement_of_its_own():
    lines = [line.strip() for line in text("lower").splitlines()]
    assert lines[0] == "entry Shelf.take(self, wanted)"
    rests = [line for line in lines if "await" in line]
    assert all(line.startswith("await ") or line.split(" <- ")[1].startswith("await ") for line in rests)
    assert rests.count("await self.look(0)") == 2  # of the way out by an error, and of the one by return
    assert "leave by return" in lines
    assert "leaving by return:" in lines


def test_split_marks_where_each_handler_starts():
    product = program(Shelf, "events").find("take")[0]
    marked = [line.strip()[3:] for line in text("split").splitlines() if line.strip().startswith("-- ")]
    assert sorted(marked) == sorted(product.handlers)


def test_live_says_what_the_record_holds():
    product = program(Shelf, "events").find("take")[0]
    said = dict(line.strip()[3:].split("    alive: ") for line in text("live").splitlines() if "alive: " in line)
    for name, names in said.items():
        node = product.nodes[name]
        assert set(names.replace("nothing", "").split(", ")) - {""} <= set(product.alive[node])
    assert said["take_after_wait"] == "self, wanted"


@pytest.mark.parametrize("name", ["events", "threads"])
def test_the_last_stages_are_the_programs(name):
    assert text(name) == program(Shelf, name).find("take")[0].text


def test_every_stage_prints_something_and_says_it_twice_the_same():
    assert all(text(name).strip() and text(name) == text(name) for name in STAGES)
