"""Whether something is an operation of ours is asked where only a run can know, once, and in no text."""

import ast
from collections.abc import Callable
from types import ModuleType

import pytest

from duality import SpecError, run
from duality.compiler import compile_procedure
from duality.compiler.asked import asking, names_used, unused
from duality.compiler.read import read

Spec = Callable[[str], ModuleType]
TEXT = """
    class Plain:
        async def q(self, *args):
            return "plain"

    @module
    class Other:
        async def q(self, *args):
            return "ours"

    async def helper():
        pass

    @module
    class Main:
        other: Other = field(factory=Other)
        some: object = None

        async def p(self, x, known: Other):
            {body}

        @procedure
        async def main(self):
            return await self.p({given}, self.other)

    @application
    def app():
        return Main()
"""
# (a body, what is asked: the names that the program gets for it)
ASKED = [
    ("await x.q()", {"ours_q": "q"}),
    ("await self.some.q(x)", {"ours_q": "q"}),
    ("await x[0].q()", {"ours_q": "q"}),
    ("await x()", {"operation_": ""}),
    ("ours_q = x\n            await x.q(ours_q)", {"ours_q_": "q"}),
    ("await self.other.q()", {}),
    ("await known.q()", {}),
    ("await helper()", {}),
    ("await sleep(1)", {}),
    ("await self.p(1, known)", {}),
    ("await join(x)", {}),
]


@pytest.mark.parametrize(("body", "expected"), ASKED)
def test_what_is_asked_and_what_is_known(spec: Spec, body: str, expected: dict[str, str]) -> None:
    module = spec(TEXT.format(body=body, given="None"))
    for side in ("threads", "events"):
        product = compile_procedure(module.Main.p, module.Main, side)
        assert {name: meaning for name, meaning in product.asked.items() if meaning is not None} == expected
        assert not any(f"in {name}" in product.text for name in expected), "it is no part of the text"


@pytest.mark.parametrize("on", ["oracle", "threads", "events"])
def test_the_answer_decides(spec: Spec, on: str) -> None:
    assert run(spec(TEXT.format(body="return await x.q()", given="self.other")).app, on).value == "ours"
    with pytest.raises(SpecError):
        run(spec(TEXT.format(body="return await x.q()", given="Plain()")).app, on, trace=on == "oracle")


@pytest.mark.parametrize("on", ["oracle", "threads", "events"])
def test_what_is_asked_about_is_evaluated_once(spec: Spec, on: str) -> None:
    body = "seen = []\n            return await (seen.append(1) or x).q(*seen), seen"
    assert run(spec(TEXT.format(body=body, given="self.other")).app, on).value == ("ours", [1])


def test_where_nothing_is_to_be_asked_the_oracle_runs_the_spec_s_own(spec: Spec) -> None:
    module = spec(TEXT.format(body="await known.q()", given="None"))
    assert asking(read(module.Main.p, module.Main), lambda kind, name: None) is module.Main.p


def test_a_name_is_shared_by_those_who_ask_the_same() -> None:
    asked: dict[str, str | None] = {}
    assert unused("ours_q", "q", {"x"}, asked) == "ours_q"
    assert unused("ours_q", "q", {"x"}, asked) == "ours_q"
    assert unused("ours_q", "__q", {"x"}, asked) == "ours_q_"
    assert unused("x", "y", {"x"}, asked) == "x_"


def test_the_names_that_mean_something() -> None:

    assert names_used(ast.parse("def f(a, *b): return c + (lambda d: 1)(e.g)")) == {"a", "b", "c", "d", "e"}
