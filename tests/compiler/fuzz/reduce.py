"""Make a failing program small: take statements and expressions away for as long as it still fails.

Rule: an edit is kept only if the program is still Python and still fails in the same way. The edits are on the tree, so
that what is left reads like a program.
"""

import ast
import copy
from collections.abc import Callable, Iterator

Edit = Callable[[], None]
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
_PARTS = ("items", "generators", "ifs", "args", "keywords", "elts", "decorator_list", "values")


def reduced(text: str, fails: Callable[[str], bool]) -> str:
    """The smallest program found from ``text`` for which ``fails`` holds (it holds for ``text``)."""
    start, again = 0, True
    while True:
        for place, smaller in enumerate(_smaller(text)):
            if place >= start and len(smaller) < len(text) and fails(smaller):
                text, start, again = smaller, place, True  # what was tried before would fail again, mostly
                break
        else:
            if not again:
                return text
            start, again = 0, False


def _smaller(text: str) -> Iterator[str]:
    """Programs that are one edit away, the large cuts first."""
    tree = ast.parse(text)
    places = [
        (number, name)
        for number, node in enumerate(ast.walk(tree))
        for name in (*_BLOCKS, *_PARTS)
        if isinstance(getattr(node, name, None), list)
    ]
    for number, name in places:
        size = len(getattr(_nth(tree, number), name))
        for place in range(size):
            for edit in (_drop, _hoist) if name in _BLOCKS else (_drop,):
                yield from _edited(tree, number, name, place, edit)
    for number, node in enumerate(ast.walk(tree)):
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr) and not isinstance(value, ast.Constant):
                yield from _expressions(tree, number, name, None, value)
            elif isinstance(value, list):
                for place, item in enumerate(value):
                    if isinstance(item, ast.expr):
                        yield from _expressions(tree, number, name, place, item)


def _nth(tree: ast.AST, number: int) -> ast.AST:
    return next(node for place, node in enumerate(ast.walk(tree)) if place == number)


def _text(tree: ast.AST) -> str | None:
    try:
        text = ast.unparse(tree) + "\n"
        compile(text, "program", "exec")
        if any(isinstance(node, ast.While) and not _ends(node) for node in ast.walk(tree)):
            return None  # it might never end
    except (SyntaxError, ValueError, TypeError, AttributeError):
        return None
    return text


def _ends(loop: ast.While) -> bool:
    return "go()" in _guards(loop) or ".wait()" in ast.unparse(loop)  # a wait that nobody ends is a deadlock


def _guards(loop: ast.While) -> str:
    first = loop.body[0]
    return ast.unparse(loop.test) + (ast.unparse(first.test) if isinstance(first, ast.If) else "")


def _edited(tree: ast.AST, number: int, name: str, place: int, edit: Callable[[list, int], bool]) -> Iterator[str]:
    changed = copy.deepcopy(tree)
    node = _nth(changed, number)
    block = getattr(node, name)
    if edit(block, place):
        if not block and name == "body":
            block.append(ast.Pass())
        if text := _text(changed):
            yield text


def _drop(block: list, place: int) -> bool:
    if isinstance(block[place], ast.Pass):
        return False
    del block[place]
    return True


def _hoist(block: list, place: int) -> bool:
    holders = [block[place], *getattr(block[place], "cases", []), *getattr(block[place], "handlers", [])]
    blocks = [getattr(each, name, []) for each in holders for name in _BLOCKS]
    inner = [one for each in blocks for one in each if isinstance(one, ast.stmt)]
    if not inner or isinstance(block[place], ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    block[place : place + 1] = inner
    return True


def _expressions(tree: ast.AST, number: int, name: str, place: int | None, value: ast.expr) -> Iterator[str]:
    parts = [part for part in ast.walk(value) if isinstance(part, ast.expr) and part is not value]
    for part in [ast.Constant(0), *parts[:12]]:
        changed = copy.deepcopy(tree)
        node = _nth(changed, number)
        if place is None:
            setattr(node, name, copy.deepcopy(part))
        else:
            getattr(node, name)[place] = copy.deepcopy(part)
        if text := _text(changed):
            yield text
