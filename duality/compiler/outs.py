"""The ways out of a piece of text, and the points that may have been passed last on each.

Rule: data only; ``flow.py`` follows the text.
"""

import ast

from attrs import evolve, frozen

from duality.graph import Node

State = frozenset[Node]
NOWHERE: State = frozenset()


@frozen
class Out:
    """The states in which control leaves a piece of text, one for each way out."""

    next: State = NOWHERE
    returns: State = NOWHERE
    breaks: State = NOWHERE
    continues: State = NOWHERE
    errors: State = NOWHERE

    def besides(self, other: "Out", **changed: State) -> "Out":
        """The union of both, way by way; ``changed`` overrides."""
        both = Out(
            self.next | other.next,
            self.returns | other.returns,
            self.breaks | other.breaks,
            self.continues | other.continues,
            self.errors | other.errors,
        )
        return evolve(both, **changed)


def irrefutable(pattern: ast.pattern) -> bool:
    """Whether a pattern plainly matches whatever it is given: ``_``, a name, ``_ as name``."""
    return isinstance(pattern, ast.MatchAs) and (pattern.pattern is None or irrefutable(pattern.pattern))


def catches_all(handler: ast.ExceptHandler) -> bool:
    """Whether an ``except`` clause plainly catches everything."""
    return handler.type is None or (isinstance(handler.type, ast.Name) and handler.type.id == "BaseException")
