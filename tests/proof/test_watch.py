"""Why a run cannot go on is told in the same words on every runtime; a run that ends well is told nothing of."""

import re
from pathlib import Path

import pytest
from attrs import field

from duality import Condition, application, entry, fork, join, module, procedure, scope, sleep, yield_now
from duality.proof import Schedule
from duality.proof.check import check
from duality.proof.signals import Signals
from duality.proof.starvation import Starvation
from duality.proof.trial import trial
from duality.proof.watch import Watch, diagnose
from tests.conftest import RUNTIMES
from tests.corpus import CORPUS, examples
from tests.virtual import VirtualIO


def line(text):
    """``file:line`` of the only line here that has ``text``."""
    (number,) = [no for no, one in enumerate(Path(__file__).read_text().split("\n"), 1) if one.endswith(text)]
    return f"{__file__}:{number}"


def seen(build, on, schedule, crossing="direct", io=VirtualIO):
    watch = Watch()
    made = trial(build, on, schedule, io(), crossing=crossing, watchers=[watch])
    return made, diagnose(watch)


def alike(build, schedule=None, crossing="direct", io=VirtualIO):
    """What is found, which must be the same on all three."""
    schedule = schedule or Schedule.fifo()
    found = [seen(build, on, schedule.again(), crossing, io) for on in RUNTIMES]
    assert len({facts for _, facts in found}) == 1, found
    assert found[0][0].steps == found[1][0].steps == found[2][0].steps
    return found[0][1]


# -- lost wake-ups -----------------------------------------------------------------------------------------------------


@module
class Box:
    full: bool = False
    filled: Condition = field(factory=Condition)
    looked: Condition = field(factory=Condition)
    rests: bool = True

    @procedure
    async def fill(self):
        self.full = True
        self.filled.signal()  # the signal

    @entry
    async def take(self):
        if not self.full:  # looks, then rests, then waits: the signal comes in between
            if self.rests:
                await yield_now()
            await self.filled.wait()  # the wait
        return self.full

    @entry
    async def never(self):
        while True:
            await self.looked.wait()  # for ever


@module
class Taker:
    box: Box
    way: str = "joined"

    @procedure
    async def main(self):
        taker = fork(self.box.never if self.way == "never" else self.box.take)
        await yield_now()
        await self.box.fill()
        if self.way != "left":
            return await join(taker)


@pytest.mark.filterwarnings("ignore:.*")
@pytest.mark.parametrize("crossing", ["direct", "queued"])
def test_a_lost_wake_up_names_the_condition_the_waiter_and_the_signal_that_nobody_heard(crossing):
    facts = next(found for seed in range(20) if (found := alike(lambda: Taker(Box()), Schedule.seeded(seed), crossing)))
    (fact,) = facts
    assert fact.kind == "lost wake-up"
    assert fact.said.startswith("task 0.1 waits for a signal of Box.filled that no other task can give; ")
    assert f"it is signalled at {line('# the signal')}, in Box.fill; it last was in step " in fact.said
    assert fact.said.endswith("when nobody waited")
    assert fact.place == line("# the wait")
    assert fact.tasks == ("0.1",)


def test_a_condition_that_no_line_signals_is_a_lost_wake_up_too():
    (fact,) = alike(lambda: Taker(Box(), "never"))
    assert fact.kind == "lost wake-up"
    assert "Box.looked that no other task can give; no line signals it; it never was" in fact.said
    assert fact.place == line("# for ever")


def test_when_the_root_has_ended_it_is_a_leak_that_says_as_much():
    facts = next(found for seed in range(20) if (found := alike(lambda: Taker(Box(), "left"), Schedule.seeded(seed))))
    (fact,) = facts
    assert fact.kind == "leak"
    assert "the root has ended, and task 0.1 waits for ever, for condition Box.filled; " in fact.said
    assert "when nobody waited" in fact.said
    assert fact.place == line("# the wait")


# -- deadlocks ---------------------------------------------------------------------------------------------------------


@module
class Early:
    """Joins the taker before it fills the box: somebody could signal, and waits for the one who waits."""

    box: Box

    @procedure
    async def main(self):
        taker = fork(self.box.take)
        await join(taker)  # too early
        await self.box.fill()


@module
class Late(Early):
    @procedure
    async def main(self):
        await self.box.fill()
        await join(fork(self.box.never))


def test_a_circle_through_a_signal_that_could_come_is_a_deadlock():
    (fact,) = alike(lambda: Early(Box(rests=False)))
    assert fact.kind == "deadlock"
    assert fact.cycle == (
        "task 0 waits for task 0.1",
        "task 0.1 waits for condition Box.filled, which task 0 could signal",
    )
    assert "among events" in fact.said
    assert fact.tasks == ("0", "0.1")
    assert fact.place == line("# too early")


def test_what_lies_behind_a_task_is_no_signal_that_it_could_give():
    (fact,) = alike(lambda: Late(Box()))
    assert fact.kind == "lost wake-up"


@module
class Fork:
    used: int = 0

    @entry
    async def take(self, other):
        self.used += 1
        await yield_now()
        if other is not None:
            await other.take(None)


