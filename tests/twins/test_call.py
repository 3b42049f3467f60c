"""A call that can be accepted goes straight on, or rests twice, as the run was told; it holds what it must hold."""

import pytest
from attrs import field

from duality import (
    Cancelled,
    DeadlockError,
    entry,
    fork,
    join,
    module,
    move_on_after,
    procedure,
    reply,
    send,
    sleep,
    yield_now,
)


@module
class Desk:
    """Says who is inside, and when."""

    log: list = field(factory=list)

    @entry
    async def hold(self, who, rests):
        self.log.append(f"{who} in")
        for _ in range(rests):
            await yield_now()
        self.log.append(f"{who} out")
        return who

    @procedure
    async def visit(self, who, rests):
        self.log.append(f"{who} in")
        for _ in range(rests):
            await yield_now()
        self.log.append(f"{who} out")

    @entry
    async def fail(self):
        await yield_now()
        raise KeyError("inside")


@module
class Watcher:
    log: list

    async def watch(self, times):
        for _ in range(times):
            self.log.append("watcher")
            await yield_now()


@module
class Crosser:
    """Calls once, while somebody else is ready to be seen if the call rests."""

    desk: Desk
    way: str

    @procedure
    async def main(self):
        send(Watcher(self.desk.log).watch, 1)
        if self.way == "entry":
            await self.desk.hold("main", 0)
        else:
            await self.desk.visit("main", 0)
        self.desk.log.append("back")
        return self.desk.log


@pytest.mark.parametrize("way", ["entry", "procedure"])
def test_a_direct_call_to_a_module_that_accepts_it_does_not_rest(play, way):
    assert play(lambda: Crosser(Desk(), way)) == ["main in", "main out", "back", "watcher"]


@pytest.mark.parametrize("way", ["entry", "procedure"])
def test_a_queued_call_rests_before_it_is_accepted(play, way):
    assert play(lambda: Crosser(Desk(), way), crossing="queued") == ["watcher", "main in", "main out", "back"]


@module
class Counter:
    """Counts the turns of others between the steps of a call."""

    desk: Desk
    turns: int = 0

    @procedure
    async def spin(self):
        while self.turns < 50:
            self.turns += 1
            await yield_now()

    @procedure
    async def inner(self):
        return self.turns

    @procedure
    async def main(self):
        spinning = fork(self.spin)
        await yield_now()
        before = self.turns
        inside = await self.inner()
        after = self.turns
        self.turns = 50
        await join(spinning)
        return inside - before, after - inside


def test_a_direct_call_lets_nobody_in_between(play):
    assert play(lambda: Counter(Desk())) == (0, 0)


def test_a_queued_call_gives_everybody_one_turn_before_it_and_one_after(play):
    assert play(lambda: Counter(Desk()), crossing="queued") == (1, 1)


# -- exclusion ---------------------------------------------------------------------------------------------------------


@module
class Crowd:
    desk: Desk
    ways: tuple

    @procedure
    async def main(self):
        tasks = []
        for number, way in enumerate(self.ways):
            tasks.append(fork(self.desk.hold if way == "hold" else self.desk.visit, number, 2))
        for task in tasks:
            await join(task)
        return self.desk.log


@pytest.mark.parametrize("crossing", ["direct", "queued"])
def test_an_entry_excludes_entries_and_they_are_served_in_order_of_arrival(play, crossing):
    served = play(lambda: Crowd(Desk(), ("hold",) * 4), crossing=crossing)
    assert served == [f"{number} {way}" for number in range(4) for way in ("in", "out")]


def test_a_procedure_comes_and_goes_while_an_entry_holds(play):
    assert play(lambda: Crowd(Desk(), ("hold", "visit"))) == ["0 in", "1 in", "0 out", "1 out"]


@module
class Barger:
    """Leaves the desk and comes back at once, while others queue."""

    desk: Desk

    async def twice(self):
        await self.desk.hold("first", 2)
        await self.desk.hold("again", 0)

    async def once(self):
        await self.desk.hold("waiter", 0)

    @procedure
    async def main(self):
        tasks = [fork(self.twice), fork(self.once)]
        for task in tasks:
            await join(task)
        return self.desk.log


@pytest.mark.parametrize("crossing", ["direct", "queued"])
def test_nobody_barges_past_the_queue(play, crossing):
    log = play(lambda: Barger(Desk()), crossing=crossing)
    assert log == ["first in", "first out", "waiter in", "waiter out", "again in", "again out"]


