"""Random expressions whose value is a number, with awaits anywhere Python allows them and we do not refuse them.

Rule: alternatives stand in order of simplicity, so that hypothesis shrinks a failing program towards the first ones.
"""

import sys
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

# Before Python 3.12 a comprehension was a function, which said so of an unbound local of the block around it. Among
# events it is a part of that block, as in later versions (PEP 709): so it reads `z` there, which is always bound.
INLINED = sys.version_info >= (3, 12)
Draw = Callable[[st.SearchStrategy[Any]], Any]


class Expressions:
    """Writes expressions. ``known``: names that are probably bound; ``hidden``: those of a comprehension around.
    ``awaiting`` False: no await at all; ``binding`` False: no walrus."""

    def __init__(self, draw: Draw, known: list[str], callees: list[str], has_self: bool) -> None:
        self.draw = draw
        self.known = known
        self.callees = callees
        self.has_self = has_self
        self.effects = 0
        self.budget = 60
        self.awaiting = True
        self.yielding = False
        self.has_function = False
        self.binding = True
        self.hidden: set[str] = set()
        self.open: list[str] = []

    # -- choices -------------------------------------------------------------------------------------------------------

    def pick(self, *options: Any) -> Any:
        """One of the options; the first is the simplest."""
        return self.draw(st.sampled_from(options)) if len(options) > 1 else options[0]

    def chance(self, one_in: int) -> bool:
        """True once in a while."""
        return self.draw(st.integers(0, one_in - 1)) == one_in - 1

    def fresh(self) -> int:
        """A number that names an effect."""
        self.effects += 1
        return self.effects

    def without_await(self, depth: int) -> str:
        """An expression for a place where an await is refused."""
        before, self.awaiting, self.yielding = (self.awaiting, self.yielding), False, False
        text = self.number(depth)
        self.awaiting, self.yielding = before
        return text

    # -- expressions ---------------------------------------------------------------------------------------------------

    def name(self) -> str:
        """A local, now and then one that may be unbound."""
        return self.pick("a", "b", "c", "d") if not self.hidden and self.chance(12) else self.pick(*self.known)

    def atom(self) -> str:
        """A number without parts."""
        kinds = ["e", "name", "name", "e", "W", "count" if self.has_self else "e", "zero", "raise"]
        kind = self.pick(*kinds)
        if kind == "name":
            return self.name()
        if kind == "raise":
            return f"boom({self.fresh()})" if self.chance(3) else f"e({self.fresh()})"
        return {"e": f"e({self.fresh()})", "W": f"W({self.fresh()})", "count": "self.count", "zero": "e(0)"}[kind]

    def number(self, depth: int = 2) -> str:
        """A number, an expression at most ``depth`` deep."""
        self.budget -= 1
        if depth <= 0 or self.budget < 0:
            return self.atom()
        kind = self.pick(
            "atom", "wait", "wait", "sum", "Not", "compare", "chain", "both", "choice", "walrus", "text", "item",
            "display", "call", "inner", "slice", "method", "shown", "give", "give", "ask", "ask", "comprehend",
            "comprehend",
        )  # fmt: skip
        if (kind == "wait" and not self.awaiting) or (kind == "walrus" and not self.binding):
            kind = "sum"
        text: str = getattr(self, kind)(depth - 1) if kind != "atom" else self.atom()
        return text

    def wait(self, depth: int) -> str:
        """An await, of something that rests, does not rest, or fails."""
        # In a comprehension of its own frame, before Python 3.12, `super()` has no arguments.
        inherited = ["super().rests", "super().quick"] if not self.hidden or INLINED else []
        own = [*inherited, "witness.aside", "self.rests", "self.quick", "self.fails"]
        own += ["self.breaks", "self.other.answered", "self.other.kept", "self.counted", "sleep"]
        callee = self.pick("aside", *(own if self.has_self else ()), *self.callees)
        argument = self.number(depth)
        if callee == "sleep":
            return f"(await sleep(int({argument}) % 3) or {self.fresh()})"
        kind = self.pick("plain", "plain", "plain", "word", "star", "join", "none")
        if kind == "join" and callee.startswith("self."):
            return f"(await join(fork({callee}, {argument})))"
        if kind == "word" and callee not in (*self.callees, "self.counted"):
            return f"(await {callee}(number={argument}))"
        if kind == "star":
            return f"(await {callee}(*[{argument}]))"
        if kind == "none" and callee not in self.callees:
            return f"(await {callee}())"
        return f"(await {callee}({argument}))"

    def sum(self, depth: int) -> str:
        """Both sides, in order."""
        return f"({self.number(depth)} + {self.number(depth)})"

    def Not(self, depth: int) -> str:
        """A truth value."""
        return f"(not {self.number(depth)})"

    def compare(self, depth: int) -> str:
        """One comparison."""
        return f"({self.number(depth)} {self.pick('<', '>', '==')} {self.number(depth)})"

    def chain(self, depth: int) -> str:
        """A chain that stops at the first link that fails."""
        parts = [self.number(depth) for _ in range(self.pick(3, 4))]
        return "(" + f" {self.pick('<', '>')} ".join(parts) + ")"

    def both(self, depth: int) -> str:
        """A short circuit."""
        parts = [self.number(depth) for _ in range(self.pick(2, 3))]
        return "(" + f" {self.pick('and', 'or')} ".join(parts) + ")"

    def choice(self, depth: int) -> str:
        """A conditional expression."""
        return f"({self.number(depth)} if {self.number(depth)} else {self.number(depth)})"

    def walrus(self, depth: int) -> str:
        """A binding inside an expression."""
        name = self.pick("d", "w")
        text = f"({name} := {self.number(depth)})"
        if name not in self.known:
            self.known.append(name)
        return text

    def text(self, depth: int) -> str:
        """The length of a formatted string."""
        spec = self.pick("", "", ":3", "!s:>{e(5)}")
        parts = [f"{{{self.number(depth)}{spec}}}", "-", f"{{{self.number(depth)}}}"]
        return f"len(f{''.join(parts)!r})" if not any("'" in one or '"' in one for one in parts) else "e(7)"

    def item(self, depth: int) -> str:
        """A subscript."""
        if self.has_self and self.chance(2):
            return f"self.items[int({self.number(depth)}) % 3]"
        return f"[{self.number(depth)}, {self.number(depth)}][int({self.number(depth)}) % 2]"

    def display(self, depth: int) -> str:
        """The length of a display, with stars."""
        one, two, three = (self.number(depth) for _ in range(3))
        kind = self.pick("list", "dict", "set", "tuple", "stars")
        return {
            "list": f"len([{one}, *W({self.fresh()}), {two}])",
            "dict": f"len({{{one}: {two}, **{{e(1): {three}}}, 'k': {self.number(0)}}})",
            "set": f"len({{{one}, {two}}})",
            "tuple": f"len(({one}, {two}, *[{three}]))",
            "stars": f"len([*[{one}, {two}], *W({three}), e(3)])",
        }[kind]

    def call(self, depth: int) -> str:
        """A plain call with arguments of every kind."""
        one, two, three = (self.number(depth) for _ in range(3))
        kind = self.pick("plain", "words", "stars", "through")
        through = self.pick("W", "(e and W)")
        return {
            "plain": f"tell({one}, {two})",
            "words": f"tell({one}, k={two}, j={three})",
            "stars": f"tell({one}, *[{two}], k=e(4), **{{'m': {three}}}, n={self.number(0)})",
            "through": f"{through}({self.fresh()})({one}, {two})",
        }[kind]

    def inner(self, depth: int) -> str:
        """A lambda or a comprehension, in which nothing rests."""
        kind = self.pick("list", "generator", "lambda", "call")
        if kind == "list":
            return f"len([q for q in W({self.without_await(0)}) if q + {self.captured()}])"
        if kind == "generator":
            first = "e(9)" if self.hidden else self.without_await(0)
            return f"sum(q + {self.captured()} for q in [{first}, e(1)])"
        if kind == "call" and self.has_function:
            return "f()"
        default = "e(9)" if self.hidden else self.number(0)
        return f"(lambda q={default}: q + {self.captured()})()"

    def captured(self) -> str:
        """A name that an inner function uses."""
        return self.pick(*self.known, *sorted(self.hidden))

    def shown(self, depth: int) -> str:
        """The length of a formatted string: conversions, a spec that awaits, a name that is shown."""
        one, two, name = self.number(depth), self.number(depth), self.name()
        text = f"{{{one}!r:>{{int({two}) % 5}}}} {{{name}=}}"
        return f"len(f{text!r})" if not any("'" in part or '"' in part for part in (one, two)) else "e(8)"

    def slice(self, depth: int) -> str:
        """The length of a slice."""
        return f"len([1, 2, 3, 4][int({self.number(depth)}):int({self.number(depth)})])"

    def method(self, depth: int) -> str:
        """A method of a value that is looked up before the arguments are evaluated."""
        base = "self.items" if self.has_self else "[1, 2]"
        return f"{base}.count({self.number(depth)})"