@module
class Table:
    left: Fork
    right: Fork

    @procedure
    async def main(self):
        async with scope() as both:
            both.fork(self.left.take, self.right)
            both.fork(self.right.take, self.left)


def test_a_cycle_of_monitors_is_told_in_both_vocabularies():
    (fact,) = alike(lambda: Table(Fork(), Fork()))
    assert fact.kind == "deadlock"
    assert "a cycle of monitors; among events, a cycle of stages that await replies" in fact.said
    assert any("the module Fork left, held by task 0.1" in arc for arc in fact.cycle)
    assert set(fact.tasks) == {"0.1", "0.2"}


def test_a_failure_is_the_cause_and_what_waits_for_it_is_not_told():
    @module
    class Failing:
        gone: Condition = field(factory=Condition)

        @entry
        async def main(self):
            fork(self.fails)
            while True:
                await self.gone.wait()

        @procedure
        async def fails(self):
            raise ValueError("no")

    assert alike(Failing) == ()


# -- what is not closed ------------------------------------------------------------------------------------------------


class Leaking(VirtualIO):
    """Says that something is open, until it is closed."""

    def __init__(self):
        super().__init__()
        self.things = ["<connection 1>"]

    def leaked(self):
        return self.things

    def close(self):
        self.things = []


def test_what_is_open_in_the_end_is_a_leak_read_before_the_core_is_closed():
    (fact,) = alike(Quiet, io=Leaking)
    assert (fact.kind, fact.said.partition(" was")[0]) == ("leak", "<connection 1>")


@module
class Quiet:
    @procedure
    async def main(self):
        await sleep(1)


# -- starvation --------------------------------------------------------------------------------------------------------


@module
class Slot:
    taken: bool = False
    free: Condition = field(factory=Condition)

    @entry
    async def acquire(self):
        while self.taken:
            await self.free.wait()  # and is always too late
        self.taken = True

    @procedure
    async def release(self):
        self.taken = False
        self.free.signal()


@module
class Greedy:
    """Gives the slot back and takes it again in one step: a waiter that was signalled finds it taken."""

    slot: Slot
    rounds: int = 60

    @procedure
    async def main(self):
        await self.slot.acquire()
        waiter = fork(self.slot.acquire)
        for _ in range(self.rounds):
            await yield_now()
            await self.slot.release()
            await self.grab()
        await self.slot.release()
        await join(waiter)

    async def grab(self):
        if self.slot.taken:
            await self.slot.acquire()
        self.slot.taken = True


def starved(build, bound, schedule=None, stop=True):
    found = []
    for on in RUNTIMES:
        eyes = Starvation(bound, stop)
        made = trial(build, on, schedule.again() if schedule else Schedule.fifo(), VirtualIO(), watchers=[eyes])
        found.append((tuple(eyes.facts), made.outcome.get("error"), dict(eyes.passed_over)))
    assert found[0] == found[1] == found[2]
    return found[0]


def test_a_waiter_that_is_always_too_late_starves():
    (fact,), error, _ = starved(lambda: Greedy(Slot()), 20)
    assert fact.kind == "starvation"
    assert fact.tasks == ("0.1",)
    assert fact.place == line("# and is always too late")
    assert "task 0.1 has stood at Slot.acquire wait:self.free" in fact.said
    assert "each time went back to the same wait" in fact.said
    assert error[:2] == ("Starved", fact.said)
    assert starved(lambda: Greedy(Slot()), 20, stop=False)[:2] == ((fact,), None)


def test_below_the_bound_nobody_starves():
    assert starved(lambda: Greedy(Slot(), rounds=9), 20)[:2] == ((), None)
    with pytest.raises(ValueError, match="at least 1"):
        Starvation(0)


@module
class Lounge:
    """Lets in at once who is in a hurry; who is not waits for an invitation that nobody thinks of."""

    invited: bool = False
    asked: Condition = field(factory=Condition)
    served: int = 0

    @entry
    async def come(self, hurries):
        while not (hurries or self.invited):
            await self.asked.wait()  # and is never asked
        self.served += 1

    @procedure
    async def invite(self):
        self.invited = True
        self.asked.broadcast()


@module
class Annex(Lounge):
    """One that inherits all it does."""


@module
class Host:
    lounges: list
    rounds: int
    builds: bool = False

    @procedure
    async def main(self):
        lounge = self.lounges[-1]
        if self.builds:
            await Lounge().come(True)
        waits = fork(lounge.come, False)
        await yield_now()
        for _ in range(self.rounds):
            await self.lounges[0].come(True)
            await yield_now()
        await lounge.invite()
        await join(waits)


@pytest.mark.parametrize("cls", [Lounge, Annex])
def test_who_is_passed_by_in_the_procedure_that_it_stands_in_starves(cls):
    (fact,), error, _ = starved(lambda: Host([cls()], 60), 20)
    assert fact.kind == "starvation"
    assert fact.tasks == ("0.1",)
    assert fact.place == line("# and is never asked")
    assert "task 0.1 has stood at Lounge.come wait:self.asked" in fact.said
    assert re.search(r"others have gone through Lounge\.come \d\d times meanwhile$", fact.said)
    assert error[:2] == ("Starved", fact.said)
    assert starved(lambda: Host([cls()], 9), 20)[:2] == ((), None)


