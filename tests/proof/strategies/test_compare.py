"""What compares must be able to find: a program that is none, and a runtime that does, or keeps, something else."""

from importlib import import_module

import pytest

from duality.compiler import drop, handlers, live
from duality.errors import InvariantBroken
from duality.proof import Schedule
from duality.proof.invariants import Invariants
from duality.proof.strategies import Spec, spec_of
from duality.proof.strategies.chance import Rolled
from tests.planted.planting import planted
from tests.proof.applications import judged
from tests.proof.strategies.compare import Counted, difference, schedules
from tests.proof.strategies.observed import eyes, observed, promises_count

HEAD = "from duality import application, module, procedure, sleep\n\n\n@module\nclass Main:\n"
TAIL = "\n\n@application\ndef drawn(n: int = 1):\n    return Main()\n"
MAIN = "    @procedure\n    async def main(self):\n        await sleep(1)\n        return 7\n"


def test_nothing_is_found_where_nothing_is_and_what_was_run_is_counted():
    counted = Counted()
    assert difference(Spec(HEAD + MAIN + TAIL), schedules(5), counted) is None
    assert (counted.schedules, counted.runs, counted.ends) == (5, 30, {"value": 10})
    assert counted.edges == counted.edges_total == 2


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("return 7", "return seven", "oracle: ends with NameError"),
        ("sleep(1)", "print(1)", "cannot be compiled: SpecError"),
    ],
)
def test_a_program_that_is_none_is_found(before, after, kind):
    found = difference(Spec(HEAD + MAIN.replace(before, after) + TAIL), schedules(2))
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize("side", ["threads", "events"])
def test_a_runtime_that_asks_for_something_else_is_found_and_named(side, monkeypatch):
    verbs = import_module(f"duality.{side}.verbs").Verbs
    begin = verbs.__init__

    def wrong(self, runtime):
        begin(self, runtime)
        right = self.sleep
        self.sleep = lambda *given: right(*given[:-1], given[-1] + 1)  # the duration comes last

    monkeypatch.setattr(verbs, "__init__", wrong)
    found = difference(Spec(HEAD + MAIN + TAIL), schedules(2))
    assert found is not None
    assert found.kind == f"{side}: other operations"
    assert "sleep(1)" in found.said
    assert "sleep(2)" in found.said


def test_there_are_schedules_of_all_kinds_and_each_has_its_number():
    played = schedules(6)
    assert [number for number, _ in played] == list(range(6))
    names = [schedule.source.partition("(")[0] for _, schedule in played]
    assert names[:4] == ["Schedule.fifo", "Schedule.round_robin", "Schedule.seeded", "Schedule.pct"]
    assert len(schedules(1)) == 1


# -- invariants --------------------------------------------------------------------------------------------------------

# The old value is read, and written after a rest: whoever comes between is forgotten, in one field only.
PROMISE = """
from duality import application, fork, invariant, join, module, procedure, yield_now


@module
class Main:
    low: int = 0
    high: int = 0

    @invariant
    def level(self):
        assert self.low == self.high, (self.low, self.high)

    async def more(self, a):
        old = self.low
        await yield_now()
        self.low = old + 1
        self.high += 1

    @procedure
    async def main(self):
        tasks = [fork(self.more, 0) for _ in range(2)]
        await yield_now()
        return [await join(one) for one in tasks]


@application
def drawn(n: int = 1):
    return Main()
"""


def test_an_invariant_that_some_schedules_break_is_broken_on_all_three_alike():
    counted = Counted()
    assert difference(Spec(PROMISE), schedules(12), counted) is None
    assert set(counted.ends) == {"value", "InvariantBroken"}


@pytest.mark.parametrize("on", ["oracle", "threads", "events"])
def test_what_is_told_of_a_broken_invariant_says_which_when_and_in_what_words(on):
    told = observed(Spec(PROMISE), on, Schedule.round_robin(), "direct", 0).outcome["broken"]
    for part in ("invariant: Main.level", "step: 5", "who: task 0.2, which has ended", "why: (1, 2)", "line: 12"):
        assert part in told.splitlines()


def test_half_of_the_runs_are_not_ended_by_an_invariant():
    ends = [observed(Spec(PROMISE), "oracle", Schedule.round_robin(), "direct", number).outcome for number in range(4)]
    assert [bool(one["broken"]) for one in ends] == [promises_count(number) for number in range(4)]
    assert ["error" in one for one in ends] == [True, True, False, False]


@pytest.mark.parametrize("side", ["threads", "events"])
@pytest.mark.parametrize("part", ["invariant", "step", "who", "why", "all"])
def test_a_runtime_that_breaks_an_invariant_otherwise_is_found_and_named(side, part, monkeypatch):
    look = Invariants._look

    def wrong(self, runtime, task, module):
        other = type(runtime).__module__ == f"duality.{side}.runtime"
        if other and part == "all":  # this one does not look
            return
        try:
            look(self, runtime, task, module)
        except InvariantBroken as broken:
            if other:
                setattr(broken, part, "another")
            raise

    monkeypatch.setattr(Invariants, "_look", wrong)
    found = difference(Spec(PROMISE), schedules(2))
    assert found is not None
    assert found.kind == f"{side}: another invariant is broken"


# -- what is kept at a rest --------------------------------------------------------------------------------------------

# (what is broken, where, how it reads, how it reads then); `x` is the first local of a drawn program
PLANTED = [
    ("what is dead is not dropped", drop.drops, "if gone:", "if False:"),
    ("a record holds what is dead", handlers.Handlers.alive, "if name in alive]", "if name in alive or name == 'x']"),
    ("what lives into a loop is thought dead", live.Liveness._loop, "head = again", "return again"),
]


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault[0])
def test_a_campaign_catches_what_is_kept_wrongly(fault):
    _, *planting = fault
    with planted(*planting):
        found = (judged(spec_of(Rolled(f"plant/{number}")), schedules(2)) for number in range(40))
        assert any(one.kind == "something else is kept at a rest" for one in found if one is not None)


# A lost variable that this run never reads: nothing but a look into the rest can tell.
SPARE = MAIN.replace("await sleep(1)", "x = 5\n        await sleep(1)").replace(
    "return 7", "return x if self is None else 7"
)


def test_a_lost_variable_is_caught_though_nobody_reads_it():
    spec = Spec(HEAD + SPARE + TAIL)
    assert difference(spec, schedules(2)) is None
    with planted(handlers.Handlers.alive, "if name in alive]", "if name in alive and name != 'x']"):
        found = difference(spec, schedules(2))
    assert found is not None
    kept, _, alive = found.said.partition("but alive on the stack is")
    assert "x = 5" in alive
    assert "x = 5" not in kept


def test_one_schedule_in_five_is_looked_into_with_faults_and_without():
    looked = [number for number in range(20) if eyes(number)]
    assert looked == [1, 6, 11, 16]
    counted = Counted()
    assert difference(Spec(HEAD + MAIN + TAIL), schedules(5), counted) is None
    assert counted.rests == 2  # the sleep, with both crossings
