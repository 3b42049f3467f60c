"""The building defends itself: floors, twins, and the size of a room.

What each test knows, it reads from the source with ``ast``; an exception is a line in a table, with its reason, and an
exception that nobody needs any more fails too.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import duality
from duality import dual
from duality.notions import TWINS

HERE = Path(duality.__file__).parent
FILES = sorted(path.relative_to(HERE).as_posix() for path in HERE.rglob("*.py"))
SIDES = ("threads", "events", "oracle")

# The floors, lowest first; the rooms of a floor may see each other unless BLIND says no.
FLOORS = [
    {"notions", "graph", "errors"},
    {"spec", "core"},
    {"dual", "compiler"},
    {"events", "threads", "oracle"},
    {"run", "__init__"},  # the public names are what `run` can run
    {"lib", "proof", "web"},
    {"view", "bench"},
    {"cli"},
    {"__main__"},
]
BLIND = [{"events", "threads", "oracle"}, {"notions", "graph", "errors"}]
UPSTAIRS = {("spec/application.py", "compiler"): "app.graph() is asked of an application, answered by the compiler"}
NEVER = {("core", "spec"): "the machine never learns whom it serves"}

ALONE = {
    "record": ("events", "the stack is its twin, and nobody writes a stack"),
    "telling": ("events", "on a stack, the calls that have not returned tell"),
    "under": ("events", "on one stack a callee runs inside its caller's `except`"),
    "groups": ("events", "among threads CPython does it, in the middle of an `except*`"),
    "managers": ("events", "among threads CPython does it, at the head of a `with`"),
    "protocols": ("events threads", "for the oracle CPython does it"),
    "standing": ("oracle", "the programs of the two sides say where they stand"),
    "instead": ("oracle", "the programs of the two sides are given their helpers; coroutines look them up"),
}
# Public names that one side has and another has not, because there the mechanism differs.
MECHANISM = {
    "threads/task.py": {"Task.begin": "gets a stack", "work": "the outermost frame of every stack"},
    "threads/call.py": {"entering": "a stack must be asked which lock it stands at"},
    "events/call.py": {"arrive": "the handler of a message that has waited in the queue"},
    "oracle/call.py": {"entering": "a coroutine must be asked which module it waits for"},
    "threads/verbs.py": {"Scope": "a `with` leaves it", "Verbs.sleep": "asks in the thread's own name"},
    "oracle/verbs.py": {
        "Scope": "an `async with` leaves it",
        "Verbs.sleep": "asks in the task's own name",
        "Verbs.yield_now": "is awaited",
    },
    "threads/reply.py": {"Stack": "what is left lies on a stack", "Stack.run": "its first procedure"},
    "oracle/reply.py": {
        "Stack": "a plain call can only be left on a stack of its own",
        "Stack.begin": "is started by the runtime",
        "Stack.drive": "by whoever awaits it, or by the child",
        "Stack.run": "sends into the coroutine",
        "driving": "a chain of coroutines goes on where another stack drives it",
    },
    "threads/io.py": dict.fromkeys(
        ("Facade", "Connection", "Listener", "File", "Net", "Disk"),
        "the I/O core's methods want to know who asks, and a thread must not see PENDING",
    ),
    "oracle/io.py": {"Facade": "the I/O core answers PENDING, and a coroutine must await"},
    "events/trace.py": {"Tracer.ending": "a handler that ends at once makes no record that could tell of it"},
    "threads/runtime.py": {
        "Runtime.begin": "the hub's stack is the one that new stacks are started from",
        "Runtime.end": "stacks lie idle",
        "Runtime.provide": "plain statements go through and enter what the spec's own ask for",
        "Runtime.block": "a thread must not see PENDING",
        "Runtime.start": "stacks are kept and used again",
        "Runtime.over": "a stack is used again",
        "switching": "the one operation of this side",
    },
    "threads/generator.py": {"Generator.go_on": "runs on the stack of whoever asks"},
    "events/generator.py": dict.fromkeys(
        ("Generator.go_on", "Generator.give", "Generator.reply", "Generator.abandon", "value_of", "ended"),
        "a record must be told",
    ),
    "oracle/generator.py": {
        "within": "what awaits a generator does not say which",
        "dropping": "CPython must tell when nobody holds one any more",
    },
    "threads/trace.py": {"Tracer.generator": "a frame cannot tell of itself"},
    "events/runtime.py": {"Runtime.provide": "handlers make records, of classes that a traced run replaces"},
    "oracle/runtime.py": {
        "Runtime.points_of": "nothing compiled carries them",
        "Runtime.replace": "the spec's own functions stand in the way of those that tell, or reply",
        "Runtime.reply": "the spec's own statement asks for the verb by name",
        "Runtime.begin": "the stack of the driver is the one that new stacks are started from",
        "Runtime.end": "what was replaced is put back",
        "Runtime.rest": "a coroutine yields to the driver",
        "Runtime.block": "a coroutine must not see PENDING",
        "Runtime.advance": "sends into a coroutine",
    },
}

# Where a side's name may be compared, and why it does not belong on the side itself.
COMPARED = {
    "cli/worker.py": "the oracle has no program to show",
    "cli/evidence.py": "the report says messages for one side and switches for the other",
    "view/beside.py": "the two texts stand to the spec's lines in different ways",
}
LONG = {
    "compiler/drop.py": "one analysis, and where each of its findings is said",
    "compiler/flow.py": "one method per statement of Python",
    "compiler/refuse.py": "one line per refusal",
    "core/engine.py": "one run from first step to last",
}
# Methods that somebody else's contract names and documents.
CALLBACKS = frozenset(
    "on_url on_header on_body on_message_complete on_event connection_made connection_lost data_received".split()
)


@cache
def tree(name: str) -> ast.Module:
    """The source of a file of the package."""
    return ast.parse((HERE / name).read_text(encoding="utf-8"))


def room(name: str) -> str:
    """The room a file is in: ``core`` of ``core/io/net.py``, ``run`` of ``run.py``."""
    return name.removesuffix(".py").partition("/")[0]


def imports(name: str) -> Iterator[str]:
    """The rooms of the package that a file imports, anywhere in it."""
    for node in ast.walk(tree(name)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno} imports relatively"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for one in names:
            package, _, rest = one.partition(".")
            if package == "duality":
                yield rest.partition(".")[0] if rest.partition(".")[0] in ROOMS else "__init__"


ROOMS = {room(name) for name in FILES}


def floor(of: str) -> int:
    """The floor that a room is on."""
    return next(number for number, rooms in enumerate(FLOORS) if of in rooms)


# -- floors ------------------------------------------------------------------------------------------------------------


def test_every_room_has_a_floor() -> None:
    assert set().union(*FLOORS) >= ROOMS


@pytest.mark.parametrize("mine", sorted(ROOMS))
def test_a_floor_imports_only_lower_floors(mine: str) -> None:
    for name in (name for name in FILES if room(name) == mine):
        for other in set(imports(name)) - {mine}:
            if (name, other) in UPSTAIRS:
                continue
            assert floor(other) <= floor(mine), f"{name} imports {other}, which is above it"
            assert (mine, other) not in NEVER, f"{name} imports {other}: {NEVER[mine, other]}"
            assert not any({mine, other} <= blind for blind in BLIND), f"{mine} and {other} are blind to each other"


def test_no_way_upstairs_is_kept_open_for_nobody() -> None:
    for name, other in UPSTAIRS:
        assert other in imports(name)


def test_nobody_imports_two_sides() -> None:
    assert [name for name in FILES if len(set(imports(name)) & set(SIDES)) > 1] == []


# -- twins -------------------------------------------------------------------------------------------------------------


def outline(name: str) -> list[str]:
    """The public functions, classes and methods of a file, in order."""
    found = []
    for node in tree(name).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name[0] != "_":
            found.append(node.name)
            methods = node.body if isinstance(node, ast.ClassDef) else []
            for method in methods:
                if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and method.name[0] != "_":
                    found.append(f"{node.name}.{method.name}")
    return found


def shared(name: str) -> list[str]:
    """The outline without what only this side's mechanism needs."""
    own = MECHANISM.get(name, {})
    return [one for one in outline(name) if one not in own and one.partition(".")[0] not in own]


