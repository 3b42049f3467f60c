"""Short names for nodes: as short as tells them apart within their procedure, and no shorter.

    wait:self.not_full          when no other node of the procedure is called so
    wait:self.not_full@15       when one is, on another line
    wait:self.not_full@15#3     when one is, on the same line: the ordinal decides

Rule: a name depends on the nodes of its own procedure only, so an edit elsewhere leaves a golden text as it was.
"""

from collections import Counter
from collections.abc import Iterable

from duality.graph.node import Node


def short_names(nodes: Iterable[Node], *, lines: bool = False) -> dict[Node, str]:
    """Give each node a name that no other node of its procedure among ``nodes`` has.

    lines: write the line even where the bare name would do, as a report should.
    """
    nodes = tuple(nodes)
    bare = {node: node.name for node in nodes}
    lined = {node: f"{node.name}@{node.line}" for node in nodes}
    full = {node: f"{node.name}@{node.line}#{node.ordinal}" for node in nodes}
    chosen = {}
    bare_uses, lined_uses = _uses(bare), _uses(lined)
    for node in nodes:
        if bare_uses[node.procedure, bare[node]] == 1 and not lines:
            chosen[node] = bare[node]
        elif lined_uses[node.procedure, lined[node]] == 1:
            chosen[node] = lined[node]
        else:
            chosen[node] = full[node]
    return chosen


def _uses(names: dict[Node, str]) -> Counter[tuple[str, str]]:
    return Counter((node.procedure, name) for node, name in names.items())
