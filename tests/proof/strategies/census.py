"""Count what drawn applications are made of, and how they end: what hardly ever occurs is not tested."""

import ast
import re
from collections import Counter

from duality.proof.strategies import Spec

# What is looked for in the text, by name.
SEEN = {
    "entry": r"@entry", "procedure": r"@procedure\n    async def (?!main)", "internal": r"\n\n    async def (?!values)",
    "wait in a loop": r"while .*:\n(.*append.*\n)? *await self\.\w+\.wait\(\)",
    "wait with one look": r"if .*:\n(.*append.*\n)? *await self\.\w+\.wait\(\)",
    "wait without a look": r"[^:\]]\n *await self\.(changed|other)\.wait\(\)", "signal": r"\.signal\(\)",
    "broadcast": r"\.broadcast\(\)", "call of another module": r"await self\.\w+\.(visit|fetch|settle)\(",
    "call of one's own": r"await self\.(visit|fetch|settle|work)\(", "a way back": r'"\w+ \| None"',
    "recursion": r"\(a - 1\)", "fork": r"= fork\(", "send": r"\bsend\(", "join": r"await join\(t",
    "join twice": r"(= await join\(t\d*\))\n *x\d* \+= await join", "join of many": r"for each in",
    "a task in a field": r"self\.job =", "early reply": r"\breply\(", "scope": r"async with scope", "nested scope":
    r"async with scope\(\) as s\d*:(?s:.){1,200}async with scope", "scope cancelled": r"\bs\d*\.cancel\(\)",
    "task cancelled": r"\b(t\d*|job)\.cancel\(\)", "fail_after": r"fail_after\(", "move_on_after": r"move_on_after\(",
    "sleep": r"await sleep\(", "yield_now": r"await yield_now\(\)", "raise": r"raise \w+\(", "assert": r"\bassert ",
    "except": r"except \w+", "except*": r"except\*", "Cancelled caught": r"except Cancelled", "DeadlockError caught":
    r"except DeadlockError", "bare raise": r"\braise\n", "finally": r"finally:", "finally that rests":
    r"finally:\n *await", "generator": r"async for", "a race": r"old = self\.n\n *await", "a rest in an expression":
    r"[+<>=] await|if await|\(await", "a module built while running": r"own = ", "buffer": r"class Buffer",
    "semaphore": r"class Semaphore", "barrier": r"class Barrier", "latch": r"class Latch", "network": r"net\.connect",
    "server": r"net\.listen", "disk": r"disk\.", "loop": r"for i\d* in range", "break": r"\bbreak\b",
    "acquire and release": r"await self\.semaphore\d*\.acquire\(.*\n *try:", "else": r"else:", "several modules":
    r"(?s)class .*\n@module\nclass .*\n@module\nclass", "invariant that returns": r"@invariant\n.*\n *return",
    "invariant that asserts": r"@invariant\n.*\n *assert", "a change of two fields":
    r"self\.low \+= (\d)\n *self\.high \+= \1", "a rest between the two":
    r"self\.low \+= (\d)\n *await .*\n *self\.high \+= \1", "a race for one of the two":
    r"self\.low = old\d* \+ (\d)\n *self\.high \+= \1", "bound in a try, read behind its finally":
    r"(?m)^( +)try:\n +(x\d*) = await .*\n\1finally:\n +await .*\n(\1.*\n)*?\1.*[ (]\2\b(?! =)",
}  # fmt: skip


def census(spec: Spec) -> Counter[str]:
    """What occurs in an application, each thing once."""
    assert ast.parse(spec.text)
    return Counter(name for name, pattern in SEEN.items() if re.search(pattern, spec.text))
