"""The kind and the label of each blocking point, and their order."""

from collections.abc import Callable
from types import ModuleType

import pytest

from duality.compiler.points import points
from duality.compiler.read import read

Spec = Callable[[str], ModuleType]
FILE = """\
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

    async def q(self):
        pass

    {mark}async def p(self, x, other: Other):
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
    ],
)
def test_what_a_point_is_called(spec: Spec, body: str, kind: str, label: str) -> None:
    module = spec(FILE.format(mark="", body=body))
    found = points(read(module.Main.p, module.Main))
    assert [(node.kind, node.label) for node in found.of.values()] == [(kind, label)]


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
