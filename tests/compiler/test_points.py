"""The kind and the label of each blocking point, and their order."""

from collections.abc import Callable
from types import ModuleType

import pytest

from duality.compiler.points import points
from duality.compiler.read import read

Spec = Callable[[str], ModuleType]
FILE = """\
import duality
LIMITS = []

@module
class Other:
    full: Condition = field(factory=Condition)

    @procedure
    async def q(self):
        pass

async def helper():
    pass

@module
class Main:
    other: Other
    others: list[Other]
    empty: Condition = field(factory=Condition)
    several: dict[str, Condition] = field(factory=dict)
    number: int = 0
    numbers: list[int] = field(factory=list)

    async def q(self):
        pass

    {mark}async def p(self, x, other: Other, full: Condition, many: list[Other]):
        {body}
"""


@pytest.mark.parametrize(
    ("body", "kind", "label"),
    [
        ("await self.q()", "call", "self.q"),
        ("await self.other.q()", "call", "self.other.q"),
        ("await other.q()", "call", "other.q"),
        ("await self.others[0].q()", "call", "self.others[0].q"),
        ("await helper()", "call", "helper"),
        ("await self.empty.wait()", "wait", "self.empty"),
        ("await sleep(1)", "sleep", ""),
        ("await yield_now()", "yield", ""),
        ("await join(x)", "join", "x"),
        ("await net.listen('', 0)", "io", "net.listen"),
        ("await disk.read_file(x)", "io", "disk.read_file"),
        ("await x.recv(9)", "io", "x.recv"),
        ("async with scope(): pass", "join", "end of scope"),
        ("async with scope() as y, scope(): pass", "join", "end of scope"),
        ("async with scope(), x: pass", "call", "exit scope(), x"),
        ("async for y in x.z: pass", "call", "next of x.z"),
        ("[y async for y in x async for z in self.others]", "call", "next of x, self.others"),
        ("{y: 1 async for y in x if y}", "call", "next of x"),
        ("{z async for y in x for z in y}", "call", "next of x"),
        ("yield", "produce", ""),
        ("yield x + 1", "produce", "x + 1"),
        ("await x", "call", "x"),
        ("await (x or self.q())", "call", "x or self.q()"),
        ("await duality.sleep(1)", "sleep", ""),
        ("await duality.spec.io.disk.read_file(x)", "io", "duality.spec.io.disk.read_file"),
        ("await duality.nothing.at(all)", "call", "duality.nothing.at"),
        ("sleep = x; await sleep(1)", "call", "sleep"),
        ("y = lambda: sleep; sleep = x; await sleep(1)", "call", "sleep"),
        ("await join(task=x)", "join", "join"),
        ("await LIMITS(x)", "call", "LIMITS"),
        ("await LIMITS[0](x)", "call", "LIMITS[0]"),
    ],
)
def test_what_a_point_is_called(spec: Spec, body: str, kind: str, label: str) -> None:
    module = spec(FILE.format(mark="", body=body))
    found = points(read(module.Main.p, module.Main))
    assert [(node.kind, node.label) for node in found.of.values()] == [(kind, label)]


@pytest.mark.parametrize(
    ("body", "kind", "label"),
    [
        # A condition, by what is declared.
        ("await self.other.full.wait()", "wait", "self.other.full"),
        ("await self.others[0].full.wait()", "wait", "self.others[0].full"),
        ("await self.several['x'].wait()", "wait", "self.several['x']"),
        ("await other.full.wait()", "wait", "other.full"),
        ("await full.wait()", "wait", "full"),
        # A condition, by the looks of it: nothing is declared.
        ("await self.anything.wait()", "wait", "self.anything"),
        ("await self.anything[x].other.wait()", "wait", "self.anything[x].other"),
        ("await self.number.wait()", "wait", "self.number"),
        ("await self.others.wait()", "wait", "self.others"),
        ("await self.numbers[0].wait()", "wait", "self.numbers[0]"),
        ("await self.anything.await_()", "call", "self.anything.await_"),
        # None: a module, or something that need not be the procedure's own.
        ("await self.other.wait()", "call", "self.other.wait"),
        ("await self.others[0].wait()", "call", "self.others[0].wait"),
        ("await other.wait()", "call", "other.wait"),
        ("await x.wait()", "call", "x.wait"),
        ("await many[0].wait()", "call", "many[0].wait"),
        ("await x().wait()", "call", "x().wait"),
        # A connection, by the name of the method; but a module may have one of this name.
        ("await self.number.recv(1)", "io", "self.number.recv"),
        ("await self.others.send(1)", "io", "self.others.send"),
        ("await x[0].close()", "io", "x[0].close"),
        ("await x.receive(1)", "call", "x.receive"),
        ("await self.other.send(1)", "call", "self.other.send"),
        ("await self.others[0].recv(1)", "call", "self.others[0].recv"),
        ("await other.recv(1)", "call", "other.recv"),
        ("await self.recv(1)", "call", "self.recv"),
    ],
)
def test_what_a_method_is_of(spec: Spec, body: str, kind: str, label: str) -> None:
    module = spec(FILE.format(mark="", body=body))
    found = points(read(module.Main.p, module.Main))
    assert [(node.kind, node.label) for node in found.of.values()] == [(kind, label)]


