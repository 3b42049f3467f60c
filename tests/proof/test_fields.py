"""A field that records is the plain one to everybody who uses it; a clock that records is the plain clock."""

import pytest
from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st

from duality import application, disk, module, move_on_after, procedure, sleep
from duality.core.io.simulated import SimulatedIO
from duality.proof.fields import Field, Reasons, Timed
from duality.proof.footprints import Footprints
from tests.proof.touched import play


class Told:
    """A spy that notes what it is told. ``seen.index``: of the step under way, -1 for none."""

    def __init__(self):
        self.seen, self.uses_of = Footprints(), []

    def uses(self, instance, name, values, writes):
        self.uses_of.append((name, values, writes))


def classes():
    """The same class, plain and with its field recorded."""

    class Plain:
        size = 1  # a default on the class
        kept: int

    class Recorded(Plain):
        pass

    spy = Told()
    for name in ("size", "kept"):
        setattr(Recorded, name, Field(name, spy))
    return Plain, Recorded, spy


actions = st.lists(
    st.tuples(st.sampled_from(["get", "set", "delete", "has"]), st.sampled_from(["size", "kept"]), st.integers(0, 3))
)


def does(instance, action, name, value):
    """What comes of it, as data."""
    try:
        match action:
            case "get":
                return getattr(instance, name)
            case "set":
                return setattr(instance, name, value)
            case "delete":
                return delattr(instance, name)
            case _:
                return hasattr(instance, name), vars(instance)
    except AttributeError as error:
        return type(error), error.name or name


@given(actions)
def test_whatever_is_done_with_it_a_recorded_field_answers_as_a_plain_one(todo):
    plain, recorded, spy = classes()
    one, other = plain(), recorded()
    spy.seen.begin(0, "0")
    expected = []
    for action, name, value in todo:
        before = vars(other).get(name)
        assert does(one, action, name, value) == does(other, action, name, value)
        if action == "set":
            expected.append((name, (value, before), True))
        elif before is not None:
            expected.append((name, (before,), action == "delete"))
    assert spy.uses_of == expected


def test_between_two_steps_nobody_is_told():
    _, recorded, spy = classes()
    one = recorded()
    one.kept = 3
    assert (one.kept, spy.uses_of) == (3, [])


def test_what_is_not_there_is_missing_as_it_would_be():
    _, recorded, _ = classes()
    with pytest.raises(AttributeError, match="'Recorded' object has no attribute 'kept'"):
        _ = recorded().kept
    with pytest.raises(AttributeError, match="type object 'Recorded' has no attribute 'kept'"):
        _ = recorded.kept
    assert recorded.size == 1


# -- time --------------------------------------------------------------------------------------------------------------


@define
class Core:
    """A clock that notes what it is asked."""

    time: float = 5.0
    asked: list = field(factory=list)

    def now(self):
        return self.time

    def sleep(self, activation, seconds):
        self.asked.append(("sleep", activation, seconds))
        return "parked"

    def call_at(self, when, callback):
        self.asked.append(("call_at", when, callback))
        return "timer"


@given(seconds=st.just(0.0) | st.floats(-1, 3), when=st.just(5.0) | st.floats(0, 10))
def test_the_clock_passes_everything_on_and_notes_what_is_due_at_once(seconds, when):
    core, seen = Core(), Footprints()
    for ask, due in (
        (lambda it: it.sleep("me", seconds), seconds <= 0),
        (lambda it: it.call_at(when, print), when <= 5),
    ):
        reasons = Reasons()
        seen.begin(0, "0")
        assert ask(Timed(core, seen, reasons)) in ("parked", "timer")
        assert (reasons.polls, reasons.births) == (due, False)
        seen.end()
    assert core.asked == [("sleep", "me", seconds), ("call_at", when, print)]
    assert Timed(core, seen, Reasons()).now() == 5.0


def test_deadlines_of_one_moment_are_in_each_others_way_and_others_are_not():
    seen, prints = Footprints(), []
    timed = Timed(Core(), seen, Reasons())
    for when in (7.0, 7.0, 8.0):
        seen.begin(0, f"0.{len(prints)}")
        timed.call_at(when, print)
        prints.append(seen.end())
    assert prints[0].conflicts(prints[1])
    assert not prints[1].conflicts(prints[2])


@module
class Timing:
    way: str

    @procedure
    async def main(self):
        match self.way:
            case "sleeps":
                await sleep(1)
            case "gives way":
                await sleep(0)
            case "is in time":
                with move_on_after(1):
                    await sleep(5)
            case "reads":
                return await disk.read_file("/a")


@application
def timing(way: str):
    return Timing(way)


@pytest.mark.parametrize(
    ("way", "touches", "polls"),
    [
        ("sleeps", set(), False),
        ("gives way", set(), True),
        ("is in time", {"writes deadline 1.0"}, False),
        ("reads", {"writes the I/O core"}, False),
    ],
)
def test_what_a_step_asks_of_the_core_is_in_its_footprint(on, way, touches, polls):
    reasons = Reasons()
    _, hand = play(timing, on, reasons=reasons, io=SimulatedIO(files={"/a": b""}), way=way)
    found = {one for one in hand.steps[0][1] if one.startswith(("writes deadline", "writes the I/O"))}
    assert (found, reasons.polls) == (touches, polls)
