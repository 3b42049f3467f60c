"""Every line of a generated text counts as a line of the spec, or as none."""

import ast

import pytest

from duality.compiler.counted import count, spread
from duality.compiler.linetable import NOWHERE

# (what is said, the text of a function, the spec's line for each of its lines, the lines of its statements in order)
COUNTED = [
    ("each as its origin", "def p():\n    a\n    b", [10, 11, 12], [11, 12]),
    (
        "what the spec has not counts as what stands before",
        "def p():\n    a\n    b\n    c",
        [10, 11, None, 13],
        [11, 11, 13],
    ),
    ("before the first of its own it counts as none", "def p():\n    a\n    b", [10, None, 12], [NOWHERE, 12]),
    (
        "in a block it counts as the block's head",
        "def p():\n    if a:\n        b\n    c",
        [10, 11, None, 13],
        [11, 11, 13],
    ),
    ("lines may go backwards", "def p():\n    a\n    b", [10, 12, 11], [12, 11]),
]


def counted(text, origins, **more):
    """The function, with the spec's lines."""
    function = ast.parse(text).body[0]
    count(function, lambda line: origins[line - 1], 9, **more)
    return function


def statements(function):
    """The statements below it, in source order, each before what is inside it."""
    found = []
    for one in function.body:
        found += [one, *(inner for inner in ast.walk(one) if isinstance(inner, ast.stmt) and inner is not one)]
    return found


@pytest.mark.parametrize(("text", "origins", "lines"), [pytest.param(*rest, id=name) for name, *rest in COUNTED])
def test_the_line_that_a_statement_counts_as(text, origins, lines):
    assert [one.lineno for one in statements(counted(text, origins))] == lines


def test_everything_inside_a_statement_counts_as_it():
    function = counted("def p():\n    a = f(\n        b)", [10, 11, 12])
    inside = [node.lineno for node in ast.walk(function.body[0]) if hasattr(node, "lineno")]
    assert set(inside) <= {11, 12}


def test_a_function_counts_as_its_head_or_its_first_line():
    assert counted("def p():\n    a", [10, 11]).lineno == 10
    assert counted("def p():\n    a\n    b", [None, 12, 11]).lineno == 11
    assert counted("def p():\n    a", [None, None]).lineno == 9


def test_a_line_that_a_jump_has_passed_is_there_for_a_tracer():
    function = counted("def p():\n    a\n    b", [10, 11, 14], passes={3: (12, 13)})
    assert [(type(one).__name__, one.lineno) for one in function.body] == [
        ("Expr", 11), ("Pass", 12), ("Pass", 13), ("Expr", 14),
    ]  # fmt: skip


def test_what_the_spec_spreads_over_lines_stands_where_it_stood():
    spec = ast.parse("\n\n\n\n\n\n\n\n\nasync def p():\n    a = (f(1),\n         g(2))").body[0]
    function = counted("def p():\n    a = (f(1), g(2))", [10, 11], spread=spread(spec))
    calls = {node.func.id: node.lineno for node in ast.walk(function) if isinstance(node, ast.Call)}
    assert calls == {"f": 11, "g": 12}
