"""What is alive across a rest: read later on some path before it is bound again, and nothing else."""

import ast
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from duality.compiler import compile_procedure, program
from duality.compiler.live import kills
from tests.compiler.fuzz.compare import load
from tests.compiler.fuzz.programs import programs

Spec = Callable[[str], ModuleType]

# (what is said, body of a procedure `p(self, x, y)`, the variables that live across each `yield_now`, in order)
ALIVE = [
    ("what is read later lives", "await yield_now()\nreturn x", [{"x"}]),
    ("what nobody reads does not", "await yield_now()\nreturn 1", [set()]),
    ("what is bound before it is read does not", "await yield_now()\nx = 1\nreturn x", [set()]),
    ("one path is enough", "await yield_now()\nif y:\n    x = 1\nreturn x", [{"x", "y"}]),
    ("both paths bind it", "await yield_now()\nif y:\n    x = 1\nelse:\n    x = 2\nreturn x", [{"y"}]),
    ("a loop reads it in the next turn", "while y:\n    await yield_now()\n    print(x)\n    x = 1", [{"x", "y"}]),
    ("bound at the head of each turn", "while y:\n    x = y.pop()\n    print(x)\n    await yield_now()", [{"y"}]),
    ("an augmented target is read", "await yield_now()\nx += 1\nreturn x", [{"x"}]),
    ("an attribute's base is read", "await yield_now()\nx.a = 1", [{"x"}]),
    ("a deleted variable must be there", "await yield_now()\ndel x", [{"x"}]),
    ("dead after a return", "await yield_now()\nreturn 1\nprint(x)", [set()]),
    ("a handler may need it", "try:\n    await yield_now()\n    x = 1\nexcept ValueError:\n    return x", [{"x"}]),
    ("a finally may need it", "try:\n    await yield_now()\nfinally:\n    print(x)", [{"x"}]),
    ("what a lambda will read", "await yield_now()\nreturn lambda: x", [{"x"}]),
    ("a lambda's own parameter hides it", "await yield_now()\nreturn lambda x: x", [set()]),
    ("a comprehension's own variable hides it", "await yield_now()\nreturn [x for x in y]", [{"y"}]),
    ("its first iterable does not", "await yield_now()\nreturn [x for x in x]", [{"x"}]),
    ("the second rest has its own", "await yield_now()\nprint(x)\nawait yield_now()\nreturn y", [{"x", "y"}, {"y"}]),
    ("a match reads its subject", "await yield_now()\nmatch x:\n    case [y]:\n        return y", [{"x"}]),
    ("a guard reads", "await yield_now()\nmatch y:\n    case [z] if x:\n        return z", [{"x", "y"}]),
    ("a value pattern reads", "await yield_now()\nmatch y:\n    case x.a:\n        return 1", [{"x", "y"}]),
    ("a case's body reads", "await yield_now()\nmatch y:\n    case [z]:\n        return x", [{"x", "y"}]),
    ("what a pattern binds is not read", "await yield_now()\nmatch y:\n    case [x]:\n        return x", [{"y"}]),
    ("a with reads its managers and binds its targets", "await yield_now()\nwith x as y:\n    return y", [{"x"}]),
    ("a with may swallow what stopped its body", "await yield_now()\nwith y:\n    x = 1\nreturn x", [{"x", "y"}]),
    ("what stands in a with reads", "await yield_now()\nwith y:\n    return x", [{"x", "y"}]),
    ("a loop may not turn at all", "await yield_now()\nwhile y:\n    x = 1\nreturn x", [{"x", "y"}]),
    ("a loop reads its test", "await yield_now()\nwhile x:\n    pass", [{"x"}]),
    ("a loop's target reads what it stands on", "await yield_now()\nfor x.a in y:\n    pass", [{"x", "y"}]),
    ("an except reads its type", "await yield_now()\ntry:\n    print()\nexcept x:\n    pass", [{"x"}]),
    (
        "each handler may be the one",
        "await yield_now()\ntry:\n    print()\nexcept KeyError:\n    return x\nexcept E:\n    return y",
        [{"x", "y"}],
    ),
    (
        "a handler of a handler",
        "try:\n    try:\n        await yield_now()\n    except E:\n        x = 1\nexcept E:\n    return x",
        [{"x"}],
    ),
    ("a finally that stays whole", "await yield_now()\ntry:\n    x = 1\nfinally:\n    print(x)", [{"x"}]),
    (
        "a break through a finally goes on behind the loop",
        "while y:\n    try:\n        await yield_now()\n        break\n    finally:\n        print()\nreturn x",
        [{"x"}],
    ),
    (
        "and one in the else of the try in it",
        "while y:\n    try:\n        try:\n            await yield_now()\n        except E:\n            pass\n"
        "        else:\n            break\n    finally:\n        print()\nreturn x",
        [{"x", "y"}],
    ),
    ("an f-string reads", "await yield_now()\nreturn f'{x!r:>{y}}'", [{"x", "y"}]),
    ("break leaves with what is needed after", "while True:\n    await yield_now()\n    break\nreturn x", [{"x"}]),
]


@pytest.mark.parametrize(("body", "expected"), [pytest.param(*rest, id=name) for name, *rest in ALIVE])
def test_what_lives_across_a_rest(spec: Spec, body: str, expected: list[set[str]]) -> None:
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    module = spec(f"E = ValueError\n\n@module\nclass Main:\n    async def p(self, x, y):\n{lines}\n")
    product = compile_procedure(module.Main.p, module.Main, "events")
    assert [set(names) for names in product.alive.values()] == expected


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_each_handler_unpacks_what_is_alive_and_reads_all_of_it(tmp_path: Path) -> None:
    @seed(5)
    @settings(
        max_examples=40, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(programs(60))
    def every(text: str) -> None:
        for product in program(load(text, tmp_path).app, "events").products:
            functions = {one.name: one for one in ast.parse(product.text).body if isinstance(one, ast.FunctionDef)}
            handlers = list(product.nodes.values())  # a `finally` has one for each way through it: another record
            for name, node in product.nodes.items():
                if node is not None and node in product.alive and handlers.count(node) == 1:
                    _check(functions[name], product.alive[node])

    every()


def _check(handler: ast.FunctionDef, alive: tuple[str, ...]) -> None:
    """The record is unpacked first, into the living; and each of them is mentioned again."""
    first = handler.body[0]
    while isinstance(first, ast.AnnAssign | ast.Global):
        handler.body.pop(0)
        first = handler.body[0]
    unpacked: list[str] = []
    if isinstance(first, ast.Assign) and ast.unparse(first.value).endswith(".alive"):
        target = first.targets[0]
        assert isinstance(target, ast.Tuple)
        unpacked = [one.id for one in target.elts if isinstance(one, ast.Name)]
        handler.body.pop(0)
    assert tuple(unpacked) == alive
    mentioned = {node.id for one in handler.body for node in ast.walk(one) if isinstance(node, ast.Name)}
    assert set(alive) <= mentioned


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("x = 1", {"x"}), ("x, (y, *z) = 1", {"x", "y", "z"}), ("x.a = y[0] = 1", set()), ("x: int", set()),
        ("x: int = 1", {"x"}), ("del x, y", {"x", "y"}), ("import x.y", {"x"}), ("from x import y as z", {"z"}),
        ("x += 1", set()), ("x", set()), ("def x(): pass", {"x"}), ("class x: pass", {"x"}),
    ],
)  # fmt: skip
def test_what_a_statement_surely_binds(statement: str, names: set[str]) -> None:
    assert kills(ast.parse(statement).body[0]) == names
