"""Mesa's rules: a signal is a hint, the signalled looks again, and no wake-up is lost to a cancellation."""

import pytest
from attrs import field

from duality import Cancelled, Condition, entry, fork, join, module, move_on_after, procedure, yield_now


@module
class Gate:
    """Counts tickets; whoever wants one waits for it."""

    tickets: int = 0
    log: list = field(factory=list)
    sold: Condition = field(factory=Condition)

    @entry
    async def take(self, who):
        while self.tickets == 0:
            self.log.append(f"{who} waits")
            await self.sold.wait()
        self.tickets -= 1
        self.log.append(f"{who} took")

    @entry
    async def sell(self, count, everyone):
        self.tickets += count
        if everyone:
            self.sold.broadcast()
        else:
            for _ in range(count):
                self.sold.signal()
        self.log.append("seller goes on")
        await yield_now()
        self.log.append("seller leaves")

    @entry
    async def held(self):
        return self.tickets


@module
class Hall:
    """Some wait, then somebody sells."""

    gate: Gate
    people: str
    count: int
    everyone: bool = False
    late: str = ""

    @procedure
    async def main(self):
        tasks = [fork(self.gate.take, who) for who in self.people]
        for _ in range(3):
            await yield_now()
        selling = fork(self.gate.sell, self.count, self.everyone)
        tasks += [fork(self.gate.take, who) for who in self.late]
        await join(selling)
        for task in tasks[: self.count]:
            await join(task)
        for task in tasks[self.count :]:
            task.cancel()
        return self.gate.log


def test_the_signaller_runs_on_and_the_signalled_goes_later(play):
    log = play(lambda: Hall(Gate(), "a", 1))
    assert log == ["a waits", "seller goes on", "seller leaves", "a took"]


def test_waiters_are_woken_oldest_first(play):
    log = play(lambda: Hall(Gate(), "abc", 2))
    assert log == ["a waits", "b waits", "c waits", "seller goes on", "seller leaves", "a took", "b took"]


def test_a_broadcast_wakes_all_and_each_looks_again(play):
    log = play(lambda: Hall(Gate(), "abc", 2, everyone=True))
    assert log[-3:] == ["a took", "b took", "c waits"]


@module
class Contested:
    """The signalled waiter queues behind one that came to the entry before the signal was given."""

    gate: Gate

    @procedure
    async def main(self):
        waiter = fork(self.gate.take, "waiter")
        await yield_now()
        seller = fork(self.gate.sell_slowly)
        await yield_now()
        stealer = fork(self.gate.take, "stealer")
        for task in (seller, stealer):
            await join(task)
        await yield_now()
        again = list(self.gate.log)
        await self.gate.sell(1, False)
        await join(waiter)
        return again, self.gate.log


@module
class Slow(Gate):
    @entry
    async def sell_slowly(self):
        await yield_now()
        await yield_now()
        self.tickets += 1
        self.sold.signal()


def test_a_signalled_waiter_goes_to_the_tail_of_the_entry_queue_and_may_have_to_wait_again(play):
    again, log = play(lambda: Contested(Slow()))
    assert again == ["waiter waits", "stealer took", "waiter waits"]
    assert log[-1] == "waiter took"


@module
class Quiet:
    gate: Gate

    @procedure
    async def main(self):
        self.gate.sold.signal()
        self.gate.sold.broadcast()
        await self.gate.sell(1, False)
        await self.gate.take("a")
        return self.gate.log


def test_a_signal_nobody_waits_for_has_no_effect(play):
    assert play(lambda: Quiet(Gate())) == ["seller goes on", "seller leaves", "a took"]


@module
class Unlocked:
    """Waits in an internal procedure, called where nobody holds the module."""

    ready: Condition = field(factory=Condition)

    async def pause(self):
        while True:
            await self.ready.wait()

    @procedure
    async def main(self):
        await self.pause()


def test_a_wait_without_the_module_is_an_error(play):
    with pytest.raises(RuntimeError, match=r"wait on Unlocked\.ready by task 0, which does not hold"):
        play(Unlocked)


# -- cancelled waiters -------------------------------------------------------------------------------------------------


@module
class Careful:
    """A waiter that is cancelled cleans up inside the module, which it must hold again for that."""

    log: list = field(factory=list)
    never: Condition = field(factory=Condition)

    @entry
    async def wait(self):
        try:
            while True:
                await self.never.wait()
        finally:
            self.log.append("cleaning")
            await yield_now()
            self.log.append("clean")

    @entry
    async def hold(self):
        self.log.append("held")
        for _ in range(4):
            await yield_now()
        self.log.append("let go")

    @procedure
    async def main(self):
        waiter = fork(self.wait)
        await yield_now()
        holder = fork(self.hold)
        await yield_now()
        waiter.cancel()
        await yield_now()
        other = fork(self.hold)
        try:
            await join(waiter)
        except Cancelled:
            self.log.append("cancelled")
        await join(holder)
        await join(other)
        return self.log


def test_a_cancelled_waiter_takes_the_module_again_before_its_finally_block_runs(play):
    log = play(Careful)
    assert [one for one in log if one != "cancelled"] == [
        "held", "let go", "cleaning", "clean", "held", "let go",
    ]  # fmt: skip
    assert "cancelled" in log


@module
class Passing:
    """The first waiter is signalled, then cancelled before it can hold the module: the second must get the signal."""

    gate: Slow
    times: int

    @procedure
    async def main(self):
        first, second = fork(self.gate.take, "first"), fork(self.gate.take, "second")
        await yield_now()
        seller = fork(self.gate.sell, 1, False)
        await yield_now()
        for _ in range(self.times):
            first.cancel()
        try:
            await join(first)
        except Cancelled:
            self.gate.log.append("first cancelled")
        await join(seller)
        await join(second)
        return self.gate.log


@pytest.mark.parametrize("times", [1, 2])
def test_a_cancelled_waiter_passes_on_the_signal_it_had_been_given(play, times):
    log = play(lambda: Passing(Slow(), times))
    assert log[:3] == ["first waits", "second waits", "seller goes on"]
    assert sorted(log[3:]) == ["first cancelled", "second took", "seller leaves"]


@module
class Impatient:
    """Waits with a deadline, inside the entry."""

    gone: bool = False
    never: Condition = field(factory=Condition)

    @entry
    async def wait(self, seconds):
        with move_on_after(seconds) as deadline:
            while not self.gone:
                await self.never.wait()
        return deadline.cancelled_caught, await self.mine()

    async def mine(self):
        await yield_now()
        return self._duality_gate.holder.name

    @procedure
    async def main(self):
        tasks = [fork(self.wait, 2), fork(self.wait, 1)]
        return [await join(tasks[0]), await join(tasks[1])]


def test_a_wait_may_have_a_deadline_and_ends_inside_the_module(play):
    assert play(Impatient) == [(True, "0.1"), (True, "0.2")]
