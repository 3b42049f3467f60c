"""Read off a handler's text which handler goes on with the answer to each message.

    before   page = self.cache.get(task, path)
             if page is PENDING: Record(task, serve_after_get, (self,)); return PENDING
    after    the call in the first line is answered to serve_after_get

Rule: all there is to go by is the text. A message is asked, and then or before it the record is told who goes on:
``if answer is PENDING:`` names it, or ``Record(...)`` and ``return PENDING`` do, or ``f.next, f.alive = ...`` did.
"""

import ast
from collections.abc import Iterator

from attrs import frozen


@frozen(eq=False)
class Message:
    """A message that statements ``[place:place + length]`` of a block send; ``successor`` names who gets the answer.

    ``going_on``: the text goes on if the answer is there at once.
    """

    call: ast.Call
    successor: str
    length: int
    going_on: bool


def message(block: list[ast.stmt], place: int) -> Message | None:
    """The message that is sent from ``place`` in ``block`` on, if one is."""
    one = block[place]
    after = block[place + 1] if place + 1 < len(block) else None
    call = asking(one)
    if call is None:
        return None
    if isinstance(one, ast.If):
        found = named(one.body)
        return Message(call, found, 1, True) if found is not None and _tests_pending(one) else None
    if isinstance(one, ast.Assign) and isinstance(after, ast.If) and _tests_pending(after, one.targets[0]):
        found = named(after.body)
        return Message(call, found, 2, True) if found is not None else None
    if isinstance(one, ast.Expr) and successor(one) is None:
        rest = block[place + 1 :]
        while rest and isinstance(rest[0], ast.Try):  # writing down what may be unbound
            rest = rest[1:]
        found = successor(rest[0]) if len(rest) > 1 and is_pending(rest[1]) else None
        return Message(call, found, len(block) - place, False) if found is not None else None
    return None


def messages(block: list[ast.stmt]) -> Iterator[tuple[ast.Call, str]]:
    """Every call at which the text of ``block`` may come to rest, and who goes on with its answer."""
    told: str | None = None
    for place, one in enumerate(block):
        found = message(block, place)
        if found is not None:
            yield found.call, found.successor
        elif isinstance(one, ast.Return) and (call := asking(one)) is not None:
            goes_on = told or _left(call)
            if goes_on is not None:
                yield call, goes_on
        told = successor(one)
        for field in ("body", "orelse", "finalbody"):
            yield from messages(getattr(one, field, []))
        for part in [*getattr(one, "handlers", []), *getattr(one, "cases", [])]:
            yield from messages(part.body)


def asking(node: ast.stmt) -> ast.Call | None:
    """The call that a statement of the four shapes makes."""
    value: ast.expr | None = None
    if isinstance(node, ast.Assign | ast.Expr | ast.Return):
        value = node.value
    elif isinstance(node, ast.If) and isinstance(node.test, ast.Compare):
        value = node.test.left
    if isinstance(value, ast.Call) and _is_under(value):  # what the caller handles does not change what it asks
        value = value.args[0]
    return value if isinstance(value, ast.Call) else None


def _is_under(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id.rstrip("_") == "under" and len(call.args) == 1


def successor(node: ast.stmt) -> str | None:
    """The handler that a statement names: ``f.next, f.alive = handler, ...`` or ``Record(task, handler, ...)``."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
        first, value = node.targets[0].elts[0], node.value.elts[0]
        if isinstance(first, ast.Attribute) and first.attr == "next" and isinstance(value, ast.Name):
            return value.id
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return _recorded(node.value)
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Call):
        return _begun(node.value) or _left(node.value)
    return None


def _left(call: ast.Call) -> str | None:
    """Of an early reply, ``reply(value, Record(task, handler, (...)))``: the handler that goes on."""
    made = call.args[1] if len(call.args) == 2 else None
    as_we_write = isinstance(made, ast.Call) and len(made.args) in (3, 4) and isinstance(made.args[2], ast.Tuple)
    return _recorded(made) if as_we_write else None  # type: ignore[arg-type]


def _begun(call: ast.Call) -> str | None:
    """Of a first handler that only makes what goes on: ``Record(...).run()``, ``Generator(handler, ...)``."""
    if isinstance(call.func, ast.Name):
        made = call.func.id.rstrip("_") == "Generator" and isinstance(call.args[0], ast.Name)
        return call.args[0].id if made else None  # type: ignore[attr-defined]
    if isinstance(call.func, ast.Attribute) and call.func.attr == "run" and isinstance(call.func.value, ast.Call):
        return _recorded(call.func.value)
    return None


def _recorded(call: ast.Call) -> str | None:
    made = isinstance(call.func, ast.Name) and call.func.id.rstrip("_") in ("Record", "Holding")
    return call.args[1].id if made and len(call.args) > 1 and isinstance(call.args[1], ast.Name) else None


def named(block: list[ast.stmt]) -> str | None:
    """The last handler that the statements of ``block`` name."""
    found = [name for one in block if (name := successor(one)) is not None]
    return found[-1] if found else None


def is_pending(node: ast.stmt) -> bool:
    """Whether a statement is ``return PENDING``."""
    return isinstance(node, ast.Return) and _pending(node.value)


def _tests_pending(node: ast.If, answer: ast.expr | None = None) -> bool:
    test = node.test
    asked = isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is) and _pending(test.comparators[0])
    if not asked or answer is None:
        return asked
    tested = test.left  # type: ignore[attr-defined]
    return isinstance(tested, ast.Name) and isinstance(answer, ast.Name) and tested.id == answer.id


def _pending(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Name) and node.id.rstrip("_") == "PENDING"
