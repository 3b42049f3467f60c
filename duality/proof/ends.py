"""What can be found in a single run: how it ended, and what it left.

Rules: the first cause is told, the rest is its consequence; an error within a group, or behind another one as its
cause, is found there. Nothing here compares runtimes: the laws L1 and L2 have done so.
"""

from collections.abc import Iterator
from typing import Any

from duality.proof.trial import Trial
from duality.proof.verdict import Finding

_LAWS = {"InvariantBroken": "invariant", "AssertionError": "assertion"}
_STUCK = {"DeadlockError": ("deadlock", "lost wake-up"), "Starved": ("starvation",)}
"""Errors of the machine that say less than what the watchers have found out about them."""


def findings(trial: Trial) -> list[Finding]:
    """Everything to be found in ``trial``, the gravest first; empty if it ended well."""
    found = []
    error = trial.outcome.get("error")
    last = len(trial.steps) - 1 if trial.steps else None
    kinds = {fact.kind for fact in trial.facts}
    if error is not None and kinds.isdisjoint(_STUCK.get(error[0], ())):
        law, said = _of_error(error)
        found.append(Finding(law, said, trial.place, last, (trial,)))
    for fact in trial.facts:
        said = "\n".join([fact.said, *fact.cycle])
        found.append(Finding(fact.kind, said, fact.place, fact.step if fact.step is not None else last, (trial,)))
    left = trial.outcome.get("leaked", ())
    if left and error is None and "leak" not in kinds:  # nobody looked on who could say more
        more = f", and {len(left) - 1} more" if len(left) > 1 else ""
        said = f"{left[0]}{more}: the root has ended, and nobody wakes it"
        found.append(Finding("leak", said, _standing(left[0]), last, (trial,)))
    return found


def _of_error(error: Any) -> tuple[str, str]:
    for name, said in _causes(error):
        law = _LAWS.get(name)
        if law is not None:
            return law, _line(said) or "an assert of the spec fails"
    name, said, *_ = error
    if name in _STUCK:
        return _STUCK[name][0], _line(said)
    return "error", f"{name}: {_line(said)}" if said else name


def _causes(error: Any) -> Iterator[tuple[str, str]]:
    """An error as data (see ``trial.described``), those that it groups, and those behind it: names and texts."""
    if error is None:
        return
    name, said, _, inner, cause, context = error
    yield name, said
    for one in (*inner, cause, context):
        yield from _causes(one)


def _line(said: str) -> str:
    return " ".join(said.split())


def _standing(wait: str) -> str:
    """``file:line`` out of a sentence of the scheduler's, ``task 0.1 waits for ... at file:line, in ...``."""
    _, found, place = wait.rpartition(" at ")
    return place.partition(", in ")[0] if found and ":" in place else ""
