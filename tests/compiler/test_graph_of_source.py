"""In which order an expression passes its points: Python itself is asked, by running small texts in every way."""

from collections.abc import Callable
from types import ModuleType

import pytest

from duality.compiler import compile_procedure
from duality.compiler.graph_of_events import of_events
from duality.compiler.graph_of_source import of_spec, of_threads
from duality.compiler.points import points
from duality.compiler.read import read
from duality.graph import Node
from tests.compiler.taken import taken, texts_of, told, told_besides

PARTS = """\
x = [a(), b()]

(a(), b(), *[c()])

[a(), b()][c()]

{a(): b(), c(): d()}

{**{a(): b()}, c(): d()}

print(a(), *[b()], end=[c(), ""][1], **{"sep": [d(), ""][1]}, flush=[e(), False][1])

f"{a()}{b():{c()}}"

[0, 1][a():b():1 + c()]

(x := a()) + b()

not a() + -b() * c()

lambda x=a(), *, y=b(): c()
"""
STATEMENTS = """\
x = {}
x[a()] = x[b()] = c()

x = {0: 1, 1: 1}
x[a()] += b()

x: [a()][0] = b()

x = [1, 2]
x[a()]: b() = c()

x = {}
x[a()]: int

x = {0: 1, 1: 2}
del x[a()], x[b()]

def f(x: a(), y: b() = c(), *z: d()) -> [e(), int][1]: f()
g()
"""
SHORT = """\
a() and b() and c()

a() or b() or (c() and d())

[a() < b()]

a() <= b() <= c() <= d()

a() < b() < (c() and d())

(a() and b()) < c() < d()

x = a() and b() < c()

a() if b() else c()

[a() if b() else c(), d()]
"""
TURNS = """\
[a() for x in T]

[a() for x in many]

[x for x in [a(), T][1]]

[x for x in [a(), many][1]]

[a() for x in T if b()]

[c() for x in T if a() if b()]

{a(): b() for x in T}

{a() for x in T for y in U}

[a() for x in T if b() for y in U if c()]

[a() for x in many for y in [b(), U][1]]

[0 for x in T for y in many if a()]

[c() for x in T for y in [a(), U][1] if b()]

[0 for [0, 1][a()] in many]

[0 for {}[a()] in [b(), T][1]]

[[b() for y in U] for x in T]

list([a(), x][b()] for x in T)
"""
# What is told though Python never takes it: an expression is followed without asking what its values are.
WIDER = """\
a() if False else b()
# a > end, a > error, begin > a

0 and a()
# a > end, a > error, begin > a, begin > error

a() or (b() and c()) or d()
# b > end

a().b
# a > end
"""


@pytest.mark.parametrize("text", texts_of(PARTS, STATEMENTS, SHORT, TURNS))
def test_what_is_told_is_what_python_does(text: str) -> None:
    assert told(text) == taken(text), text


@pytest.mark.parametrize("text", texts_of(WIDER))
def test_what_is_told_besides(text: str) -> None:
    told_besides(text)


# The points of a procedure, by their numbers in source order, and which may be passed one after the other.
READ = [
    ("return [b for a in x async for b in a]", "begin > 1, begin > end, 1 > 1, 1 > end"),
    ("return [b async for a in x for b in a]", "begin > 1, 1 > 1, 1 > end"),
    ("for a in [b async for b in x]:\n    await self.q()", "begin > 1, 1 > 1, 1 > 2, 1 > end, 2 > 2, 2 > end"),
    ("async for a in [b async for b in x]: pass", "begin > 2, 2 > 2, 2 > 1, 1 > 1, 1 > end"),
    ("async with x, scope():\n    await self.q()", "begin > 1, 1 > 2, 1 > 3, 2 > 2, 2 > end, 3 > 2"),
    ("async with scope():\n    await self.q()", "begin > 1, begin > 2, 2 > 1, 1 > end"),
    ("with x:\n    await self.q()", "begin > 1, begin > end, 1 > end"),
    ("with await self.q(): pass", "begin > 1, 1 > end"),
    ("print((yield x), await self.q())", "begin > 1, 1 > 2, 2 > end"),
]
TEXT = """
@module
class Main:
    async def q(self):
        pass

    async def p(self, x, y):
        {body}
"""


@pytest.mark.parametrize(("body", "edges"), READ)
def test_three_readers_find_what_is_there(spec: Callable[[str], ModuleType], body: str, edges: str) -> None:
    module = spec(TEXT.format(body=body.replace("\n", "\n        ")))
    events, threads = (compile_procedure(module.Main.p, module.Main, side) for side in ("events", "threads"))
    procedure = read(module.Main.p, module.Main)
    for graph in (of_spec(procedure, points(procedure)), of_events(events), of_threads(threads)):
        assert {f"{_name(edge.source)} > {_name(edge.target)}" for edge in graph.edges} == set(edges.split(", "))


def _name(node: Node) -> str:
    return node.kind if node.kind in ("begin", "end") else str(node.ordinal)
