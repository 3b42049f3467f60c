"""One application checked: what was asked, and what came of it, so that it can be printed or kept."""

import dis
from collections import Counter
from collections.abc import Iterator, Mapping
from types import CodeType, FunctionType
from typing import Any

from attrs import field, frozen

from duality.compiler.program import procedures
from duality.proof.plan import Plan
from duality.proof.verdict import Verdict
from duality.spec.application import Application
from duality.spec.invariant import invariants_of


@frozen
class Asked:
    """What a check was asked. faults: the script or the rates, as text.   allow: laws whose breach is no finding."""

    schedules: int
    seed: int
    kinds: tuple[str, ...]
    crossings: tuple[str, ...]
    faults: str = ""
    allow: tuple[str, ...] = ()


@frozen
class Checked:
    """One application that was checked, or (``refused``) why it was not.

    wall, cpu: seconds, of all processes.   explored: what an exploration counted, by runtime; empty if there was none.
    interrupted: somebody ended it; the verdict, if there is one, says how far it got.
    """

    file: str
    app: Application | None
    asked: Asked
    verdict: Verdict | None = None
    refused: str = ""
    wall: float = 0.0
    cpu: float = 0.0
    explored: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    interrupted: bool = False


def declared(app: Application) -> dict[str, int]:
    """How much is declared against which law: by the modules of an application, and the procedures they call."""
    classes = app.classes()
    functions = [one for cls in classes for base in cls.__mro__ for one in vars(base).values()]
    functions += [function for function, _ in procedures(app)]
    code = {one.__code__ for one in functions if isinstance(one, FunctionType)}
    return {
        "invariant": sum(len(invariants_of(cls)) for cls in classes),
        "assertion": sum(one.opname == "LOAD_ASSERTION_ERROR" for part in code for one in _instructions(part)),
    }


def _instructions(code: CodeType) -> Iterator[dis.Instruction]:
    yield from dis.get_instructions(code)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _instructions(inner)


def shares(one: Checked) -> dict[str, int]:
    """How many schedules of each kind were played: the plan of a check is known from what was asked."""
    asked, played = one.asked, one.verdict.schedules if one.verdict is not None else 0
    plan = Plan(asked.schedules, asked.seed, asked.kinds, asked.crossings)
    count = Counter(plan[number].kind for number in range(played))
    return {kind: count[kind] for kind in asked.kinds if count[kind]}
