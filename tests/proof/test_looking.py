"""Whatever an invariant can see at a rest of any schedule, it sees in an exploration; and a broken one is told."""

import re
import sys

import pytest
from attrs import field
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from duality import (
    Condition,
    application,
    entry,
    fork,
    invariant,
    join,
    module,
    now,
    procedure,
    reply,
    sleep,
    yield_now,
)
from duality.errors import SpecError
from duality.proof import Schedule
from duality.proof.explore import explore
from duality.proof.looking import invariants_in
from duality.proof.trial import RUNTIMES
from tests.proof.noted import note, noted
from tests.proof.trials import trial_of


@module
class Pot:
    """Two numbers and a list that anybody may change, each for itself. Which of them is read depends on the others."""

    x: int = 0
    y: int = 0
    items: list = field(factory=list)

    @invariant
    def sees(self):
        return note("pot", self.x, self.y if self.x % 2 else None, tuple(self.items) if self.y > 1 else None)

    @procedure
    async def put_x(self, number):
        self.x += number

    @procedure
    async def put_y(self, number):
        self.y += number

    @procedure
    async def put_later(self, number):
        items = self.items
        await yield_now()
        items.append(number)


@module
class Till:
    """A monitor that somebody can be in the middle of; its invariant looks into another module, too."""

    pot: Pot
    total: int = 0
    open: bool = False
    opened: Condition = field(factory=Condition)

    @invariant
    def sees(self):
        return note("till", self.total, self.pot.x if self.total % 2 else None, self.open and self.pot.y)

    @entry
    async def add(self, number):
        self.total += number

    @entry
    async def hold(self, number):
        self.total += number
        await yield_now()
        self.total += number

    @entry
    async def early(self, number):
        self.total += number
        reply(None)
        await yield_now()
        self.total += number

    @entry
    async def wait(self, number):
        self.total += number
        while not self.open:
            await self.opened.wait()
        self.open = False
        self.total += number

    @entry
    async def signal(self, number):
        self.open = True
        self.opened.signal()

    @procedure
    async def poke(self, number):
        self.total += number


@module
class Worker:
    pot: Pot
    till: Till

    @procedure
    async def work(self, program):
        for name, number in program:
            if name == "rest":
                await yield_now()
            elif name == "sleep":
                await sleep(number)
            elif name == "fail":
                raise ValueError(number)
            elif name == "built":
                made = Pot(x=number)
                await made.put_x(1)
                await self.pot.put_y(made.x)
            elif name.startswith("put"):
                await getattr(self.pot, name)(number)
            else:
                await getattr(self.till, name)(number)


@module
class Main:
    workers: list
    programs: tuple

    @procedure
    async def main(self):
        for task in [fork(one.work, program) for one, program in zip(self.workers, self.programs, strict=True)]:
            await join(task)


@application
def watched(programs):
    pot = Pot()
    till = Till(pot)
    return Main([Worker(pot, till) for _ in programs], programs)


CHANGES = ("put_x", "put_y", "put_later", "add", "hold", "early", "wait", "signal", "poke", "built")
OPERATION = st.tuples(st.sampled_from((*CHANGES, "rest", "sleep", "fail")), st.integers(1, 2))
PROGRAMS = st.lists(st.lists(OPERATION, min_size=1, max_size=2), min_size=2, max_size=3).map(
    lambda drawn: tuple(map(tuple, drawn))
)


def seen(on, reduce, **given):
    """What the invariants see, and what was found."""
    noted()
    found = explore(watched, on, reduce=reduce, limit=None if reduce else 150, **given)
    return noted(), found


@settings(max_examples=25, deadline=None)
@given(PROGRAMS, st.sampled_from(RUNTIMES), st.sampled_from(("direct", "queued")))
def test_an_invariant_sees_in_the_runs_that_are_made_all_that_it_can_see_in_any(programs, on, crossing):
    given = {"programs": programs, "crossing": crossing}
    everything, brute = seen(on, False, **given)
    assume(not brute.cut)
    sees, found = seen(on, True, **given)
    assert sees == everything
    assert found.without == brute.schedules
    assert {one.text for one in found.outcomes} == {one.text for one in brute.outcomes}


