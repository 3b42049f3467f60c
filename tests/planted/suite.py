"""The applications that planted faults must not get past. Each says with `assert` what docs/meaning.md promises.

What only one side does wrong, the comparison of the three finds; what is wrong on all of them alike, only these words.
"""

import sys

from attrs import field

from duality import (
    Cancelled,
    Condition,
    DeadlockError,
    application,
    entry,
    fail_after,
    fork,
    join,
    module,
    move_on_after,
    net,
    now,
    procedure,
    reply,
    scope,
    send,
    sleep,
    yield_now,
)


@module
class Desk:
    """Serves one at a time."""

    served: list = field(factory=list)

    @entry
    async def hold(self, turns: int):
        for _ in range(turns):
            await yield_now()

    @entry
    async def visit(self, name):
        self.served.append(name)
        await yield_now()
        return name

    @entry
    async def count(self):
        return len(self.served)

    @entry
    async def fail(self, rests: bool):
        if rests:
            await yield_now()
        raise LookupError(rests)


@module
class Order:
    """Who finds the desk held queues, first in first out; who gives up leaves the queue."""

    desk: Desk
    came: list = field(factory=list)

    async def visit(self, name):
        self.came.append(name)
        return await self.desk.visit(name)

    @procedure
    async def main(self):
        holder = fork(self.desk.hold, 6)
        await yield_now()
        guests = [fork(self.visit, name) for name in range(4)]
        await yield_now()
        guests[1].cancel()
        for guest in guests:
            try:
                await join(guest)
            except Cancelled:
                pass
        await join(holder)
        served = self.desk.served
        assert served == [name for name in self.came if name in served], (self.came, served)
        return self.came, served


@module
class Room:
    """Waits and signals; ``log`` has who waited and who woke, in order."""

    log: list = field(factory=list)
    tokens: int = 0
    ready: Condition = field(factory=Condition)

    @entry
    async def take(self, name):
        while not self.tokens:
            self.log.append(("waits", name))
            await self.ready.wait()
            self.log.append(("wakes", name))
        self.tokens -= 1
        return name

    @entry
    async def give(self, count, all_at_once=False):
        self.tokens += count
        if all_at_once:
            self.ready.broadcast()
        else:
            for _ in range(count):
                self.ready.signal()

    @entry
    async def look(self):
        self.log.append(("looks", self.tokens))

    @entry
    async def give_and_stay(self):
        self.tokens += 1
        self.ready.signal()
        for _ in range(4):
            await yield_now()

    @entry
    async def keep(self):
        for _ in range(4):
            await yield_now()


@module
class Turns:
    """Waiters are woken in the order in which they waited, one a signal, all by a broadcast."""

    room: Room

    @procedure
    async def main(self):
        takers = [fork(self.room.take, name) for name in range(4)]
        for _ in range(4):
            await yield_now()
        await self.room.give(1)
        await yield_now()
        await self.room.look()
        await self.room.give(3, True)
        got = [await join(taker) for taker in takers]
        assert got == [0, 1, 2, 3]
        waited = [name for what, name in self.room.log if what == "waits"]
        woke = [name for what, name in self.room.log if what == "wakes"]
        assert [name for name in dict.fromkeys(waited) if name in woke] == list(dict.fromkeys(woke)), self.room.log
        assert self.room.tokens == 0
        return self.room.log


@module
class Passing:
    """A waiter that is cancelled gives on the signal that it had been given."""

    room: Room

    @procedure
    async def main(self):
        first = fork(self.room.take, "first")
        await yield_now()
        await yield_now()
        second = fork(self.room.take, "second")
        await yield_now()
        await yield_now()
        give = fork(self.room.give_and_stay)
        await yield_now()
        await yield_now()
        first.cancel()
        await join(give)
        try:
            got = await join(first)
        except Cancelled:
            got = await join(second)
        else:
            await self.room.give(1)
            got = got, await join(second)
        return got, self.room.log


