"""Instructions that are marked stand in no line; every other keeps its place, however far it is from its neighbour."""

import ast
import sys
from types import CodeType

import pytest

from duality.compiler.linetable import NOWHERE, without_marks


def code_of(text: str, marked: set[int], lines: dict[int, int] | None = None) -> CodeType:
    """The code of the function in ``text``; what stands in a line of ``marked`` is marked, others may be moved."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if hasattr(node, "lineno"):
            place = NOWHERE if node.lineno in marked else (lines or {}).get(node.lineno, node.lineno)
            node.lineno = node.end_lineno = place
    module = compile(tree, "text.py", "exec")
    return next(one for one in module.co_consts if isinstance(one, CodeType))


TEXT = """\
def f(x):
    a = x.one
    b = x.two
    if a:
        c = b + 1
    return [a, b]
"""


def test_what_is_marked_is_in_no_line_and_the_rest_where_it_was() -> None:
    code = code_of(TEXT, {2, 4})
    done = without_marks(code)
    assert done.co_code == code.co_code
    expected = [(None,) * 4 if place[0] == NOWHERE else place for place in code.co_positions()]
    assert list(done.co_positions()) == expected
    assert {line for _, _, line in done.co_lines() if line} == {1, 3, 5, 6}


@pytest.mark.parametrize("far", [5, 33, 70, 5_000, 300_000])
def test_lines_may_be_far_apart_and_go_backwards(far: int) -> None:
    code = code_of(TEXT, {2}, {3: far, 5: 1, 6: 2 * far})
    done = without_marks(code)
    assert list(done.co_positions())[-1] == list(code.co_positions())[-1]
    assert {line for _, _, line in done.co_lines() if line} == {1, 4, far, 2 * far}


def test_code_without_a_mark_is_left_alone() -> None:
    code = code_of("def f():\n    return 1\n", set())
    assert without_marks(code) is code


def test_a_tracer_is_told_of_no_line_that_was_marked() -> None:
    namespace: dict[str, object] = {}
    code = without_marks(code_of(TEXT, {2, 4}))
    function = type(code_of)(code, namespace)
    seen: list[int | None] = []

    def tracer(frame: object, event: str, argument: object) -> object:
        if event == "line":
            seen.append(frame.f_lineno)  # type: ignore[attr-defined]
        return tracer

    class Two:
        one, two = 1, 2

    before = sys.gettrace()
    sys.settrace(tracer)  # type: ignore[arg-type]
    try:
        assert function(Two) == [1, 2]
    finally:
        sys.settrace(before)
    assert [line for line in seen if line] == [3, 5, 6]
