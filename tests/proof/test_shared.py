"""Tasks that share an object depend on each other, however they came by it."""

import pytest
from attrs import field
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from duality import application, fork, join, module, procedure, yield_now
from duality.proof.explore import explore
from duality.proof.trial import RUNTIMES


@module
class Sharing:
    """Two tasks put something in one list, and come by it in different ways."""

    way: str
    items: list = field(factory=list)
    others: list = field(factory=list)

    @procedure
    async def given(self, items, name):
        await yield_now()
        items.append(name)

    @procedure
    async def kept(self, name):
        items = self.items
        await yield_now()
        items.append(name)

    @procedure
    async def nested(self, name):
        inner = self.others[0]
        await yield_now()
        inner.append(name)

    @procedure
    async def from_a_task(self, task, name):
        items = await join(task)
        await yield_now()
        items.append(name)

    @procedure
    async def making(self):
        return self.items

    @procedure
    async def main(self):
        if self.way == "given":
            tasks = [fork(self.given, self.items, name) for name in "ab"]
        elif self.way == "kept":
            tasks = [fork(self.kept, name) for name in "ab"]
        elif self.way == "aliases":
            self.others.append(self.items)
            tasks = [fork(self.kept, "a"), fork(self.nested, "b")]
        else:
            maker = fork(self.making)
            tasks = [fork(self.from_a_task, maker, name) for name in "ab"]
        for task in tasks:
            await join(task)
        return "".join(self.items)


@application
def sharing(way):
    return Sharing(way)


@pytest.mark.parametrize("way", ["given", "kept", "aliases", "joined"])
@pytest.mark.parametrize("on", RUNTIMES)
def test_both_orders_are_seen(on, way):
    found = explore(sharing, on, way=way)
    assert {one.brief for one in found.outcomes} == {"value 'ab'", "value 'ba'"}
    brute = explore(sharing, on, way=way, reduce=False)
    assert {one.text for one in found.outcomes} == {one.text for one in brute.outcomes}
    assert found.without == brute.schedules
    assert found.schedules <= brute.schedules  # a stack does not show all it holds: threads are taken to share more


# -- what was shared, and is kept by one alone since -------------------------------------------------------------------


@module
class Handing:
    """Tasks with a list each of their own, or the same, which they pass on, take, and let go."""

    programs: tuple
    apart: bool
    place: object = None

    @procedure
    async def work(self, mine, name, program):
        seen = ()
        for operation in program:
            if operation == "add":
                mine.append(name)
            elif operation == "look":
                seen += tuple(mine)
            elif operation == "make":
                mine = []
            elif operation == "put":
                self.place = mine
            elif operation == "take" and self.place is not None:
                mine = self.place
            elif operation == "clear":
                self.place = None
            elif operation == "hand":
                await join(fork(self.work, mine, "c", ("rest", "add")))
            else:
                await yield_now()
        return seen

    @procedure
    async def main(self):
        items = []
        tasks = [
            fork(self.work, [] if self.apart else items, name, program)
            for name, program in zip("ab", self.programs, strict=False)
        ]
        del items
        return [await join(task) for task in tasks]


@application
def handing(programs, apart=False):
    return Handing(programs, apart)


@pytest.mark.parametrize("on", RUNTIMES)
@pytest.mark.parametrize(
    "programs",
    [
        (("rest", "add", "look"), ("rest", "add", "look")),  # and have ended
        (("add", "make", "rest"), ("rest", "look")),  # has let it go, and goes on
        (("put", "rest", "clear"), ("take", "rest", "look", "add")),  # a field has
    ],
)
def test_who_is_the_last_to_keep_an_object_depends_on_those_that_have_let_it_go(programs, on):
    brute = explore(handing, on, programs=programs, reduce=False)
    found = explore(handing, on, programs=programs)
    assert {one.text for one in found.outcomes} == {one.text for one in brute.outcomes}
    assert found.without == brute.schedules


OPERATIONS = st.sampled_from(("add", "look", "make", "put", "take", "clear", "hand", "rest", "rest"))
PROGRAMS = st.lists(st.lists(OPERATIONS, min_size=1, max_size=5).map(tuple), min_size=2, max_size=2).map(tuple)


@settings(max_examples=25, deadline=None)
@given(PROGRAMS, st.booleans(), st.sampled_from(RUNTIMES))
def test_no_outcome_is_lost_whoever_passes_on_what_to_whom(programs, apart, on):
    brute = explore(handing, on, programs=programs, apart=apart, reduce=False, limit=100)
    assume(not brute.cut)
    found = explore(handing, on, programs=programs, apart=apart)
    assert {one.text for one in found.outcomes} == {one.text for one in brute.outcomes}
    assert found.without == brute.schedules