@module
class Outer:
    desk: Desk
    log: list = field(factory=list)

    @entry
    async def through(self, who):
        self.log.append(f"{who} outer in")
        await self.desk.hold(who, 1)
        self.log.append(f"{who} outer out")

    @procedure
    async def main(self):
        tasks = [fork(self.through, "a"), fork(self.through, "b")]
        for task in tasks:
            await join(task)
        return self.log


@pytest.mark.parametrize("crossing", ["direct", "queued"])
def test_an_entry_holds_its_module_while_it_awaits_a_call_out(play, crossing):
    log = play(lambda: Outer(Desk()), crossing=crossing)
    assert log == ["a outer in", "a outer out", "b outer in", "b outer out"]


@module
class Failing:
    desk: Desk

    @procedure
    async def main(self):
        failing = fork(self.desk.fail)
        waiting = fork(self.desk.hold, "waiter", 0)
        try:
            await join(failing)
        except KeyError:
            pass
        return await join(waiting)


@pytest.mark.parametrize("crossing", ["direct", "queued"])
def test_an_entry_that_fails_lets_go_of_its_module(play, crossing):
    assert play(lambda: Failing(Desk()), crossing=crossing) == "waiter"


@module
class Internal:
    """An undecorated procedure is part of the entry that calls it."""

    log: list = field(factory=list)

    async def part(self, who, rests):
        for _ in range(rests):
            await yield_now()
        self.log.append(who)

    @entry
    async def whole(self, who, rests):
        await self.part(who, rests)
        await self.part(who, 0)

    @procedure
    async def main(self):
        tasks = [fork(self.whole, "slow", 3), fork(self.whole, "quick", 0)]
        for task in tasks:
            await join(task)
        return self.log


@pytest.mark.parametrize("crossing", ["direct", "queued"])
def test_an_internal_procedure_runs_under_its_callers_lock(play, crossing):
    assert play(Internal, crossing=crossing) == ["slow", "slow", "quick", "quick"]


# -- cycles ------------------------------------------------------------------------------------------------------------


@module
class Narcissus:
    """Calls itself, directly or by way of ``others``."""

    others: list
    caught: str = ""

    @entry
    async def call(self, left):
        if left == 0:
            return "end"
        return await self.others[0].call(left - 1)

    @procedure
    async def main(self):
        try:
            return await self.call(9)
        except DeadlockError as error:
            return error.cycle


@module
class Round:
    """A ring of modules, each calling the next from inside an entry."""

    ring: list

    @procedure
    async def main(self):
        try:
            return await self.ring[0].call(9)
        except DeadlockError as error:
            again = await self.ring[0].call(0)
            return error.cycle, again


def ring(length):
    modules = [Narcissus([]) for _ in range(length)]
    for place, one in enumerate(modules):
        one.others.append(modules[(place + 1) % length])
    return Round(modules)


@pytest.mark.parametrize("crossing", ["direct", "queued"])
@pytest.mark.parametrize("length", [1, 2, 5])
def test_an_entry_that_calls_back_into_its_own_module_is_told_of_the_cycle(play, length, crossing):
    cycle, again = play(lambda: ring(length), crossing=crossing)
    assert len(cycle) == 1
    assert cycle[0].startswith("task 0 waits for the module Narcissus ring[0]")
    assert "held by task 0" in cycle[0]
    assert again == "end"


@module
class Fork:
    """A module that a task of its own, forked inside, calls back into."""

    log: list = field(factory=list)
    by: str = "join"

    @entry
    async def outside(self):
        return "free"

    @entry
    async def inside(self):
        return await join(fork(self.outside))

    @procedure
    async def main(self):
        try:
            return await self.inside()
        except DeadlockError as error:
            return error.cycle, await self.outside()


def test_a_cycle_may_lead_through_a_join(play):
    cycle, after = play(Fork)
    assert after == "free"
    assert len(cycle) == 2
    assert cycle[0].startswith("task 0.1 waits for the module Fork")
    assert cycle[0].endswith("held by task 0")
    assert cycle[1] == "task 0 waits for task 0.1"


@module
class Pair:
    """Two tasks take two modules in opposite order."""

    other: list = field(factory=list)

    @entry
    async def both(self):
        await yield_now()
        return await self.other[0].touch()

    @entry
    async def touch(self):
        return "touched"


@module
class Opposite:
    left: Pair
    right: Pair

    @procedure
    async def main(self):
        tasks = [fork(self.left.both), fork(self.right.both)]
        ends = []
        for task in tasks:
            try:
                ends.append(await join(task))
            except DeadlockError as error:
                ends.append(error.cycle)
        return ends


