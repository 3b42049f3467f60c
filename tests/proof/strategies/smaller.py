"""Make a failing application small: first by the answers it was drawn with, then by its text.

The answers come first, because whatever they are, the program ends; a text that is cut need not, so that it is tried
with a clock, one of processor time: who is stopped from outside for a while has not become slow.
"""

import signal
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from duality.proof.strategies import Spec, spec_of
from duality.proof.strategies.chance import Told
from tests.compiler.fuzz.reduce import reduced

PATIENCE = 90.0  # seconds for each of the two
ONE = 5  # seconds of processor time that one candidate may take


class Enough(Exception):
    """The time is over."""


def smaller(answers: list[int], fails: Callable[[Spec], bool], cut: bool = True) -> Spec:
    """The smallest application found for which ``fails`` holds; it holds for the one of ``answers``.

    cut: whether its text may be cut as well. (What is wrong with no program shows in any rubbish.)
    """
    enough = time.monotonic() + PATIENCE
    best = list(answers)
    found = True
    while found and time.monotonic() < enough:
        found = False
        for candidate in _candidates(best):
            if time.monotonic() > enough:
                break
            if len(spec_of(Told(candidate)).text) <= len(spec_of(Told(best)).text) and fails(spec_of(Told(candidate))):
                best, found = candidate, True
                break
    return _cut(spec_of(Told(best)), fails) if cut else spec_of(Told(best))


def _candidates(best: list[int]) -> Iterator[list[int]]:
    """Fewer answers, then smaller ones."""
    size = len(best)
    while size:
        for start in range(0, len(best), size):
            yield best[:start] + best[start + size :]
        size //= 2
    for place, answer in enumerate(best):
        for less in {0, answer // 2, answer - 1} if answer else ():
            yield [*best[:place], less, *best[place + 1 :]]


def _cut(spec: Spec, fails: Callable[[Spec], bool]) -> Spec:
    enough = time.monotonic() + PATIENCE
    best = spec

    def still(text: str) -> bool:
        nonlocal best
        if time.monotonic() > enough:
            raise Enough
        try:
            with promptly():
                failed = "class Main" in text and fails(Spec(text, spec.params))
        except Exception:  # not a program any more
            return False
        best = Spec(text, spec.params) if failed else best
        return failed

    with warnings.catch_warnings(), suppress(Enough):
        warnings.simplefilter("ignore", SyntaxWarning)  # of what is cut too short
        reduced(spec.text, still)
    return best


@contextmanager
def promptly(seconds: int = ONE) -> Iterator[None]:
    """Raise TimeoutError in whatever takes longer, in processor time; and after it, if it took that for its own."""
    rung = False

    def ring(number: int, frame: Any) -> None:
        nonlocal rung
        rung = True
        raise TimeoutError("it does not end")

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1)  # again and again: a program may catch the first
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        if rung:
            raise TimeoutError("it does not end")
