"""A request that meets another on its way is delivered all the same, and what has ended is let go."""

import contextvars
import gc
import weakref

import pytest

from duality import SpecError, fork, join, module, move_on_after, now, procedure, run, scope, sleep, yield_now
from tests.conftest import application_of

WHERE = contextvars.ContextVar("where", default="nowhere")


@module
class Slow:
    """A scope that takes long to leave, inside two deadlines."""

    @procedure
    async def child(self):
        try:
            await sleep(100)
        finally:
            await sleep(100)

    @procedure
    async def main(self):
        began = now()
        with move_on_after(2) as outer:
            with move_on_after(1) as inner:
                async with scope() as s:
                    s.fork(self.child)
                    await sleep(50)
            await sleep(10)
        return now() - began, outer.cancelled_caught, inner.cancelled_caught


def test_a_deadline_that_passes_while_a_scope_is_leaving_is_kept_for_the_next_rest(play):
    assert play(Slow) == (2.0, True, True)


@module
class Failing:
    """A child that answers its cancellation with an error of its own."""

    @procedure
    async def child(self):
        try:
            await sleep(100)
        finally:
            raise ValueError("while cleaning up")

    @procedure
    async def worker(self):
        try:
            async with scope() as s:
                s.fork(self.child)
        except ExceptionGroup:
            pass
        await sleep(7)
        return "never cancelled"

    @procedure
    async def main(self):
        task = fork(self.worker)
        await sleep(1)
        task.cancel()
        try:
            return await join(task)
        except BaseException as error:
            return type(error).__name__


def test_a_cancellation_outlives_the_errors_that_it_caused(play):
    assert play(Failing) == "Cancelled"


@module
class Calling:
    """Nothing but calls that do not wait: under strict queues each is a rest."""

    @procedure
    async def quick(self):
        return 1

    @procedure
    async def work(self):
        while True:
            await self.quick()

    @procedure
    async def main(self):
        task = fork(self.work)
        await yield_now()
        task.cancel()
        try:
            await join(task)
        except BaseException as error:
            return type(error).__name__


def test_a_queued_call_is_a_rest_where_a_cancellation_is_delivered(play):
    assert play(Calling, crossing="queued") == "Cancelled"


@module
class Elsewhere:
    """Looks at a context variable of whoever called ``run``."""

    async def look(self):
        await yield_now()
        return WHERE.get()

    @procedure
    async def main(self):
        return await self.look(), await join(fork(self.look))


def test_every_task_sees_the_callers_context_variables(play):
    token = WHERE.set("here")
    try:
        assert play(Elsewhere) == ("here", "here")
    finally:
        WHERE.reset(token)


class Result:
    """Something a task returns."""


class Wrong(Exception):
    """Something a task raises."""


@module
class Ending:
    """Tasks that end, one after the other; how many of their results are still there at the end?"""

    fails: bool
    collects: bool

    async def work(self):
        await yield_now()
        if self.fails:
            raise Wrong
        return Result()

    async def one(self):
        task = fork(self.work)
        await yield_now()
        await yield_now()
        try:
            return weakref.ref(await join(task))
        except Wrong as error:
            return weakref.ref(error)

    @procedure
    async def main(self):
        seen = []
        for _ in range(400):
            seen.append(await self.one())
        if self.collects:
            gc.collect()
        return sum(one() is not None for one in seen)


def test_a_task_that_has_ended_is_let_go_without_the_collector(on):
    gc.disable()
    try:
        assert run(application_of(lambda: Ending(False, False)), on).value <= 2
    finally:
        gc.enable()


def test_a_failed_task_that_was_joined_is_let_go_in_time(on):
    """Some wait for the next look through those that nobody has joined yet."""
    assert run(application_of(lambda: Ending(True, True)), on).value < 200


@module
class Loose:
    """A scope that nobody leaves."""

    @procedure
    async def main(self):
        loose = scope()
        loose.fork(self.main)


def test_a_scope_outside_async_with_is_refused(on):
    with pytest.raises(SpecError, match="outside `async with`"):
        run(application_of(Loose), on)
