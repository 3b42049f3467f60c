"""The ends of a scope's tasks commute, and whoever leaves it comes after them all."""

import pytest

from duality import application, module, procedure, scope, yield_now
from duality.proof.explore import explore
from duality.proof.footprints import Footprints
from tests.proof.touched import play

TASKS = 3


@module
class Scoping:
    """So many tasks in a scope; the one that is told to fails."""

    fails: int
    twice: bool

    @procedure
    async def child(self, number):
        if number == self.fails:
            raise ValueError(number)

    @procedure
    async def main(self):
        for _ in range(1 + self.twice):
            try:
                async with scope() as tasks:
                    for number in range(TASKS):
                        tasks.fork(self.child, number)
            except* ValueError:
                await yield_now()


@application
def scoping(fails: int = -1, twice: bool = False):
    return Scoping(fails, twice)


def ends(hand):
    """Of the steps in which a child ends: how each touches the scope."""
    return [
        {one.partition(" ")[0] for one in told if one.endswith(" scope 0 1")}
        for task, told, _ in hand.steps
        if task != "0"
    ]


@pytest.mark.parametrize("order", [("0.1", "0.2", "0.3"), ("0.3", "0.1", "0.2")])
def test_an_end_only_reads_the_scope_and_the_leaver_knows_of_all(on, order):
    _, hand = play(scoping, on, ("0", *order))
    assert ends(hand) == [{"reads"}] * TASKS
    assert hand.steps[-1][0] == "0"
    assert hand.steps[-1][2] == 0b1110  # the leaver comes after the steps 1 to 3


def test_an_end_with_an_error_writes_it_for_it_cancels_the_others(on):
    _, hand = play(scoping, on, ("0", "0.1", "0.2"), fails=1)
    assert ends(hand)[:2] == [{"reads"}, {"writes"}]
    _, hand = play(scoping, on, ("0", "0.1", "0.2", "0.3"), fails=2)  # and if it is the last, what it is left with
    assert ends(hand) == [{"reads"}, {"reads"}, {"writes"}]


def test_each_scope_of_a_task_is_one_of_its_own(on):
    _, hand = play(scoping, on, twice=True)
    told = {one for _, told, _ in hand.steps for one in told}
    assert {"writes scope 0 1", "writes scope 0 2"} <= told
    assert "writes scope 0 3" not in told


def test_so_only_one_order_of_the_ends_is_run(on):
    """Six orders there are, and all come to the same."""
    found = explore(scoping, on)
    assert (found.sides[on].schedules, found.sides[on].without) == (1, 6)
    assert explore(scoping, on, fails=1).sides[on].schedules > 1


def test_keys_are_the_same_in_every_run_of_an_exploration():
    seen = Footprints()
    assert seen.bit(("scope", "0", 1)) == seen.bit(("scope", "0", 1)) != seen.bit(("scope", "0", 2))
