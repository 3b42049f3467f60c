"""Find the locals to drop before a thread blocks: those that may hold a value nobody will read again.

    before   page = fetch();  size = len(page);                      await sleep(size);  return size
    after    page = fetch();  size = len(page);  del page;           await sleep(size);  return size

Rule: what is alive is ``live.py``'s affair; this file follows which variables hold something, forward over the lowered
blocks, and looks at the places in front of a statement that blocks. One whose last use is in that very statement (an
argument of the call, say) stays until it is over; so does one that dies between an ``if`` and its ``elif``, or by the
error that leaves an ``async with``: no line of the spec comes between. What the statement around holds anyway (the list
that a ``for`` goes through, a scope) keeps its name as long. Never dropped: ``self`` (its module outlives the task, so
nothing would be freed, and ``super()`` reads it unseen), and what an inner function, class or generator shares.
Source: von Behren et al. 2003, section 4.2 (purge what is not live before a blocking call).
"""

import ast
from collections.abc import Iterable

from attrs import frozen

from duality.compiler.bound import Bound
from duality.compiler.lowered import Lowered
from duality.compiler.points import meaning
from duality.compiler.read import Procedure
from duality.compiler.scopes import binding_count, bound_by, captures, comprehension_reads, own_nodes
from duality.compiler.stops import Place, Places, Stop, stops
from duality.compiler.tree import Block, If, Loop, Match, Rest, Return, Simple, Statement, Try, With, blocks
from duality.spec.verbs import scope

Names = frozenset[str]
_HOLDING = (enumerate, iter, range, reversed, zip)  # what these give holds what they are given


@frozen
class Drop:
    """What is dropped at a stop: the ``bound``, and the ``doubtful``, which may be unbound already."""

    stop: Stop
    bound: tuple[str, ...]
    doubtful: tuple[str, ...]

    def __str__(self) -> str:
        parts = [f"del {', '.join(self.bound)}"] if self.bound else []
        if self.doubtful:
            parts.append(" = ".join([*self.doubtful, "None"]))
        return "; ".join(parts)


def drops(lowered: Lowered) -> list[Drop]:
    """What to drop where, in source order."""
    names = droppable(lowered.procedure)
    where = Places(lowered)
    dead: dict[Stop, Names] = {}
    by_place: dict[Place, Stop] = {}
    for stop in stops(lowered.procedure):
        places = list(where.places(stop))
        alive = {name for place in places for name in lowered.live.before[place]}
        if places:
            dead[stop] = frozenset(names) - alive - kept(lowered.procedure, stop)
            by_place.update(dict.fromkeys(places, stop))
    held = Held(lowered, names, by_place, dead)
    found = []
    for stop, facts in held.seen.items():
        gone = [name for name in names if name in dead[stop] and nothing(name) not in facts]
        if gone:
            bound = tuple(name for name in gone if name in facts)
            found.append(Drop(stop, bound, tuple(name for name in gone if name not in facts)))
    return found


def droppable(procedure: Procedure) -> list[str]:
    """The locals that nothing else may look at, in the order in which they are bound."""
    tree = procedure.tree
    names = list(binding_count(tree))
    shared = captures(tree)
    for node in (inner for statement in tree.body for inner in own_nodes(statement)):
        if isinstance(node, ast.GeneratorExp):  # it may be kept, whatever it is handed to
            first, *rest = node.generators
            again = ast.comprehension(first.target, ast.Constant(None), first.ifs, first.is_async)
            shared |= comprehension_reads(ast.GeneratorExp(node.elt, [again, *rest]))
    static = isinstance(vars(procedure.owner).get(procedure.name), staticmethod) if procedure.owner else True
    return [name for name in names[0 if static else 1 :] if name not in shared]


def kept(procedure: Procedure, stop: Stop) -> set[str]:
    """The names that stay at a stop though nobody reads them: what is around holds their values, or unbinds them."""
    found, clauses = set(), {node.name for node in ast.walk(procedure.tree) if isinstance(node, ast.ExceptHandler)}
    for outer in stop.around:
        if isinstance(outer, ast.For | ast.AsyncFor):
            bound = {name for one in outer.body for inner in own_nodes(one) for name in bound_by(inner)}
            found |= _gone_through(procedure, outer.iter) - bound
        elif isinstance(outer, ast.AsyncWith):
            scopes = (one for one in outer.items if _calls(procedure, one.context_expr, (scope,)))
            found |= {one.optional_vars.id for one in scopes if isinstance(one.optional_vars, ast.Name)}
        elif isinstance(outer, ast.ExceptHandler):
            clauses.discard(outer.name)
    elsewhere = binding_count(procedure.tree)
    here = [node.name for node in ast.walk(procedure.tree) if isinstance(node, ast.ExceptHandler)]
    return found | {name for name in clauses if name and here.count(name) == elsewhere.get(name)}


