"""Random expressions that ask for several values: comprehensions that rest, generators, what an `async for` takes.

Rule: alternatives stand in order of simplicity, as in ``expressions.py``.
"""

from tests.compiler.fuzz.expressions import INLINED, Expressions


class Asking(Expressions):
    """``sources``: the program's own generators. ``open``: names of generators that stand somewhere. ``yielding``: a
    ``yield`` may stand here. ``managers``: the program's own asynchronous managers."""

    sources: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    yielding = False

    # -- generators ----------------------------------------------------------------------------------------------------

    def give(self, depth: int) -> str:
        """A ``yield``, where one may stand."""
        if not self.yielding:
            return self.sum(depth)
        return self.pick("(yield)", f"(yield {self.number(depth)})", f"(yield {self.number(depth)})")

    def ask(self, depth: int) -> str:
        """Ask a generator that is open for its next value, in one of the ways there are."""
        if not (self.awaiting and self.open):
            return self.wait(depth) if self.awaiting else self.sum(depth)
        name = self.pick(*self.open)
        one = self.number(depth)
        error = self.pick("Boom", "Bang", "Crash", "GeneratorExit", "StopAsyncIteration")
        own = ["self.asked({0})", "join(fork(self.asked, {0}))"] if self.has_self else []
        forms = ["anext({0})", "anext({0}, {1})", "{0}.asend({1})", "{0}.asend(None)", "{0}.athrow({2}({3}))"]
        form = self.pick(*forms, *forms[2:], "{0}.athrow({2}, {1})", "{0}.aclose()", "{0}.__anext__()", *own)
        return f"(await {form.format(name, one, error, self.fresh())})"

    def generator(self, depth: int) -> str:
        """The call of a generator that somebody must hold."""
        callee = self.pick("numbers", "echo", *(["self.values"] if self.has_self else []), *self.sources, *self.sources)
        return f"{callee}({self.number(depth)})"

    def stream(self, depth: int) -> str:
        """What an ``async for`` goes through."""
        kinds = [
            "Steps",
            "kept",
            "kept",
            "Row",
            "fails",
            *(["gate"] if self.has_self else []),
            *(["open"] * 2 if self.open else []),
        ]
        kind = self.pick(*kinds, *(["own"] if self.managers else []), "wrong")
        if kind == "kept":
            return f"keep({self.generator(depth)})"
        if kind in ("gate", "wrong"):
            return {"gate": "self.gate", "wrong": self.name()}[kind]
        if kind in ("open", "own"):
            return self.pick(*self.open) if kind == "open" else f"{self.pick(*self.managers)}()"
        return {"Steps": "Steps({0})", "Row": "Row({0})", "fails": "Steps({0}, True)"}[kind].format(self.number(depth))

    # -- comprehensions ------------------------------------------------------------------------------------------------

    def comprehend(self, depth: int) -> str:
        """The length or the sum of a comprehension in which anything may rest."""
        kind = self.pick("list", "list", "set", "dict", "generator")
        if self.awaiting and self.chance(5):  # each function keeps the variables, and is called when all are bound
            return f"sum(g() for g in {self.comprehension(depth, 'list', 'lambda: ')})"
        if not self.awaiting or kind == "generator":
            item = self.number(depth) if self.awaiting else "e(6)"
            return f"sum(q + {self.captured()} for q in [{item}, e(1)])"
        text = self.comprehension(depth, kind)
        return f"{'sum' if kind == 'list' and self.chance(2) else 'len'}({text})"

    def comprehension(self, depth: int, kind: str, function: str = "") -> str:
        """A list, set or dict comprehension. Its first iterable is evaluated outside, its variables are its own."""
        before = self.known, self.hidden, self.yielding, self.binding
        self.yielding = self.binding = False
        parts: list[str] = []
        names: list[str] = []
        for place in range(self.pick(1, 1, 2, 2)):
            word, items = self._items(depth)
            name = self.pick("q", "r", "a", "c", "q, r" if word == "for" and not place else "q")
            name = "q" if function else name
            source = f"zip({items}, W(1))" if "," in name else items
            names += name.split(", ")
            self.hidden = self.hidden | set(names)
            self.known = [*names, *(before[0] if INLINED else ["z"])]
            self.binding = before[3]
            parts.append(f"{word} {name} in {source}{self._tests(depth)}")
            self.binding = False
        self.binding = before[3]
        made = f"{function}q + {self.captured()}" if function else self._often(depth)
        made = f"{made}: {self._often(depth)}" if kind == "dict" else made
        self.known, self.hidden, self.yielding, self.binding = before
        opened, closed = "[]" if kind == "list" else "{}"
        return f"{opened}{made} {' '.join(parts)}{closed}"

    def _items(self, depth: int) -> tuple[str, str]:
        if self.chance(2):
            return "async for", self.stream(depth)
        one, two = self.wait(0) if self.chance(3) else self.number(depth), self.number(0)
        inner = f"[q + {self.number(0)} for q in W({self.fresh()})]"
        return "for", self.pick(f"[{one}, {two}]", f"W({one})", f"range(int({one}) % 3)", inner)

    def _tests(self, depth: int) -> str:
        return f" if {self._often(depth)}" if self.chance(3) else ""

    def _often(self, depth: int) -> str:
        """A number that rests, more often than not."""
        return self.wait(depth) if self.awaiting and self.chance(2) else self.number(depth)
