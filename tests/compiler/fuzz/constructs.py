"""Random constructs: blocks that nest, and jumps out of them.

Rule: every loop is guarded by ``go()``, which is true a bounded number of times, so that every program ends.
"""

from tests.compiler.fuzz.asynchronous import Asynchronous

ERRORS = (
    "Boom",
    "Bang",
    "Exception",
    "(Boom, KeyError)",
    "LookupError",
    "BaseException",
    "UnboundLocalError",
    "Crash",
    "Cancelled",
    "StopAsyncIteration",
    "GeneratorExit",
    "TimeoutError",
)


class Statements(Asynchronous):
    """Writes statements of every kind."""

    def If(self, levels: int) -> None:
        """if, elif, else."""
        self.put(f"if {self.number()}:")
        self.block(levels)
        if self.chance(3):
            self.put(f"elif {self.number()}:")
            self.block(levels)
        if self.chance(2):
            self.put("else:")
            self.block(levels)

    def While(self, levels: int) -> None:
        """A loop with or without a condition of its own."""
        kind = self.pick("go()", "go() and {}", "{} and go()", "True")
        self.put(f"while {kind.format(self.number(1))}:")
        if kind == "True":
            self.put("    if not go():")
            self.put(f"        {self.pick('break', 'return' if self.generates else 'return c', 'raise Boom(99)')}")
        self._body(levels)

    def For(self, levels: int) -> None:
        """A loop over something that notes what it is asked for."""
        one = self.number(1)
        quiet = self.without_await(0)
        items = self.pick(f"W({one})", f"[{one}, e(1)]", f"(e(q) for q in range(int({quiet}) % 3))")
        if self.chance(3):
            items = self.comprehension(1, "list")
        place = f"self.items[int({self.number(1)}) % 3]" if self.has_self else "a"
        target = self.pick("c", "a, b", "self.count" if self.has_self else "b", place)
        self.put(f"for {target} in {f'zip(W(1), {items})' if ',' in target else items}:")
        self.bind("c")
        self._body(levels)

    def Try(self, levels: int) -> None:
        """try with handlers, else, finally."""
        self.put("try:")
        self.block(levels)
        kind = self.pick("except", "finally", "both")
        if kind != "finally":
            for _ in range(self.pick(1, 1, 2)):
                name = self.pick("", "", " as err", " as err")
                kind = self.pick(*ERRORS)
                asked = f"({self.number(1)} and {kind} or KeyError)"
                self.put(f"except {asked if self.chance(4) else kind}{name}:")
                if name and self.chance(2):
                    self.put("    note(str(err))")
                self.clause(levels)
            if self.chance(3):
                self.put("else:")
                self.block(levels)
        if kind != "except":
            self.put("finally:")
            self.block(levels)

    def Star(self, levels: int) -> None:
        """try with `except*` clauses, out of which nothing jumps."""
        self.put("try:")
        self.put(f"    {self.pick('', 'await yield_now(); ')}{self.pick('group', 'boom', 'note')}({self.fresh()})")
        self.block(levels)
        loops, inside = self.loops, self.in_clause
        self.loops, self.in_clause = 0, True
        for _ in range(self.pick(1, 2, 2)):
            kind = self.pick("Boom", "Bang", "LookupError", "Exception", "(KeyError, Bang)", "Crash", "ExceptionGroup")
            asked = f"({self.number(1)} and {kind} or KeyError)"
            self.put(f"except* {asked if self.chance(4) else kind}{self.pick('', ' as err')}:")
            self.clause(levels)
        self.loops, self.in_clause = loops, inside
        if self.chance(3):
            self.put("else:")
            self.block(levels)
        if self.chance(3):
            self.put("finally:")
            self.block(levels)

    def Handled(self, levels: int) -> None:
        """A handler that is sure to run."""
        self.put("try:")
        self.put(f"    {self.pick('', 'await yield_now(); ')}boom({self.fresh()})")
        self.put(f"except Boom{self.pick('', ' as err')}:")
        self.clause(levels)

    def clause(self, levels: int) -> None:
        """What runs while an error is being handled."""
        before, self.in_handler = self.in_handler, True
        self.block(levels)
        self.in_handler = before

    def With(self, levels: int) -> None:
        """One manager or two."""

        def manager() -> str:
            words = self.pick("", "", ", True", ", False, True")
            return f"M({self.number(1)}{words})"

        name = self.pick("", " as d", " as self.count" if self.has_self else " as c")
        second = f", {manager()}{self.pick('', ' as c')}" if self.chance(3) else ""
        self.put(f"with {manager()}{name}{second}:")
        self.block(levels)

    def Match(self, levels: int) -> None:
        """match with captures and guards."""
        self.put(self.pick(f"match {self.number()}:", f"match ({self.number()}, {self.number(1)}):"))
        self.depth += 1
        for _ in range(self.pick(1, 2)):
            pattern = self.pick(
                "case 0:", "case int():", "case (m, d):", "case [1, *_]:", "case W(number=d):", "case 1 | 2 as c:",
                "case [int() as a, *b]:", "case -1:", "case None:", "case (0 | 1) | W():", "case a:",
            )  # fmt: skip
            guarded = pattern == "case a:" or self.chance(3)
            guard = f" if {self.wait(1) if self.chance(2) else self.number(1)}:" if guarded else ":"
            self.put(pattern[:-1] + guard)
            self.block(levels)
        if self.chance(2):
            self.put("case _:")
            self.block(levels)
        self.depth -= 1
