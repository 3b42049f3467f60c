"""Make a failing application small: first by the answers it was drawn with, then by its text.

The answers come first, because whatever they are, the program ends; a text that is cut need not, so that it is tried
with a clock.
"""

import signal
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from duality.proof.strategies import Spec, spec_of
from duality.proof.strategies.chance import Told
from tests.compiler.fuzz.reduce import reduced

PATIENCE = 90.0  # seconds for each of the two
ONE = 5  # seconds that one candidate may take


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

    def still(text: str) -> bool:
        if time.monotonic() > enough or "class Main" not in text:
            return False
        try:
            with promptly():
                return fails(Spec(text, spec.params))
        except Exception:  # not a program any more
            return False

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # of what is cut too short
        return Spec(reduced(spec.text, still), spec.params)


@contextmanager
def promptly(seconds: int = ONE) -> Iterator[None]:
    """Raise TimeoutError in whatever takes too long."""

    def ring(number: int, frame: Any) -> None:
        raise TimeoutError("it does not end")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
