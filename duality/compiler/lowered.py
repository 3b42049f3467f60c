"""A procedure ready to be ripped: its blocks, its names, and what is alive and bound at each place."""

import ast
import copy
import inspect
import itertools
from functools import partial

from attrs import define

from duality.compiler.bound import Bound
from duality.compiler.cells import cells_needed, copied, with_cells
from duality.compiler.free import IS_FUNCTION, doubtful, mark, read_as_free
from duality.compiler.live import Liveness
from duality.compiler.lower import Lowerer
from duality.compiler.points import Points, is_scope, points
from duality.compiler.read import Procedure
from duality.compiler.scopes import binding_count, own_nodes, parameters
from duality.compiler.tree import Block, Rest, blocks
from duality.graph import Node

RUNTIME_FUNCTIONS = (
    "each", "following", "hold", "iterate", "again", "under", "matches", "divide", "regroup", "manage",
)  # fmt: skip
RUNTIME_NAMES = (
    "f", "task", "value", "error", "Record", "Holding", "Generator", "Cell", "UNBOUND", "PENDING", "DONE",
    *RUNTIME_FUNCTIONS,
)  # fmt: skip


@define(eq=False)
class Lowered:
    """``names`` maps what the runtime provides to what it is called here (another name where the spec uses that one).

    ``order`` is the order of variables in a record: parameters, then as the source binds them, then temporaries.
    ``pieces`` has what became of each statement of the spec, by its identity, once per copy.
    """

    procedure: Procedure
    points: Points
    names: dict[str, str]
    taken: set[str]
    parameters: list[str]
    cells: dict[str, str]
    declarations: list[str]
    body: Block
    temporaries: list[str]
    pieces: dict[int, list[Block]]
    order: list[str]
    live: Liveness
    bound: Bound

    def signature(self) -> str:
        """The parameters of the first handler: the spec's own, and the task, which no keyword can reach.

        Making a generator is no message, so it has none.
        """
        arguments = copy.deepcopy(self.procedure.tree.args)
        for one in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
            one.annotation = None
        for extra in (arguments.vararg, arguments.kwarg):
            if extra is not None:
                extra.annotation = None
        if self.procedure.generates:
            return ast.unparse(arguments)
        task = ast.arg(self.names["task"])
        if self.procedure.owner is not None:
            own = arguments.posonlyargs or [arguments.args.pop(0)]
            arguments.posonlyargs = [own[0], task, *own[1:]]
        else:
            arguments.posonlyargs = [task, *arguments.posonlyargs]
        return ast.unparse(arguments)

    def living(self) -> dict[Node, tuple[str, ...]]:
        """The spec's own variables that live across each rest; where one stands in copies, across any of them."""
        own = {self.cells.get(name, name): name for name in binding_count(self.procedure.tree)}
        found: dict[Node, set[str]] = {}
        for block in blocks(self.body):
            for position, one in enumerate(block, 1):
                if isinstance(one, Rest):
                    alive = (self.live.before[id(block), position] - {one.target}) | self.live.errors[id(one)]
                    found.setdefault(one.node, set()).update(alive)
        return {node: tuple(own[name] for name in own if name in alive) for node, alive in found.items()}

    def message(self, call: ast.Call, task: str) -> ast.Call:
        """The call as a message: it names its sender first."""
        sender = ast.parse(task, mode="eval").body
        return ast.Call(call.func, [sender, *call.args], call.keywords)


