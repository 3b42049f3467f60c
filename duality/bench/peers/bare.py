"""The bare mechanisms, with nothing around them: a method call, a coroutine's ``send``, a greenlet's switch and back.

No scheduler can be cheaper than these; how much dearer ours is, is the price of everything else it does.
"""

from collections.abc import Callable, Generator
from types import coroutine
from typing import Any

from greenlet import getcurrent, greenlet


class Plain:
    """``calling.Callee`` in plain Python."""

    def answer(self, x: int) -> int:
        """The plain method that calls are compared with."""
        return x + 1


class Caller:
    """``calling.Caller`` in plain Python."""

    def __init__(self, tens: int, clock: Callable[[], float]) -> None:
        self.callee = Plain()
        self.tens = tens
        self.clock = clock

    def main(self) -> dict[str, float]:
        """Time the calls, then the loop without them."""
        began = self.clock()
        calls = self.free()
        seconds = self.clock() - began
        began = self.clock()
        turns = self.empty()
        return {"seconds": seconds, "calls": calls, "loop": self.clock() - began, "turns": turns}

    def free(self) -> int:
        """Method calls."""
        x = 0
        for _ in range(self.tens):
            x = self.callee.answer(x)
            x = self.callee.answer(x)
            x = self.callee.answer(x)
            x = self.callee.answer(x)
            x = self.callee.answer(x)
            x = self.callee.answer(x)
            x = self.callee.answer(x)
            x = self.callee.answer(x)
            x = self.callee.answer(x)
            x = self.callee.answer(x)
        return x

    def empty(self) -> int:
        """No calls."""
        x = -1
        for x in range(self.tens):  # noqa: B007  (the last one tells how many there were)
            pass
        return x + 1


@coroutine
def _rest() -> Generator[None, Any, None]:
    yield


def sends(tasks: int, rounds: int, clock: Callable[[], float]) -> dict[str, float]:
    """``rounds`` rounds of ``send(None)`` to each of ``tasks`` coroutines with five live variables.

    A bare loop: there is not even a queue.
    """

    async def turn(left: int, a: int, b: int, c: int, d: int) -> int:
        while left:
            await _rest()
            left -= 1
        return a + b + c + d

    coroutines = [turn(rounds + 1, 1, 2, 3, 4) for _ in range(tasks)]
    resume = [one.send for one in coroutines]
    for send in resume:
        send(None)
    began = clock()
    for _ in range(rounds):
        for send in resume:
            send(None)
    seconds = clock() - began
    ended = 0
    for send in resume:
        try:
            send(None)
        except StopIteration as stop:
            ended += stop.value // 10
    return {"seconds": seconds, "ended_early": 0, "ended": ended}


def switches(tasks: int, rounds: int, clock: Callable[[], float]) -> dict[str, float]:
    """``rounds`` rounds of a switch to each of ``tasks`` greenlets with five live variables, and back."""
    back = getcurrent().switch

    def turn(left: int, a: int, b: int, c: int, d: int) -> int:
        while left:
            back()
            left -= 1
        return a + b + c + d

    resume = [greenlet(turn).switch for _ in range(tasks)]
    for switch in resume:
        switch(rounds + 1, 1, 2, 3, 4)
    began = clock()
    for _ in range(rounds):
        for switch in resume:
            switch()
    seconds = clock() - began
    return {"seconds": seconds, "ended_early": 0, "ended": sum(switch() // 10 for switch in resume)}
