"""Compile what the spec says once more, without CPython's warnings about it.

Rule: CPython has told them when it compiled the spec itself, and named the line there; a text of ours has other lines.
"""

import ast
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unwarned() -> Iterator[None]:
    """In here, nothing is said of comparisons by ``is`` with a literal, of escapes that mean nothing, and the like."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        warnings.simplefilter("ignore", DeprecationWarning)  # of an escape, up to CPython 3.11
        yield


def parse(text: str, file: str = "<unknown>") -> ast.Module:
    """The tree of a text that quotes the spec. Raises SyntaxError."""
    with unwarned():
        return ast.parse(text, file)
