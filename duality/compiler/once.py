"""Work out once what every pass asks of the same tree.

    before   binding_count(tree)    a walk through the whole procedure, each time a pass wants to know
    after    binding_count(tree)    one walk, and then a look

Rule: only for what the shape of a tree decides, and only for trees that nobody changes in that respect later. The
answer is shared, so it must be one that nobody can change either; it goes when the tree goes.
"""

import ast
from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T", bound=ast.AST)
R = TypeVar("R")


def once(function: Callable[[T], R]) -> Callable[[T], R]:
    """``function``, which remembers its answer for each tree."""
    known: WeakKeyDictionary[T, R] = WeakKeyDictionary()

    @wraps(function)
    def remembering(tree: T) -> R:
        if tree not in known:
            known[tree] = function(tree)
        return known[tree]

    return remembering
