"""Whole random programs: one module with ``first`` and ``second``, a helper, and an application."""

import ast
import re
import warnings

from hypothesis import assume
from hypothesis import strategies as st

from tests.compiler.fuzz.constructs import Statements

HEAD = """\
from duality import (
    Cancelled, application, entry, fail_after, fork, join, module, move_on_after, procedure, reply, scope, sleep,
    yield_now)
from tests.compiler.fuzz import witness
from tests.compiler.fuzz.witness import (
    Bang, Base, Boom, Closing, Crash, Door, M, Row, Steps, W, aside, boom, e, echo, go, group, keep, note, numbers,
    tell, wrap)

G = 0
"""
TAIL = """
@application
def app():
    global G
    G = 0
    return Main()
"""
SELF = ["self, a", "self, a, b=2", "self, a=1, *b, c=3", "self, a, /, b=4, **k"]


@st.composite
def programs(draw: st.DrawFn, size: int = 60) -> str:
    """The text of a program. ``size``: about how many expressions a procedure may have."""
    text = ast.unparse(ast.parse("\n".join(Program(draw, size).parts()))) + "\n"
    assume(_is_python(text))
    return text


class Program:
    """Draws the parts of a program: helpers, a module that is entered or gone through, and the module itself."""

    def __init__(self, draw: st.DrawFn, size: int) -> None:
        self.draw = draw
        self.size = size
        self.callees: list[str] = []
        self.sources: list[str] = []
        self.managers: list[str] = []

    def parts(self) -> list[str]:
        """The texts, in the order of the file. Each may use those before it."""
        parts = [HEAD]
        if self.maybe(2):
            parts.append(self.procedure("helper", "a, b=2", self.size // 3))
            self.callees.append("helper")
        if self.maybe(2):
            parts.append(self.procedure("stream", "a, b=2", self.size // 3, generates=True))
            self.sources.append("stream")
        if self.maybe(4):
            parts.append(self.own())
            self.managers.append("Own")
        parts.append("@module\nclass Main(Base):")
        if self.maybe(2):
            parts.append(_indent(self.procedure("gives", self.signature(SELF), self.size // 2, generates=True)))
            self.sources.append("self.gives")
        if self.maybe(2):
            parts.append(_indent(self.procedure("second", self.signature(SELF), self.size // 2)))
            self.callees.append("self.second")
        signature = self.signature(["self, a, b=2", "self, a, b=W(5), c=0", "self, a, *rest, c=3"])
        return [*parts, _indent(self.procedure("first", signature, self.size)), TAIL]

    def own(self) -> str:
        """A module that is a manager and an iterator."""
        size = self.size // 4
        bodies = [
            self.procedure("__aenter__", "self, a=1", size),
            self.procedure("__aexit__", "self, a, b, c", size),
            self.procedure("__anext__", "self, a=1", size, start="if not go():\n        raise StopAsyncIteration"),
        ]
        iterates = "def __aiter__(self):\n    return self\n"
        return "\n".join(["@module\nclass Own(Base):", *map(_indent, [*bodies, iterates])])

    def maybe(self, one_in: int) -> bool:
        """True once in a while."""
        return bool(self.draw(st.integers(0, one_in - 1)) == one_in - 1)

    def signature(self, options: list[str]) -> str:
        """One of the options."""
        return str(self.draw(st.sampled_from(options)))

    def procedure(self, name: str, signature: str, size: int, start: str = "", generates: bool = False) -> str:
        """An ``async def``."""
        draw = self.draw
        names = [one for one in ("a", "b", "c") if f" {one}" in f" {signature}"]
        has_self = signature.startswith("self")
        marks = ["", "@procedure\n", "@entry\n"] if has_self and not generates else [""]
        mark = draw(st.sampled_from(marks))
        writer = Statements(draw, names, [one for one in self.callees if has_self or "self" not in one], has_self)
        writer.sources = tuple(one for one in self.sources if has_self or "self" not in one)
        writer.managers = tuple(self.managers)
        writer.budget, writer.called = size, name != "first"
        writer.generates = writer.yielding = generates
        if start:
            writer.put(start)
        if draw(st.integers(0, 7)) < 7 and "c" not in names:
            writer.put("c = e(0)")
            writer.bind("c")
        begins = len(writer.lines)
        for _ in range(draw(st.integers(1, 5))):
            writer.statement(3)
        if generates:
            writer.put(writer.give(1))
        elif draw(st.booleans()):
            writer.put(writer.returned())
        body = writer.lines[begins:]
        declared = ["    global G"] if any(line.strip().endswith(" + G") for line in body) else []
        binds = "c" in names or any(line.strip().startswith(("c = ", "c: ")) for line in writer.lines)
        bound = [] if binds else ["    if a is None:", "        c = 0"]  # a local, whatever else
        if any(re.search(r"\bz\b", line) for line in body):
            declared.append("    z = e(0)")
        return "\n".join([f"{mark}async def {name}({signature}):", *declared, *writer.lines, *bound, ""])


def _is_python(text: str) -> bool:
    """Whether CPython takes the program: not, for instance, with `:=` in a comprehension's iterable."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            compile(text, "program", "exec")
        except SyntaxError:
            return False
    return True


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.splitlines())
