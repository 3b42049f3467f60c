"""`async for` and `async with` over modules: who is asked, how often, with what; what is no part of the protocol."""

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
    procedure,
    scope,
    sleep,
    yield_now,
)  # fmt: skip


@module
class Shelf:
    """Gives its items one by one, to whoever asks; each takes a while to fetch, and one at a time is fetched."""

    items: list = field(factory=list)
    fetching: int = 0
    most: int = 0

    def __aiter__(self):
        return self

    @entry
    async def __anext__(self):
        self.fetching += 1
        self.most = max(self.most, self.fetching)
        await sleep(1)
        self.fetching -= 1
        if not self.items:
            raise StopAsyncIteration
        return self.items.pop(0)


@module
class Queue:
    """Whoever asks waits until there is something."""

    items: list = field(factory=list)
    filled: Condition = field(factory=Condition)

    def __aiter__(self):
        return self

    @entry
    async def put(self, item):
        self.items.append(item)
        self.filled.signal()

    @entry
    async def __anext__(self):
        while not self.items:
            await self.filled.wait()
        item = self.items.pop(0)
        if item is None:
            raise StopAsyncIteration
        return item


@module
class Room:
    """One at a time is inside. ``into`` and ``out``: seconds on the way; ``answer``: what leaving it says."""

    into: float = 0
    out: float = 0
    answer: object = None
    taken: bool = False
    log: list = field(factory=list)
    free: Condition = field(factory=Condition)

    @entry
    async def __aenter__(self):
        while self.taken:
            await self.free.wait()
        self.taken = True
        if self.into:
            await sleep(self.into)
        self.log.append("in")
        return self

    @entry
    async def __aexit__(self, kind, error, trace):
        try:
            if self.out:
                await sleep(self.out)
            self.log.append((getattr(kind, "__name__", None), str(error), trace is not None))
        finally:
            self.taken = False
            self.free.signal()
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


class Half:
    """Has the one method and not the other."""

    def __aiter__(self):
        return 5

    async def __aenter__(self):
        return self


class Plain:
    """Has them all, and none is asynchronous."""

    def __aiter__(self):
        return self

    def __anext__(self):
        return 5

    def __aenter__(self):
        return 5

    def __aexit__(self, *error):
        return 5


@module
class Protocols:
    """Each procedure below is one situation; ``main`` runs the one called ``which``."""

    which: str = ""
    shelf: Shelf = field(factory=Shelf)
    queue: Queue = field(factory=Queue)
    room: Room = field(factory=Room)
    log: list = field(factory=list)

    # -- async for

    async def goes_through(self, name, items):
        async for item in items:
            self.log.append((name, item))
        else:
            self.log.append((name, "no more"))

    async def a_shelf(self):
        self.shelf.items += "abc"
        await self.goes_through("I", self.shelf)

    async def a_shelf_of_two(self):
        self.shelf.items += "abcde"
        async with scope() as s:
            s.fork(self.goes_through, "first", self.shelf)
            s.fork(self.goes_through, "second", self.shelf)
        return self.shelf.most

    async def a_queue(self):
        user = fork(self.goes_through, "user", self.queue)
        for item in (1, 2, None):
            await sleep(1)
            await self.queue.put(item)
        await join(user)

    async def left_while_waiting(self):
        with move_on_after(3) as deadline:
            await self.goes_through("user", self.queue)
        await self.queue.put(1)
        return deadline.cancelled_caught, await anext(self.queue)

    async def an_end_of_the_body_s_own(self):
        """StopAsyncIteration ends the loop when the iterator raises it, and only then."""
        self.shelf.items += "abc"
        try:
            async for item in self.shelf:
                self.log.append(item)
                raise StopAsyncIteration("mine")
        except StopAsyncIteration as error:
            return str(error)

    async def comprehensions(self):
        self.shelf.items += "abcde"
        shelf = self.shelf
        self.log.append([item async for item in shelf if item != "b"])
        shelf.items += "xy"
        self.log.append({item: place async for item in shelf for place in [await self.twice(item)]})
        return await anext(shelf, "none")

    async def twice(self, item):
        await yield_now()
        return item * 2

    # -- async with

    async def a_room(self):
        async with self.room as inside:
            self.log.append(inside is self.room)
        return self.room.log

    async def stays(self, name, seconds):
        async with self.room:
            self.log.append(f"{name} is in")
            await sleep(seconds)
            self.log.append(f"{name} goes out")

    async def a_room_for_one(self):
        async with scope() as s:
            for name in "abc":
                s.fork(self.stays, name, 2)

    async def fails(self, error):
        async with self.room:
            await yield_now()
            raise error

    async def an_error_inside(self):
        try:
            await self.fails(KeyError("bad"))
        except KeyError as error:
            self.log.append(repr(error))
        return self.room.log

    async def an_error_that_is_held_back(self):
        self.room.answer, self.room.out = "yes", 1
        await self.fails(KeyError("bad"))
        return self.room.log

    async def an_error_on_the_way_out(self):
        self.room.answer, self.room.out = ValueError("worse"), 1
        try:
            await self.fails(KeyError("bad"))
        except ValueError as error:
            return repr(error), repr(error.__context__)

    async def cancelled_on_the_way_in(self):
        self.room.into = 10
        try:
            with fail_after(1):
                await self.stays("I", 1)
        except TimeoutError:
            return self.room.log

    async def cancelled_inside(self):
        self.room.out = 5
        with move_on_after(1) as deadline:
            await self.stays("I", 10)
        return deadline.cancelled_caught, self.room.log

    async def cancelled_on_the_way_out(self):
        self.room.out = 10
        with move_on_after(2) as deadline:
            await self.stays("I", 1)
        return deadline.cancelled_caught, self.room.log, self.room.taken

    async def cancelled_twice(self):
        self.room.out = 10
        inside = fork(self.stays, "I", 10)
        await sleep(1)
        inside.cancel()
        await sleep(1)
        inside.cancel()
        try:
            await join(inside)
        except Cancelled:
            return self.room.log, self.room.taken

    async def several(self):
        one, two = Room(), Room(answer=True)
        async with one, two as self.room:
            raise KeyError("bad")
        return one.log, two.log, self.room is two

    async def ways_out(self):
        for turn in range(4):
            async with self.room:
                if turn == 0:
                    continue
                if turn == 1:
                    break
        await self.returns()
        return self.room.log

    async def returns(self):
        async with self.room:
            return self.log

    # -- what is no part of the protocol

    async def a_number_to_go_through(self):
        x = 5
        async for one in x:
            self.log.append(one)

    async def half_to_go_through(self):
        make = Half
        items = make()
        async for one in items:
            self.log.append(one)

    async def plain_to_go_through(self):
        make = Plain
        items = make()
        async for one in items:
            self.log.append(one)

    async def a_comprehension_over_a_number(self):
        x = 5
        return [one async for one in x]

    async def the_next_of_a_number(self):
        x = 5
        return await anext(x)

    async def a_number_to_enter(self):
        x = 5
        async with x:
            self.log.append("in")

    async def half_to_enter(self):
        make = Half
        manager = make()
        async with manager:
            self.log.append("in")

    async def plain_to_enter(self):
        make = Plain
        manager = make()
        async with manager:
            self.log.append("in")

    @procedure
    async def main(self):
        value = await getattr(self, self.which)()
        return (self.log, value) if value is not None else self.log


