"""What a task at rest keeps is all that it can go on with, on every runtime; only of a stack there may be more."""

import pytest

from duality import application, entry, fork, join, module, procedure, yield_now
from duality.core.policy import Choices
from duality.proof.keeping import kept
from duality.proof.reach import reach
from tests.proof.trials import trial_of


class Thing:
    """Something mutable, under a name by which a test finds it again."""

    made: dict = {}

    def __init__(self, name):
        self.made[name] = self


class Looking:
    """A watcher that notes what a task keeps at every point: values, and the names of the things that they lead to."""

    facts = ()

    def __init__(self, task):
        self.task, self.values, self.things, self.whole = task, [], [], set()

    def begin(self, runtime, modules):
        pass

    def rest(self, runtime, task):
        for one in runtime.scheduler.living:
            if one.name == self.task:
                values, whole = kept(runtime, one)
                reached = reach(values)
                self.values.append(values)
                self.things.append({name for name, thing in Thing.made.items() if id(thing) in reached})
                self.whole.add(whole)


@module
class Keeping:
    """Rests with things in several places: handed over, made, let go, and in the procedure that it has called."""

    @entry
    async def inner(self, given):
        mine = [given, Thing("inner")]
        await yield_now()
        return mine

    @procedure
    async def child(self, handed, *, named):
        await yield_now()
        own = {"own": Thing("own")}
        got = await self.inner(handed)
        del handed, named
        await yield_now()
        return got, own

    @procedure
    async def main(self):
        return len(await join(fork(self.child, Thing("handed"), named=Thing("named"))))


@application
def keeping():
    return Keeping()


@pytest.fixture
def looking(on):
    """What the child keeps, at every point of its life."""
    Thing.made.clear()
    looking = Looking("0.1")
    assert trial_of(keeping, on, watchers=[looking]).outcome["value"] == "2"
    return looking


def test_all_that_it_can_go_on_with_is_there_at_every_rest(looking):
    born, first, within, last = looking.things
    assert born >= {"handed", "named"}
    assert first >= {"handed", "named"}
    assert within >= {"own", "inner", "handed"}  # the caller's variables, and those of whom it has called
    assert last >= {"own", "inner", "handed"}  # the latter two in what was returned


def test_what_is_not_made_yet_or_let_go_is_not(on, looking):
    assert "own" not in looking.things[1]
    # What a task was begun with, the task itself may hold on to; a record does not.
    assert on != "events" or "named" not in looking.things[-1]


def test_a_stack_says_that_it_may_not_show_all(on, looking):
    assert (False in looking.whole) is (on == "threads")


def test_the_queue_that_is_asked_for_the_next_task_is_nobodys(looking):
    assert not [value for values in looking.values for value in values if isinstance(value, Choices)]
