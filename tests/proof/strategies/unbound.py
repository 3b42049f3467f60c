"""Which names a program may read before they have a value, by CPython's own bytecode read forwards.

Rule: every instruction that can raise an error is taken to do so, so that what a part of a `try` has set is unbound in
its handlers; and any branch is taken to go both ways.
"""

import builtins
import dis
import inspect
from collections.abc import Iterator
from types import CodeType

from duality.proof.alive import can_fail, following, locals_read, locals_set

CELLS = frozenset({"LOAD_DEREF", "LOAD_CLOSURE"})  # a closure is made of what is there: here it is called at once


def unbound(text: str) -> list[str]:
    """``function: name`` of each name that may be read unbound: locals, and globals that nobody sets."""
    top = compile(text, "drawn.py", "exec", dont_inherit=True)
    known = {*dir(builtins), *(one.argval for one in dis.get_instructions(top) if one.opname == "STORE_NAME")}
    found = []
    for code in _codes(top):
        wanted = {one.argval for one in dis.get_instructions(code) if one.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
        if code.co_flags & inspect.CO_OPTIMIZED:  # a class body has names of its own
            found += [f"{code.co_qualname}: {name}" for name in sorted((wanted - known) | locals_unbound(code))]
    return found


def locals_unbound(code: CodeType) -> set[str]:
    """The locals of a function that may be read before they are set, or after they are deleted."""
    ways = following(code, can_fail)
    by_offset = {one.offset: one for one in dis.get_instructions(code)}
    given = set(inspect.getargs(code).args)
    at = {next(iter(by_offset)): frozenset({*code.co_varnames, *code.co_cellvars} - given - {".0"})}
    waiting, found = list(at), set()
    while waiting:
        one = by_offset[waiting.pop()]
        before = at[one.offset]
        found |= before.intersection(_reads(one))
        for target in ways[one.offset]:
            after = at.get(target, frozenset()) | _after(one, before)
            if at.get(target) != after:
                at[target] = after
                waiting.append(target)
    return found


def _reads(one: dis.Instruction) -> tuple[str, ...]:
    if one.opname == "LOAD_FAST_AND_CLEAR":  # saves what a comprehension hides, bound or not
        return ()
    return (one.argval,) if one.opname in CELLS else locals_read(one)


def _after(one: dis.Instruction, before: frozenset[str]) -> frozenset[str]:
    if one.opname.startswith("DELETE_"):
        return before | {one.argval}
    return before - {one.argval} if one.opname == "STORE_DEREF" else before - set(locals_set(one))


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _codes(one)