@pytest.mark.parametrize("side", SIDES)
def test_twins_have_the_same_files(side: str) -> None:
    rooms = {path.stem for path in (HERE / side).glob("*.py")} - {"__init__"}
    assert rooms - set(ALONE) == set(TWINS)
    assert rooms & set(ALONE) == {name for name, (sides, _) in ALONE.items() if side in sides.split()}


@pytest.mark.parametrize("twin", TWINS)
def test_twins_have_the_same_outline(twin: str) -> None:
    threads, events, oracle = (shared(f"{side}/{twin}.py") for side in SIDES)
    assert threads == events == oracle
    assert threads


@pytest.mark.parametrize("name", MECHANISM)
def test_no_difference_is_explained_that_is_not_there(name: str) -> None:
    twins = [outline(f"{side}/{name.partition('/')[2]}") for side in SIDES]
    for one in MECHANISM[name]:
        assert one in outline(name)
        assert not all(one in twin for twin in twins), f"every side has {one}"


@pytest.mark.parametrize("twin", [*TWINS, *ALONE])
@pytest.mark.parametrize("side", SIDES)
def test_a_twin_opens_with_its_dual(side: str, twin: str) -> None:
    sides = ALONE[twin][0].split() if twin in ALONE else SIDES
    if side not in sides:
        return
    words = ast.get_docstring(tree(f"{side}/{twin}.py")) or ""
    if len(sides) == 1:
        assert "there is no such file" in words
    elif side == "oracle":
        assert f"Beside ``events/{twin}.py`` and ``threads/{twin}.py``." in words
    else:
        other = "events" if side == "threads" else "threads"
        assert f"Dual of ``{other}/{twin}.py``" in words


