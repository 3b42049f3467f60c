"""Scopes: no task outlives its block, the first error stops the others, a cancellation passes through."""

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
    scope,
    send,
    sleep,
    yield_now,
)  # fmt: skip


@module
class Scopes:
    """Each procedure below is one situation; ``main`` runs the one called ``which``."""

    which: str = ""
    log: list = field(factory=list)
    kept: list = field(factory=list)

    async def work(self, name, seconds, error=None):
        self.log.append(f"{name} begins")
        try:
            await sleep(seconds)
            if error is not None:
                raise error
            self.log.append(f"{name} ends")
        finally:
            self.log.append(f"{name} is over")
        return name

    async def cleaning(self, name, error=None):
        try:
            await sleep(1000)
        finally:
            await sleep(1)
            self.log.append(f"{name} is clean")
            if error is not None:
                raise error

    # -- leaving

    async def waits(self):
        async with scope() as s:
            s.fork(self.work, "a", 2)
            s.fork(self.work, "b", 1)
            self.log.append("body ends")
        self.log.append("left")

    async def empty(self):
        fork(self.work, "other", 0)
        async with scope():
            self.log.append("inside")
        self.log.append("left")
        await sleep(1)

    async def value(self):
        async with scope() as s:
            task = s.fork(self.work, "a", 1)
            self.log.append(await join(task))
        self.log.append(await join(task))

    async def nested(self):
        async with scope() as outer:
            outer.fork(self.work, "outer", 3)
            async with scope() as inner:
                inner.fork(self.work, "inner", 1)
                outer.fork(self.work, "also outer", 2)
            self.log.append("inner left")
        self.log.append("outer left")

    async def by_a_child(self):
        async with scope() as s:
            s.fork(self.forks_a_sibling, s)
        self.log.append("left")

    async def forks_a_sibling(self, s):
        await yield_now()
        s.fork(self.work, "sibling", 2)

    async def returns(self):
        async with scope() as s:
            s.fork(self.work, "a", 1)
            return self.log

    async def loops(self):
        for number in range(3):
            async with scope() as s:
                s.fork(self.work, f"{number}", 1)
                if number == 0:
                    continue
                if number == 1:
                    break

    # -- errors

    async def child_fails(self):
        try:
            async with scope() as s:
                s.fork(self.work, "bad", 1, KeyError("bad"))
                s.fork(self.cleaning, "sibling")
                try:
                    await sleep(1000)
                finally:
                    self.log.append("body is over")
        except BaseExceptionGroup as group:
            self.log.append(group.exceptions)

    async def body_fails(self):
        try:
            async with scope() as s:
                s.fork(self.cleaning, "child")
                await yield_now()
                raise KeyError("body")
        except BaseExceptionGroup as group:
            self.log.append(group.exceptions)

    async def several_fail(self):
        try:
            async with scope() as s:
                s.fork(self.work, "first", 1, KeyError("first"))
                s.fork(self.cleaning, "second", ValueError("second"))
                s.fork(self.cleaning, "third", OSError("third"))
        except BaseExceptionGroup as group:
            self.log.append(group.exceptions)

    async def joined_failure(self):
        try:
            async with scope() as s:
                await join(s.fork(self.work, "bad", 1, KeyError("bad")))
        except BaseExceptionGroup as group:
            self.log.append(group.exceptions)

    async def nested_failure(self):
        try:
            async with scope() as outer:
                outer.fork(self.cleaning, "outer child")
                async with scope() as inner:
                    inner.fork(self.work, "bad", 1, KeyError("bad"))
                    inner.fork(self.cleaning, "inner child")
        except BaseExceptionGroup as group:
            self.log.append(group.exceptions[0].exceptions)

    # -- cancelling

    async def cancel_the_scope(self):
        async with scope() as s:
            s.fork(self.cleaning, "child")
            await yield_now()
            s.cancel()
            self.log.append("still inside")
            await yield_now()
            self.log.append("never")
        self.log.append("left")

    async def cancel_from_a_child(self):
        async with scope() as s:
            s.fork(self.cleaning, "child")
            s.fork(self.cancels, s)
        self.log.append("left")

    async def cancels(self, s):
        await sleep(1)
        s.cancel()

    async def outside_cancel(self):
        task = fork(self.with_children, 0)
        await sleep(1)
        task.cancel()
        try:
            await join(task)
        except Cancelled:
            self.log.append("cancelled")

    async def outside_cancel_twice(self):
        task = fork(self.with_children, 0)
        await sleep(1)
        task.cancel()
        task.cancel()
        try:
            await join(task)
        except Cancelled:
            self.log.append("cancelled")

    async def cancel_in_the_body(self):
        task = fork(self.with_children, 1000)
        await sleep(1)
        task.cancel()
        try:
            await join(task)
        except Cancelled:
            self.log.append("cancelled")

    async def with_children(self, seconds):
        async with scope() as s:
            s.fork(self.cleaning, "one")
            s.fork(self.cleaning, "two")
            if seconds:
                await sleep(seconds)
        self.log.append("never")

    async def cancel_a_child(self):
        async with scope() as s:
            task = s.fork(self.cleaning, "child")
            s.fork(self.work, "sibling", 5)
            await yield_now()
            task.cancel()
        self.log.append("left")

    async def deadline_while_leaving(self):
        with move_on_after(5) as deadline:
            async with scope() as s:
                s.fork(self.cleaning, "child")
        self.log.append(deadline.cancelled_caught)

    async def born_late(self):
        async with scope() as s:
            s.fork(self.forks_when_cancelled, s)
            await yield_now()
            s.cancel()
        self.log.append("left")

    async def forks_when_cancelled(self, s):
        try:
            await sleep(1000)
        finally:
            s.fork(self.work, "late", 1000)
            await sleep(1)

    # -- after the end

    async def cancel_after(self):
        async with scope() as s:
            s.fork(self.work, "a", 1)
        s.cancel()
        await sleep(1)
        self.log.append("undisturbed")

    async def fork_after(self):
        async with scope() as s:
            s.fork(self.work, "a", 1)
        try:
            s.fork(self.work, "late", 1, KeyError("late"))
        except RuntimeError:
            self.log.append("refused")
        await sleep(5)

    @procedure
    async def main(self):
        await getattr(self, self.which)()
        return self.log


