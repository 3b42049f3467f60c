"""A player makes the search's choices, tells it of every step, and how the run ended."""

from types import SimpleNamespace

import pytest

from duality import application, fork, join, module, procedure, sleep, yield_now
from duality.core.io.simulated import SimulatedIO
from duality.errors import SpecError
from duality.proof.reduction import Asleep, NondeterminismError, TooDeep
from duality.proof.schedule import Schedule
from tests.proof import samples
from tests.proof.touched import play, player
from tests.proof.trials import trial_of


@module
class Account:
    """Looks before it rests."""

    balance: int = 10

    @procedure
    async def withdraw(self):
        if self.balance >= 8:
            await yield_now()
            self.balance -= 8

    @procedure
    async def main(self):
        for task in [fork(self.withdraw) for _ in range(2)]:
            await join(task)
        return self.balance


@application
def account():
    return Account()


def made(app, on, mine, **params):
    """What comes of a player."""
    return mine.play(lambda: app.build(**params), on, SimulatedIO(), "direct")


@pytest.mark.parametrize("names", [("0", "0.1", "0.1", "0.2"), ("0", "0.1", "0.2"), ("0", "0.2", "0.1")])
def test_the_word_makes_the_same_run_again_under_a_schedule(on, names):
    ended, hand = play(account, on, names)
    again = trial_of(account, on, Schedule.of(ended.word))
    assert [step.task for step in again.steps] == [task for task, *_ in hand.steps]
    assert again.word == ended.word
    overdrawn = names[1] != names[2]
    assert ended.brief == f"value {-6 if overdrawn else 2}"
    assert again.outcome["value"] == ended.brief.removeprefix("value ")


def test_every_step_is_told_of_once_and_moments_of_rest_between(on):
    @module
    class Sleeper:
        @procedure
        async def main(self):
            await yield_now()
            await sleep(1)
            await yield_now()

    @application
    def sleeper():
        return Sleeper()

    ended, hand = play(sleeper, on)
    assert [task for task, *_ in hand.steps] == ["0"] * 4
    assert 2 in hand.rests  # nothing was ready before the third
    assert (ended.brief, ended.word, ended.deadlock) == ("value None", (0,) * 4, "")


def test_how_it_ended_is_all_in_the_text(on):
    ended, _ = play(samples.sound, on)
    told = dict(line.split(": ", 1) for line in ended.text.splitlines())
    assert told["value"] == "1"
    assert set(told) == {"value", "tasks", "dropped", "leaked", "living", "state", "held"}
    assert "Pair" in told["held"]


def test_a_deadlock_is_told_with_its_cycle(on):
    @module
    class Waiting:
        @procedure
        async def second(self, first):
            await join(first[0])

        @procedure
        async def main(self):
            first = []
            first.append(fork(self.second, first))
            await join(first[0])

    @application
    def waiting():
        return Waiting()

    ended, _ = play(waiting, on)
    assert ended.deadlock
    assert ended.brief.startswith("DeadlockError: ")


class Leaving:
    """A search that leaves the run at its third step."""

    replayed = 0

    def __init__(self, inner, error):
        self.inner, self.error = inner, error

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def choose(self, step, offered):
        if step == 2:
            raise self.error
        return self.inner.choose(step, offered)


@pytest.mark.parametrize("error", [Asleep(), TooDeep()])
def test_a_run_that_the_search_leaves_has_no_end(on, error):
    mine = player(samples.sound)
    mine.search = Leaving(mine.search, error)
    assert made(samples.sound, on, mine) is None
    assert mine.left is error
    assert len(mine.search.steps) == 2


def test_what_is_offered_otherwise_than_before_is_raised(on):
    mine = player(samples.sound)
    mine.search = Leaving(mine.search, NondeterminismError(2, ("0",), ("0.1",)))
    with pytest.raises(NondeterminismError, match="step 2"):
        made(samples.sound, on, mine)


def test_a_run_that_ends_before_what_is_replayed_is_raised_too(on):
    mine = player(samples.sound)
    mine.search.replayed, mine.search.points = 99, [SimpleNamespace(offered=("0.7",))] * 99
    with pytest.raises(NondeterminismError, match=r"0\.7"):
        made(samples.sound, on, mine)


def test_state_outside_the_modules_that_changes_is_refused(on):
    outside = []

    @module
    class Noting:
        @procedure
        async def main(self):
            outside.append(1)

    @application
    def noting():
        return Noting()

    with pytest.raises(SpecError, match="outside"):
        play(noting, on)