@pytest.mark.parametrize("twin", TWINS)
def test_twins_show_a_difference_of_mechanism(twin: str) -> None:
    threads, events = (ast.unparse(_bare(tree(f"{side}/{twin}.py"))) for side in ("threads", "events"))
    assert threads.replace("threads", "events") != events, "what is equal belongs in core/"


def _bare(source: ast.Module) -> ast.Module:
    """The tree without its docstrings."""
    copy = ast.parse(ast.unparse(source))
    for node in ast.walk(copy):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = node.body[1:] if ast.get_docstring(node) and node.body[1:] else node.body
    return copy


@pytest.mark.parametrize("side", SIDES)
def test_a_side_offers_every_verb_and_every_method_of_the_contract(side: str) -> None:
    verbs = set(dual.Verbs.__annotations__)
    source = tree(f"{side}/verbs.py")
    (offering,) = [node for node in source.body if isinstance(node, ast.ClassDef) and node.name == "Verbs"]
    offered = importlib.import_module(f"duality.{side}.verbs").Verbs
    methods = {name for name in dir(offered) if callable(getattr(offered, name))}  # those it inherits are offered too
    fields = {
        node.attr
        for node in ast.walk(offering)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self"
    }
    assert verbs <= methods | fields
    contract = {name for name, value in vars(dual.Side).items() if name[0] != "_" and callable(value)}
    assert {f"Runtime.{name}" for name in contract} <= set(outline(f"{side}/runtime.py"))


# -- nobody asks which side it is --------------------------------------------------------------------------------------


def comparisons(source: ast.Module) -> Iterator[ast.AST]:
    """Comparisons with, and cases of, the name of a side."""
    for node in ast.walk(source):
        operands = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
        if isinstance(node, ast.MatchValue):
            operands = [node.value]
        for operand in operands:
            constants = [one.value for one in ast.walk(operand) if isinstance(one, ast.Constant)]
            if set(constants) & set(SIDES):
                yield node
                break


def test_nobody_asks_which_side_it_is() -> None:
    asked = {name: [ast.unparse(node) for node in comparisons(tree(name))] for name in FILES}
    assert {name: questions for name, questions in asked.items() if questions and name not in COMPARED} == {}
    assert [name for name in COMPARED if not asked[name]] == [], "these need not be excused any more"


@pytest.mark.parametrize(
    "text", ["if side == 'events': pass", "x = 1 if a.on in ('threads', 'x') else 2", "match s:\n case 'oracle': pass"]
)
def test_such_a_question_would_be_noticed(text: str) -> None:
    assert list(comparisons(ast.parse(text)))


# -- the size of a room ------------------------------------------------------------------------------------------------


def length(name: str) -> int:
    """Lines of a file."""
    return len((HERE / name).read_text(encoding="utf-8").splitlines())


def test_a_file_is_a_room_one_can_see_at_a_glance() -> None:
    long = {name: length(name) for name in FILES if length(name) > 200}
    assert {name: lines for name, lines in long.items() if name not in LONG} == {}
    assert [name for name in LONG if name not in long] == [], "these need not be excused any more"


def test_a_function_is_short_enough_to_be_read_at_once() -> None:
    long = [
        f"{name}:{node.lineno} {node.name}"
        for name in FILES
        for node in ast.walk(tree(name))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 40
    ]
    assert long == []


def undocumented(name: str) -> Iterator[str]:
    """Public names without a docstring; a method may rely on the contract it implements, in the same folder."""
    if not ast.get_docstring(tree(name)):
        yield "the file"
    for node in tree(name).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name[0] != "_":
            if not ast.get_docstring(node):
                yield node.name
            for method in node.body if isinstance(node, ast.ClassDef) else []:
                if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and method.name[0] != "_":
                    known = method.name in CALLBACKS or method.name in contracts(str(Path(name).parent))
                    if not (ast.get_docstring(method) or known or _is_setter(method)):
                        yield f"{node.name}.{method.name}"


@cache
def contracts(folder: str) -> frozenset[str]:
    """The methods that a class of this folder documents for those that implement or inherit it."""
    sources = [tree(path.relative_to(HERE).as_posix()) for path in (HERE / folder).glob("*.py")]
    classes = [node for source in sources for node in ast.walk(source) if isinstance(node, ast.ClassDef)]
    bases = {ast.unparse(base) for node in classes for base in node.bases}
    found = set()
    for node in classes:
        if node.name in bases or _is_protocol(node):
            methods = [one for one in node.body if isinstance(one, ast.FunctionDef) and ast.get_docstring(one)]
            found |= {method.name for method in methods}
    return frozenset(found)


def _is_protocol(node: ast.ClassDef) -> bool:
    return any("Protocol" in ast.unparse(base) for base in node.bases)


def _is_setter(method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(mark, ast.Attribute) and mark.attr in ("setter", "default") for mark in method.decorator_list)


def test_every_public_name_is_documented() -> None:
    assert [f"{name}: {one}" for name in FILES for one in undocumented(name)] == []
