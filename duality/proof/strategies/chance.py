"""Where the writer of applications asks what comes next.

Rules on the door:
- Every question is ``number(most)``; 0 is the answer that makes the program smaller, so that shrinking makes it so.
- The writer asks and never keeps state of its own that the answers do not decide: the same answers, the same text.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Chance:
    """Answers questions; a subclass says with what numbers."""

    def number(self, most: int) -> int:
        """A number from 0 to ``most``, both included."""
        raise NotImplementedError

    def pick(self, *options: T) -> T:
        """One of the options; the first is the simplest."""
        return options[self.number(len(options) - 1)]

    def some(self, most: int) -> Iterator[int]:
        """Numbers from 0, up to ``most`` of them; before each it is asked anew, so that any of them can be left out."""
        for number in range(most):
            if not self.number(3):
                return
            yield number

    def part(self, write: Callable[[], object]) -> None:
        """Do what ``write`` does. What it asks belongs together: whoever shrinks may take it away as a whole."""
        write()

    def maybe(self, one_in: int) -> bool:
        """True once in so many times; False is simpler."""
        return self.number(one_in - 1) == one_in - 1


class Rolled(Chance):
    """Answers from a generator that ``seed`` starts: the same in every process, and quickly.

    ``answers``: those given so far; ``Told`` gives them again.
    """

    def __init__(self, seed: str) -> None:
        self.roll = random.Random(seed).random  # the one method whose sequence Python promises to keep
        self.answers: list[int] = []

    def number(self, most: int) -> int:
        """A number from 0 to ``most``, each as likely as the others."""
        answer = int(self.roll() * (most + 1))
        self.answers.append(answer)
        return answer


class Told(Chance):
    """The ``answers`` that are told, one after the other, made to fit; then always 0."""

    def __init__(self, answers: Iterable[int]) -> None:
        self.answers = iter(answers)

    def number(self, most: int) -> int:
        """The next of them, or ``most`` if it is larger."""
        return min(next(self.answers, 0), most)


class Drawn(Chance):
    """Answers that hypothesis draws."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def number(self, most: int) -> int:
        """A number from 0 to ``most``."""
        return self.draw(_numbers(most))

    def part(self, write: Callable[[], object]) -> None:
        """The same, in the eyes of hypothesis one draw."""
        self.draw(st.builds(write))


@cache
def _numbers(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, most)
