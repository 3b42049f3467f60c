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
    (
        "a case counts as what its match does",
        "def p():\n    match a:\n        case 1:\n            b\n        case 2:\n            c",
        [10, 11, 12, 13, 14, None],
        [11, 13, 11],
    ),
    (
        "what stands in no line is passed over",
        "def p():\n    a\n    b\n    c\n    d",
        [10, 11, NOWHERE, None, 14],
        [11, NOWHERE, 11, 14],
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


SPREAD = [
    (
        "each call where it stood, though they are in something else",
        "a = (f(1),\n  g(2))",
        "a = t(f(1), g(2))",
        [11, 12],
    ),
    (
        "a message, but for its sender",
        "a = (await f(1),\n  await g(b, 2))",
        "a = t(f(task, 1), g(task, b, 2))",
        [11, 12],
    ),
    ("one that is not awaited", "a = (f(1),\n  g(2))", "a = t(f(task, 1), g(task, 2))", [11, 12]),
    ("said twice, once in each line", "a = (f(1),\n  f(1))", "a = t(f(1), f(1))", [11, 12]),
    ("what is awaited says what it is", "a = (await f(b + c),\n  g(2))", "a = t(f(b + c), g(2))", [11, 12]),
    ("in the head of a block", "if (f(1) or\n  g(2)):\n    c", "if t(f(1), g(2)):\n        c", [11, 12]),
    ("what the spec does not say is in the first line", "a = (f(1),\n  g(2))", "a = t(f(1), g(3))", [11, 11]),
]


@pytest.mark.parametrize(("spec", "text", "lines"), [pytest.param(*rest, id=name) for name, *rest in SPREAD])
def test_what_is_found_again_stands_where_it_stood(spec, text, lines):
    tree = ast.parse("\n" * 9 + "async def p():\n    " + spec.replace("\n", "\n    ")).body[0]
    function = counted("def p():\n    " + text, [10, 11, 13], spread=spread(tree))
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and node.func.id in "fg"]
    assert [call.lineno for call in calls] == lines
    assert [call.end_lineno for call in calls] == lines


def test_what_a_function_takes_counts_as_its_head():
    function = counted("def p(a: b = c):\n    d", [10, 11], spread={11: [], 10: []})
    assert {node.lineno for node in ast.walk(function.args) if hasattr(node, "lineno")} == {10}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a = (b,\n  c)", [1]), ("a = b", []), ("if a:\n  b", []), ("if (a and\n  b):\n  c", [1]),
        ("if a:\n  b = (c,\n    d)", [2]), ("a = \'\'\'\n\'\'\'", [1]), ("for a in b:\n  c\nelse:\n  d", []),
        ("def p(a=(b,\n  c)): ...", [1]), ("f(\n)", [1]),
    ],
)  # fmt: skip
def test_the_statements_that_take_several_lines(text, lines):
    found = spread(ast.parse(text))
    assert [line for line, statements in found.items() for _ in statements] == lines
    assert all(isinstance(one, ast.stmt) and one.lineno == line for line, many in found.items() for one in many)