@pytest.mark.parametrize("on", RUNTIMES)
@pytest.mark.parametrize(
    "programs",
    [
        ((("put_x", 1),), (("put_y", 2),)),  # two fields of one module
        ((("put_x", 1),), (("put_y", 2),), (("put_later", 1),)),
        ((("put_later", 1),), (("put_later", 1), ("rest", 1))),  # a list, which one of them has let go
        ((("put_x", 1),), (("poke", 1),)),  # fields of two modules
        ((("hold", 1),), (("put_x", 1),)),  # while somebody is in the middle
        ((("hold", 1),), (("add", 1),), (("poke", 2),)),  # and has just been handed the module
        ((("early", 1),), (("poke", 2),)),
        ((("built", 1),), (("put_x", 1),)),
        ((("sleep", 1), ("put_x", 1)), (("sleep", 1), ("put_y", 1))),
    ],
)
def test_steps_that_have_only_an_invariant_in_common_are_taken_in_either_order(programs, on):
    everything, brute = seen(on, False, programs=programs)
    assert not brute.cut
    sees, found = seen(on, True, programs=programs)
    assert sees == everything
    assert found.without == brute.schedules
    assert found.schedules <= brute.schedules


# -- what it costs -----------------------------------------------------------------------------------------------------


def test_steps_that_no_invariant_is_shown_are_still_left_out():
    found = explore(watched, "events", programs=((("rest", 1), ("rest", 1)),) * 3)
    assert found.schedules < found.without / 10


@pytest.mark.parametrize("on", RUNTIMES)
def test_who_holds_a_module_or_waits_for_it_shows_its_invariant_nothing(on, monkeypatch):
    programs = ((("hold", 2),), (("add", 1),), (("rest", 1), ("rest", 1)))
    looked = explore(watched, on, programs=programs)
    monkeypatch.setattr(sys.modules[explore.__module__], "invariants_in", lambda *app, **params: False)
    found = explore(watched, on, programs=programs)
    assert (looked.schedules, looked.without) == (found.schedules, found.without)
    assert found.schedules < found.without / 10


@pytest.mark.parametrize("on", RUNTIMES)
def test_what_the_machine_puts_into_a_run_that_is_watched_is_nothing_that_tasks_share(on, monkeypatch):
    programs = ((("put_later", 1),), (("put_later", 1), ("rest", 1)))
    looked = explore(watched, on, programs=programs)
    monkeypatch.setattr(sys.modules[explore.__module__], "invariants_in", lambda *app, **params: False)
    found = explore(watched, on, programs=programs)
    assert (looked.schedules, looked.without) == (found.schedules, found.without)


# -- the time ----------------------------------------------------------------------------------------------------------


@module
class Clocked:
    x: int = 0

    @invariant
    def sees(self):
        return note(self.x, now())

    @procedure
    async def change(self):
        self.x += 1

    @procedure
    async def rest(self):
        await yield_now()

    @procedure
    async def main(self):
        tasks = [fork(self.change), fork(self.rest)]
        await sleep(1)
        for task in tasks:
            await join(task)


@pytest.mark.parametrize("on", RUNTIMES)
def test_when_an_invariant_asks_for_the_time_the_order_of_all_steps_matters(on):
    app = application(lambda: Clocked())
    noted()
    brute = explore(app, on, reduce=False)
    everything = noted()
    found = explore(app, on)
    assert noted() == everything
    assert {(1, 0.0), (1, 1.0)} < everything
    assert found.schedules == brute.schedules


# -- what is broken ----------------------------------------------------------------------------------------------------


