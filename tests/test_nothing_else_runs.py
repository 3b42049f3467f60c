"""What executes while tasks are parked: records on one side, plain stacks on the other, coroutines for the oracle.

The spec stops itself in the middle and lets a witness look at the whole process: every generator, coroutine and
greenlet that the garbage collector knows, every frame on every stack, every OS thread.
"""

import gc
import inspect
import sys
import threading
import types
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import greenlet
import pytest
from attrs import field

from duality import (
    Condition,
    entry,
    fail_after,
    fork,
    join,
    module,
    procedure,
    run,
    scope,
    send,
    sleep,
    yield_now,
)  # fmt: skip
from duality.core.current import running
from tests.conftest import application_of
from tests.virtual import VirtualIO

SUSPENDABLE = inspect.CO_COROUTINE | inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR | inspect.CO_ITERABLE_COROUTINE


async def helper(desk, depth):
    """A helper of the file, some calls deep."""
    if depth:
        return await helper(desk, depth - 1)
    return await desk.wait(depth)


@module
class Desk:
    """One waits at its condition, and the others in as many other ways as there are."""

    opened: bool = False
    opening: Condition = field(factory=Condition)

    @entry
    async def wait(self, depth):
        while not self.opened:
            await self.opening.wait()
        return depth

    @entry
    async def open(self):
        self.opened = True
        self.opening.broadcast()
        await sleep(2)

    async def inside(self):
        for _ in range(3):
            with fail_after(10):
                try:
                    await sleep(1)
                finally:
                    await yield_now()

    @procedure
    async def around(self):
        async with scope() as s:
            s.fork(self.inside)
            s.fork(self.wait, 1)


@module
class Main:
    """Forks them all, rests until they are all parked, and looks."""

    desk: Desk
    look: Callable[[], None]

    async def looking(self, depth):
        if depth:
            await self.looking(depth - 1)
        else:
            self.look()

    async def joining(self, task):
        return await join(task)

    @procedure
    async def main(self):
        task = fork(helper, self.desk, 4)
        tasks = [task, fork(self.joining, task), fork(self.desk.around), fork(self.desk.inside)]
        send(self.desk.wait, 2)
        for _ in range(4):
            await yield_now()
        await self.looking(3)
        opening = fork(self.desk.open)
        await yield_now()
        late = fork(self.desk.wait, 3)
        await yield_now()
        await self.looking(0)
        for one in [*tasks, opening, late]:
            await join(one)
        return self.desk.opened


PROCEDURES = {
    value.__code__
    for holder in (Desk, Main)
    for value in vars(holder).values()
    if isinstance(value, types.FunctionType) and inspect.iscoroutinefunction(value)
} | {helper.__code__}
NAMES = {code.co_name for code in PROCEDURES}


class Witness:
    """Looks when called; keeps what it saw as plain data, so that it holds nothing alive."""

    def __init__(self) -> None:
        self.sights: list[dict[str, Any]] = []
        self.before = stacks_of_greenlets()

    def __call__(self) -> None:
        gc.collect()
        runtime = running()
        living = list(runtime.scheduler.living)
        parked = [task for task in living if task is not runtime.scheduler.current]
        self.sights.append(
            {
                "parked": len(parked),
                "suspended": [found(thing) for thing in suspended() if ours(code_of(thing))],
                "the spec's own": sum(any(code_of(thing) is code for code in PROCEDURES) for thing in suspended()),
                "greenlets": stacks_of_greenlets() - self.before,
                "running": [frame.f_code for frame in stack_of(sys._getframe(1)) if ours(frame.f_code)],
                "stacks": [stack for task in parked if (stack := stack_under(task))],
                "other OS threads": [
                    found
                    for number, frame in sys._current_frames().items()
                    if number != threading.get_ident()
                    for found in stack_of(frame)
                    if ours(found.f_code)
                ],
                "records": [records_of(task) for task in parked if hasattr(task, "frame")],
            }
        )


def stacks_of_greenlets() -> int:
    """How many greenlets have a stack; whoever runs the tests may have some of its own."""
    greenlet.getcurrent()  # the main one of this OS thread is made when first asked for
    return sum(isinstance(thing, greenlet.greenlet) and bool(thing) for thing in gc.get_objects())


def suspended() -> Iterator[Any]:
    """Every object that holds a suspended stack and is not a greenlet."""
    kinds = (types.CoroutineType, types.GeneratorType, types.AsyncGeneratorType)
    return (thing for thing in gc.get_objects() if isinstance(thing, kinds))


def code_of(thing: Any) -> types.CodeType:
    """The code that a coroutine or a generator runs."""
    return getattr(thing, "cr_code", None) or getattr(thing, "gi_code", None) or thing.ag_code


def ours(code: types.CodeType) -> bool:
    """Whether it belongs to a procedure of this spec, compiled or not."""
    return code.co_filename == __file__ and code.co_name in NAMES


