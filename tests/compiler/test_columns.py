"""What a traceback underlines: the spec's own words, or nothing."""

import ast
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from duality import run
from duality.compiler import columns, compile_procedure

Spec = Callable[[str], ModuleType]
TEXT = """
    @module
    class Main:
        async def q(self, *args):
            {rest}
            raise KeyError

        @procedure
        async def main(self):
            return (1 + 2), await self.q(3, 4), await self.q()

    @application
    def app():
        return Main()
"""


def underlined(module: ModuleType, on: str) -> list[str]:
    """What each frame of the spec underlines."""
    try:
        run(module.app, on)
    except KeyError as error:
        trace, found = error.__traceback__, []
        while trace is not None:
            code = trace.tb_frame.f_code
            places = dict(enumerate(code.co_positions()))
            line, _, begin, end = places[trace.tb_lasti // 2]
            if code.co_filename == module.__file__ and line is not None:
                source = Path(code.co_filename).read_text().splitlines()[line - 1]
                found.append(source[begin:end] if begin is not None else "")
            trace = trace.tb_next
        return found
    raise AssertionError("it did not fail")


@pytest.mark.parametrize(
    ("on", "rest", "shown"),
    [
        ("threads", "await yield_now()", "self.q(3, 4)"),
        ("threads", "pass", "self.q(3, 4)"),
        ("events", "pass", "self.q(3, 4)"),
        ("events", "await yield_now()", ""),  # the call has returned long ago: the error is raised where it is answered
    ],
)
def test_a_traceback_underlines_the_call_as_the_spec_has_it(spec: Spec, on: str, rest: str, shown: str) -> None:
    assert underlined(spec(TEXT.format(rest=rest)), on) == [shown, ""]


def test_what_is_no_call_that_blocks_has_no_columns(spec: Spec) -> None:
    module = spec(TEXT.format(rest="pass"))
    code = compile_procedure(module.Main.main, module.Main, "threads").codes["main"]
    told = {(begin, end) for _, _, begin, end in code.co_positions() if begin is not None and end != begin}
    assert len(told) == 2, "the two calls, and nothing else"


def test_a_call_is_put_where_it_stands_in_the_spec() -> None:
    call = ast.parse("x = f(1)").body[0].value  # type: ignore[attr-defined]
    columns.stand({call: (7, 3, 8, 2)})
    assert (call.lineno, call.col_offset, call.end_lineno, call.end_col_offset) == (7, 3, 8, 2)


def test_the_columns_of_everything_else_are_taken() -> None:
    tree = ast.parse("x = f(1) + g(2)")
    first, second = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    place = (first.lineno, first.col_offset, first.end_lineno or 0, first.end_col_offset or 0)
    columns.put(tree, {place: (1, 40, 1, 44)})
    assert (first.col_offset, first.end_col_offset) == (40, 44)
    assert {node.col_offset for node in ast.walk(tree) if hasattr(node, "col_offset") and node is not first} == {-1}
    assert second.end_col_offset == -1


def test_inside_of_a_comprehension_that_is_placed_all_keep_their_columns() -> None:
    tree = ast.parse("before = [f(1) for x in y] + [g(2) for x in y], h(3), {x for x in y}, {x: 1 for x in y}")
    displays = [node for node in ast.walk(tree) if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp)]
    first = next(one for one in displays if one.col_offset == 9)
    calls = {node.func.id: node for node in ast.walk(first) if isinstance(node, ast.Call)}  # type: ignore[attr-defined]
    inside = [node for node in ast.walk(first) if hasattr(node, "col_offset") and node not in (first, calls["f"])]
    others = [node for node in ast.walk(tree) if hasattr(node, "col_offset") and node not in ast.walk(first)]
    before = [(node.col_offset, node.end_col_offset) for node in inside]  # type: ignore[attr-defined]
    assert len(inside) > 3
    columns.put(tree, {(1, 9, 1, 26): (1, 40, 1, 44), (1, 10, 1, 14): (1, 50, 1, 54)})
    assert (first.col_offset, first.end_col_offset) == (40, 44)
    assert (calls["f"].col_offset, calls["f"].end_col_offset) == (50, 54)
    assert [(node.col_offset, node.end_col_offset) for node in inside] == before  # type: ignore[attr-defined]
    assert {(node.col_offset, node.end_col_offset) for node in others} == {(-1, -1)}  # type: ignore[attr-defined]
