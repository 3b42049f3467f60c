"""Python's own scoping, held against CPython's symbol table on random programs and stated for the odd cases."""

import ast
import symtable
import sys

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from duality.compiler.scopes import binding_count, captures, first_line, outside_of, own_names, parameters, reads
from tests.compiler.fuzz.programs import programs


def function(body: str, signature: str = "self, x, y") -> ast.AsyncFunctionDef:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    tree = ast.parse(f"async def p({signature}):\n{lines}").body[0]
    assert isinstance(tree, ast.AsyncFunctionDef)
    return tree


def test_parameters_come_in_order() -> None:
    tree = function("pass", "a, /, b, *c, d, **e")
    assert parameters(tree.args) == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        ("z = 1\nz = 2", {"z": 2}),
        ("for z in x: pass", {"z": 1}),
        ("import a.b, c as d", {"a": 1, "d": 1}),
        ("global z\nz = 1", {}),
        ("[z for z in x]", {}),
        ("[(w := z) for z in x]", {"w": 1}),
        ("def z():\n    w = 1", {"z": 1}),
        ("try:\n    pass\nexcept E as z:\n    pass", {"z": 1}),
        ("match x:\n    case [z, *w] | {'k': z, **w}:\n        pass", {"z": 2, "w": 2}),
        ("with x as (z, w): pass", {"z": 1, "w": 1}),
    ],
)
def test_what_binds_a_local(body: str, counts: dict[str, int]) -> None:
    assert binding_count(function(body)) == {"self": 1, "x": 1, "y": 1, **counts}


@pytest.mark.parametrize(
    ("body", "captured"),
    [
        ("lambda: x", {"x"}),
        ("lambda x: x", set()),
        ("lambda a=x: a", set()),
        ("def f(a=x):\n    y = 1\n    return y", set()),
        ("def f():\n    nonlocal y\n    y = 1", {"y"}),
        ("def f():\n    return lambda: x", {"x"}),
        ("(q + y for q in x)", {"y"}),
        ("sum(q + y for q in x)", set()),
        ("','.join(q + y for q in x)", set()),
        ("f()(q + y for q in x)", {"y"}),
        ("[q + y for q in x]", set()),
        ("class C:\n    a = x", {"x"}),
        ("class C:\n    x = x", set()),
        ("class C:\n    x = 1\n    def f(self): return x", {"x"}),
        ("class C:\n    x = 1\n    a = [x for q in y]", {"x", "y"}),
        ("class C:\n    nonlocal y\n    y = 1", {"y"}),
        ("class C:\n    class D:\n        a = x", {"x"}),
        ("def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2", set()),
        ("def f():\n    def g():\n        nonlocal x\n        x = 2", {"x"}),
        ("def f():\n    global x\n    return x", set()),
        ("lambda: (x := 1)", set()),
        ("lambda: [x := 1 for q in y]", {"y"}),
        ("def f(a: x): pass", set()),
    ],
)
def test_what_an_inner_function_captures(body: str, captured: set[str]) -> None:
    assert captures(function(body)) == captured


@pytest.mark.skipif(sys.version_info < (3, 12), reason="syntax of a later Python")
@pytest.mark.parametrize(
    ("body", "captured"),
    [
        ("def f[x](): return x + y", {"y"}),
        ("def f[T: (x, y)](): pass", {"x", "y"}),
        ("def f[x: y](a: x): return x", {"y"}),
        ("class C[x]:\n    a = x + y", {"y"}),
        ("class C[x]:\n    def f(self): return x + y", {"y"}),
        ("class C[T: x]: pass", {"x"}),
        ("type X[x] = list[x, y]", {"y"}),
    ],
)
def test_type_parameters_hide_names_and_are_bounded_by_others(body: str, captured: set[str]) -> None:
    tree = function(body)
    assert captures(tree) == captured
    inner = tree.body[0]
    if isinstance(inner, ast.FunctionDef | ast.ClassDef):
        assert {one.name for one in inner.type_params} <= own_names(inner)


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("x + f(y)", {"x", "f", "y"}), ("[x for x in y]", {"y"}), ("[x for x in x]", {"x"}), ("lambda x: x + y", {"y"}),
        ("[x for q in y for x in q]", {"y"}), ("{x: y for z in w if z}", {"x", "y", "w"}), ("(z := x)", {"x"}),
        ("lambda x=y: z", {"y", "z"}),
    ],
)  # fmt: skip
def test_what_an_expression_reads(expression: str, names: set[str]) -> None:
    assert reads(ast.parse(expression, mode="eval").body) == names


@seed(8)
@settings(
    max_examples=50, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(programs(60))
def test_the_locals_are_those_of_cpythons_symbol_table(text: str) -> None:
    tables = {table.get_name(): table for table in _tables(symtable.symtable(text, "program", "exec"))}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.AsyncFunctionDef):
            table = tables[node.name]
            assert isinstance(table, symtable.Function)
            ours = set(binding_count(node))
            assert ours == set(table.get_locals())


def _tables(table: symtable.SymbolTable) -> list[symtable.SymbolTable]:
    return [table, *(inner for child in table.get_children() for inner in _tables(child))]


def test_what_a_definition_evaluates_where_it_stands() -> None:
    tree = function("@d\ndef f(p: P, /, a: A = x, *b: B, k: K = y, **n: N) -> R: body")
    inner = tree.body[0]
    assert isinstance(inner, ast.FunctionDef)
    assert [ast.unparse(one) for one in outside_of(inner)] == ["d", "x", "y", "A", "P", "B", "K", "N", "R"]
    kind = function("@d\nclass C(b, *c, metaclass=m): body").body[0]
    assert isinstance(kind, ast.ClassDef)
    assert [ast.unparse(one) for one in outside_of(kind)] == ["d", "b", "*c", "m"]


def test_a_statement_begins_with_its_first_decorator() -> None:
    tree = function("x = 1\n@d\n@e\ndef f(): pass\n@d\nclass C: pass")
    assert [first_line(one) for one in tree.body] == [2, 3, 6]
