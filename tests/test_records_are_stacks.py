"""(L4) At every rest, the record among events holds what is alive on the thread's stack, by name and value, no more.

The judge of what is alive is neither compiler pass: it is CPython's own bytecode of the erased program, read backwards
from the instruction that the parked frame stands at. And the stack itself holds no more: the frame's variables are
those of the record, but for the few that ``argued`` gives the reasons of.
"""

import ast
import dis
import importlib
import sys
from functools import cache
from types import CodeType, FrameType, TracebackType
from typing import Any

import pytest
from greenlet import getcurrent

from duality.compiler import program
from duality.core.recorder import Recorder
from duality.events.record import UNBOUND
from duality.proof import Schedule
from duality.proof.trial import generators_dropped
from duality.spec.module import modules_below
from duality.threads.protocols import role
from tests.conftest import application_of
from tests.corpus import CORPUS
from tests.virtual import VirtualIO

ENDS = frozenset({"RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE"})
JUMPS_ALWAYS = frozenset({"JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT"})
DISPLAYS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>"})  # before CPython 3.12
STORES = frozenset({"STORE_FAST", "DELETE_FAST", "STORE_FAST_MAYBE_NULL"})


# -- what is alive, by the bytecode ------------------------------------------------------------------------------------


@cache
def alive_after(code: CodeType) -> dict[int, frozenset[str]]:
    """For the offset of each instruction: the plain locals that may be read once it is done, before they are set."""
    instructions = list(dis.get_instructions(code))
    following: dict[int, set[int]] = {}
    for one, after in zip(instructions, [*instructions[1:], None], strict=True):
        goes = following[one.offset] = set()
        if one.opcode in dis.hasjrel or one.opcode in dis.hasjabs:
            goes.add(one.argval)
        if after is not None and one.opname not in ENDS | JUMPS_ALWAYS:
            goes.add(after.offset)
    for handler in dis.Bytecode(code).exception_entries:
        for one in instructions:
            if handler.start <= one.offset < handler.end and can_fail(one.opname):
                following[one.offset].add(handler.target)
    before: dict[int, frozenset[str]] = {one.offset: frozenset() for one in instructions}
    after_each = dict(before)
    changed = True
    while changed:
        changed = False
        for one in reversed(instructions):
            out = frozenset().union(*(before[target] for target in following[one.offset]))
            into = out - set(locals_set(one)) | set(locals_read(one))
            changed |= into != before[one.offset]
            after_each[one.offset], before[one.offset] = out, into
    return after_each


@cache
def read_before(code: CodeType, standing: int) -> frozenset[str]:
    """The locals read on the line of the call at ``standing``, before it: their values may lie on the operand stack.

    In ``return x, await m.p()`` the value of ``x`` waits there, though ``x`` itself is not read again.
    """
    read = set()
    for one in dis.get_instructions(code):
        line = one.positions.lineno if one.positions is not None else None
        if one.offset == standing:
            return frozenset(name for at, name in read if at == line)
        read |= {(line, name) for name in locals_read(one)}
    raise AssertionError("no instruction stands there")


def can_fail(name: str) -> bool:
    """Moving things about on the stack raises nothing; treating it as if it did would keep too much alive."""
    return not name.startswith(
        ("STORE_FAST", "LOAD_CONST", "POP_", "NOP", "PUSH_EXC", "COPY", "SWAP", "JUMP", "PRECALL")
    )


def locals_read(one: dis.Instruction) -> tuple[str, ...]:
    """The plain locals that an instruction reads."""
    if one.opname.startswith("LOAD_FAST"):
        return one.argval if isinstance(one.argval, tuple) else (one.argval,)
    return (one.argval[1],) if one.opname == "STORE_FAST_LOAD_FAST" else ()


def locals_set(one: dis.Instruction) -> tuple[str, ...]:
    """The plain locals that an instruction sets or deletes."""
    if one.opname in STORES:
        return (one.argval,)
    if one.opname == "STORE_FAST_STORE_FAST":
        return one.argval
    return (one.argval[0],) if one.opname == "STORE_FAST_LOAD_FAST" else ()


# -- what is kept ------------------------------------------------------------------------------------------------------


