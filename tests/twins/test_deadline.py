"""Deadlines: the block is cut short where it rests, by its own deadline and no other."""

import pytest
from attrs import field

from duality import (
    Cancelled,
    Condition,
    entry,
    fail_after,
    fork,
    join,
    module,
    move_on_after,
    now,
    procedure,
    sleep,
    yield_now,
)  # fmt: skip


@module
class Deadlines:
    """Each procedure below is one situation; ``main`` runs the one called ``which`` and tells when it was over."""

    which: str = ""
    log: list = field(factory=list)
    never: Condition = field(factory=Condition)

    async def in_time(self):
        with fail_after(5) as deadline:
            await sleep(4)
        await sleep(4)  # the deadline is gone
        return deadline.cancelled_caught

    async def fails(self):
        try:
            with fail_after(5):
                await sleep(10)
        except TimeoutError as error:
            return str(error)

    async def moves_on(self):
        with move_on_after(5) as deadline:
            await sleep(10)
            self.log.append("never")
        return deadline.cancelled_caught

    async def cleans(self):
        with move_on_after(1) as deadline:
            try:
                await sleep(10)
            finally:
                await sleep(2)
                await yield_now()
        return deadline.cancelled_caught

    async def inner_first(self):
        with move_on_after(5) as outer:
            with move_on_after(2) as inner:
                await sleep(10)
            await sleep(1)
        return inner.cancelled_caught, outer.cancelled_caught

    async def outer_first(self):
        with move_on_after(2) as outer:
            with move_on_after(5) as inner:
                await sleep(10)
            self.log.append("never")
        return inner.cancelled_caught, outer.cancelled_caught

    async def both_at_once(self):
        with move_on_after(2) as outer:
            with move_on_after(2) as inner:
                await sleep(10)
            await sleep(10)
        return inner.cancelled_caught or outer.cancelled_caught, outer.cancelled_caught

    async def nested_failures(self):
        try:
            with fail_after(2):
                try:
                    with fail_after(1):
                        await sleep(10)
                finally:
                    await sleep(10)
        except TimeoutError as error:
            return str(error)

    async def own_error(self):
        try:
            with fail_after(1):
                raise KeyError("mine")
        except KeyError as error:
            return str(error)

    async def never_rests(self):
        with move_on_after(0) as deadline:
            total = sum(range(1000))
        await sleep(1)
        return total, deadline.cancelled_caught

    async def in_a_callee(self):
        with move_on_after(1) as deadline:
            await self.deep(3)
        return deadline.cancelled_caught

    async def deep(self, left):
        if left:
            return await self.deep(left - 1)
        await sleep(10)

    async def around_a_join(self):
        task = fork(self.deep, 0)
        with move_on_after(1) as deadline:
            await join(task)
        await join(task)
        return deadline.cancelled_caught

    @entry
    async def wait(self):
        with move_on_after(1) as deadline:
            while True:
                await self.never.wait()
        return deadline.cancelled_caught

    @entry
    async def hold(self):
        await sleep(3)

    async def around_a_call(self):
        holding = fork(self.hold)
        await yield_now()
        with move_on_after(1) as deadline:
            await self.hold()
        await join(holding)
        return deadline.cancelled_caught

    async def cancelled_from_outside(self):
        task = fork(self.guarded)
        await sleep(1)
        task.cancel()
        try:
            await join(task)
        except Cancelled:
            return self.log

    async def guarded(self):
        with move_on_after(5) as deadline:
            try:
                await sleep(10)
            except Cancelled:
                self.log.append(deadline.cancelled_caught)
                raise
        self.log.append("never")

    async def again(self):
        ends = []
        for seconds in (3, 1, 2):
            with move_on_after(seconds) as deadline:
                await sleep(2.5)
            ends.append(deadline.cancelled_caught)
        return ends

    @procedure
    async def main(self):
        began = now()
        return await getattr(self, self.which)(), now() - began


@pytest.mark.parametrize("crossing", ["direct", "queued"])
@pytest.mark.parametrize(
    ("which", "result", "seconds"),
    [
        ("in_time", False, 8),
        ("fails", "not done after 5 seconds", 5),
        ("moves_on", True, 5),
        ("cleans", True, 3),
        ("inner_first", (True, False), 3),
        ("outer_first", (False, True), 2),
        ("both_at_once", (True, True), 2),
        ("nested_failures", "not done after 2 seconds", 2),
        ("own_error", "'mine'", 0),
        ("never_rests", (499500, False), 1),
        ("in_a_callee", True, 1),
        ("around_a_join", True, 10),
        ("wait", True, 1),
        ("around_a_call", True, 3),
        ("cancelled_from_outside", [False], 1),
        ("again", [False, True, True], 5.5),
    ],
)
def test_a_deadline_cuts_its_own_block_short_and_nothing_else(play, which, result, seconds, crossing):
    assert play(lambda: Deadlines(which), crossing=crossing) == (result, seconds)
