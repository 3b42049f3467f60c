"""Where a block of the lowered program stands, and where control goes from its end.

Rule: asked, never told: the parents are read off the tree once; nothing here writes text.
"""

from attrs import define

from duality.compiler.tree import Block, Loop, Statement, Try, blocks_of


@define(eq=False)
class Parent:
    """The statement that a block belongs to, the block's role there, and where that statement stands."""

    statement: Statement
    role: str
    block: Block
    position: int


class Places:
    """The blocks of one procedure."""

    def __init__(self, body: Block) -> None:
        self._parents: dict[int, Parent] = {}
        self._note(body)

    def _note(self, block: Block) -> None:
        for position, statement in enumerate(block):
            for role, inner in blocks_of(statement):
                self._parents[id(inner)] = Parent(statement, role, block, position)
                self._note(inner)

    def parent(self, block: Block) -> Parent | None:
        """What ``block`` is part of; None for the procedure's own block."""
        return self._parents.get(id(block))

    def loop_around(self, block: Block) -> Parent:
        """The innermost loop around ``block`` (there is one: `break` and `continue` stand in loops only)."""
        parent = self._parents[id(block)]
        while parent.role != "loop":
            parent = self._parents[id(parent.block)]
        return parent

    def enclosed(self, block: Block) -> bool:
        """Whether the text at ``block`` stands inside a ``try`` or a handler, anywhere up to the procedure."""
        while (parent := self.parent(block)) is not None:
            if parent.role in ("try", "catch"):
                return True
            block = parent.block
        return False

    def handling(self, block: Block) -> bool:
        """Whether ``block`` is, or stands in, an ``except`` of the procedure: an error is being handled there."""
        while (parent := self.parent(block)) is not None:
            if parent.role == "catch":
                return True
            block = parent.block
        return False

    def settle(self, block: Block, place: int) -> tuple[Block, int]:
        """The place itself, or, at the end of a block, the place where control goes from there."""
        while place == len(block) and (parent := self.parent(block)) is not None:
            statement = parent.statement
            if parent.role == "try" and isinstance(statement, Try) and statement.orelse:
                block, place = statement.orelse, 0
            elif parent.role == "exit":
                break
            else:
                block, place = parent.block, parent.position + (parent.role != "loop")
        return block, place

    def word(self, block: Block, place: int) -> str:
        """What a handler that is jumped to, there, is called after."""
        parent = self.parent(block)
        if parent is not None and parent.role == "exit" and place == 0:
            return "leaving"
        return "loop" if place < len(block) and isinstance(block[place], Loop) else "then"