class Looking(Recorder):
    """Looks at each task when its step is over, and it rests."""

    def __init__(self) -> None:
        super().__init__()
        self.runtime: Any = None
        self.look: Any = None
        self.rests: list[Any] = []

    def step(self, offered: tuple[str, ...], task: Any) -> None:
        resting = self.last
        if resting is not None and not resting.done:
            try:
                self.rests.append((resting.name, self.look(self.runtime, resting)))
            except Exception as error:  # kept, for a run may end by errors of its own
                self.rests.append((resting.name, repr(error)))
        super().step(offered, task)


def on_the_stack(runtime: Any, task: Any) -> list[Any]:
    """For each procedure that a thread is in, innermost first: where it stands, the locals alive there, all it has."""
    # A thread that rests looks for its successor itself: its stack is then the current one, and not yet parked.
    stack = task.greenlet
    found: list[Any] = []
    while stack is not None and stack is not runtime.hub:
        frame = sys._getframe() if stack is getcurrent() else stack.gr_frame
        called = None
        while frame is not None:
            node = runtime.node_at(frame, role(called))
            if node is not None:
                while frame.f_code.co_name in DISPLAYS:  # a frame of its own, with variables that are its own
                    frame = frame.f_back
                found.append((node, living_locals(frame), bound_locals(frame)))
            called, frame = frame, frame.f_back
        stack = stack.parent  # the caller of a procedure that may reply waits on another one
    return found


def living_locals(frame: FrameType) -> tuple[dict[str, str], frozenset[str]]:
    """The locals alive where a frame stands, with their values; the names that may be on its operand stack, too."""
    code = frame.f_code
    after_each = alive_after(code)
    standing = max(offset for offset in after_each if offset <= frame.f_lasti)  # a call is followed by its caches
    names = after_each[standing] - set(code.co_cellvars)
    alive = {name: shown(value) for name, value in frame.f_locals.items() if name in names}
    return alive, read_before(code, standing)


def bound_locals(frame: FrameType) -> dict[str, str] | None:
    """The plain locals that a frame has, with their values; None, if an error is leaving an ``async with``.

    What the error made dead is bound still: between it and the end of the scope stands no line that could drop it.
    """
    code = frame.f_code
    if any(one.offset == frame.f_lasti and one.opname == "WITH_EXCEPT_START" for one in dis.get_instructions(code)):
        return None
    shared = {*code.co_cellvars, *code.co_freevars}
    return {name: shown(value) for name, value in frame.f_locals.items() if name not in shared}


def shown(value: Any) -> str:
    """A value as text that both sides share: generators and tracebacks are objects of each side's own."""
    told = "a generator" if hasattr(type(value), "asend") else repr(value)
    return "a traceback" if isinstance(value, TracebackType) else told


def in_the_records(runtime: Any, task: Any) -> list[Any]:
    """The same, from a chain of records: by the names that the handler which goes on will unpack."""
    record, found = task.frame, []
    while record is not None:
        node = getattr(record.next, "node", None)
        if node is not None:
            kept = zip(unpacked(record.next.__code__), record.alive, strict=True)
            found.append((node, {name: shown(value) for name, value in kept if value is not UNBOUND}))
        record = record.caller
    return found


@cache
def unpacked(code: CodeType) -> tuple[str, ...]:
    """The variables that a handler takes out of its record, in order: the targets of ``(...) = f.alive``."""
    instructions = list(dis.get_instructions(code))
    for place, one in enumerate(instructions):
        if one.opname == "UNPACK_SEQUENCE" and instructions[place - 1].argval == "alive":
            stores = []
            for store in instructions[place + 1 :]:
                stores += locals_set(store) or ((store.argval,) if store.opname == "STORE_DEREF" else ())
                if len(stores) >= one.argval:
                    return tuple(stores)
    return ()


def rests(spec: str, on: str, look: Any, schedule: Schedule) -> list[Any]:
    """Every rest of a run, with what was kept there."""
    recorder = Looking()
    runtime = importlib.import_module(f"duality.{on}.runtime").Runtime(VirtualIO(), schedule, None, "direct", recorder)
    recorder.runtime, recorder.look = runtime, look
    with generators_dropped():
        try:
            runtime.run(lambda: modules_below(CORPUS[spec]()))
        except Exception:
            pass  # how a run ends is compared elsewhere
    return recorder.rests