@module
class Joins:
    """Errors are never lost, and are told as often as one asks."""

    log: list = field(factory=list)

    async def fails(self, rests):
        if rests:
            await yield_now()
        raise KeyError(rests)

    async def works(self):
        await yield_now()
        return 7

    async def stops(self):
        try:
            await sleep(100)
        finally:
            self.log.append("stopped")
            await yield_now()
            self.log.append("and rested")

    @procedure
    async def main(self):
        for rests in (True, False):
            task = fork(self.fails, rests)
            for _ in range(2):
                try:
                    await join(task)
                except KeyError as error:
                    self.log.append(error.args)
        task = fork(self.works)
        assert (await join(task), await join(task)) == (7, 7)
        task = fork(self.stops)
        await yield_now()
        task.cancel()
        twice = fork(self.stops)
        await yield_now()
        twice.cancel()
        twice.cancel()
        try:
            await join(task)
        except Cancelled:
            self.log.append("cancelled")
        await sleep(1)
        assert now() == 1, now()
        assert self.log[:4] == [(True,), (True,), (False,), (False,)], self.log
        assert (self.log.count("stopped"), self.log.count("and rested")) == (2, 1), self.log
        return self.log


@module
class Times:
    """The clock, deadlines, and whose cancellation is whose."""

    log: list = field(factory=list)

    @procedure
    async def main(self):
        await sleep(2)
        assert now() == 2, now()
        try:
            with fail_after(3):
                await sleep(10)
        except TimeoutError:
            assert now() == 5, now()
        else:
            raise AssertionError("no deadline came")
        with move_on_after(1) as inner:
            await sleep(0.5)
        await sleep(4)
        assert (now(), inner.cancelled_caught) == (9.5, False)
        with move_on_after(1) as outer:
            with move_on_after(5) as inner:
                await sleep(3)
            self.log.append("never")
        assert (now(), outer.cancelled_caught, inner.cancelled_caught, self.log) == (10.5, True, False, [])
        with move_on_after(1):
            try:
                await sleep(3)
            finally:
                await sleep(2)
                self.log.append(now())
        assert self.log == [13.5], self.log


@module
class Scopes:
    """A scope waits for its tasks; an error stops the others; every error leaves."""

    log: list = field(factory=list)

    async def slow(self, name):
        try:
            await sleep(50)
        finally:
            self.log.append(name)

    async def fails(self, what):
        await sleep(1)
        raise what

    async def also_fails(self):
        try:
            await sleep(50)
        finally:
            raise ValueError("also")

    async def inside(self, seconds):
        async with scope() as s:
            s.fork(self.slow, "inside")
            if seconds:
                await sleep(seconds)

    @procedure
    async def main(self):
        try:
            async with scope() as s:
                s.fork(self.slow, "slow")
                s.fork(self.fails, LookupError("fails"))
                s.fork(self.also_fails)
        except* LookupError as group:
            self.log.append(len(group.exceptions))
        except* ValueError as group:
            self.log.append(str(group.exceptions[0]))
        assert now() == 1, now()
        assert self.log == ["slow", 1, "also"], self.log
        async with scope() as s:
            s.fork(sleeper, 3)
        assert now() == 4, now()
        for seconds in (50, 0):
            task = fork(self.inside, seconds)
            await yield_now()
            await yield_now()
            task.cancel()
            try:
                await join(task)
            except Cancelled:
                self.log.append("cancelled")
        assert now() == 4, now()
        return self.log


async def sleeper(seconds):
    await sleep(seconds)


@module
class Letters:
    """Bytes arrive as they were sent, whole and in order; the end of a stream is told."""

    async def serve(self, listener):
        connection = await listener.accept()
        while data := await connection.recv(100):
            await connection.send(data)
        await connection.close()

    @procedure
    async def main(self):
        listener = await net.listen("localhost", 0)
        server = fork(self.serve, listener)
        connection = await net.connect("localhost", listener.port)
        for letter in (b"abc", bytes(range(100)), b"x"):
            await connection.send(letter)
            assert await connection.recv_exactly(len(letter)) == letter
        for number in range(8):
            await connection.send(bytes([number]))
        back = await connection.recv_exactly(8)
        assert back == bytes(range(8)), back
        await connection.close()
        await join(server)
        await listener.close()


