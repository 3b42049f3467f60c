"""What compares must be able to find: a program that is none, and a runtime that does something else."""

from importlib import import_module

import pytest

from duality.proof.strategies import Spec
from tests.proof.strategies.compare import Counted, difference, schedules

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
