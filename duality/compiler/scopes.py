"""Which names are local to a procedure, and which of them inner functions capture.

Rule: Python's own scoping (language reference, 4.2.2): a name is local if it is bound anywhere in the function's own
block; the targets of a comprehension belong to the comprehension; those of a lambda to the lambda.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping

from duality.compiler.once import once

FunctionTree = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_TYPE_ALIAS: tuple[type, ...] = (ast.TypeAlias,) if hasattr(ast, "TypeAlias") else ()  # `type X = ...`, Python 3.12
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
# Handed a generator expression, these have used it up before they return: it captures nothing for later.
_CONSUMERS = frozenset(
    {"all", "any", "dict", "frozenset", "list", "max", "min", "set", "sorted", "sum", "tuple", "join"}
)


def parameters(arguments: ast.arguments) -> list[str]:
    """The names of all parameters, in order."""
    every = [*arguments.posonlyargs, *arguments.args]
    every += [arguments.vararg] if arguments.vararg else []
    every += arguments.kwonlyargs
    every += [arguments.kwarg] if arguments.kwarg else []
    return [one.arg for one in every]


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """``node`` and what is below it in the same block: inner functions and classes are given, not entered."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, _INNER):
            waiting += reversed(outside_of(one))
        else:
            waiting += [*ast.iter_child_nodes(one)][::-1]


def outside_of(node: FunctionTree | ast.ClassDef) -> list[ast.expr]:
    """The expressions of an inner function or class that are evaluated where it stands, in order of evaluation."""
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *(word.value for word in node.keywords)]
    defaults = [*node.args.defaults, *(one for one in node.args.kw_defaults if one is not None)]
    return defaults if isinstance(node, ast.Lambda) else [*node.decorator_list, *defaults, *annotations(node)]


def annotations(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr]:
    """The annotations of an inner function, in CPython's order: plain parameters come before positional-only ones."""
    arguments = node.args
    every = [*arguments.args, *arguments.posonlyargs, *([arguments.vararg] if arguments.vararg else [])]
    every += [*arguments.kwonlyargs, *([arguments.kwarg] if arguments.kwarg else [])]
    found = [one.annotation for one in every if one.annotation is not None]
    return [*found, node.returns] if node.returns is not None else found


def type_parameters(node: ast.AST) -> set[str]:
    """The names of ``[T, *Ts, **P]`` behind the name of a function, a class or a type (Python 3.12)."""
    return {str(one.name) for one in getattr(node, "type_params", ())}


def first_line(statement: ast.stmt) -> int:
    """The line where a statement begins, its decorators included."""
    marks: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(mark.lineno for mark in marks)])


def bound_by(node: ast.AST) -> list[str]:
    """The names that one AST node binds in its own block (not what its children bind)."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        return [node.id]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(alias.asname or alias.name.partition(".")[0]) for alias in node.names]
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        return [node.name]
    if isinstance(node, ast.MatchMapping) and node.rest:
        return [node.rest]
    return []


@once
def binding_count(tree: ast.FunctionDef | ast.AsyncFunctionDef) -> Mapping[str, int]:
    """How many places bind each local name: parameters first, then in source order. Global names are left out."""
    counts = dict.fromkeys(parameters(tree.args), 1)
    elsewhere: set[str] = set()
    for statement in tree.body:
        nodes = list(own_nodes(statement))
        targets = _of_comprehensions(nodes)
        for node in nodes:
            if isinstance(node, ast.Global | ast.Nonlocal):
                elsewhere.update(node.names)
            for name in bound_by(node) if node not in targets else ():
                counts[name] = counts.get(name, 0) + 1
    return {name: count for name, count in counts.items() if name not in elsewhere}


def _of_comprehensions(nodes: Iterable[ast.AST]) -> set[ast.AST]:
    """The names among ``nodes`` that comprehensions among them bind: their own, and nobody else's."""
    outer = (node for node in nodes if isinstance(node, _COMPREHENSIONS))
    targets = (inner for node in outer for generator in node.generators for inner in ast.walk(generator.target))
    return {inner for inner in targets if isinstance(inner, ast.Name)}


