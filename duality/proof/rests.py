"""(L4) At every rest, the record among events holds what is alive on the thread's stack, by name and value, no more.

Rules:
- The judge of what is alive is neither compiler pass, but CPython's own bytecode of the erased program (``alive.py``).
- The stack itself holds no more: the frame's variables are those of the record, but for the few that ``argued.py``
  gives the reasons of.
- Each side is looked at by itself, in a run of its own; the two are compared when both have ended.
"""

import importlib
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import FunctionType, MethodType, TracebackType
from typing import Any

from duality.compiler.kept import kept as kept_with
from duality.compiler.program import program
from duality.core.gate import GATE
from duality.graph import Node
from duality.proof.argued import Argued
from duality.proof.facts import Fact
from duality.proof.stacks import Bound
from duality.spec.module import is_module
from duality.spec.once import once

_READERS = {"threads": "stacks", "events": "records"}
KEEPERS = tuple(_READERS)
"""The runtimes that keep something at a rest which can be looked at; of the oracle, CPython does."""
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


class Rests:
    """A watcher (see ``trial``) that notes what each task keeps when it comes to rest.

    on: ``threads`` or ``events``, the runtime it will watch.   every: look at each so many-th rest only; the same for
    both that are compared.   whole: show modules with all they hold, and not by their name alone (slow).
    Costs some 10 us for each procedure that the resting task is in.
    """

    def __init__(self, on: str, every: int = 1, whole: bool = False) -> None:
        self.look: Callable[..., Any] = importlib.import_module(f"duality.proof.{_READERS[on]}").kept
        self.every = every
        self.show = partial(shown, whole=whole)
        self.kept: list[tuple[int, str, Any]] = []  # the step, the task, and what it keeps
        self.count = 0
        self.runtime: Any = None

    def begin(self, runtime: Any, modules: Sequence[tuple[str, Any]]) -> None:
        """Start anew."""
        self.kept, self.count, self.runtime = [], 0, runtime

    def rest(self, runtime: Any, task: Any) -> None:
        """Note what ``task`` keeps, unless it has ended."""
        if task is None or task.done:
            return
        self.count += 1
        if self.count % self.every == 0:
            try:
                kept = self.look(runtime, task, self.show)
            except Exception as error:  # no fault of the run; `unlike` raises it
                kept = error
            self.kept.append((len(runtime.recorder.steps) - 1, task.name, kept))


def unlike(threads: Rests, events: Rests) -> Fact | None:
    """The first rest at which the two have kept something else; None if there is none.

    Both have watched a run with the same choices. Raises what went wrong when a rest was looked at.
    """
    argued = _argued(threads.runtime)
    for mine, other in zip(threads.kept, events.kept, strict=False):
        for _, _, kept in (mine, other):
            if isinstance(kept, Exception):
                raise kept
        said, place = _unlike(mine, other, argued)
        if said:
            return Fact("L4", f"task {mine[1]}: {said}", place, mine[0], (mine[1],))
    if len(threads.kept) != len(events.kept):
        counts = f"{len(threads.kept)} rests among threads and {len(events.kept)} among events"
        return Fact("L4", f"there were {counts}", step=min(len(threads.kept), len(events.kept)))
    return None


def _unlike(mine: tuple[int, str, Any], other: tuple[int, str, Any], argued: dict[Node, Argued]) -> tuple[str, str]:
    """What is said of one rest, and of which place; ("", "") if both keep the same."""
    if mine[:2] != other[:2]:
        return f"rests among threads after step {mine[0]}, task {other[1]} among events after step {other[0]}", ""
    stack, chain = [one.node for one in mine[2]], [node for node, _ in other[2]]
    if stack != chain:
        return f"its stack stands at {_path(stack)}, its records at {_path(chain)}", ""
    for frame, (node, record) in zip(mine[2], other[2], strict=True):
        for said in _differences(frame, record, argued[node]):
            return f"at {node}, {said}", f"{argued[node].product.file}:{node.line}"
    return "", ""


def _differences(frame: Bound, record: dict[str, str], argued: Argued) -> Iterator[str]:
    plain, at = argued.plain, frame.at
    own = {name: value for name, value in record.items() if name in plain}
    alive = {name: value for name, value in frame.bound.items() if name in at.alive and name in plain}
    named = {name: value for name, value in own.items() if name in at.alive or name not in at.operands}
    if named != alive:
        yield f"the record holds {_list(named)}, but alive on the stack is {_list(alive)}"
    if not at.leaving:
        nones = {name for name in argued.nones if frame.bound.get(name) == "None"}
        reasons = at.operands | at.elsewhere | argued.dead(frame.node) | nones
        held = {name: value for name, value in frame.bound.items() if name in own or name not in reasons}
        if held != own:
            yield f"the record holds {_list(own)}, but the stack has {_list(held)}"


def _path(nodes: list[Node]) -> str:
    return " <- ".join(map(str, nodes)) or "no node"


def _list(values: dict[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in sorted(values.items())) or "nothing"


def _argued(runtime: Any) -> dict[Node, Argued]:
    """What is known of the procedures that a run among threads was made of, by their nodes; nothing if none began."""
    found: dict[Node, Argued] = {}
    if runtime is None:
        return found
    for cls, made in runtime.dresses.items():
        if cls is not made:
            found |= once(cls, _argued, partial(_argued_of, cls))
    for helper in runtime.helper_cells:
        found |= kept_with(helper, _argued, partial(_argued_of, helper))
    return found


def _argued_of(source: Any) -> dict[Node, Argued]:
    products = program(source, "threads").products
    return {node: one for one in map(Argued, products) for node in one.product.points.nodes}


# -- values ------------------------------------------------------------------------------------------------------------


def shown(value: Any, whole: bool = False) -> str:
    """A value as text that both sides share: no addresses, and nothing of what is each side's own."""
    if not whole and is_module(value) and hasattr(value, GATE):
        return str(getattr(value, GATE))
    if isinstance(value, TracebackType):
        return "a traceback"
    if hasattr(type(value), "asend"):
        return "a generator"
    text = repr(value)
    return _plainly(value, text, whole) if "<" in text else text


def _plainly(value: Any, text: str, whole: bool) -> str:
    if isinstance(value, MethodType | FunctionType):
        original = getattr(value, "original", value)
        owner = getattr(value, "__self__", None)
        return f"<{original.__qualname__}{'' if owner is None else ' of ' + shown(owner, whole)}>"
    if type(value) in (list, tuple):
        return f"{type(value).__name__}({', '.join(shown(one, whole) for one in value)})"
    if type(value) is dict:
        return "{" + ", ".join(f"{shown(key, whole)}: {shown(one, whole)}" for key, one in value.items()) + "}"
    return _ADDRESS.sub("", text)
