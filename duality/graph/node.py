"""A node is a point of the source that may block; an edge is the code between two of them.

Three rules hold in this file:

1. Nodes and edges are values. Two readers of two different texts (spec, events, threads) that find the same
   point make equal nodes, so whole graphs can be compared with ``==``.
2. What a node *is* (procedure, kind, ordinal, line) takes part in equality; how it is *called* (its label) does not.
3. Sorting is source order: by procedure, then by position within it. Nothing here depends on ``id()`` or hash seeds.
"""

from functools import lru_cache, total_ordering

from attrs import field, frozen, validators

KINDS: dict[str, str] = {
    "begin": "a task or a call enters the procedure",
    "enter": "an entry waits until its module accepts it",
    "call": "a call out to another procedure, which may block; one node stands for the whole callee",
    "wait": "a condition's wait",
    "join": "waiting for a forked task to end",
    "io": "the I/O core is asked for something: network or disk",
    "sleep": "a pause until a moment of the clock",
    "yield": "a rest given away freely, ready again at once",
    "produce": "an asynchronous generator gives a value, and goes on when it is asked for the next",
    "reply": "the caller is answered; what follows goes on as a task of its own",
    "end": "the procedure has returned or raised",
}
"""The kinds of node and what blocks at each. A compiler may need others: they are allowed, and drawn as plain boxes."""


@total_ordering
@frozen(order=False, cache_hash=True)
class Node:
    """One point of a procedure that may block, or its begin or end.

    procedure: qualified name, as in ``Buffer.put``.   kind: a key of ``KINDS``, or a kind of the caller's own.
    ordinal: position among all the procedure's nodes in source order, begin being 0 and end the last.
    line: line of the spec, counted from 1.   label: what is waited for, as in ``self.not_full``; not compared.
    Raises ValueError if ordinal or line is negative.
    Source: von Behren et al. 2003, section 4.1 (the blocking graph).
    """

    procedure: str
    kind: str
    ordinal: int = field(validator=validators.ge(0))
    line: int = field(validator=validators.ge(0))
    label: str = field(default="", eq=False)

    def __lt__(self, other: "Node") -> bool:
        # Ordinal before kind, unlike the order of the fields: a listing then reads from top to bottom of the source.
        mine = (self.procedure, self.ordinal, self.line, self.kind)
        return mine < (other.procedure, other.ordinal, other.line, other.kind)

    @property
    def name(self) -> str:
        """The node within its procedure: ``begin``, or kind and label as in ``wait:self.not_full``; always one line."""
        label = " ".join(self.label.split())
        return self.kind if label in ("", self.kind) else f"{self.kind}:{label}"

    def __str__(self) -> str:
        """The node anywhere: ``Buffer.put wait:self.not_full (line 15)``."""
        return f"{self.procedure} {self.name} (line {self.line})"


@lru_cache(maxsize=65536)
def node_of(procedure: str, kind: str, ordinal: int, line: int, label: str) -> Node:
    """The node of these fields (see ``Node``): one object, whoever asks; so nodes are mostly equal at first sight."""
    return Node(procedure, kind, ordinal, line, label)


@frozen(order=True, cache_hash=True)
class Edge:
    """Code that runs from one node to another without blocking, all of it inside one procedure.

    An edge from a node to itself is a loop that comes back to the same blocking point (``while``: wait again).
    Raises ValueError if the two nodes belong to different procedures: a call out is a node, never an edge.
    """

    source: Node
    target: Node

    def __attrs_post_init__(self) -> None:
        if self.source.procedure != self.target.procedure:
            raise ValueError(
                f"an edge stays within one procedure, but this one goes from {self.source} to {self.target};"
                " use a node of kind `call` for the whole callee"
            )

    @property
    def procedure(self) -> str:
        """The procedure both ends belong to."""
        return self.source.procedure

    def __str__(self) -> str:
        return f"{self.procedure}: {self.source.name} -> {self.target.name}"
