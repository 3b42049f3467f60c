"""A message names its sender first, and nobody who reads an error must count it.

    before   return self.b.put(task, 1, 2)       Buffer.put() takes 3 positional arguments but 4 were given
    after    the same                            Buffer.put() takes 2 positional arguments but 3 were given

Rule: this is no part of the text. It costs nothing until CPython itself refuses the arguments of a message.
"""

import ast
import os
import re
from collections.abc import Iterator

from duality.compiler.load import nowhere

_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_SAID = re.compile(
    r"takes (?:from (?P<least>\d+) to )?(?P<most>\d+) positional arguments? "
    r"but (?P<given>\d+)(?P<more> positional arguments? \(and .*\))? (?:was|were) given"
)


def messages(function: ast.AST, task: str, record: str) -> Iterator[ast.Call]:
    """The calls in a handler that are messages: ``task``, or the task of ``record``, comes first."""
    for node in ast.walk(function):
        if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Name | ast.Attribute)):
            continue
        if ast.unparse(node.args[0]) in (task, f"{record}.task"):
            if not (isinstance(node.func, ast.Name) and node.func.id.rstrip("_") in ("Record", "Holding")):
                yield node


def correct(function: ast.AST, sent: set[int], uncount: str) -> None:
    """Have every statement of a handler that sends one of the messages ``sent`` correct what CPython says of it."""
    for node in ast.walk(function):
        for name in ("body", "orelse", "finalbody"):
            statements = getattr(node, name, None)
            if isinstance(statements, list):
                statements[:] = [_corrected(one, sent, uncount) for one in statements]


def _corrected(statement: ast.stmt, sent: set[int], uncount: str) -> ast.stmt:
    simple = isinstance(statement, ast.Return | ast.Assign | ast.AnnAssign | ast.Expr)
    part = statement if simple else statement.test if isinstance(statement, ast.If) else None
    if part is None or not any(id(node) in sent for node in ast.walk(part)):
        return statement
    rule = ast.parse(f"try: pass\nexcept TypeError as wrong_: {uncount}(wrong_); raise").body[0]
    assert isinstance(rule, ast.Try)
    nowhere(*ast.walk(rule))
    ast.copy_location(rule, statement)
    rule.body = [statement]
    sent.difference_update(id(node) for node in ast.walk(statement))  # once is enough
    return rule


def uncount(error: TypeError) -> None:
    """Take the sender out of what CPython says about too many arguments, if that is what ``error`` is."""
    trace = error.__traceback__
    inner = trace.tb_next if trace is not None else None
    while inner is not None and inner.tb_frame.f_code.co_filename.startswith(_HERE):
        inner = inner.tb_next
    said = str(error)
    found = _SAID.search(said)
    if inner is not None or found is None or error.args != (said,):
        return
    most, given = int(found["most"]) - 1, int(found["given"]) - 1
    least = f"from {int(found['least']) - 1} to " if found["least"] else ""
    plural = "" if most == 1 and not least else "s"
    more = found["more"] or ""
    if more:
        more = f" positional argument{'' if given == 1 else 's'} {more[more.index('(') :]}"
    were = "was" if given == 1 and not more else "were"
    text = f"takes {least}{most} positional argument{plural} but {given}{more} {were} given"
    error.args = (said[: found.start()] + text,)