def life(name):
    return [f"{name} begins", f"{name} ends", f"{name} is over"]


@pytest.mark.parametrize(
    ("which", "log"),
    [
        ("waits", ["body ends", "a begins", "b begins", *life("b")[1:], *life("a")[1:], "left"]),
        ("empty", ["inside", "left", *life("other")]),
        ("value", [*life("a"), "a", "a"]),
        ("by_a_child", [*life("sibling"), "left"]),
        ("returns", life("a")),
        ("loops", [*life("0"), *life("1")]),
        (
            "nested",
            [
                "outer begins", "inner begins", "also outer begins", *life("inner")[1:], "inner left",
                *life("also outer")[1:], *life("outer")[1:], "outer left",
            ],
        ),
    ],
)  # fmt: skip
def test_a_scope_is_left_when_all_its_tasks_have_ended(play, which, log):
    assert play(lambda: Scopes(which)) == log


def test_an_error_of_a_child_cancels_the_siblings_and_the_body_and_leaves_in_a_group(play):
    log = play(lambda: Scopes("child_fails"))
    assert sorted(log[:-1]) == ["bad begins", "bad is over", "body is over", "sibling is clean"]
    assert log[:2] == ["bad begins", "bad is over"]
    assert list(map(repr, log[-1])) == ["KeyError('bad')"]


def test_an_error_of_the_body_cancels_the_children_and_leaves_in_a_group(play):
    log = play(lambda: Scopes("body_fails"))
    assert log[0] == "child is clean"
    assert list(map(repr, log[-1])) == ["KeyError('body')"]


def test_all_errors_leave_together(play):
    log = play(lambda: Scopes("several_fail"))
    assert log[2:4] == ["second is clean", "third is clean"]
    assert list(map(repr, log[-1])) == ["KeyError('first')", "ValueError('second')", "OSError('third')"]


