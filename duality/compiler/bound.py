"""Compute which locals are surely bound before each statement.

    before   if found: x = 1
             await sleep(1)
    after    across the rest x may be unbound: the record must be able to say so

Rule: forward over the blocks; a handler starts with what was bound where its `try` began. Code that cannot be reached
has every name bound (ALL), so that it takes nothing away where paths meet.
"""

import ast
from collections.abc import Iterable

from duality.compiler.live import kills, targets
from duality.compiler.scopes import bound_by
from duality.compiler.tree import (
    Block,
    Break,
    Continue,
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
    blocks_of,
)  # fmt: skip

Names = frozenset[str]
Place = tuple[int, int]


class Bound:
    """``before[(id(block), position)]`` is what is surely bound there."""

    def __init__(self, body: Block, parameters: list[str], locals_: set[str]) -> None:
        self.all = frozenset(locals_)
        self.before: dict[Place, Names] = {}
        self._heads: dict[int, Names] = {}
        self._breaks: list[Names] = []
        self._continues: list[Names] = []
        self._exits: dict[tuple[int, str], Names] = {}
        self._block(body, frozenset(parameters))

    def _block(self, block: Block, bound: Names) -> Names:
        for position, one in enumerate(block):
            bound = self.at(block, position, bound)
            bound = self._statement(one, bound)
            if isinstance(one, Loop):  # it is come to from its own end too
                self.before[id(block), position] = self._heads.pop(id(one))
        return self.at(block, len(block), bound)

    # -- what the facts say; drop.py has facts of its own --------------------------------------------------------------

    def at(self, block: Block, position: int, bound: Names) -> Names:
        """Control comes to a place with these facts; gives those with which it goes on."""
        self.before[id(block), position] = bound
        return bound

    def binds(self, bound: Names, names: Iterable[str]) -> Names:
        """The facts once ``names`` have values."""
        return bound | frozenset(names)

    def unbinds(self, bound: Names, names: Iterable[str]) -> Names:
        """The facts once ``names`` have none any more."""
        return bound - frozenset(names)

    def perhaps(self, bound: Names, names: Iterable[str]) -> Names:
        """The facts once ``names`` may have been given values."""
        return bound

    def interrupted(self, bound: Names, block: Block) -> Names:
        """What is sure wherever an error may leave ``block``, which began with ``bound``."""
        # Some of its names are bound by then, or deleted.
        return bound - {name for node in simple_nodes(block) if isinstance(node, ast.Delete) for name in kills(node)}

    # -- statements ----------------------------------------------------------------------------------------------------

    def _statement(self, one: Statement, bound: Names) -> Names:
        if isinstance(one, Simple):
            return self._simple(one.node, bound)
        if isinstance(one, Rest):
            return self.binds(bound, [one.target]) if one.target else bound
        if isinstance(one, If):
            return self._block(one.body, bound) & self._block(one.orelse, bound)
        if isinstance(one, Match):
            after = self.all
            for case, body in one.cases:
                names = {name for inner in ast.walk(case.pattern) for name in bound_by(inner)}
                after &= self._block(body, self.binds(bound, names))
                if case.guard is not None:
                    bound = self.perhaps(bound, names)
            return after & bound
        if isinstance(one, Loop):
            return self._loop(one, bound)
        if isinstance(one, Try):
            return self._try(one, bound)
        if isinstance(one, With):
            names = {name for item in one.items for name in targets(item.optional_vars)}
            # The manager may swallow an error, so the block may end anywhere.
            return self._block(one.body, self.binds(bound, names)) & self.interrupted(bound, one.body)
        if isinstance(one, Break):
            self._breaks[-1] &= bound
        elif isinstance(one, Continue):
            self._continues[-1] &= bound
        elif isinstance(one, Leave):
            key = (id(one.to), one.key)
            self._exits[key] = self._exits.get(key, self.all) & bound
        assert isinstance(one, Break | Continue | Leave | Return)
        return self.all

    def _simple(self, node: ast.stmt, bound: Names) -> Names:
        if isinstance(node, ast.Raise):
            return self.all
        if isinstance(node, ast.Delete):
            return self.unbinds(bound, kills(node))
        return self.binds(bound, kills(node))

    def _loop(self, one: Loop, bound: Names) -> Names:
        head = bound
        while True:
            self._breaks.append(self.all)
            self._continues.append(self.all)
            end = self._block(one.body, self.binds(head, targets(one.target))) & self._continues.pop()
            broken = self._breaks.pop()
            if head <= end:
                self._heads[id(one)] = head
                break
            head &= end
        ended = self._block(one.orelse, self.all if one.endless else head)
        return ended & broken

    def _try(self, one: Try, bound: Names) -> Names:
        end = self._block(one.orelse, self._block(one.body, bound))
        thrown = self.interrupted(bound, one.body)
        for catch in one.catches:
            pending = [catch.pending] if catch.pending else []
            caught = self._block(catch.body, self.binds(thrown, pending))
            end &= caught if not one.finalbody and one.exits else self.unbinds(caught, pending)
        for key, body in one.exits.items():
            end &= self._block(body, self._exits.pop((id(one), key), self.all))
        if not one.finalbody:
            return end
        for block in [*(catch.body for catch in one.catches), one.orelse]:
            thrown = self.interrupted(thrown, block)
        self._block(one.finalbody, thrown)
        return self._block(one.finalbody, end)


def simple_nodes(block: Block) -> list[ast.stmt]:
    """Every simple statement below ``block``."""
    found = [one.node for one in block if isinstance(one, Simple)]
    for one in block:
        for _, inner in blocks_of(one):
            found.extend(simple_nodes(inner))
    return found
