"""What calls are measured with, written in the spec: to another module, with a body that hardly counts.

Rule: the calls and the loop around them are timed apart, so that the loop can be taken off; ``peers/bare.py`` has the
same text with plain methods.
"""

from collections.abc import Callable

from duality import application, entry, module, procedure


@module
class Callee:
    """Another module, with as little to do as there is."""

    @procedure
    async def answer(self, x: int) -> int:
        """A call that does not block."""
        return x + 1

    @entry
    async def guarded(self, x: int) -> int:
        """The same, holding the module."""
        return x + 1


@module
class Caller:
    """Calls that do not block, ten to a turn of the loop. Each is asked for the number after the last one's answer.

    Output: seconds for the loop with its calls, and the last answer, which is their number; seconds for the loop alone,
    and its turns.
    """

    callee: Callee
    tens: int
    clock: Callable[[], float]
    held: bool

    @procedure
    async def main(self) -> dict[str, float]:
        """Time the calls of the kind that was asked for, then the loop without them."""
        began = self.clock()
        calls = await self.locked() if self.held else await self.free()
        seconds = self.clock() - began
        began = self.clock()
        turns = await self.empty()
        return {"seconds": seconds, "calls": calls, "loop": self.clock() - began, "turns": turns}

    async def free(self) -> int:
        """Calls that hold nothing."""
        x = 0
        for _ in range(self.tens):
            x = await self.callee.answer(x)
            x = await self.callee.answer(x)
            x = await self.callee.answer(x)
            x = await self.callee.answer(x)
            x = await self.callee.answer(x)
            x = await self.callee.answer(x)
            x = await self.callee.answer(x)
            x = await self.callee.answer(x)
            x = await self.callee.answer(x)
            x = await self.callee.answer(x)
        return x

    async def locked(self) -> int:
        """Calls that hold the module."""
        x = 0
        for _ in range(self.tens):
            x = await self.callee.guarded(x)
            x = await self.callee.guarded(x)
            x = await self.callee.guarded(x)
            x = await self.callee.guarded(x)
            x = await self.callee.guarded(x)
            x = await self.callee.guarded(x)
            x = await self.callee.guarded(x)
            x = await self.callee.guarded(x)
            x = await self.callee.guarded(x)
            x = await self.callee.guarded(x)
        return x

    async def empty(self) -> int:
        """No calls."""
        x = -1
        for x in range(self.tens):  # noqa: B007  (the last one tells how many there were)
            pass
        return x + 1


@application
def calls(tens: int, clock: Callable[[], float], held: bool) -> Caller:
    """Calls to another module."""
    return Caller(Callee(), tens, clock, held)
