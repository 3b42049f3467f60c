"""Asynchronous generators: one stack, or one record, that several tasks may use; how it ends, and by whom."""

import sys
import warnings

import pytest
from attrs import field

from duality import (
    Cancelled,
    entry,
    fail_after,
    fork,
    join,
    module,
    move_on_after,
    procedure,
    scope,
    sleep,
    yield_now,
)  # fmt: skip


@module
class Till:
    """One at a time."""

    taken: int = 0

    @entry
    async def take(self, amount):
        await sleep(1)
        self.taken += amount
        return self.taken

    async def takings(self, *amounts):
        for amount in amounts:
            yield await self.take(amount)


@module
class Generators:
    """Each procedure below is one situation; ``main`` runs the one called ``which``."""

    which: str = ""
    till: Till = field(factory=Till)
    log: list = field(factory=list)

    async def numbers(self, *seconds):
        """A number after each rest; says when it has been left, before a rest and after."""
        try:
            for number, rest in enumerate(seconds):
                if rest:
                    await sleep(rest)
                yield number
        finally:
            self.log.append("leaving")
            await yield_now()
            self.log.append("left")

    async def counting(self, end):
        """As `numbers`, and never rests."""
        for number in range(end):
            yield number

    async def told(self, first):
        """Yields what it was sent, or the error that was thrown in."""
        given = first
        while given is not None:
            try:
                given = yield given
            except ValueError as error:
                given = repr(error)

    async def failing(self, error):
        yield "one"
        await yield_now()
        raise error

    async def stubborn(self):
        try:
            yield "one"
        finally:
            yield "two"

    async def use(self, name, items, count=100):
        """One after the other, with a turn for the others in between."""
        try:
            async for item in items:
                self.log.append((name, item))
                count -= 1
                if not count:
                    return
                await yield_now()
        except RuntimeError as error:
            self.log.append((name, str(error)))
        except Cancelled as error:
            self.log.append((name, repr(error)))
            raise

    async def rest_over(self, items):
        async for item in items:
            self.log.append(item)
            await sleep(10)

    async def next_of(self, items):
        """The next one, or what is raised instead."""
        try:
            return await anext(items)
        except (Exception, StopAsyncIteration) as error:
            return repr(error)

    # -- several tasks

    async def two_at_once(self):
        items = self.numbers(2, 2)
        first = fork(self.use, "first", items)
        second = fork(self.next_of, items)
        return await join(second), await join(first)

    async def in_turn(self):
        items = self.counting(7)
        async with scope() as s:
            for name in "abc":
                s.fork(self.use, name, items)

    async def handed_on(self):
        items = self.numbers(1, 1, 1)
        self.log.append(await anext(items))
        await join(fork(self.use, "child", items, 1))
        self.log.append(await anext(items))
        return await self.next_of(items)

    async def closed_while_running(self):
        items = self.numbers(2, 2)
        user = fork(self.use, "user", items)
        await yield_now()
        for closing in (True, False):
            try:
                if closing:
                    await items.aclose()
                else:
                    await items.athrow(ValueError())
            except RuntimeError as error:
                self.log.append(str(error))
        await join(user)

    async def of_another_module(self):
        async with scope() as s:
            s.fork(self.use, "a", self.till.takings(1, 1))
            s.fork(self.use, "b", self.till.takings(10, 10))

    # -- cancellation and deadlines

    async def cancelled_inside(self):
        items = self.numbers(1, 10, 1)
        user = fork(self.use, "user", items)
        await sleep(2)
        user.cancel()
        try:
            await join(user)
        except Cancelled:
            self.log.append("cancelled")
        return await self.next_of(items)

    async def cancelled_between(self):
        items = self.numbers(0, 1)
        user = fork(self.rest_over, items)
        await sleep(1)
        user.cancel()
        try:
            await join(user)
        except Cancelled:
            self.log.append("cancelled")
        return await self.next_of(items), await self.next_of(items)

    async def a_deadline_around(self):
        items = self.numbers(1, 1, 10, 1)
        with move_on_after(5) as deadline:
            async for item in items:
                self.log.append(item)
        return deadline.cancelled_caught, await self.next_of(items)

    async def patient(self):
        """A deadline of its own, for each item."""
        for seconds in (1, 10, 1):
            try:
                with fail_after(5):
                    await sleep(seconds)
            except TimeoutError:
                yield "too late"
            else:
                yield "in time"

    async def deadlines_inside(self):
        return [item async for item in self.patient()]

    async def a_deadline_while_it_ends(self):
        items = self.numbers(0)
        await anext(items)
        with move_on_after(5):
            await sleep(10)
        await items.aclose()

    async def a_failing_sibling(self):
        try:
            async with scope() as s:
                s.fork(self.use, "a", self.numbers(1, 10))
                s.fork(self.use, "b", self.failing(KeyError("b")))
        except* KeyError as group:
            self.log.append(repr(group.exceptions))

    # -- how it ends

    async def closed_in_the_loop(self):
        items = self.numbers(1, 1, 1)
        async for item in items:
            self.log.append(item)
            await items.aclose()
        else:
            self.log.append("else")

    async def closed_twice(self):
        items = self.numbers(1, 1)
        await anext(items)
        await items.aclose()
        await items.aclose()
        return await self.next_of(items)

    async def slow_to_leave(self):
        try:
            yield "one"
        finally:
            await sleep(10)
            self.log.append("left")

    async def cancelled_while_it_is_closed(self):
        items = self.slow_to_leave()
        await anext(items)
        with move_on_after(1) as deadline:
            await items.aclose()
        return deadline.cancelled_caught, await self.next_of(items)

    async def closed_by_two(self):
        items = self.slow_to_leave()
        await anext(items)
        async with scope() as s:
            s.fork(self.close, "first", items)
            s.fork(self.close, "second", items)

    async def close(self, name, items):
        try:
            await items.aclose()
            self.log.append(name)
        except RuntimeError as error:
            self.log.append((name, str(error)))

    async def closed_before_it_began(self):
        items = self.numbers(1)
        await items.aclose()
        return await self.next_of(items)

    async def fails(self):
        items = self.failing(KeyError("two"))
        try:
            async for item in items:
                self.log.append(item)
        except KeyError as error:
            self.log.append(repr(error))
        return await self.next_of(items)

    async def raises_what_ends_a_loop(self):
        for error in (StopAsyncIteration("over"), StopIteration("over")):
            try:
                async for item in self.failing(error):
                    self.log.append(item)
            except RuntimeError as raised:
                self.log.append((str(raised), raised.__cause__ is error, raised.__context__ is error))

    async def ignores_its_end(self):
        items = self.stubborn()
        await anext(items)
        try:
            await items.aclose()
        except RuntimeError as error:
            self.log.append(str(error))

    async def one_through_another(self):
        outer = self.doubled(self.numbers(1, 1))
        self.log.append(await anext(outer))
        with move_on_after(0.5):
            await anext(outer)
        return await self.next_of(outer)

    async def doubled(self, items):
        try:
            async for item in items:
                yield item, item
        finally:
            self.log.append("outer leaves")

    # -- what it is asked

    async def sent(self):
        items = self.told("a")
        self.log.append(await anext(items))
        self.log.append(await items.asend("b"))
        self.log.append(await items.athrow(ValueError("c")))
        self.log.append(await anext(items, "over"))
        return await anext(items, "over")

    async def sent_too_early(self):
        items = self.told("a")
        try:
            await items.asend("b")
        except TypeError as error:
            self.log.append(str(error))
        return await self.next_of(items)

    async def thrown_into_too_early(self):
        items = self.numbers(1)
        try:
            await items.athrow(ValueError("early"))
        except ValueError as error:
            self.log.append(repr(error))
        return await self.next_of(items)

    async def thrown_into_after_its_end(self):
        items = self.numbers()
        self.log.append(await self.next_of(items))
        return [await items.athrow(ValueError("late"))]

    # -- nobody holds it

    async def dropped(self):
        items = self.numbers(0, 1)
        await anext(items)
        items = None
        self.log.append("dropped")
        await sleep(1)

    async def dropped_by_a_return(self):
        await self.use("user", self.numbers(0, 0), 1)
        self.log.append("dropped")

    async def dropped_before_it_began(self):
        items = self.numbers(1, 1)
        items = None
        self.log.append(items)

    @procedure
    async def main(self):
        value = await getattr(self, self.which)()
        return (self.log, value) if value is not None else self.log