def _gone_through(procedure: Procedure, items: ast.expr) -> set[str]:
    """The names whose values an iterator over ``items`` holds."""
    if isinstance(items, ast.Call) and _calls(procedure, items, _HOLDING):
        return {one.id for one in items.args if isinstance(one, ast.Name)}
    return {items.id} if isinstance(items, ast.Name) else set()


def _calls(procedure: Procedure, call: ast.expr, functions: tuple[object, ...]) -> bool:
    return isinstance(call, ast.Call) and any(meaning(procedure, call.func) is one for one in functions)


# -- what holds a value ------------------------------------------------------------------------------------------------


def nothing(name: str) -> str:
    """The fact that a variable surely holds nothing: it is unbound, or a drop has made it None."""
    return f"no {name}"


class Held(Bound):
    """A fact is a name, when it is surely bound, or ``nothing(name)``. ``seen``: the facts at each stop."""

    def __init__(self, lowered: Lowered, names: list[str], stops: dict[Place, Stop], dead: dict[Stop, Names]) -> None:
        self.names = frozenset(names)
        self.stops = stops
        self.dead = dead
        self.seen: dict[Stop, Names] = {}
        # Which way an `except` clause is left, and its name unbound, is not followed.
        tree = lowered.procedure.tree
        self.doubtful = {node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name}
        start = self.names.intersection(lowered.parameters)
        empty = {nothing(name) for name in self.names - start}
        every = self.names | {nothing(name) for name in self.names}
        super().__init__(lowered.body, [*start, *empty], set(every))

    def at(self, block: Block, position: int, bound: Names) -> Names:
        """At a stop the dead are dropped."""
        stop = self.stops.get((id(block), position))
        if stop is None:
            return bound
        self.seen[stop] = self.seen.get(stop, self.all) & bound
        return self.unbinds(bound, self.dead[stop])

    def binds(self, bound: Names, names: Iterable[str]) -> Names:
        """They hold something."""
        names = self.names.intersection(names)
        return (bound | (names - self.doubtful)) - {nothing(name) for name in names}

    def unbinds(self, bound: Names, names: Iterable[str]) -> Names:
        """They hold nothing."""
        names = self.names.intersection(names)
        return (bound - names) | {nothing(name) for name in names}

    def perhaps(self, bound: Names, names: Iterable[str]) -> Names:
        """They may hold something."""
        return bound - {nothing(name) for name in self.names.intersection(names)}

    def interrupted(self, bound: Names, block: Block) -> Names:
        """What the block may drop is not surely bound, what it may bind is not surely nothing."""
        bound = super().interrupted(bound, block)
        for inner in blocks(block):
            for position in range(len(inner) + 1):
                if (stop := self.stops.get((id(inner), position))) is not None:
                    bound -= self.dead[stop]
            for one in inner:
                last = one is block[-1] and isinstance(one, Rest | Simple)
                bound = self.perhaps(bound, _binds(one, done=not last))
        return bound

    def _statement(self, one: Statement, bound: Names) -> Names:
        # What an expression binds (`:=`), it may bind or not.
        return super()._statement(one, self.perhaps(bound, _binds(one, done=False)))


def _binds(one: Statement, done: bool) -> set[str]:
    """The names that a statement may bind or delete, the blocks below it left out.

    done: False leaves out what an assignment, or a pattern, binds when all else is done, and nothing can fail any more.
    """
    parts: list[ast.AST | None] = []
    found: set[str] = set()
    if isinstance(one, Simple):
        bare = isinstance(one.node, ast.AnnAssign) and one.node.value is None  # `x: int` binds nothing
        plain = isinstance(one.node, ast.Assign) and all(isinstance(target, ast.Name) for target in one.node.targets)
        parts = [] if bare else [one.node.value if plain and not done else one.node]  # type: ignore[attr-defined]
    elif isinstance(one, Rest):
        parts, found = [one.call], {one.target} if one.target and done else set()
    elif isinstance(one, If):
        parts = [one.test]
    elif isinstance(one, Match):
        parts = [one.subject, *(case.guard for case, _ in one.cases)]
        parts += [case.pattern for case, _ in one.cases] if done else []
    elif isinstance(one, Loop):
        parts = [one.test, one.target, one.items]
    elif isinstance(one, With):
        parts = [*one.items]
    elif isinstance(one, Return):
        parts = [one.value]
    elif isinstance(one, Try):
        found = {catch.pending for catch in one.catches}
    nodes = [inner for part in parts if part is not None for inner in own_nodes(part)]
    own = {id(inner) for node in nodes if isinstance(node, ast.comprehension) for inner in ast.walk(node.target)}
    return found | {name for inner in nodes if id(inner) not in own for name in bound_by(inner)}
