"""Let an f-string show what the spec says: ``{await price()=}`` shows the expression, and the erased one has no await.

    before   f"{price() = }"      with the text 'price() = ' in it
    after    the same, with the text 'await price() = '

Rule: this is no part of the text that is printed; the value is what CPython makes of the spec's own words.
"""

import ast
from collections.abc import Iterator


def show(spec: ast.AST, erased: ast.AST) -> None:
    """Give every f-string of ``erased`` the text that it has in ``spec``."""
    for old, new in zip(_strings(spec), _strings(erased), strict=True):
        for one, other in zip(old.values, new.values, strict=True):
            if isinstance(one, ast.Constant) and isinstance(other, ast.Constant):
                other.value = one.value


def _strings(node: ast.AST) -> Iterator[ast.JoinedStr]:
    """In order of the text."""
    if isinstance(node, ast.JoinedStr):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _strings(child)
