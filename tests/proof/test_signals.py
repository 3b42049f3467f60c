"""Who could still signal: by name, from where each task stands; a "no" is sure, and a "yes" a guess."""

from pathlib import Path

import pytest
from attrs import field

from duality import Condition, entry, module, procedure, sleep
from duality.compiler.program import program
from duality.proof.signals import Signals


def line(text):
    """``file:line`` of the only line here that ends with ``text``."""
    (number,) = [no for no, one in enumerate(Path(__file__).read_text().split("\n"), 1) if one.endswith(text)]
    return f"{__file__}:{number}"


def ring(bell):
    bell.rung.signal()  # by a helper


async def knock(bell):
    await sleep(1)
    bell.knocked.signal()  # by an asynchronous one


@module
class Bell:
    rung: Condition = field(factory=Condition)
    knocked: Condition = field(factory=Condition)
    never: Condition = field(factory=Condition)
    all: list = field(factory=list)

    @entry
    async def pull(self):
        self.rung.broadcast()  # by its own entry

    @entry
    async def hear(self):
        while not self.all:
            await self.rung.wait()

    @procedure
    async def anything(self):
        for one in self.all:
            one.signal()  # of whatever is in there


@module
class Door:
    bell: Bell

    @procedure
    async def early(self):
        await self.bell.pull()
        await sleep(1)  # the signal lies behind

    @procedure
    async def late(self):
        await sleep(2)  # the signal lies ahead
        await self.through()

    @procedure
    async def through(self):
        await self.bell.pull()

    @procedure
    async def again(self, count):
        while count:
            await self.bell.pull()
            await sleep(3)  # and round

    @procedure
    async def branches(self, flag):
        if flag:
            await sleep(4)  # this way
            return
        await sleep(5)  # and that
        ring(self.bell)

    @procedure
    async def fails(self):
        try:
            await sleep(6)  # may fail
        except OSError:
            await self.bell.pull()

    @procedure
    async def inner(self):
        await sleep(7)  # before an inner function
        later = [lambda: self.bell.pull() for _ in "a"]
        return later

    @procedure
    async def deeper(self):
        await sleep(12)  # before one that signals itself
        later = [lambda: self.bell.knocked.broadcast() for _ in "a"]  # deep inside
        return later

    @procedure
    async def unnamed(self):
        await sleep(8)  # before what has no name
        await self.bell.anything()

    @procedure
    async def by_name(self, name):
        await sleep(9)  # before a name nobody knows
        await getattr(self.bell, name)()

    @procedure
    async def knocking(self):
        await sleep(10)  # before the helper
        await knock(self.bell)

    @procedure
    async def waiting(self):
        await sleep(11)  # before one who only waits
        await self.bell.hear()


@module
class Window:
    """Has a procedure that is called as one of a door is."""

    @procedure
    async def early(self, bell):
        await sleep(13)
        await bell.pull()


CODE = Signals([("", Door(Bell())), ("bell", Bell()), ("window", Window())])
NODES = [node for cls in (Door, Bell) for one in program(cls, "threads").products for node in one.points.nodes]


def at(text):
    """The node of the rest on the line that ends with ``text``."""
    number = int(line(text).rpartition(":")[2])
    (node,) = [one for one in NODES if one.line == number and one.kind == "sleep"]
    return node


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("# the signal lies behind", False),
        ("# the signal lies ahead", True),
        ("# and round", True),
        ("# this way", False),
        ("# and that", True),
        ("# may fail", True),
        ("# before an inner function", True),
        ("# before what has no name", True),
        ("# before a name nobody knows", True),
        ("# before the helper", False),
        ("# before one who only waits", False),
    ],
)
def test_what_lies_ahead_of_a_rest_and_nothing_else(text, possible):
    assert CODE.can_come([at(text)], "Bell.rung") is possible


@pytest.mark.parametrize("text", ["# before the helper", "# before one that signals itself"])
def test_a_helper_of_the_file_or_an_inner_function_may_signal_too(text):
    assert CODE.can_come([at(text)], "Bell.knocked")


def test_any_of_the_procedures_that_a_task_is_in_may_be_the_one():
    inner, outer = at("# the signal lies behind"), at("# the signal lies ahead")
    assert CODE.can_come([inner, outer], "Bell.rung")
    assert not CODE.can_come([inner, at("# this way")], "Bell.rung")
    assert not CODE.can_come([], "Bell.rung")


def test_who_has_only_begun_has_everything_ahead():
    begins = {node.procedure: node for node in NODES if node.kind == "begin"}
    assert CODE.can_come([begins["Door.early"]], "Bell.rung")
    assert not CODE.can_come([begins["Bell.hear"]], "Bell.rung")


def test_each_line_that_signals_a_condition_is_told():
    assert CODE.of("Bell.rung") == [
        f"{line('# by a helper')}, in ring",
        f"{line('# by its own entry')}, in Bell.pull",
    ]
    assert CODE.of("Bell.knocked") == [
        f"{line('# by an asynchronous one')}, in knock",
        f"{line('# deep inside')}, in Door.deeper",
    ]
    assert CODE.of("Bell.never") == []
    assert not any(CODE.can_come([one], "Bell.never") for one in NODES if one.procedure == "Door.late")


def test_the_code_of_an_inherited_procedure_is_known():
    @module
    class Louder(Bell):
        pass

    assert Signals([("", Louder())]).of("Louder.rung") == CODE.of("Bell.rung")