@module
class Limits:
    """Broken in few schedules only: one task has paid twice, and the other has not begun."""

    left: int = 0
    right: int = 0

    @invariant
    def near(self):
        return self.left - self.right < 2

    @invariant
    def positive(self):
        assert self.left >= 0, "never"

    @procedure
    async def lefts(self):
        self.left += 1
        await yield_now()
        self.left += 1

    @procedure
    async def rights(self):
        self.right += 1

    @procedure
    async def main(self):
        for task in [fork(self.rights), fork(self.lefts)]:
            await join(task)
        return self.left, self.right


@application
def limits():
    return Limits()


def test_what_is_broken_in_one_schedule_of_many_is_found_with_its_word_on_every_runtime():
    found = explore(limits)
    assert found.proved, found.difference
    assert len(found.outcomes) == 1  # which nobody could tell it from
    (broken,) = found.broken
    assert (broken.invariant, broken.module) == ("Limits.near", "the module Limits")
    for side in found.sides.values():
        assert (list(side.broken), side.invariants) == ([str(broken)], 2)
    again = trial_of(limits, "oracle", Schedule.of(broken.word))
    assert len(broken.word) < len(again.word)
    assert f"after step {len(broken.word) - 1}, of task 0.2" in broken.said
    assert "left = 2, right = 0" in broken.said
    assert f"broken: {broken}   Schedule.of({list(broken.word)})" in str(found)
    assert "1 of 2 invariants broken" in str(found)
    assert found.counts()["events"]["broken"] == 1


def test_it_is_asked_before_the_first_step_and_after_the_last():
    @module
    class Ends:
        count: int = 0
        first: bool = False

        @invariant
        def small(self):
            return self.count < 1

        @invariant
        def begun(self):
            return self.first

        @procedure
        async def main(self):
            self.first = True
            await yield_now()
            self.count = 1

    found = explore(application(lambda: Ends()))
    assert {one.invariant.rpartition(".")[2]: len(one.word) for one in found.broken} == {"begun": 0, "small": 2}
    assert "before the first step" in next(one.said for one in found.broken if not one.word)


def test_where_nothing_is_written_nobody_looks():
    @module
    class Plain:
        @procedure
        async def main(self):
            await yield_now()

    app = application(lambda: Plain())
    assert not invariants_in(app)
    assert invariants_in(limits)
    found = explore(app)
    assert "invariant" not in str(found)
    assert found.counts()["oracle"]["invariants"] == 0


# -- what is no looking ------------------------------------------------------------------------------------------------


@module
class Store:
    items: dict = field(factory=dict)
    changed: Condition = field(factory=Condition)

    @entry
    async def size(self):
        return len(self.items)

    @procedure
    async def has(self, name):
        await yield_now()
        return name in self.items

    @entry
    async def put(self, name):
        self.items[name] = True
        await yield_now()


@module
class Curious:
    store: Store
    way: str

    @invariant
    def looks(self):
        way, store = self.way, self.store
        if not store.items:  # so the first rest tells nothing
            return True
        if way == "size":
            return store.size() == 0
        if way == "has":
            return not store.has("a")
        if way == "signal":
            store.changed.signal()
        return True

    @procedure
    async def main(self):
        await self.store.put("a")
        await yield_now()


@application
def curious(way):
    return Curious(Store(), way)


@pytest.mark.parametrize("on", RUNTIMES)
@pytest.mark.parametrize("way", ["size", "has", "signal"])
@pytest.mark.parametrize("crossing", ["direct", "queued"])
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
def test_an_invariant_that_blocks_or_does_anything_is_refused(way, crossing, on):
    with pytest.raises(SpecError, match=re.escape("the invariant Curious.looks asks for")) as caught:
        explore(curious, on, crossing=crossing, way=way)
    assert (caught.value.file, caught.value.line) == (__file__, Curious.looks.__code__.co_firstlineno)
    assert explore(curious, on, crossing=crossing, way="fields").proved