@module
class Locals:
    """Variables that live across a rest although nothing comes of them, and others that do not."""

    async def p(self, n):
        spare, spent = n + 1, n + 2
        total = spent
        await yield_now()
        if n > 100:
            return spare
        for one in range(n):
            await yield_now()
            total += one
        return total

    @procedure
    async def main(self):
        return await self.p(3)


@module
class Handling:
    """What is handled, across rests: by a procedure, by its caller, in groups, in `finally`."""

    log: list = field(factory=list)

    async def looks(self):
        await yield_now()
        return repr(sys.exception())

    async def raises(self, what):
        await yield_now()
        raise what

    async def ends(self):
        try:
            await self.raises(KeyError("a"))
        finally:
            await yield_now()
            self.log.append(repr(sys.exception()))

    async def raises_from_another(self):
        try:
            await self.raises(IndexError("inner"))
        except IndexError:
            await yield_now()
            raise KeyError("outer")

    async def gives(self):
        try:
            for n in range(3):
                yield n
                await yield_now()
        finally:
            self.log.append("closed")

    @procedure
    async def main(self):
        try:
            await self.ends()
        except KeyError:
            self.log.append(await self.looks())
            await yield_now()
            self.log.append(repr(sys.exception()))
            try:
                await self.raises_from_another()
            except KeyError as error:
                context = error.__context__
                self.log.append((repr(context), repr(context.__context__)))
                assert repr(context.__context__) == "KeyError('a')", self.log
        try:
            await self.raises(ExceptionGroup("g", [KeyError("b"), ValueError("c"), OSError("d"), TypeError("e")]))
        except* KeyError:
            await yield_now()
            raise
        except* ValueError as part:
            self.log.append(await self.looks())
            self.log.append(repr(part))
        except* OSError:
            await yield_now()
            raise LookupError("anew")

    async def all(self):
        given = self.gives()
        return [n async for n in given if await self.looks()], await anext(given, "over")


@module
class Grouped:
    """The same, and what leaves the groups."""

    handling: Handling

    @procedure
    async def main(self):
        try:
            await self.handling.main()
        except BaseExceptionGroup as group:
            told = repr(group), [repr(one.__context__) for one in group.exceptions]
        return told, await self.handling.all(), self.handling.log


@module
class Answers:
    """An early reply: the caller goes on at once, the entry holds its module until it has ended."""

    log: list = field(factory=list)

    @entry
    async def early(self, name):
        await yield_now()
        reply(name)
        self.log.append((name, "goes on"))
        await yield_now()
        self.log.append((name, "ends"))

    @entry
    async def look(self):
        return len(self.log)

    async def asks(self, name):
        return await self.early(name)

    @procedure
    async def main(self):
        tasks = [fork(self.asks, name) for name in "ab"]
        assert [await join(task) for task in tasks] == ["a", "b"]
        await self.early("c")
        await self.early("d")
        await self.look()
        whose = [name for name, _ in self.log]
        assert whose[::2] == whose[1::2], self.log
        return self.log


@module
class Open:
    """An entry that fails lets go of its module; so does one that waits, or is cancelled."""

    desk: Desk
    room: Room

    async def tries(self, rests):
        try:
            await self.desk.fail(rests)
        except LookupError as error:
            return error.args

    @procedure
    async def main(self):
        holder = fork(self.desk.hold, 3)
        tasks = [fork(self.tries, rests) for rests in (True, False, True, False)]
        counter = fork(self.desk.count)
        got = [await join(task) for task in (*tasks, counter)]
        await join(holder)
        leaver = fork(self.desk.hold, 50)
        await yield_now()
        await yield_now()
        leaver.cancel()
        waiter = fork(self.room.take, "w")
        await yield_now()
        await yield_now()
        await self.room.look()
        await self.room.give(1)
        await join(waiter)
        return got, await self.desk.visit("last"), await self.tries(False), await self.desk.visit("again")


@module
class Unseen:
    """Nobody joins a task that fails: the run does. (This one is to end with the error.)"""

    async def fails(self):
        await yield_now()
        raise LookupError("nobody joined me")

    @procedure
    async def main(self):
        fork(self.fails)
        await sleep(1)
        return "never"


