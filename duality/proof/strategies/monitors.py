"""Monitors everybody knows, right or with the usual mistake: a bounded buffer, a semaphore, a barrier, a latch.

    right       while not self.items: await self.filled.wait()        self.items.append(a); self.filled.signal()
    mistaken    if not self.items: ...                                 no signal, or before the change, or only one

Rule: each procedure takes one number and gives one, as all that are drawn do.
"""

from collections.abc import Callable

from duality.proof.strategies.chance import Chance
from duality.proof.strategies.promises import promised
from duality.proof.strategies.rooms import Callee, Room

BUFFER = """\
@entry
async def put(self, a):
    {loop1} len(self.items) >= {size}:
        await self.emptied.wait()
    self.items.append(a)
    {filled}
    return len(self.items)

@entry
async def take(self, a):
    {loop2} not self.items:
        await self.filled.wait()
    item = self.items.pop(0) if self.items else -1
    {emptied}
    return item
"""
SEMAPHORE = """\
@entry
async def acquire(self, a):
    {loop1} self.n >= {size}:
        await self.freed.wait()
    self.n += 1
    return self.n

@entry
async def release(self, a):
    self.n -= 1
    {freed}
    return self.n
"""
BARRIER = """\
@entry
async def arrive(self, a):
    self.n += 1
    if self.n >= {parties}:
        self.open += 1
        self.n = 0
        {opened}
        return 1
    seen = self.open
    {loop1} self.open == seen:
        await self.opened.wait()
    return 0
"""
LATCH = """\
@entry
async def pass_(self, a):
    {loop1} self.n < {size}:
        await self.opened.wait()
    return self.n

@{kind}
async def count(self, a):
    self.n += 1
    {opened}
    return self.n
"""


def monitor(chance: Chance, taken: Callable[[str], str]) -> Room:
    """One of them. ``taken``: makes a class name of its own of the one it would like."""
    return chance.pick(_buffer, _semaphore, _barrier, _latch)(chance, taken)


def _loop(chance: Chance) -> str:
    return chance.pick("while", "while", "while", "if")


def _tell(chance: Chance, condition: str) -> str:
    """A signal: mostly the one that should be there."""
    return chance.pick(*[f"self.{condition}.signal()"] * 4, f"self.{condition}.broadcast()", "pass")


def _tell_all(chance: Chance, condition: str) -> str:
    """The same where several may wait for one event."""
    return chance.pick(*[f"self.{condition}.broadcast()"] * 4, f"self.{condition}.signal()", "pass")


def room_of(name: str, text: str, words: str, **conditions: str) -> Room:
    """A module of the procedures in ``text``, with an empty line between two of them; of `pass` nothing is left."""
    fields = {one: f"{one}: Condition = field(factory=Condition)" for one in conditions}
    lines = [line for line in text.splitlines() if line.strip() != "pass"]
    parts = "\n".join(lines).split("\n\n")
    texts = {part.partition("async def ")[2].partition("(")[0]: part.rstrip() + "\n" for part in parts}
    return Room(name, words, fields, texts=texts)


def _buffer(chance: Chance, taken: Callable[[str], str]) -> Room:
    size = chance.number(2) + 1
    text = BUFFER.format(
        loop1=_loop(chance), loop2=_loop(chance), size=size,
        filled=_tell(chance, "filled"), emptied=_tell(chance, "emptied"),
    )  # fmt: skip
    made = room_of(taken("Buffer"), text, "Numbers that wait to be taken, oldest first.", filled="", emptied="")
    made.fields["items"] = "items: list = field(factory=list)"
    made.callees += [Callee("put", "entry"), Callee("take", "entry")]
    full = f"len(self.items) <= {size}"
    promised(chance, made, "capacity", f"return {full}", f"assert {full}, self.items")
    return made


def _semaphore(chance: Chance, taken: Callable[[str], str]) -> Room:
    size = chance.number(1) + 1
    text = SEMAPHORE.format(loop1=_loop(chance), size=size, freed=_tell(chance, "freed"))
    made = room_of(taken("Semaphore"), text, "So many may be inside at once.", freed="")
    made.callees += [Callee("acquire", "entry"), Callee("release", "entry")]
    made.pairs.append(("acquire", "release"))
    promised(chance, made, "inside", f"return self.n <= {size}", f"assert 0 <= self.n <= {size}, self.n")
    return made


def _barrier(chance: Chance, taken: Callable[[str], str]) -> Room:
    parties = chance.number(2) + 1
    text = BARRIER.format(loop1=_loop(chance), parties=parties, opened=_tell_all(chance, "opened"))
    made = room_of(taken("Barrier"), text, "Nobody goes on before so many have come.", opened="")
    made.fields["open"] = "open: int = 0"
    made.callees.append(Callee("arrive", "entry"))
    promised(chance, made, "awaited", f"return self.n < {parties}", f"assert self.n < {parties} and self.open >= 0")
    return made


def _latch(chance: Chance, taken: Callable[[str], str]) -> Room:
    text = LATCH.format(
        loop1=_loop(chance), size=chance.number(2) + 1, opened=_tell_all(chance, "opened"),
        kind=chance.pick("entry", "entry", "procedure"),
    )  # fmt: skip
    made = room_of(taken("Latch"), text, "Opens when it has been counted up.", opened="")
    made.callees += [Callee("pass_", "entry"), Callee("count", "entry")]
    promised(chance, made, "counted", "return self.n >= 0", "assert self.n < 3, self.n")
    return made
