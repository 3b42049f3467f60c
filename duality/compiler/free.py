"""Read as free variables what a comprehension that rests reads of the procedure around it, where that may be unbound.

    before   if x: f = 1                     (Python 3.11, where a comprehension is a function of its own)
             return [await self.price(a) for a in items if f]
    after    for a_1 in rest_of_1:  if (lambda: f)(): ...

Rule: a comprehension that rests becomes a loop of its handler, and from Python 3.12 on CPython inlines it as well.
Before, what it reads of the block around it is a free variable, and where that has no value another error says so.
A lambda that is called at once raises that very error; what is surely bound is read as it stands.
Source: language reference, 4.2.2; PEP 709 (inlined comprehensions).
"""

import ast
import sys
from collections.abc import Iterable, Iterator

from duality.compiler.bound import Bound
from duality.compiler.comprehensions import read_early
from duality.compiler.lower import Lowerer
from duality.compiler.scopes import bound_by, outside_of, own_nodes
from duality.compiler.slots import has_await
from duality.compiler.tree import Block, Statement, blocks

IS_FUNCTION = sys.version_info < (3, 12)
"""Whether this Python runs a comprehension as a function of its own."""
_LOOPS = (ast.ListComp, ast.SetComp, ast.DictComp)
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_FIELDS = ("node", "call", "test", "target", "items")  # of the statements that a comprehension becomes


def mark(body: list[ast.stmt]) -> bool:
    """Mark what the comprehensions of ``body`` that rest read from around them; says whether there is any.

    A mark is the identity of the name. Copies keep it.
    """
    found = False
    for node in (inner for statement in body for inner in own_nodes(statement)):
        if isinstance(node, _LOOPS) and has_await(node):
            own = {name for one in node.generators for inner in ast.walk(one.target) for name in bound_by(inner)}
            for inner in _evaluated(node):
                if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load) and inner.id not in own:
                    inner._read = id(inner)  # type: ignore[attr-defined]
                    found = True
    return found


def _evaluated(node: ast.AST) -> Iterator[ast.AST]:
    """What is below a comprehension and evaluated in its own function."""
    first = node.generators[0].iter  # type: ignore[attr-defined]
    waiting = list(ast.iter_child_nodes(node))
    while waiting:
        one = waiting.pop()
        if one is first:
            continue
        yield one
        if isinstance(one, _INNER):
            waiting += outside_of(one)
        elif isinstance(one, (ast.GeneratorExp, *_LOOPS)):
            waiting.append(one.generators[0].iter)
        else:
            waiting += ast.iter_child_nodes(one)


def doubtful(body: list[ast.stmt], lowerer: Lowerer, given: list[str], locals_: Iterable[str]) -> set[int]:
    """The marks of the reads in ``body``, as yet without cells, that may find no value. ``given``: the parameters."""
    lowered = lowerer.block(body, [])
    bound = Bound(lowered, given, {*locals_, *lowerer.temporaries})
    found = _never_sure(body)
    for block in blocks(lowered):
        for position, one in enumerate(block):
            doubt = bound.all - bound.before[id(block), position]
            for name in (inner for part in _parts(one) for inner in ast.walk(getattr(one, part))):
                if isinstance(name, ast.Name) and name.id in doubt and hasattr(name, "_read"):
                    found.add(name._read)
    return found


def _never_sure(body: list[ast.stmt]) -> set[int]:
    """The marks of the reads of what an inner function may delete, or what an outer comprehension reads too early."""
    nodes = [node for statement in body for node in ast.walk(statement)]
    shared = {name for node in nodes if isinstance(node, ast.Nonlocal) for name in node.names}
    gone = shared & {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)}
    places = [(nodes, gone), *((ast.walk(node), read_early(node)) for node in nodes if isinstance(node, _LOOPS))]
    reads = ((node, names) for inside, names in places for node in inside if isinstance(node, ast.Name))
    return {node._read for node, names in reads if node.id in names and hasattr(node, "_read")}


def read_as_free(body: Block, marks: set[int]) -> None:
    """Let the reads with these marks be those of a function: in ``body``, ``f`` becomes ``(lambda: f)()``."""
    calls = _Calls(marks)
    for one in (statement for block in blocks(body) for statement in block):
        for part in _parts(one):
            setattr(one, part, calls.visit(getattr(one, part)))


def _parts(one: Statement) -> list[str]:
    return [name for name in _FIELDS if isinstance(getattr(one, name, None), ast.AST)]


class _Calls(ast.NodeTransformer):
    def __init__(self, marks: set[int]) -> None:
        self.marks = marks

    def _read(self, node: ast.Name | ast.Attribute) -> ast.AST:
        if getattr(node, "_read", None) not in self.marks:
            return self.generic_visit(node)
        nothing = ast.arguments([], [], None, [], [], None, [])
        inner = ast.copy_location(ast.Lambda(nothing, node), node)
        return ast.copy_location(ast.Call(inner, [], []), node)

    visit_Name = visit_Attribute = _read
