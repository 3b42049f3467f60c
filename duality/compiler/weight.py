"""How much text a block would repeat if it were written out once more.

Rule: up to ``HEAVY`` statements are written where control comes to them (a reader sees the whole step, and no record is
made for a jump); more than that get a handler of their own. What follows a rest belongs to the next handler and weighs
nothing here.
"""

from duality.compiler.tree import Block, Rest, Return, blocks_of

HEAVY = 8


def weight(block: Block) -> int:
    """Statements from the block's start to its first unconditional rest or return."""
    total = 0
    for statement in block:
        total += 1 + sum(weight(inner) for _, inner in blocks_of(statement))
        if isinstance(statement, Rest | Return):
            break
    return total
