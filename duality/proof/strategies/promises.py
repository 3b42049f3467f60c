"""What drawn modules promise of themselves: an `@invariant` that always holds, or one that some schedule may break.

    holds       that a right buffer has no more than its size; that nobody is inside who has not come
    may break   that two fields are equal which are changed one after the other; the bounds of a number

Rule: to promise nothing is simpler, so what shrinks loses its invariants.
"""

from duality.proof.strategies.chance import Chance
from duality.proof.strategies.rooms import Room

LEVEL = "level"
"""The invariant that the fields ``low`` and ``high`` of a module are equal. Who changes one changes the other later."""


def promised(chance: Chance, room: Room, name: str, *bodies: str) -> None:
    """Perhaps ``room`` has the invariant ``name``, with one of ``bodies``."""
    if chance.maybe(2):
        room.invariants[name] = _text(name, chance.pick(*bodies))


def promises(chance: Chance, room: Room, one_in: int) -> None:
    """Once in so many times, one or two invariants of a module that is drawn: of its numbers, and of what it tells."""
    if not chance.maybe(one_in):
        return
    most = str(chance.number(3) + 2)
    bodies = {
        LEVEL: ("return self.low == self.high", "assert self.low == self.high, (self.low, self.high)"),
        "known": ("return self.n is not None and len(self.log) >= 0", "assert isinstance(self.n, int)"),
        "short": (f"return len(self.log) < {most}", f"assert len(self.log) < {most}, self.log"),
        "bounded": (f"assert -{most} < self.n < 9", f"return {most} - self.n", f"return 60 // (self.n - {most})"),
    }
    names = chance.pick(LEVEL, LEVEL, *bodies), chance.pick(LEVEL, *bodies)
    for name in dict.fromkeys(names):
        room.invariants[name] = _text(name, chance.pick(*bodies[name]))


def _text(name: str, body: str) -> str:
    return f"@invariant\ndef {name}(self):\n    {body}\n"
