"""Random statements: blocks that nest, and jumps out of them.

Rule: every loop is guarded by ``go()``, which is true a bounded number of times, so that every program ends.
"""

from tests.compiler.fuzz.expressions import Draw, Expressions

ERRORS = ("Boom", "Bang", "Exception", "(Boom, KeyError)", "LookupError", "BaseException", "UnboundLocalError", "Crash")


class Statements(Expressions):
    """Writes statements into ``lines``."""

    def __init__(self, draw: Draw, known: list[str], callees: list[str], has_self: bool) -> None:
        super().__init__(draw, known, callees, has_self)
        self.lines: list[str] = []
        self.depth = 1
        self.loops = 0  # enclosing loops that a jump may leave

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
        simple += ["define"]
        nested = ["If", "While", "For", "Try", "Try", "Handled", "With", "Match", "Scope"]
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
        self.put(self.pick("await yield_now()", f"await aside({self.number(1)})", self.wait(1)))

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
        form = self.pick("a, b = {0}, {1}", "c, *_r = [{0}, {1}]", "(a, (b, c)) = ({0}, ({1}, e(1)))", "c, d = W({0})")
        self.put(form.format(one, two))
        self.bind("c")

    def jump(self, levels: int) -> None:
        """Leave a loop or the procedure."""
        kind = self.pick("return", *(("break", "continue", "break", "continue") if self.loops else ()))
        self.put(f"return {self.number()}" if kind == "return" else kind)

    def throw(self, levels: int) -> None:
        """Raise, anew or again."""
        error = f"{self.pick('Boom', 'Bang', 'Crash', 'Boom')}({self.fresh()})"
        cause = self.pick("None", "Bang(0)")
        self.put(self.pick("raise", f"raise {error}", f"raise {error} from {cause}", f"boom({self.number(1)})"))

    def delete(self, levels: int) -> None:
        """Unbind a name, now and then."""
        self.put(f"del {self.target()}" if self.chance(3) else f"note({self.fresh()})")

    def define(self, levels: int) -> None:
        """An inner function that uses, and may change, our variables."""
        names = [name for name in self.known if name in ("a", "b", "c")]
        if not names:
            self.note_(0)
            return
        name = self.pick(*names)
        if self.pick("lambda", "def") == "lambda":
            self.put(f"f = lambda q=e({self.fresh()}): q + {name}")
        else:
            self.put(f"def f(q=e({self.fresh()})):")
            if self.chance(2):
                self.put(f"    nonlocal {name}")
                self.put(f"    {name} = {name} + q")
            self.put(f"    return tell(q, {name})")
        self.has_function = True

    # -- constructs ----------------------------------------------------------------------------------------------------

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
            self.put(f"        {self.pick('break', 'return c', 'raise Boom(99)')}")
        self._body(levels, refused="await" in self.lines[-1])

    def For(self, levels: int) -> None:
        """A loop over something that notes what it is asked for."""
        one = self.number(1)
        quiet = self.without_await(0)
        items = self.pick(f"W({one})", f"[{one}, e(1)]", f"(e(q) for q in range(int({quiet}) % 3))")
        target = self.pick("c", "a, b", "self.count" if self.has_self else "b")
        self.put(f"for {target} in {f'zip(W(1), {items})' if ',' in target else items}:")
        self.bind("c")
        self._body(levels)

    def _body(self, levels: int, refused: bool = False) -> None:
        self.loops += 1
        self.block(levels)
        self.loops -= 1
        if self.chance(3):
            outer, self.loops = self.loops, 0 if refused else self.loops
            self.put("else:")
            self.block(levels)
            self.loops = outer

    def Try(self, levels: int) -> None:
        """try with handlers, else, finally."""
        self.put("try:")
        self.block(levels)
        kind = self.pick("except", "finally", "both")
        if kind != "finally":
            for _ in range(self.pick(1, 1, 2)):
                name = self.pick("", "", " as err", " as err")
                self.put(f"except {self.pick(*ERRORS)}{name}:")
                if name and self.chance(2):
                    self.put("    note(str(err))")
                self.block(levels)
            if self.chance(3):
                self.put("else:")
                self.block(levels)
        if kind != "except":
            self.put("finally:")
            self.block(levels)

    def Handled(self, levels: int) -> None:
        """A handler that is sure to run."""
        self.put("try:")
        self.put(f"    {self.pick('', 'await yield_now(); ')}boom({self.fresh()})")
        self.put(f"except Boom{self.pick('', ' as err')}:")
        self.block(levels)

    def With(self, levels: int) -> None:
        """One manager or two."""
        def manager() -> str:
            words = self.pick("", "", ", True", ", False, True")
            return f"M({self.number(1)}{words})"

        name = self.pick("", " as d", " as self.count" if self.has_self else " as c")
        second = f", {manager()}" if self.chance(3) else ""
        self.put(f"with {manager()}{name}{second}:")
        self.block(levels)

    def Match(self, levels: int) -> None:
        """match with captures and guards."""
        self.put(self.pick(f"match {self.number()}:", f"match ({self.number()}, {self.number(1)}):"))
        self.depth += 1
        for _ in range(self.pick(1, 2)):
            pattern = self.pick("case 0:", "case int():", "case (m, d):", "case [1, *_]:", "case W(number=d):")
            guard = f" if {self.without_await(1)}:" if self.chance(3) else ":"
            self.put(pattern[:-1] + guard)
            self.block(levels)
        if self.chance(2):
            self.put("case _:")
            self.block(levels)
        self.depth -= 1

    def Scope(self, levels: int) -> None:
        """A scope with a task in it."""
        if not self.has_self:
            self.note_(0)
            return
        self.put("async with scope() as s:")
        self.put(f"    s.fork({self.pick('self.rests', 'self.quick', 'self.fails')}, {self.number(1)})")
        self.block(levels)