NO_ERROR = (None, "None", False)
BAD = ("KeyError", "'bad'", True)
WAYS = [
    ("a_shelf", [("I", "a"), ("I", "b"), ("I", "c"), ("I", "no more")], None),
    ("a_shelf_of_two",
     [("first", "a"), ("second", "b"), ("first", "c"), ("second", "d"), ("first", "e"),
      ("second", "no more"), ("first", "no more")], 1),
    ("a_queue", [("user", 1), ("user", 2), ("user", "no more")], None),
    ("left_while_waiting", [], (True, 1)),
    ("an_end_of_the_body_s_own", ["a"], "mine"),
    ("comprehensions", [["a", "c", "d", "e"], {"x": "xx", "y": "yy"}], "none"),
    ("a_room", [True], ["in", NO_ERROR]),
    ("a_room_for_one", ["a is in", "a goes out", "b is in", "b goes out", "c is in", "c goes out"], None),
    ("an_error_inside", ["KeyError('bad')"], ["in", BAD]),
    ("an_error_that_is_held_back", [], ["in", BAD]),
    ("an_error_on_the_way_out", [], ("ValueError('worse')", "KeyError('bad')")),
    ("cancelled_on_the_way_in", [], []),
    ("cancelled_inside", ["I is in"], (True, ["in", ("Cancelled", "1 seconds have passed", True)])),
    ("cancelled_on_the_way_out", ["I is in", "I goes out"], (True, ["in"], False)),
    ("cancelled_twice", ["I is in"], (["in"], False)),
    ("several", [], (["in", NO_ERROR], ["in", BAD], True)),
    ("ways_out", [], ["in", NO_ERROR] * 3),
]  # fmt: skip
REFUSED = [
    ("a_number_to_go_through", "'async for' requires an object with __aiter__ method, got int"),
    ("half_to_go_through",
     "'async for' received an object from __aiter__ that does not implement __anext__: int"),
    ("plain_to_go_through", "'async for' received an invalid object from __anext__: int"),
    ("a_comprehension_over_a_number", "'async for' requires an object with __aiter__ method, got int"),
    ("the_next_of_a_number", "'int' object is not an async iterator"),
    ("a_number_to_enter", "'int' object does not support the asynchronous context manager protocol"),
    ("half_to_enter",
     "'Half' object does not support the asynchronous context manager protocol (missed __aexit__ method)"),
    ("plain_to_enter", "'async with' received an object from __aenter__ that does not implement __await__: int"),
]  # fmt: skip


@pytest.mark.parametrize("crossing", ["direct", "queued"])
@pytest.mark.parametrize(("which", "log", "value"), WAYS)
def test_who_is_asked_and_with_what(play, crossing, which, log, value):
    ended = play(lambda: Protocols(which=which), crossing=crossing)
    assert ended == ((log, value) if value is not None else log)


@pytest.mark.parametrize(("which", "told"), REFUSED)
def test_what_is_no_part_of_the_protocol_is_told_in_cpython_s_words(play, which, told):
    with pytest.raises(TypeError) as error:
        play(lambda: Protocols(which=which))
    assert str(error.value).startswith(told)  # CPython 3.14 goes on, where it knows what may have been meant