@pytest.mark.parametrize("spec", CORPUS)
def test_at_every_rest_the_record_holds_what_is_alive_on_the_stack_and_no_more(spec):
    application = application_of(CORPUS[spec])
    products = {node: product for product in program(application, "threads").products for node in names_of(product)}
    plain = {node: variables(product) for node, product in products.items()}
    for seed in (11, 12):
        stacks = rests(spec, "threads", on_the_stack, Schedule.seeded(seed))
        records = rests(spec, "events", in_the_records, Schedule.seeded(seed))
        assert len(stacks) == len(records)
        for (task, stack), (same, chain) in zip(stacks, records, strict=True):
            assert task == same
            assert [node for node, *_ in stack] == [node for node, _ in chain]
            for (node, (alive, operands), bound), (_, kept) in zip(stack, chain, strict=True):
                own = {name: value for name, value in kept.items() if name in plain[node]}
                named = {name: value for name, value in own.items() if name in alive or name not in operands}
                alive = {name: value for name, value in alive.items() if name in plain[node]}
                assert named == alive, f"{spec}, task {task} at {node}"
                if bound is not None:
                    more = argued(products[node], node, bound, operands)
                    held = {name: value for name, value in bound.items() if name in own or name not in more}
                    assert held == own, f"{spec}, task {task} at {node}"


# -- what a stack may hold besides -------------------------------------------------------------------------------------


def argued(product: Any, node: Any, bound: dict[str, str], operands: frozenset[str]) -> set[str]:
    """The locals that a thread's frame may have though they are dead, each for a reason."""
    tree = product.procedure.tree
    # Its module outlives the task, so nothing would be freed; and `super()` reads it unseen.
    found = {tree.args.args[0].arg} if product.procedure.owner is not None else set()
    # Its last use is in the very statement that blocks: an argument of the call, or what lies on the operand stack.
    found |= operands
    # A comprehension is one expression: no line stands in it that could drop anything.
    found |= of_displays(tree)
    # It holds nothing: a variable that may be unbound where it dies is made None, for `del` would fail.
    lines = zip(product.text.split("\n"), product.origin, strict=True)
    dropped = [line for line, origin in lines if origin is None]
    for statement in ast.parse("\n".join(line.strip() for line in dropped)).body:
        if isinstance(statement, ast.Assign):
            found |= {one.id for one in statement.targets if bound.get(one.id) == "None"}
    # The statement around holds the value anyway: a `for` its list, an `async with` its scope.
    for one in ast.walk(tree):
        if isinstance(one, ast.For | ast.AsyncFor | ast.AsyncWith) and one.lineno <= node.line <= one.end_lineno:
            heads = [item.optional_vars for item in one.items] if isinstance(one, ast.AsyncWith) else [one.iter]
            heads += one.iter.args if isinstance(one, ast.For) and isinstance(one.iter, ast.Call) else []
            found |= {head.id for head in heads if isinstance(head, ast.Name)}
    return found


def variables(product: Any) -> set[str]:
    """The plain locals of a procedure: none that a compiler made, none of a comprehension or an inner function."""
    code = product.codes[product.handlers[0]]
    return set(code.co_varnames) - set(code.co_cellvars) - of_displays(product.procedure.tree)


def of_displays(tree: ast.AST) -> set[str]:
    """The variables of the comprehensions: the events program, in which they are loops, has other names for them."""
    inside = [node.target for node in ast.walk(tree) if isinstance(node, ast.comprehension)]
    own = {id(name): name.id for target in inside for name in ast.walk(target) if isinstance(name, ast.Name)}
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    return {*own.values()} - {name.id for name in names if id(name) not in own}


def names_of(product: Any) -> list[Any]:
    return product.points.nodes


def test_the_judge_knows_what_is_alive():
    def program(a, b, c):
        for number in range(a):
            if number:
                b = print(number)
            try:
                c = print(b)
            except ValueError:
                return c
        return a

    calls = [one.offset for one in dis.get_instructions(program) if one.opname == "CALL"]
    alive = [alive_after(program.__code__)[offset] for offset in calls]
    assert alive == [{"a", "b", "c"}, {"a", "c"}, {"a", "b", "c"}]