RUNNING = "asynchronous generator is already running"
ENDS = [
    # two at once: who comes second is told, and the first does not notice
    ("two_at_once", [("first", 0), ("first", 1), "leaving", "left"], (f"RuntimeError('anext(): {RUNNING}')", None)),
    ("closed_while_running",
     [f"aclose(): {RUNNING}", f"athrow(): {RUNNING}", ("user", 0), ("user", 1), "leaving", "left"], None),
    # one after the other: it belongs to nobody in between
    ("in_turn", [("a", 0), ("b", 1), ("c", 2), ("a", 3), ("b", 4), ("c", 5), ("a", 6)], None),
    ("handed_on", [0, ("child", 1), 2, "leaving", "left"], "StopAsyncIteration()"),
    ("of_another_module", [("a", 1), ("b", 11), ("a", 12), ("b", 22)], None),
    # a cancellation is raised where the task rests: inside of it, or outside
    ("cancelled_inside",
     [("user", 0), "leaving", "left", ("user", "Cancelled('task 0.1 was cancelled')"), "cancelled"],
     "StopAsyncIteration()"),
    ("cancelled_between", [0, "cancelled", "leaving", "left"], (1, "StopAsyncIteration()")),
    ("a_deadline_around", [0, 1, "leaving", "left"], (True, "StopAsyncIteration()")),
    ("deadlines_inside", [], ["in time", "too late", "in time"]),
    ("a_deadline_while_it_ends", ["leaving", "left"], None),
    ("a_failing_sibling",
     [("b", "one"), "leaving", "left", ("a", "Cancelled('task 0.1 was cancelled')"), "(KeyError('b'),)"], None),
    # how it ends
    ("closed_in_the_loop", [0, "leaving", "left", "else"], None),
    ("closed_twice", ["leaving", "left"], "StopAsyncIteration()"),
    ("cancelled_while_it_is_closed", [], (True, "StopAsyncIteration()")),
    ("closed_by_two", [("second", f"aclose(): {RUNNING}"), "left", "first"], None),
    ("closed_before_it_began", [], "StopAsyncIteration()"),
    ("fails", ["one", "KeyError('two')"], "StopAsyncIteration()"),
    ("raises_what_ends_a_loop",
     ["one", ("async generator raised StopAsyncIteration", True, True),
      "one", ("async generator raised StopIteration", True, True)], None),
    ("ignores_its_end", ["async generator ignored GeneratorExit"], None),
    ("one_through_another", [(0, 0), "leaving", "left", "outer leaves"], "StopAsyncIteration()"),
    # what it is asked
    ("sent", ["a", "b", "ValueError('c')", "over"], "over"),
    ("sent_too_early", ["can't send non-None value to a just-started async generator"], "a"),
    ("thrown_into_too_early", ["ValueError('early')"], "StopAsyncIteration()"),
    ("thrown_into_after_its_end", ["leaving", "left", "StopAsyncIteration()"], [None]),
    ("dropped_before_it_began", [None], None),
]  # fmt: skip
DROPPED = [("dropped", ["leaving", "dropped"]), ("dropped_by_a_return", [("user", 0), "leaving", "dropped"])]


