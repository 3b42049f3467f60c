"""A task begins: its procedure is handed the arguments, and a thread's stack has nothing else below it."""

import gc
import weakref

import pytest

from duality import fork, join, module, procedure, run, yield_now
from tests.conftest import application_of


class Thing:
    """What can be told to be gone."""


@module
class Taking:
    """Its procedures drop what they are given, and rest."""

    seen: list

    def drop(self, things):
        self.seen.append([weakref.ref(thing) for thing in things])

    @procedure
    async def one(self, a):
        self.drop([a])
        del a
        await yield_now()

    @procedure
    async def two(self, a, b):
        self.drop([a, b])
        del a, b
        await yield_now()

    @procedure
    async def three(self, a, b, c):
        self.drop([a, b, c])
        del a, b, c
        await yield_now()

    @procedure
    async def four(self, a, b, c, d):
        self.drop([a, b, c, d])
        del a, b, c, d
        await yield_now()

    @procedure
    async def five(self, a, b, c, d, e):
        self.drop([a, b, c, d, e])
        del a, b, c, d, e
        await yield_now()

    @procedure
    async def main(self):
        left = []
        for count, take in enumerate((self.one, self.two, self.three, self.four, self.five), 1):
            task = fork(take, *(Thing() for _ in range(count)))
            await yield_now()
            left.append([thing() for thing in self.seen.pop()])
            await join(task)
        return left


@pytest.mark.parametrize("on", ["threads", "events"])  # a plain coroutine is called with `*args`, which stay
def test_a_task_does_not_keep_the_arguments_that_its_procedure_drops(on):
    gc.disable()
    try:
        left = run(application_of(lambda: Taking([])), on=on).value
    finally:
        gc.enable()
    assert left == [[None] * count for count in range(1, 6)]


@module
class Counted:
    """Gives back what it is called with."""

    @procedure
    async def give(self, *args, **named):
        await yield_now()
        return args, named

    @procedure
    async def main(self):
        given = []
        for count in range(9):
            given.append(await join(fork(self.give, *range(count))))
            given.append(await join(fork(self.give, *range(count), name=count)))
        return given


def test_a_procedure_gets_its_arguments_in_their_order_however_many(play):
    wanted = []
    for count in range(9):
        wanted += [(tuple(range(count)), {}), (tuple(range(count)), {"name": count})]
    assert play(Counted) == wanted


@module
class Weighed:
    """Tells how much of a stack greenlet sets aside for a thread at rest."""

    @procedure
    async def none(self):
        await yield_now()
        await yield_now()

    @procedure
    async def five(self, a, b, c, d, e):
        await yield_now()
        await yield_now()
        return a + b + c + d + e

    @procedure
    async def main(self):
        # At its first rest a thread may begin another, which is another way to switch; at the second all are alike.
        tasks = [fork(self.none), fork(self.five, 1, 2, 3, 4, 5)]
        await yield_now()
        await yield_now()
        saved = [task.greenlet._stack_saved for task in tasks]
        for task in tasks:
            await join(task)
        return saved


def test_five_arguments_leave_no_more_below_a_thread_than_none():
    none, five = run(application_of(Weighed), on="threads").value
    assert none == five > 0
