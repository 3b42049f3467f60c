"""What goes wrong in a simulated run: a script of sentences."""

from __future__ import annotations

import re

from attrs import frozen

from duality.core.io.simulated.sentences import FORMS, Sentence


class FaultsError(ValueError):
    """A text that says no faults. The message has the line's number and what may be said."""


@frozen(str=False, repr=False)
class Faults:
    """A script of faults: at which time what fails, and what fails how often. Nothing, by default.

    What may be said is the table ``FORMS``. Times are seconds of the run's clock; chances are drawn from the seed of
    the core. True if anything is said.
    """

    script: tuple[Sentence, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Faults:
        """Read a text of one sentence a line, or several with ``;`` between them. ``#`` begins a comment.

        Raises FaultsError.
        """
        script = []
        for number, line in enumerate(text.splitlines(), 1):
            for words in line.partition("#")[0].split(";"):
                if words.strip():
                    script.append(_read(number, words.strip()))
        return cls(tuple(script))

    def without(self, place: int) -> Faults:
        """The same faults less the one at ``place`` (from 0) of the script. Raises IndexError if there is none."""
        if not 0 <= place < len(self.script):
            raise IndexError(f"no fault {place}, only {len(self.script)} of them")
        return Faults(self.script[:place] + self.script[place + 1 :])

    def __bool__(self) -> bool:
        return bool(self.script)

    def __str__(self) -> str:
        return "\n".join(map(str, self.script))

    def __repr__(self) -> str:
        return f"Faults.parse({'; '.join(map(str, self.script))!r})"


def _read(number: int, words: str) -> Sentence:
    try:
        return Sentence.parse(words)
    except ValueError as error:
        raise FaultsError(f"line {number}: {words!r}: {error}; what may be said is\n{_allowed()}") from None


def _allowed() -> str:
    said = "\n".join(f"  {form.begins + ' SECONDS s: ' if form.begins else ''}{form.text}" for form in FORMS.values())
    return re.sub(r"{(\w+)}", lambda argument: argument[1].upper(), said)