@pytest.mark.parametrize("crossing", ["direct", "queued"])
@pytest.mark.parametrize(("which", "log", "value"), ENDS)
def test_who_uses_it_and_how_it_ends(play, crossing, which, log, value):
    ended = play(lambda: Generators(which=which), crossing=crossing)
    assert ended == ((log, value) if value is not None else log)


@pytest.mark.parametrize(("which", "log"), DROPPED)
def test_one_that_is_dropped_runs_as_far_as_its_first_rest_and_warns(play, which, log):
    with pytest.warns(RuntimeWarning, match="was dropped before its end, and its `finally` wants to rest") as caught:
        assert play(lambda: Generators(which=which)) == log
    assert len(caught) == 1


@module
class Keeper:
    """Keeps a generator for longer than the run."""

    kept: list
    generators: Generators

    @procedure
    async def main(self):
        items = self.generators.numbers(0, 1)
        self.kept.append(items)
        return await anext(items)


@module
class Dropper:
    """Drops, in a run of its own, what another has left."""

    kept: list
    log: list = field(factory=list)

    async def other(self):
        self.log.append("other")
        await yield_now()

    @procedure
    async def main(self):
        task = fork(self.other)
        await yield_now()
        self.kept.clear()
        self.log.append("dropped")
        await join(task)
        await sleep(1)
        return self.log


@pytest.mark.parametrize("inside", [False, True], ids=["after", "in another"])
def test_one_that_outlives_its_run_comes_to_nothing_and_nobody_hears_of_it(play, monkeypatch, inside):
    kept, generators, heard = [], Generators(which=""), []
    monkeypatch.setattr(sys, "unraisablehook", lambda told: heard.append(told.exc_value))
    assert play(lambda: Keeper(kept, generators)) == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if inside:
            assert play(lambda: Dropper(kept)) == ["other", "dropped"]
        kept.clear()
    assert heard == []
    assert generators.log in ([], ["leaving"])  # a stack is unwound as far as the first rest