def found(thing: Any) -> str:
    return f"{type(thing).__name__} {code_of(thing).co_qualname}"


def stack_of(frame: Any) -> list[Any]:
    """The frame and its callers."""
    frames = []
    while frame is not None:
        frames.append(frame)
        frame = frame.f_back
    return frames


def stack_under(task: Any) -> list[types.CodeType]:
    """The spec's code on the stack that a parked task keeps, innermost first; nothing if it keeps none."""
    stack = getattr(task, "greenlet", None)
    return [frame.f_code for frame in stack_of(stack.gr_frame) if ours(frame.f_code)] if stack is not None else []


def records_of(task: Any) -> list[Any]:
    """What a parked task among events consists of: the function that goes on, and the types of what is kept for it."""
    records, record = [], task.frame
    while record is not None:
        records.append((record.next, type(record.alive)))
        record = record.caller
    return records


@pytest.fixture(params=["direct", "queued"])
def sights(request: pytest.FixtureRequest, on: str) -> list[dict[str, Any]]:
    """What was there to see, twice, while at least five tasks were parked."""
    return seen(on, request.param)


@cache  # looking at every object there is takes a while
def seen(on: str, crossing: str) -> list[dict[str, Any]]:
    """The same."""
    witness = Witness()
    assert run(application_of(lambda: Main(Desk(), witness)), on, io=VirtualIO(), crossing=crossing).value
    first, second = witness.sights
    assert first["parked"] >= 5
    assert second["parked"] >= 5
    return witness.sights


@pytest.mark.parametrize("on", ["events"], indirect=True)
def test_among_events_nothing_holds_a_stack_of_a_procedure(sights):
    for sight in sights:
        assert sight["suspended"] == []
        assert sight["greenlets"] == 0
        assert sight["stacks"] == []
        assert sight["other OS threads"] == []


@pytest.mark.parametrize("on", ["events"], indirect=True)
def test_among_events_a_parked_task_is_records_of_plain_functions(sights):
    for sight in sights:
        assert len(sight["records"]) == sight["parked"]
        for chain in sight["records"]:
            assert chain
            for following, kept in chain:
                assert isinstance(following, types.FunctionType)
                assert not following.__code__.co_flags & SUSPENDABLE
                assert kept is tuple
        resumed = {following.__code__.co_name for chain in sight["records"] for following, _ in chain}
        assert {"wait", "helper", "inside", "around", "joining"} <= resumed


@pytest.mark.parametrize("on", ["threads"], indirect=True)
def test_among_threads_there_is_no_coroutine_and_the_stacks_are_of_plain_functions(sights):
    for sight, queueing in zip(sights, (0, 1), strict=True):  # whoever queues for a lock is not in the procedure yet
        assert sight["suspended"] == []
        assert len(sight["stacks"]) + queueing == sight["parked"]
        assert sight["greenlets"] >= sight["parked"]
        assert sight["other OS threads"] == []
        for stack in sight["stacks"]:
            assert not any(code.co_flags & SUSPENDABLE for code in stack)
            assert not any(code is spec for code in stack for spec in PROCEDURES), (
                "the erased text runs, not the spec's"
            )
        names = [[code.co_name for code in stack] for stack in sight["stacks"]]
        assert ["wait", *["helper"] * 5] in names
        assert ["around"] in names
        assert ["joining"] in names


@pytest.mark.parametrize("on", ["events", "threads"], indirect=True)
def test_what_runs_at_the_moment_is_plain_functions_too(sights):
    for sight, calls in zip(sights, (4, 1), strict=True):
        names = [code.co_name for code in sight["running"]]
        assert names[:1] == ["looking"]
        assert names.count("looking") <= calls
        assert not any(code.co_flags & SUSPENDABLE for code in sight["running"])


@pytest.mark.parametrize("on", ["threads"], indirect=True)
def test_among_threads_the_callers_are_on_the_stack(sights):
    assert [code.co_name for code in sights[0]["running"]] == [*["looking"] * 4, "main"]


@pytest.mark.parametrize("on", ["oracle"], indirect=True)
def test_the_oracle_runs_the_very_functions_of_the_spec(sights):
    for sight in sights:
        assert sight["the spec's own"] == len(sight["suspended"])
        assert sight["the spec's own"] >= sight["parked"]
        assert sight["suspended"].count("coroutine helper") == 5
        assert all(any(code is spec for spec in PROCEDURES) for code in sight["running"])
        assert sight["greenlets"] == 0
        assert sight["other OS threads"] == []


def test_the_witness_does_see_a_coroutine():
    """Whoever looks for something must be able to find it."""
    waiting = helper(None, 0)
    try:
        assert [found(thing) for thing in suspended() if ours(code_of(thing))] == ["coroutine helper"]
    finally:
        waiting.close()