def lower(procedure: Procedure) -> Lowered:
    """Lower ``procedure`` and analyse it. Raises SpecError for what cells cannot hold."""
    tree = procedure.tree
    taken = _names_used(tree)
    names = {base: _unused(base, taken) for base in RUNTIME_NAMES}
    taken |= set(names.values())
    counts = binding_count(tree)
    cells = {name: _unused(f"{name}_cell", taken) for name in cells_needed(procedure)}
    taken |= set(cells.values())
    walrus = {node.target.id for node in ast.walk(tree) if isinstance(node, ast.NamedExpr)}
    unsettled = walrus | {name for name in taken if name not in counts and not _provided(procedure, name)}
    where = points(procedure)
    plain = _body(procedure)
    marked = IS_FUNCTION and mark(plain)
    statements = with_cells(plain, cells)
    order = [cells.get(name, name) for name in counts]
    given = [name for name in parameters(tree.args) if name in counts]
    start = [*(name for name in given if name not in cells), *cells.values()]

    def lowerer_of(statements: list[ast.stmt]) -> Lowerer:
        return Lowerer(where, set(taken), unsettled, names, _watched(statements), partial(is_scope, procedure))

    while True:
        lowerer = lowerer_of(statements)
        body = lowerer.block(statements, [])
        every = [*order, *lowerer.temporaries]
        live, bound = Liveness(body, set(every)), Bound(body, start, set(every))
        # The value of a name that stands before a rest in an expression is taken then: where it has none, that is said.
        unbound = _perhaps_unbound(body, live, bound) & set(counts) - unsettled
        if not unbound:
            break
        unsettled |= unbound
    if marked:
        read_as_free(body, doubtful(plain, lowerer_of(plain), given, counts))
    return Lowered(
        procedure, where, names, lowerer.taken, parameters(tree.args), cells, _declarations(tree), body,
        lowerer.temporaries, lowerer.pieces, every, live, bound,
    )  # fmt: skip


def _perhaps_unbound(body: Block, live: Liveness, bound: Bound) -> set[str]:
    """The names that are read after some rest, and may have no value when it comes."""
    found: set[str] = set()
    for block in blocks(body):
        for position, one in enumerate(block):
            if isinstance(one, Rest):
                found |= live.before[id(block), position + 1] - {one.target} - bound.before[id(block), position]
    return found


def _watched(body: list[ast.stmt]) -> set[int]:
    """The ``except ... as name`` clauses outside of which the procedure reads ``name``, by identity."""
    nodes = [node for one in body for node in own_nodes(one)]
    found = set()
    for handler in nodes:
        if isinstance(handler, ast.ExceptHandler) and handler.name:
            inside = {id(node) for node in own_nodes(handler)}
            read = (node for node in nodes if isinstance(node, ast.Name) and node.id == handler.name)
            if any(isinstance(node.ctx, ast.Load) and id(node) not in inside for node in read):
                found.add(id(handler))
    return found


def _body(procedure: Procedure) -> list[ast.stmt]:
    """The statements without the docstring, `super()` written out (a handler's first argument is not self)."""
    body = list(procedure.tree.body)
    if ast.get_docstring(procedure.tree) is not None:
        body = body[1:]
    if not any(_is_super(node) for one in body for node in ast.walk(one)):
        return body
    body = copied(body)
    for node in itertools.chain.from_iterable(ast.walk(one) for one in body):
        if _is_super(node):
            first = parameters(procedure.tree.args)[0]
            node.args = [ast.copy_location(ast.Name(name, ast.Load()), node) for name in ("__class__", first)]  # type: ignore[attr-defined]
    return body


def _is_super(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node) == "super()"


def _declarations(tree: ast.AsyncFunctionDef) -> list[str]:
    found = []
    for node in itertools.chain.from_iterable(own_nodes(statement) for statement in tree.body):
        if isinstance(node, ast.Global | ast.Nonlocal):
            word = "global" if isinstance(node, ast.Global) else "nonlocal"
            found.append(f"{word} {', '.join(node.names)}")
    return found


def _names_used(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        for attribute in ("id", "arg", "name", "rest"):
            value = getattr(node, attribute, None)
            if isinstance(value, str):
                found.add(value)
    return found


def _unused(base: str, taken: set[str]) -> str:
    while base in taken:
        base += "_"
    return base


def _provided(procedure: Procedure, name: str) -> bool:
    """Whether a global name is a function: what calls it does not care when it was looked up."""
    return inspect.isroutine(procedure.lookup(name))