def test_an_error_that_the_body_has_joined_is_there_once(play):
    log = play(lambda: Scopes("joined_failure"))
    assert list(map(repr, log[-1])) == ["KeyError('bad')"]


def test_an_error_passes_through_every_scope_around_it(play):
    log = play(lambda: Scopes("nested_failure"))
    assert log[2:4] == ["inner child is clean", "outer child is clean"]
    assert list(map(repr, log[-1])) == ["KeyError('bad')"]


@pytest.mark.parametrize(
    ("which", "log"),
    [
        ("cancel_the_scope", ["still inside", "child is clean", "left"]),
        ("cancel_from_a_child", ["child is clean", "left"]),
        ("outside_cancel", ["one is clean", "two is clean", "cancelled"]),
        ("outside_cancel_twice", ["cancelled"]),  # the second request cuts the cleaning short
        ("cancel_in_the_body", ["one is clean", "two is clean", "cancelled"]),
        ("cancel_a_child", ["sibling begins", "child is clean", "sibling ends", "sibling is over", "left"]),
        ("deadline_while_leaving", ["child is clean", True]),
        ("born_late", ["late begins", "late is over", "left"]),
    ],
)
def test_a_cancellation_reaches_every_task_and_the_block_is_left_only_then(play, which, log):
    assert play(lambda: Scopes(which)) == log


def test_cancelling_a_scope_that_was_left_changes_nothing(play):
    assert play(lambda: Scopes("cancel_after")) == [*life("a"), "undisturbed"]


def test_nothing_can_be_forked_into_a_scope_that_was_left(play):
    assert play(lambda: Scopes("fork_after")) == [*life("a"), "refused"]


# -- scopes and modules ------------------------------------------------------------------------------------------------


@module
class Around:
    """A child of a scope calls back into the module that the scope's owner holds."""

    log: list = field(factory=list)
    ticks: int = 0

    @entry
    async def outside(self):
        return "free"

    async def call_back(self, early):
        if not early:
            await yield_now()
        try:
            self.log.append(await self.outside())
        except DeadlockError as error:
            self.log.append(error.cycle)
            raise

    @entry
    async def inside(self, early):
        async with scope() as s:
            s.fork(self.call_back, early)
            if early:
                await yield_now()
                await yield_now()

    @procedure
    async def main(self):
        early = self.log.pop()
        ticking = fork(self.tick)
        try:
            await self.inside(early)
        except BaseExceptionGroup as group:
            self.log.append(group.exceptions[0].cycle)
        except DeadlockError as error:
            self.log.append(error.cycle)
        self.log.append(await self.outside())
        await join(ticking)
        return self.log

    async def tick(self):
        while self.ticks < 30:
            self.ticks += 1
            await sleep(1)


def test_a_cycle_may_lead_through_the_end_of_a_scope(play):
    child, main, after = play(lambda: Around([False]))
    assert child == main
    assert child[0].startswith("task 0.2 waits for the module Around")
    assert child[0].endswith("held by task 0")
    assert child[1].startswith("task 0 waits for the end of its scope")
    assert after == "free"


def test_a_scope_whose_end_would_close_a_cycle_leaves_no_child_behind(play):
    cycle, after = play(lambda: Around([True]))
    assert len(cycle) == 2
    assert after == "free"


@module
class Stopped:
    """The run fails while a scope is being left, or while its body rests."""

    log: list
    seconds: int

    async def fail(self):
        await sleep(1)
        raise KeyError("elsewhere")

    async def child(self, name):
        try:
            await sleep(1000)
        finally:
            await sleep(1)
            await yield_now()
            self.log.append(f"{name} is clean")

    @procedure
    async def main(self):
        send(self.fail)
        async with scope() as outer:
            outer.fork(self.child, "one")
            async with scope() as inner:
                inner.fork(self.child, "two")
                await sleep(self.seconds)


@pytest.mark.parametrize("seconds", [0, 1000])
def test_a_run_that_fails_lets_the_children_of_scopes_clean_up(play, seconds):
    log = []
    with pytest.raises(KeyError, match="elsewhere"):
        play(lambda: Stopped(log, seconds))
    assert sorted(log) == ["one is clean", "two is clean"]