def opposite():
    left, right = Pair(), Pair()
    left.other.append(right)
    right.other.append(left)
    return Opposite(left, right)


@pytest.mark.parametrize("crossing", ["direct", "queued"])
def test_a_cycle_of_two_tasks_is_broken_where_it_closes(play, crossing):
    first, second = play(opposite, crossing=crossing)
    assert first == "touched"
    assert second == (
        "task 0.2 waits for the module Pair left, held by task 0.1",
        "task 0.1 waits for the module Pair left.other[0], held by task 0.2",
    )


# -- errors that come at once ------------------------------------------------------------------------------------------


@module
class Prompt:
    """Fails before it rests."""

    @procedure
    async def fail(self):
        raise KeyError("at once")


@module
class Catching:
    """An entry that catches an error of its first call, which never rested, while others queue."""

    prompt: Prompt
    log: list = field(factory=list)

    @entry
    async def careful(self, who, rests):
        for _ in range(rests):
            await yield_now()
        try:
            await self.prompt.fail()
        except KeyError:
            self.log.append(f"{who} caught")
        return who

    @entry
    async def at_once(self):
        try:
            await self.prompt.fail()
        except KeyError:
            return "caught"

    @entry
    async def hold(self, who):
        self.log.append(f"{who} in")
        await yield_now()
        await yield_now()
        self.log.append(f"{who} out")

    async def both(self):
        await self.at_once()
        await self.hold("both")

    @procedure
    async def main(self):
        tasks = [fork(self.careful, "slow", 3), fork(self.careful, "next", 0)]
        tasks += [fork(self.hold, "third"), fork(self.hold, "fourth"), fork(self.both), fork(self.at_once)]
        for task in tasks:
            await join(task)
        self.log.append(await self.at_once())
        await self.hold("last")
        return self.log


@pytest.mark.parametrize("crossing", ["direct", "queued"])
def test_an_entry_lets_go_once_even_if_it_catches_an_error_before_its_first_rest(play, crossing):
    assert play(lambda: Catching(Prompt()), crossing=crossing) == [
        "slow caught", "next caught", "third in", "third out", "fourth in", "fourth out", "both in", "both out",
        "caught", "last in", "last out",
    ]  # fmt: skip


# -- callers that give up ----------------------------------------------------------------------------------------------


@module
class Leaving:
    """One of those who queue is cancelled, another runs into its deadline: neither ever holds the module."""

    desk: Desk
    log: list = field(factory=list)

    async def ask(self, who):
        try:
            await self.desk.hold(who, 0)
        except Cancelled:
            self.log.append(f"{who} cancelled")
            raise

    async def hurry(self, who):
        with move_on_after(1) as deadline:
            await self.desk.hold(who, 0)
        self.log.append(f"{who} {'left' if deadline.cancelled_caught else 'served'}")

    @procedure
    async def main(self):
        holding = fork(self.desk.rest, "holder", 2)
        await yield_now()
        asking = [fork(self.ask, "a"), fork(self.hurry, "b"), fork(self.ask, "c")]
        for _ in range(3):
            await yield_now()
        asking[0].cancel()
        await join(holding)
        await join(asking[2])
        return self.log, self.desk.log


@module
class Bed(Desk):
    @entry
    async def rest(self, who, seconds):
        self.log.append(f"{who} in")
        await sleep(seconds)
        self.log.append(f"{who} out")


@pytest.mark.parametrize("crossing", ["direct", "queued"])
def test_a_caller_that_gives_up_while_it_queues_is_passed_over(play, crossing):
    given_up, served = play(lambda: Leaving(Bed()), crossing=crossing)
    assert given_up == ["a cancelled", "b left"]
    assert served == ["holder in", "holder out", "c in", "c out"]


@module
class Called:
    """Looks at its own procedures."""

    @entry
    async def put(self, item):
        await yield_now()
        return item

    @procedure
    async def get(self):
        return await self.put(1)

    @entry
    async def answer(self):
        reply(1)
        await yield_now()

    async def each(self):
        yield await self.get()

    @procedure
    async def main(self):
        return [
            (port.__name__, port.__qualname__, type(port).__name__, str(port).partition(" of ")[0])
            for port in (self.put, self.get, self.answer, self.each, self.main)
        ]


@pytest.mark.parametrize("crossing", ["direct", "queued"])
def test_a_procedure_is_called_what_the_spec_calls_it(play, crossing):
    assert play(Called, crossing=crossing) == [
        (name, f"Called.{name}", "method", f"<bound method Called.{name}")
        for name in ("put", "get", "answer", "each", "main")
    ]
