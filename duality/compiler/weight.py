"""How much text a block would repeat if it were written out once more.

Rule: up to ``HEAVY`` statements are written where control comes to them (a reader sees the whole step, and an answer
that is there at once needs no dispatcher); more than that get a handler of their own. What follows a rest that never
answers at once belongs to the next handler and weighs nothing here.
"""

from duality.compiler.tree import Block, Rest, Return, blocks_of
from duality.graph import Node

HEAVY = 8


def weight(block: Block, always: frozenset[Node]) -> int:
    """Statements from the block's start to its first return, or rest at a point that is ``always`` one."""
    total = 0
    for statement in block:
        total += 1 + sum(weight(inner, always) for _, inner in blocks_of(statement))
        if isinstance(statement, Rest):
            if statement.node in always:
                break
            total += 1  # the call, and what is written down in case it rests
        elif isinstance(statement, Return):
            break
    return total