def reads(node: ast.AST) -> set[str]:
    """The names that evaluating ``node`` may look up in its own block, captures of inner functions included."""
    found: set[str] = set()
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Load) else set()
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
        found |= captured_by(node)
        for expression in outside_of(node):
            found |= reads(expression)
        return found
    if isinstance(node, _COMPREHENSIONS):
        return comprehension_reads(node)
    for child in ast.iter_child_nodes(node):
        found |= reads(child)
    return found


def comprehension_reads(node: ast.AST) -> set[str]:
    """What a comprehension reads of the block around it."""
    first: ast.comprehension = node.generators[0]  # type: ignore[attr-defined]
    return reads(first.iter) | _read_inside(node)


def _read_inside(node: ast.AST) -> set[str]:
    """The same without its first iterable, which is evaluated at once, in the block around it."""
    generators: list[ast.comprehension] = getattr(node, "generators", [])
    targets = {name for one in generators for inner in ast.walk(one.target) for name in bound_by(inner)}
    parts = [child for child in ast.iter_child_nodes(node) if child not in generators]
    for place, one in enumerate(generators):
        parts += [one.target, *one.ifs, *([one.iter] if place else [])]
    return {name for part in parts for name in reads(part)} - targets


def captured_by(node: FunctionTree | ast.ClassDef) -> set[str]:
    """The names of enclosing blocks that an inner function or class refers to (reads or, with nonlocal, binds)."""
    hidden = own_names(node)
    body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else list(node.body)
    through: set[str] = set()
    if isinstance(node, ast.ClassDef):  # functions and comprehensions in a class do not see the names it binds
        through = {name for one in body for inner in own_nodes(one) for name in _beneath(inner)}
    read = {name for one in [*body, *getattr(node, "type_params", ())] for name in reads(one)}
    return ((read - hidden) | through | declared(body, ast.Nonlocal)) - type_parameters(node)


def _beneath(node: ast.AST) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
        return captured_by(node)
    return _read_inside(node) if isinstance(node, _COMPREHENSIONS) else set()


def own_names(node: FunctionTree | ast.ClassDef) -> set[str]:
    """The names that an inner function or class hides from the block around it: its own, and its globals."""
    body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else list(node.body)
    local = set() if isinstance(node, ast.ClassDef) else set(parameters(node.args))
    for statement in body:
        nodes = list(own_nodes(statement))
        targets = _of_comprehensions(nodes)
        local.update(name for inner in nodes if inner not in targets for name in bound_by(inner))
    return (local | declared(body, ast.Global) | type_parameters(node)) - declared(body, ast.Nonlocal)


def declared(body: list[ast.AST], kind: type[ast.Global] | type[ast.Nonlocal]) -> set[str]:
    """The names that a block declares global, or nonlocal."""
    return {name for one in body for inner in own_nodes(one) if isinstance(inner, kind) for name in inner.names}


@once
def captures(tree: ast.AsyncFunctionDef) -> frozenset[str]:
    """The locals that an inner function, class or kept generator expression may still use after a rest."""
    return frozenset(captured_in(tree.body) & set(binding_count(tree)))


def captured_in(body: list[ast.stmt]) -> set[str]:
    """The same of a part of a block; names that are no locals may be among them."""
    found: set[str] = set()
    calls = (call for one in body for call in ast.walk(one) if isinstance(call, ast.Call))
    alone = (call for call in calls if len(call.args) == 1 and not call.keywords)
    consumed = {id(call.args[0]) for call in alone if _callee(call) in _CONSUMERS}
    for statement in body:
        for node in own_nodes(statement):
            if isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
                found |= captured_by(node)
            elif isinstance(node, _TYPE_ALIAS):  # its value is evaluated when somebody asks for it
                found |= reads(node.value) - type_parameters(node)  # type: ignore[attr-defined]
            elif isinstance(node, ast.GeneratorExp) and id(node) not in consumed:
                found |= _read_inside(node)
    return found


def _callee(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