@pytest.mark.parametrize(
    ("body", "always"),
    [
        ("await sleep(1)", True), ("await yield_now()", True), ("yield x", True),
        ("await full.wait()", True), ("await self.others[0].full.wait()", True), ("await self.anything.wait()", False),
        ("await self.q()", False), ("await join(x)", False), ("await net.listen('', 0)", False),
        ("async with scope(): pass", False), ("async for y in x: pass", False),
    ],
)  # fmt: skip
def test_what_surely_rests(spec: Spec, body: str, always: bool) -> None:
    module = spec(FILE.format(mark="", body=body))
    found = points(read(module.Main.p, module.Main))
    assert found.always == (frozenset(found.of.values()) if always else frozenset())


def test_other_managers_than_scopes_are_entered_at_a_point_of_their_own(spec: Spec) -> None:
    body = "async with x, self.other.at(x): await sleep(1)"
    found = points(read((module := spec(FILE.format(mark="", body=body))).Main.p, module.Main))
    assert [(node.kind, node.label, node.ordinal) for node in found.nodes] == [
        ("begin", "", 0), ("call", "enter x, self.other.at(x)", 1), ("call", "exit x, self.other.at(x)", 2),
        ("sleep", "", 3), ("end", "", 4),
    ]  # fmt: skip
    ((place, entered),) = found.entered.items()
    assert (entered.label, found.of[place].label) == ("enter x, self.other.at(x)", "exit x, self.other.at(x)")


def test_points_stand_in_the_lines_of_the_spec(spec: Spec) -> None:
    body = "\n        ".join(["await self.q()", "async with x:", "    await sleep(", "    1)", "return x"])
    module = spec(FILE.format(mark="@entry\n    ", body=body))
    tree = read(module.Main.p, module.Main).tree
    first, found = tree.lineno, points(read(module.Main.p, module.Main))
    assert [node.line - first for node in found.nodes] == [0, 0, 1, 2, 2, 3, 5]


def test_they_are_numbered_in_source_order(spec: Spec) -> None:
    body = "\n        ".join(["x = [await self.q(), await sleep(1)]", "if await other.q():", "    await yield_now()"])
    module = spec(FILE.format(mark="@entry\n    ", body=body))
    found = points(read(module.Main.p, module.Main))
    assert [node.kind for node in found.nodes] == ["begin", "enter", "call", "sleep", "call", "yield", "end"]
    assert [node.ordinal for node in found.nodes] == list(range(7))
    assert {node.procedure for node in found.nodes} == {"Main.p"}


def test_what_stands_in_an_inner_function_is_no_point(spec: Spec) -> None:
    module = spec(FILE.format(mark="", body="return lambda: 1"))
    assert [node.kind for node in points(read(module.Main.p, module.Main)).nodes] == ["begin", "end"]


@pytest.mark.parametrize("body", ["return [y for y in x]", "return {y: 1 for y in x}, {y for y in x}"])
def test_a_comprehension_that_awaits_nothing_is_no_point(spec: Spec, body: str) -> None:
    module = spec(FILE.format(mark="", body=body))
    assert [node.kind for node in points(read(module.Main.p, module.Main)).nodes] == ["begin", "end"]


def test_an_early_reply_is_a_point_that_surely_rests(spec: Spec) -> None:
    module = spec(FILE.format(mark="@entry\n    ", body="reply(x); await self.q()"))
    found = points(read(module.Main.p, module.Main))
    assert [node.name for node in found.nodes] == ["begin", "enter", "reply", "call:self.q", "end"]
    assert found.replies
    assert [node.name for node in found.always] == ["reply"]
    assert not points(read(module.Main.q, module.Main)).replies
