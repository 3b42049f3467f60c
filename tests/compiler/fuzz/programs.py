"""Whole random programs: one module with ``first`` and ``second``, a helper, and an application."""

import ast
import warnings

from hypothesis import assume
from hypothesis import strategies as st

from tests.compiler.fuzz.constructs import Statements

HEAD = """\
from duality import application, entry, fork, join, module, procedure, reply, scope, yield_now
from tests.compiler.fuzz import witness
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, group, note, tell, wrap

G = 0
"""
TAIL = """
@application
def app():
    global G
    G = 0
    return Main()
"""


@st.composite
def programs(draw: st.DrawFn, size: int = 60) -> str:
    """The text of a program. ``size``: about how many expressions a procedure may have."""
    helper = draw(st.booleans())
    second = draw(st.booleans())
    callees = (["helper"] if helper else []) + (["self.second"] if second else [])
    parts = [HEAD]
    if helper:
        parts.append(_procedure(draw, "helper", [], "a, b=2", size // 3, has_self=False))
    parts.append("@module\nclass Main(Base):")
    if second:
        signature = draw(st.sampled_from(["self, a", "self, a, b=2", "self, a=1, *b, c=3", "self, a, /, b=4, **k"]))
        parts.append(_indent(_procedure(draw, "second", callees[:-1], signature, size // 2)))
    signature = draw(st.sampled_from(["self, a, b=2", "self, a, b=W(5), c=0", "self, a, *rest, c=3"]))
    parts.append(_indent(_procedure(draw, "first", callees, signature, size)))
    parts.append(TAIL)
    text = ast.unparse(ast.parse("\n".join(parts))) + "\n"
    assume(_is_python(text))
    return text


def _is_python(text: str) -> bool:
    """Whether CPython takes the program: not, for instance, with `:=` in a comprehension's iterable."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            compile(text, "program", "exec")
        except SyntaxError:
            return False
    return True


def _procedure(draw: st.DrawFn, name: str, callees: list[str], signature: str, size: int, has_self: bool = True) -> str:
    names = [one for one in ("a", "b", "c") if f" {one}" in f" {signature}"]
    marks = ["", "@procedure\n", "@entry\n"] if has_self else [""]
    mark = draw(st.sampled_from(marks))
    writer = Statements(draw, names, callees, has_self)
    writer.budget = size
    if draw(st.integers(0, 7)) < 7 and "c" not in names:
        writer.put("c = e(0)")
        writer.bind("c")
    start = len(writer.lines)
    for _ in range(draw(st.integers(1, 5))):
        writer.statement(3)
    if draw(st.booleans()):
        writer.put(f"return {writer.number()}")
    body = writer.lines[start:]
    declared = ["    global G"] if any("G = " in line for line in body) else []
    binds = "c" in names or any(line.strip().startswith(("c = ", "c: ")) for line in writer.lines)
    bound = [] if binds else ["    if a is None:", "        c = 0"]  # a local, whatever else
    return "\n".join([f"{mark}async def {name}({signature}):", *declared, *writer.lines, *bound, ""])


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.splitlines())
