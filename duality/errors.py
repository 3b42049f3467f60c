"""The errors a spec, or the person who writes one, can meet.

Floor 0: nothing here imports anything of duality.
"""

from collections.abc import Iterable, Mapping


class SpecError(Exception):
    """A spec that cannot be compiled or built, refused where it stands.

    ``file`` and ``line`` (1-based) name the place, ``source`` is the line itself, ``advice`` says what to write
    instead. ``str()`` is the whole refusal, in several lines.
    """

    def __init__(
        self,
        message: str,
        file: str | None = None,
        line: int | None = None,
        source: str | None = None,
        advice: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.source = source
        self.advice = advice

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file and self.line else f"{self.file}: " if self.file else ""
        lines = [place + self.message]
        if self.source:
            lines.append(f"{self.line or '':>6} | {self.source.rstrip()}")
        if self.advice:
            lines.append(self.advice)
        return "\n".join(lines)


class DeadlockError(Exception):
    """Tasks wait for one another, or everything waits and nothing is pending.

    ``waits`` has a sentence for each waiting task: who waits, on what, at which line of the spec. ``cycle`` is empty
    unless the waits close a circle; then it names each task and what it waits for, in order.
    Source: Lauer & Needham 1978, on the resource manager that calls itself; the same deadlock on both sides.
    """

    def __init__(self, message: str, waits: Iterable[str] = (), cycle: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.waits = tuple(waits)
        self.cycle = tuple(cycle)

    def __str__(self) -> str:
        return "\n  ".join([self.message, *self.cycle, *self.waits])


class InvariantBroken(Exception):
    """What a module's ``@invariant`` says of it is not so, at a rest where nobody is in the middle of an entry.

    No task meets it: a check ends the run with it. ``invariant``: its name, ``Buffer.capacity``.   why: how it is
    broken.   ``file`` and ``line`` (1-based): of the invariant, or of its ``assert``.   module: which one, by its path.
    fields: of the module, as shown, by name.   ``step``: the last one taken, from 0; None if none was.   who: whose
    step that was, and where it rests.   Source: Hoare 1974, the invariant of a monitor.
    """

    def __init__(
        self,
        invariant: str,
        why: str,
        place: tuple[str, int],
        module: str,
        fields: Mapping[str, str],
        step: int | None,
        who: str,
    ) -> None:
        super().__init__(f"{invariant} is broken: {why}")
        self.invariant = invariant
        self.why = why
        self.file, self.line = place
        self.module = module
        self.fields = dict(fields)
        self.step = step
        self.who = who

    def __str__(self) -> str:
        state = ", ".join(f"{name} = {value}" for name, value in self.fields.items()) or "no fields"
        step = "before the first step" if self.step is None else f"after step {self.step}, of {self.who}"
        return "\n  ".join([f"{self.args[0]}, at {self.file}:{self.line}", f"in {self.module}: {state}", step])


class Cancelled(BaseException):
    """Delivered once per request at a blocking point, so that ``finally`` and ``with`` blocks run.

    A BaseException, as trio's: ``except Exception`` must not swallow it. Let it pass on. ``tag`` is the scope or the
    deadline that asked for it, None where ``task.cancel()`` did.
    """

    def __init__(self, message: str = "cancelled", tag: object = None) -> None:
        super().__init__(message)
        self.tag = tag