@module
class Detached:
    """What is sent and fails ends the run at once. (This one, too.)"""

    async def fails(self):
        raise LookupError("nobody can join me")

    @procedure
    async def main(self):
        send(self.fails)
        await sleep(1)
        raise AssertionError("the run has gone on")


@module
class Circle:
    """An entry that comes back to its own module is refused where it does."""

    log: list = field(factory=list)

    @entry
    async def out(self):
        try:
            await self.back()
        except DeadlockError as error:
            self.log.append(len(error.cycle))
        return self.log

    @entry
    async def back(self):
        self.log.append("never")

    @procedure
    async def main(self):
        assert await self.out() == [1], self.log
        task = fork(self.other)
        await yield_now()
        return await join(task)

    async def other(self):
        return await self.out()


@module
class Handed:
    """A waiter that is cancelled while others are inside gets its cancellation when it is inside again."""

    room: Room
    log: list = field(factory=list)

    async def waits(self):
        try:
            await self.room.take("w")
        finally:
            self.log.append(repr(sys.exception()))

    @procedure
    async def main(self):
        waiter = fork(self.waits)
        await yield_now()
        await yield_now()
        holder = fork(self.room.keep)
        await yield_now()
        await yield_now()
        waiter.cancel()
        await join(holder)
        try:
            await join(waiter)
        except Cancelled:
            self.log.append("cancelled")
        assert self.log[-1] == "cancelled"
        return self.log


@module
class Filtered:
    """A comprehension that rests, with conditions; and what stands before an await is evaluated before it."""

    n: int = 1

    async def bump(self, by):
        await yield_now()
        self.n += by
        return by

    @procedure
    async def main(self):
        assert [n for n in range(6) if n % 2 if await self.bump(n)] == [1, 3, 5]
        assert self.n == 10
        assert self.n + await self.bump(5) == 15
        assert (self.n, await self.bump(1), self.n) == (15, 1, 16)


@module
class Early:
    """A cancellation that comes before a task has begun is delivered where it first rests."""

    log: list = field(factory=list)

    async def begins(self):
        self.log.append("begins")
        await sleep(5)
        self.log.append("never")

    @procedure
    async def main(self):
        task = fork(self.begins)
        task.cancel()
        try:
            await join(task)
        except Cancelled:
            self.log.append("cancelled")
        assert self.log == ["begins", "cancelled"], self.log
        assert now() == 0, now()


@application
def order():
    return Order(Desk())


@application
def turns():
    return Turns(Room())


@application
def passing():
    return Passing(Room())


@application
def joins():
    return Joins()


@application
def times():
    return Times()


@application
def scopes():
    return Scopes()


@application
def letters():
    return Letters()


@application
def variables():
    return Locals()


@application
def handling():
    return Grouped(Handling())


@application
def answers():
    return Answers()


@application
def opened():
    return Open(Desk(), Room())


@application
def unseen():
    return Unseen()


@application
def detached():
    return Detached()


@application
def circle():
    return Circle()


@application
def handed():
    return Handed(Room())


@application
def filtered():
    return Filtered()


@application
def early():
    return Early()


# name: the application, how it is to end (the law that a check of it finds broken, or None), the crossings
SUITE = {
    "order": (order, None, ("direct",)),  # when a call that queues arrives is the schedule's choice
    "turns": (turns, None, ("direct",)),
    "passing": (passing, None, ("direct", "queued")),
    "joins": (joins, None, ("direct", "queued")),
    "times": (times, None, ("direct", "queued")),
    "scopes": (scopes, None, ("direct", "queued")),
    "letters": (letters, None, ("direct", "queued")),
    "variables": (variables, None, ("direct", "queued")),
    "handling": (handling, None, ("direct", "queued")),
    "answers": (answers, None, ("direct", "queued")),
    "opened": (opened, None, ("direct", "queued")),
    "unseen": (unseen, "error", ("direct", "queued")),
    "detached": (detached, "error", ("direct", "queued")),
    "handed": (handed, None, ("direct", "queued")),
    "filtered": (filtered, None, ("direct", "queued")),
    "evaluated": (filtered, None, ("direct", "queued")),
    "early": (early, None, ("direct", "queued")),
    "circle": (circle, None, ("direct",)),
}