@pytest.mark.parametrize(
    "build",
    [lambda: Host([Lounge(), Lounge()], 60), lambda: Host([Lounge(), Annex()], 60), lambda: Host([Lounge()], 60, True)],
)
def test_where_there_are_several_modules_of_a_class_a_trace_does_not_say_which_was_gone_through(build):
    assert starved(build, 20)[:2] == ((), None)


@module
class Idler:
    """One task is ready all the time, another waits for what never comes while many are busy elsewhere."""

    slot: Slot
    other: Slot

    @procedure
    async def main(self):
        await self.slot.acquire()
        waits = fork(self.slot.acquire)
        for _ in range(80):
            await self.other.acquire()
            await yield_now()
            await self.other.release()
        await self.slot.release()
        await join(waits)


def test_a_long_wait_is_no_starvation_and_a_ready_task_left_out_is_the_schedules_doing():
    facts, error, _ = starved(lambda: Idler(Slot(), Slot()), 10)
    assert (facts, error) == ((), None)
    facts, error, passed = starved(lambda: Idler(Slot(), Slot()), 10, Schedule.of([]))
    assert (facts, error) == ((), None)
    assert passed["0.1"] > 60  # it was ready, and the schedule always let the other go on


# -- nothing is found where nothing is wrong ---------------------------------------------------------------------------


# Some schedule lets these wait for ever, as they are meant to.
WRONG = {
    "a circle closed by a cancellation", "a circle closed by a signal", "a circle through an early reply",
    "a cycle through a join", "a cycle through a scope", "a deadlock", "a late signal", "a ring of joins",
    "a ring of modules", "a scope that would close a cycle", "an early reply against itself", "a hidden cause",
    "a join of oneself", "two modules in opposite order", "leaks", "a stubborn task", "a mulish task",
    "an early reply that is left", "signals", "a broadcast", "a contested signal", "a signal passed on",
    "example: deadlocking",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CORPUS))
def test_what_is_told_is_what_happened_and_a_correct_spec_is_told_nothing_of(name):
    for seed, on in enumerate(RUNTIMES):
        watch, eyes = Watch(), Starvation(bound=50)
        crossing = ("direct", "queued")[(seed + len(name)) % 2]  # each runtime meets both, over the corpus
        made = trial(CORPUS[name], on, Schedule.seeded(seed), VirtualIO(), crossing=crossing, watchers=[watch, eyes])
        facts = diagnose(watch, eyes)
        error = str(made.outcome.get("error"))
        if {fact.kind for fact in facts} & {"lost wake-up", "deadlock"}:
            assert "deadlock" in error, facts
        else:
            assert not error.startswith("('DeadlockError'"), error
        assert bool(made.outcome["leaked"]) == ("leak" in {fact.kind for fact in facts})
        if name not in WRONG:
            assert facts == ()


@pytest.mark.parametrize("name", sorted(examples()))
def test_an_example_is_told_nothing_of_over_many_seeds(name):
    build = examples()[name].build
    for seed in range(40):
        watch, eyes = Watch(), Starvation(bound=100)
        trial(build, "oracle", Schedule.seeded(seed), VirtualIO(), watchers=[watch, eyes])
        kinds = {fact.kind for fact in diagnose(watch, eyes)}
        assert kinds <= ({"deadlock"} if name == "deadlocking" else set()), diagnose(watch, eyes)


@pytest.mark.parametrize("name", sorted(WRONG))
def test_what_is_found_in_the_corpus_is_the_same_on_every_runtime(name):
    alike(CORPUS[name], Schedule.seeded(2))


def test_looking_changes_no_step(on):
    for build in (lambda: Taker(Box()), lambda: Greedy(Slot(), 5)):
        made = trial(build, on, Schedule.seeded(1), VirtualIO(), watchers=[Watch(), Starvation(3, stop=False)])
        assert made == trial(build, on, Schedule.seeded(1), VirtualIO())


@application
def racing(way: str = "joined"):
    """A taker who may miss the signal."""
    return Taker(Box(), way)


@application
def greedy(rounds: int = 60):
    """A waiter who is always too late."""
    return Greedy(Slot(), rounds)


def test_a_check_tells_what_the_watchers_have_found():
    finding = check(racing, schedules=40).finding
    assert finding.law == "lost wake-up"
    assert finding.place == line("# the wait")
    assert "Box.filled that no other task can give" in finding.said
    finding = check(greedy, schedules=10, kinds=("fifo",), starve=20).finding
    assert finding.law == "starvation"
    assert finding.place == line("# and is always too late")


def test_the_code_of_a_spec_says_where_a_condition_is_signalled():
    code = Signals([("Box", Box())])
    assert code.of("Box.filled") == [f"{line('# the signal')}, in Box.fill"]
    assert code.of("Box.looked") == []
