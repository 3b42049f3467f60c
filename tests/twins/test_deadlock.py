"""A run that cannot go on says who waits for what, and lets everybody clean up."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from attrs import field

from duality import Cancelled, Condition, DeadlockError, entry, fork, join, module, procedure, run, sleep, yield_now
from tests.conftest import RUNTIMES, application_of
from tests.virtual import VirtualIO


@module
class Stuck:
    """Everybody waits for a signal that nobody will give, each in a way of its own."""

    log: list = field(factory=list)
    never: Condition = field(factory=Condition)

    @entry
    async def wait(self):
        try:
            while True:
                await self.never.wait()
        finally:
            await yield_now()
            self.log.append("cleaned")

    @entry
    async def hold(self, task):
        try:
            await join(task)
        finally:
            self.log.append("let go")

    @procedure
    async def main(self):
        other = fork(self.wait)
        await yield_now()
        holder = fork(self.hold, other)
        await yield_now()
        fork(self.hold, holder)
        await join(other)


def line_of(text):
    with open(__file__, encoding="utf-8") as file:
        return next(number for number, line in enumerate(file, 1) if line.strip() == text)


def test_a_deadlock_lists_who_waits_on_what_where_and_finally_blocks_run(play):
    log = []
    with pytest.raises(DeadlockError) as caught:
        play(lambda: Stuck(log))
    waits = sorted(caught.value.waits)
    assert [wait.partition(" at ")[0] for wait in waits] == [
        "task 0 waits for task 0.1",
        "task 0.1 waits for condition Stuck.never",
        "task 0.2 waits for task 0.1",
        "task 0.3 waits for the module Stuck",
    ]
    assert waits[0].endswith(f" at {__file__}:{line_of('await join(other)')}, in Stuck.main")
    assert waits[1].endswith(f" at {__file__}:{line_of('await self.never.wait()')}, in Stuck.wait")
    assert waits[2].endswith(f" at {__file__}:{line_of('await join(task)')}, in Stuck.hold")
    assert waits[3].endswith(f" at {__file__}:{line_of('async def hold(self, task):')}, in Stuck.hold")
    assert sorted(log) == ["cleaned", "let go"]
    for wait in waits:
        assert wait in str(caught.value)


@module
class Sleeping:
    """One waits for ever, another sleeps first: no deadlock as long as something is pending."""

    log: list = field(factory=list)
    woken: bool = False
    change: Condition = field(factory=Condition)

    @entry
    async def wait(self):
        while not self.woken:
            await self.change.wait()

    @entry
    async def wake(self):
        self.woken = True
        self.change.signal()

    @procedure
    async def main(self):
        waiting = fork(self.wait)
        await sleep(100)
        await self.wake()
        await join(waiting)
        return "woken"


def test_what_sleeps_is_not_stuck(play):
    assert play(Sleeping) == "woken"


@module
class Leaky:
    """The root is done and another task can never go on: that is a leak, not a deadlock."""

    log: list = field(factory=list)
    never: Condition = field(factory=Condition)

    @entry
    async def wait(self):
        try:
            while True:
                await self.never.wait()
        except Cancelled:
            self.log.append("cancelled")
            raise

    @procedure
    async def main(self):
        fork(self.wait)
        fork(self.wait)
        await yield_now()
        return self.log


@pytest.mark.parametrize("trace", [False, True])
def test_tasks_that_can_never_go_on_are_told_of_as_leaks(on, trace):
    done = run(application_of(Leaky), on, io=VirtualIO(), trace=trace)
    assert done.value == ["cancelled", "cancelled"]
    assert [leak.partition(" at ")[0] for leak in done.stats.leaked] == [
        "task 0.1 waits for condition Leaky.never",
        "task 0.2 waits for condition Leaky.never",
    ]
    assert all(leak.endswith(", in Leaky.wait") and f" at {__file__}:" in leak for leak in done.stats.leaked)
    assert done.stats.tasks == 3


@module
class Stubborn:
    """Swallows every cancellation: the run gives it up and ends all the same."""

    log: list = field(factory=list)
    never: Condition = field(factory=Condition)

    @entry
    async def wait(self):
        while True:
            try:
                while True:
                    await self.never.wait()
            except Cancelled:
                self.log.append("not I")

    @procedure
    async def main(self):
        fork(self.wait)
        await yield_now()
        return self.log


def test_a_task_that_swallows_cancellations_is_given_up(play):
    log = play(Stubborn)
    assert 1 <= len(log) <= 5
    assert set(log) == {"not I"}


@module
class Mulish:
    """Swallows every cancellation, and cleans up: whatever becomes of it must be the same everywhere."""

    log: list = field(factory=list)
    never: Condition = field(factory=Condition)

    @entry
    async def wait(self):
        try:
            while True:
                try:
                    while True:
                        await self.never.wait()
                except Cancelled:
                    self.log.append("not I")
                finally:
                    self.log.append("once more")
        finally:
            self.log.append("given up")
            await yield_now()
            self.log.append("never")

    @procedure
    async def main(self):
        fork(self.wait)
        await yield_now()


def test_what_becomes_of_a_task_that_is_given_up_is_the_same_everywhere():
    ends = {}
    for on in RUNTIMES:
        log = []
        done = run(application_of(lambda log=log: Mulish(log)), on, io=VirtualIO())
        ends[on] = log, done.stats.leaked
    assert ends["threads"] == ends["events"] == ends["oracle"]
    assert "never" not in ends["oracle"][0]


@module
class Hidden:
    """A task fails unjoined, and because of it the others wait for ever: the cause must be what comes out."""

    ready: bool = False
    change: Condition = field(factory=Condition)

    async def fail(self):
        raise KeyError("the cause")

    @entry
    async def wait(self):
        while not self.ready:
            await self.change.wait()

    @procedure
    async def main(self):
        fork(self.fail)
        await self.wait()


def test_an_error_nobody_joined_is_told_before_the_deadlock_it_caused(play):
    with pytest.raises(KeyError, match="the cause") as caught:
        play(Hidden)
    assert "task 0 waits for condition Hidden.change" in "".join(caught.value.__notes__)


# -- a circle that a cancellation closes -------------------------------------------------------------------------------


@module
class Inner:
    never: Condition = field(factory=Condition)

    @entry
    async def wait(self):
        while True:
            await self.never.wait()

    @entry
    async def hold(self, outer):
        await yield_now()
        return await outer.touch()


@module
class Outer:
    """Task 0.1 holds Outer and waits inside Inner; 0.2 holds Inner and wants Outer; then 0.1 is cancelled."""

    inner: Inner
    how: str = "cancel"

    @entry
    async def through(self):
        await self.inner.wait()

    @entry
    async def touch(self):
        return "touched"

    @procedure
    async def poke(self):
        self.inner.never.signal()

    @procedure
    async def main(self):
        first = fork(self.through)
        await yield_now()
        second = fork(self.inner.hold, self)
        for _ in range(3):
            await yield_now()
        if self.how == "cancel":
            first.cancel()
        else:
            await self.poke()
        third = fork(self.touch)  # looks whether its waiting would close a circle, and comes upon one that is closed
        await join(second)
        await join(third)


@pytest.mark.parametrize("how", ["cancel", "signal"])
def test_a_circle_that_closes_behind_everybodys_back_is_found_and_no_run_hangs(
    play, how, promptly: Callable[[], AbstractContextManager[None]]
):
    with promptly(), pytest.raises(DeadlockError) as caught:
        play(lambda: Outer(Inner(), how))
    assert caught.value.cycle == (
        "task 0.1 waits for the module Inner inner, held by task 0.2",
        "task 0.2 waits for the module Outer, held by task 0.1",
    )
