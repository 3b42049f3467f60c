"""Random simple statements: what binds, unbinds, raises and jumps.

Rule: alternatives stand in order of simplicity, as in ``expressions.py``.
"""

from tests.compiler.fuzz.asking import Asking
from tests.compiler.fuzz.expressions import Draw

NUMBERS = ("api_version", "maxunicode", "hexversion")  # of the sys module


class Simple(Asking):
    """Writes statements into ``lines``."""

    def __init__(self, draw: Draw, known: list[str], callees: list[str], has_self: bool) -> None:
        super().__init__(draw, known, callees, has_self)
        self.lines: list[str] = []
        self.depth = 1
        self.loops = 0  # enclosing loops that a jump may leave
        self.generates = False
        self.in_clause = False  # of an `except*`, which no `return` may leave
        self.in_scope = False  # which belongs to the task that would be answered
        self.in_handler = False
        self.called = True  # perhaps inside of a handler

    def put(self, line: str) -> None:
        """One line at the present depth."""
        self.lines.append("    " * self.depth + line)

    def block(self, levels: int) -> None:
        """One to three statements, one level deeper."""
        self.depth += 1
        before = len(self.lines)
        for _ in range(self.pick(1, 1, 2, 3)):
            self.statement(levels)
        if len(self.lines) == before:
            self.put("pass")
        self.depth -= 1

    def statement(self, levels: int) -> None:
        """One statement with at most ``levels`` blocks inside each other."""
        simple = ["note_", "wait_", "assign", "assign", "augment", "store", "unpack", "jump", "throw", "delete"]
        simple += ["define", "define", "Assert", "Import", "Class", "reply"]
        nested = ["If", "While", "For", "Try", "Try", "Handled", "With", "Match", "Scope", "Star", "Timed", "Told"]
        nested += ["AsyncFor", "AsyncWith", "Open"] * 2
        if self.budget < 0:
            self.note_(0)
            return
        kinds = [*simple, *nested] if levels > 0 else simple
        getattr(self, self.pick(*kinds))(levels - 1)

    # -- simple statements ---------------------------------------------------------------------------------------------

    def note_(self, levels: int) -> None:
        """An expression for its effect."""
        self.put(self.pick(f"note({self.fresh()})", f"tell({self.number()})", self.number()))

    def wait_(self, levels: int) -> None:
        """An await for its effect."""
        forms = ["await yield_now()", f"await aside({self.number(1)})", self.wait(1), self.ask(1)]
        self.put(self.pick(*forms, *([self.give(1)] * 4 if self.yielding else [])))

    def reply(self, levels: int) -> None:
        """An early answer; a second one is an error."""
        if self.in_scope or self.generates:
            self.note_(0)
            return
        self.put(f"reply({self.number(1)})")

    def target(self) -> str:
        """A name to be bound."""
        return self.pick("c", "a", "b", "d")

    def bind(self, *names: str) -> None:
        """Note that names are bound now."""
        self.known.extend(name for name in names if name not in self.known)

    def assign(self, levels: int) -> None:
        """Assignments of every form to names."""
        name, value = self.target(), self.number(3)
        kind = self.pick("plain", "plain", "annotated", "two", "global")
        if kind == "global":
            self.put(f"G = {value} + G")
            return
        forms = {"plain": f"{name} = {value}", "annotated": f"{name}: int = {value}", "two": f"{name} = d = {value}"}
        self.put(forms[kind])
        self.bind(name, *(["d"] if kind == "two" else []))

    def augment(self, levels: int) -> None:
        """An augmented assignment to a name, an attribute, an item."""
        kinds = ["name", "attribute", "item"] if self.has_self else ["name"]
        place = {"name": self.name(), "attribute": "self.count", "item": f"self.items[int({self.number(1)}) % 3]"}
        self.put(f"{place[self.pick(*kinds)]} += {self.number()}")

    def store(self, levels: int) -> None:
        """An assignment to attributes, items and slices."""
        if not self.has_self:
            self.put(f"[0, 1][int({self.number(1)}) % 2] = {self.number(1)}")
            return
        where = self.number(1)
        place = self.pick("self.count", f"self.items[int({where}) % 3]", f"self.items[:0:int({where})]")
        value = self.number()
        self.put(f"{place} = []" if ":0:" in place else f"{place} = {self.pick('', 'c = ')}{value}")

    def unpack(self, levels: int) -> None:
        """An assignment to several targets at once."""
        one, two = self.number(), self.number(1)
        places = ["self.items[int({2}) % 3], c = {0}, {1}", "(b, self.items[int({2}) % 3]), *c = ({0}, {1}), e(2)"]
        forms = ["a, b = {0}, {1}", "c, *_r = [{0}, {1}]", "(a, (b, c)) = ({0}, ({1}, e(1)))", "c, d = W({0})"]
        form = self.pick(*forms, *(places if self.has_self else ()))
        self.put(form.format(one, two, self.number(1)))
        self.bind("c")

    def returned(self) -> str:
        """A ``return``, with a value where there may be one."""
        return "return" if self.generates else f"return {self.number()}"

    def jump(self, levels: int) -> None:
        """Leave a loop or the procedure."""
        ways = [*(() if self.in_clause else ("return",)), *(("break", "continue") * 2 if self.loops else ())]
        if not ways:
            self.note_(0)
            return
        kind = self.pick(*ways)
        self.put(self.returned() if kind == "return" else kind)

    def throw(self, levels: int) -> None:
        """Raise, anew or again."""
        kind = self.pick("Boom", "Bang", "Crash", "Boom", "StopAsyncIteration" if self.chance(3) else "KeyError")
        error = f"{kind}({self.fresh()})"
        cause = self.pick("None", "Bang(0)", f"Bang({self.number(1)})")
        again = ["raise"] if self.in_handler or not self.called else []
        forms = [*again, f"raise {error}", f"raise {error} from {cause}", f"boom({self.number(1)})", "group(3)"]
        self.put(self.pick(*forms))

    def delete(self, levels: int) -> None:
        """Unbind names and places, now and then."""
        place = f"[e(1), e(2)][int({self.number(1)}) % 3]"
        self.put(self.pick(f"note({self.fresh()})", f"del {place}", f"del {self.target()}", f"del {place}, {place}"))

    def define(self, levels: int) -> None:
        """An inner function that uses, and may change, our variables."""
        if not self.known:
            self.note_(0)
            return
        name = self.pick(*self.known)
        kind = self.pick("lambda", "def", "error", "deep", "global")
        if kind == "lambda":
            self.put(f"f = lambda q={self.number(0)}: q + {name}")
        elif kind == "error":
            self.put(f"f = lambda: len([str(err), {name}])")
            self.put("if go(): err = Boom(98)")
        elif kind == "global":
            self.put("def f():")
            self.put("    global G")
            self.put(f"    G = {name} + 1")
            self.put(f"    return {self.pick('G', 'G + len([G for q in (1, 2)])')}")
        elif kind == "deep":
            self.put("def f():")
            self.put(f"    {self.pick('q = 1', f'{name} = 1', f'q = {name}')}")
            self.put("    def g():")
            self.put(f"        {self.pick('nonlocal q; q += 1', f'nonlocal {name}; {name} = e(1)', 'pass')}")
            self.put(f"        return {name} + {self.pick('1', 'q')}")
            self.put("    return g()")
        else:
            if self.chance(3):
                self.put(f"@({self.pick('wrap', f'{self.number(1)} and wrap or wrap')})")
            self.put(f"def f(q={self.number(0)}):")
            if self.chance(2):
                self.put(f"    nonlocal {name}")
                self.put(f"    {name} = {name} + q")
            self.put(f"    return tell(q, {name})")
        self.has_function = True

    def Assert(self, levels: int) -> None:
        """An assertion, with or without a message."""
        message = self.pick("", f", {self.number(1)}")
        self.put(f"assert {self.number()}{message}")

    def Import(self, levels: int) -> None:
        """A name bound by an import."""
        name = self.target()
        self.put(f"from sys import {self.pick(*NUMBERS)} as {name}")
        self.bind(name)

    def Class(self, levels: int) -> None:
        """A class whose body reads and binds our variables, and a method that reads them."""
        if not self.known:
            self.note_(0)
            return
        one, two = self.pick(*self.known), self.pick(*self.known)
        base = self.pick("object", f"(tell({self.number(1)}) and object)")
        self.put(f"class K({base}):")
        if self.chance(3):
            self.put(f"    nonlocal {two}")
        self.put(f"    {self.pick('k', two)} = {one}")
        self.put(f"    m = [{two} + q for q in (1, 2)]")
        self.put("    def n(self):")
        self.put(f"        return {one} + {two}")
        self.put("f = K().n")
        self.has_function = True
