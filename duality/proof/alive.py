"""What is alive where a frame stands, by CPython's own bytecode, read backwards from there.

Rule: nothing here comes from a pass of the compiler: it is the judge of two of them. Each answer is worked out once for
a code object.
"""

import dis
from collections.abc import Callable
from functools import lru_cache
from types import CodeType

ENDS = frozenset({"RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE"})
JUMPS_ALWAYS = frozenset({"JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT"})
STORES = frozenset({"STORE_FAST", "DELETE_FAST", "STORE_FAST_MAYBE_NULL"})
_QUIET = ("STORE_FAST", "LOAD_CONST", "POP_", "NOP", "PUSH_EXC", "COPY", "SWAP", "JUMP", "PRECALL")
_CODES = 4096  # code objects whose answers are kept; an application has some hundred


def following(code: CodeType, fails: Callable[[str], bool]) -> dict[int, set[int]]:
    """For the offset of each instruction: those of the instructions that may come next; errors go to their handlers.

    fails: whether an instruction of this name is to be taken for one that may raise.
    """
    instructions = list(dis.get_instructions(code))
    found: dict[int, set[int]] = {}
    for one, after in zip(instructions, [*instructions[1:], None], strict=True):
        goes = found[one.offset] = set()
        if one.opcode in dis.hasjrel or one.opcode in dis.hasjabs:
            goes.add(one.argval)
        if after is not None and one.opname not in ENDS | JUMPS_ALWAYS:
            goes.add(after.offset)
    for handler in dis.Bytecode(code).exception_entries:  # type: ignore[attr-defined]
        for one in instructions:
            if handler.start <= one.offset < handler.end and fails(one.opname):
                found[one.offset].add(handler.target)
    return found


@lru_cache(maxsize=_CODES)
def alive_after(code: CodeType) -> dict[int, frozenset[str]]:
    """For the offset of each instruction: the plain locals that may be read once it is done, before they are set."""
    instructions = list(dis.get_instructions(code))
    goes = following(code, can_fail)
    before: dict[int, frozenset[str]] = {one.offset: frozenset() for one in instructions}
    after_each = dict(before)
    changed = True
    while changed:
        changed = False
        for one in reversed(instructions):
            out = frozenset[str]().union(*(before[target] for target in goes[one.offset]))
            into = out - set(locals_set(one)) | set(locals_read(one))
            changed |= into != before[one.offset]
            after_each[one.offset], before[one.offset] = out, into
    return after_each


def read_before(code: CodeType, standing: int) -> frozenset[str]:
    """The locals read on the line of the call at ``standing``, before it: their values may lie on the operand stack.

    In ``return x, await m.p()`` the value of ``x`` waits there, though ``x`` itself is not read again.
    """
    read: set[tuple[int | None, str]] = set()
    for one in dis.get_instructions(code):
        line = one.positions.lineno if one.positions is not None else None
        if one.offset == standing:
            return frozenset(name for at, name in read if at == line)
        read |= {(line, name) for name in locals_read(one)}
    raise AssertionError("no instruction stands there")


def can_fail(name: str) -> bool:
    """Moving things about on the stack raises nothing; treating it as if it did would keep too much alive."""
    return not name.startswith(_QUIET)


def locals_read(one: dis.Instruction) -> tuple[str, ...]:
    """The plain locals that an instruction reads."""
    if one.opname.startswith("LOAD_FAST"):
        return one.argval if isinstance(one.argval, tuple) else (one.argval,)
    return (one.argval[1],) if one.opname == "STORE_FAST_LOAD_FAST" and len(set(one.argval)) == 2 else ()


def locals_set(one: dis.Instruction) -> tuple[str, ...]:
    """The plain locals that an instruction sets or deletes."""
    if one.opname in STORES:
        return (one.argval,)
    if one.opname == "STORE_FAST_STORE_FAST":
        return tuple(one.argval)
    return (one.argval[0],) if one.opname == "STORE_FAST_LOAD_FAST" else ()


@lru_cache(maxsize=_CODES)
def unpacked(code: CodeType) -> tuple[str, ...]:
    """The variables that a handler takes out of its record, in order: the targets of ``(...) = f.alive``."""
    instructions = list(dis.get_instructions(code))
    for place, one in enumerate(instructions):
        if one.opname == "UNPACK_SEQUENCE" and instructions[place - 1].argval == "alive":
            stores: list[str] = []
            for store in instructions[place + 1 :]:
                stores += locals_set(store) or ((store.argval,) if store.opname == "STORE_DEREF" else ())
                if len(stores) >= (one.argval or 0):
                    return tuple(stores)
    return ()
