"""Compute what is alive before each statement: what some path may still read before it is bound again.

    before   x = parse(line); y = await read(x); return x + y
    after    {line}           {x}                {x, y}

Rule: backward over the blocks, to a fixed point in loops; where an error may go to a handler, what the handler reads is
alive too. Inside a handler the error itself is alive: the handler may rest, and must find it again.
Source: von Behren et al. 2003, section 4.2 (live variables across a blocking point).
"""

import ast

from attrs import evolve, field, frozen

from duality.compiler.scopes import bound_by, own_nodes, reads
from duality.compiler.tree import (
    Block,
    Break,
    Catch,
    If,
    Leave,
    Loop,
    Match,
    Rest,
    Return,
    Simple,
    Statement,
    Try,
    With,
)  # fmt: skip

Names = frozenset[str]
Place = tuple[int, int]  # (identity of a block, position in it)
NONE: Names = frozenset()


@frozen
class _Ways:
    """Where control may go from here, as what is alive there."""

    error: Names = NONE
    breaks: Names = NONE
    continues: Names = NONE
    exits: dict[tuple[int, str], Names] = field(factory=dict)


class Liveness:
    """``before[(id(block), position)]`` is what is alive there; position ``len(block)`` is the block's end.

    ``errors[id(rest)]`` is what is alive if that rest fails: the target of a failed rest keeps its old value.
    """

    def __init__(self, body: Block, locals_: set[str]) -> None:
        self.locals = locals_
        self.before: dict[Place, Names] = {}
        self.errors: dict[int, Names] = {}  # by identity of a rest: what is alive if it fails
        self._block(body, NONE, _Ways())

    def reads(self, *expressions: ast.AST | None) -> Names:
        """The locals that the expressions read."""
        return frozenset(name for one in expressions if one is not None for name in reads(one)) & self.locals

    def _block(self, block: Block, after: Names, ways: _Ways) -> Names:
        self.before[id(block), len(block)] = after
        for position in range(len(block) - 1, -1, -1):
            after = self._statement(block[position], after, ways) | ways.error
            self.before[id(block), position] = after
        return after

    def _statement(self, one: Statement, after: Names, ways: _Ways) -> Names:
        if isinstance(one, Simple):
            jumps = isinstance(one.node, ast.Raise)
            return (NONE if jumps else after - kills(one.node)) | self.reads(one.node) | self._augmented(one.node)
        if isinstance(one, Rest):
            self.errors[id(one)] = ways.error
            return (after - {one.target}) | self.reads(one.call)
        if isinstance(one, If):
            body, orelse = self._block(one.body, after, ways), self._block(one.orelse, after, ways)
            return body | orelse | self.reads(one.test)
        if isinstance(one, Match):
            return self._match(one, after, ways)
        if isinstance(one, Loop):
            return self._loop(one, after, ways)
        if isinstance(one, Try):
            return self._try(one, after, ways)
        if isinstance(one, With):
            names = frozenset(name for item in one.items for name in targets(item.optional_vars))
            inside = self._block(one.body, after, evolve(ways, error=ways.error | after)) - names
            return inside | self.reads(*one.items)
        if isinstance(one, Return):
            return self.reads(one.value)
        if isinstance(one, Leave):
            return ways.exits.get((id(one.to), one.key), NONE)
        return ways.breaks if isinstance(one, Break) else ways.continues

    def _augmented(self, node: ast.stmt) -> Names:
        # `x += 1` reads x, though its target stands in a storing role.
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            return frozenset({node.target.id}) & self.locals
        if isinstance(node, ast.Delete):
            return frozenset(name for one in node.targets for name in targets(one)) & self.locals
        return NONE

    def _match(self, one: Match, after: Names, ways: _Ways) -> Names:
        alive = after | self.reads(one.subject)
        for case, body in one.cases:
            bound = {name for inner in ast.walk(case.pattern) for name in bound_by(inner)}
            alive |= (self._block(body, after, ways) | self.reads(case.guard)) - bound | self.reads(case.pattern)
        return alive

    def _loop(self, one: Loop, after: Names, ways: _Ways) -> Names:
        ended = self._block(one.orelse, after, ways)
        head = NONE if one.endless else ended
        while True:
            inside = evolve(ways, breaks=after, continues=head)
            body = self._block(one.body, head, inside)
            if one.target is not None:
                body = (body - frozenset(targets(one.target))) | self.reads(one.target)
            again = body | (NONE if one.endless else ended) | self.reads(one.test, one.items) | ways.error
            if again == head:
                return head
            head = again

    def _try(self, one: Try, after: Names, ways: _Ways) -> Names:
        if one.finalbody:
            raising, going_on = (self._block(one.finalbody, then, ways) for then in (ways.error, after))
            self._block(one.finalbody, after | ways.error, ways)  # it is written once, and holds for both
            after, ways = going_on, evolve(ways, error=raising)
        exits = dict(ways.exits)
        for key, body in one.exits.items():
            exits[id(one), key] = self._block(body, after, ways)  # an `else` falls off its end, the others jump
        caught = ways.error
        for catch in one.catches:
            caught |= self._catch(catch, after, evolve(ways, exits=exits)) | self.reads(catch.type)
        orelse = self._block(one.orelse, after, evolve(ways, exits=exits))
        return self._block(one.body, orelse, evolve(ways, exits=exits, error=caught))

    def _catch(self, catch: Catch, after: Names, ways: _Ways) -> Names:
        pending = frozenset({catch.pending} if catch.pending else ())
        inside = evolve(ways, error=ways.error | pending)
        return self._block(catch.body, after, inside) - pending


def kills(node: ast.stmt) -> Names:
    """The names that a simple statement surely binds (or unbinds)."""
    if isinstance(node, ast.Assign):
        return frozenset(name for target in node.targets for name in targets(target))
    if isinstance(node, ast.AnnAssign):
        return frozenset(targets(node.target)) if node.value is not None else NONE
    if isinstance(node, ast.Delete):
        return frozenset(name for target in node.targets for name in targets(target))
    if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef):
        return frozenset(bound_by(node))
    return NONE


def targets(target: ast.expr | None) -> list[str]:
    """The names that an assignment target binds."""
    return [] if target is None else [name for inner in own_nodes(target) for name in bound_by(inner)]
