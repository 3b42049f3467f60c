"""One application checked, as a command asks for it: what is given in words becomes what the check takes.

Rule: whatever is wrong with the words is told before anything runs.
"""

import inspect
import os
import time
from collections.abc import Mapping
from typing import Any

from attrs import frozen

from duality.cli.exploring import explored
from duality.cli.progress import Watch
from duality.cli.refusal import BadInput, reason
from duality.cli.targets import Target
from duality.errors import SpecError
from duality.proof.check import ALLOWED, check
from duality.proof.checked import Asked, Checked
from duality.proof.plan import CROSSINGS, KINDS
from duality.proof.reduction import NondeterminismError
from duality.proof.schedule import ScheduleError
from duality.proof.trial import RUNTIMES
from duality.proof.verdict import Interrupted

SPELT = {kind.replace(" ", "-"): kind for kind in KINDS}


@frozen
class Asking:
    """What was asked of every application. allow: a law, and the application that it is allowed to, or "" for all.

    faults: the script or the rates, as text.   exhaustive: whether to explore, on which runtime and how deep.
    stall: seconds that a step may take.
    """

    schedules: int
    seed: int
    kinds: tuple[str, ...]
    crossings: tuple[str, ...]
    allow: tuple[tuple[str, str], ...]
    starve: int
    jobs: int
    stall: float
    faults: str
    exhaustive: bool = False
    on: str | None = None
    depth: int | None = None

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> "Asking":
        """From the command's options. Raises BadInput."""
        crossing = options["crossing"] or ("direct" if options["exhaustive"] else "both")
        return cls(
            options["schedules"],
            options["seed"],
            _kinds(options["kinds"]),
            CROSSINGS if crossing == "both" else (crossing,),
            tuple(map(_allowed, options["allow"])),
            options["starve"],
            options["jobs"],
            options["stall"],
            _faults(options["faults"]),
            options["exhaustive"],
            options["on"],
            options["depth"],
        )

    def of_app(self, name: str) -> Asked:
        """What is asked of one application."""
        allow = tuple(law for app, law in self.allow if app in ("", name))
        return Asked(self.schedules, self.seed, self.kinds, self.crossings, self.faults, allow)


def _kinds(text: str | None) -> tuple[str, ...]:
    if text is None:
        return tuple(KINDS)
    words = [word.strip() for word in text.split(",")]
    unknown = [word for word in words if SPELT.get(word, word) not in KINDS]
    if unknown:
        raise BadInput(f"--kinds: {unknown[0]!r} is no kind of schedule; there are {', '.join(SPELT)}.")
    return tuple(dict.fromkeys(SPELT.get(word, word) for word in words))


def _allowed(word: str) -> tuple[str, str]:
    app, _, law = word.rpartition(":")
    law = law.replace("lost-wake-up", "lost wake-up")
    if law not in ALLOWED:
        raise BadInput(f"--allow: {law!r} is not what may be allowed; that is one of {', '.join(ALLOWED)}.")
    return app, law


def _faults(text: str | None) -> str:
    if text is None:
        return ""
    file = text.removeprefix("@") if text.startswith("@") else None
    try:
        if file is not None:
            with open(file, encoding="utf-8") as opened:
                text = opened.read()
        core(0, text)
    except OSError as wrong:
        raise BadInput(f"--faults: {reason(wrong)}.", file) from None
    except ValueError as wrong:
        raise BadInput(f"--faults: {wrong}.", file) from None
    return text


def core(seed: int, faults: str) -> Any:
    """The simulated I/O core with these faults. Raises ValueError if they cannot be read."""
    from duality.core.io.simulated import Faults, SimulatedIO

    return SimulatedIO(seed, faults=Faults.parse(faults))


def run(target: Target, asking: Asking, watch: Watch, file: str | None) -> Checked:
    """Check one target. Blocks. file: where to write a finding down, or None.

    A spec that is refused makes a Checked that says so; so does an interrupt.
    """
    asked = asking.of_app(target.app.name if target.app is not None else "")
    if target.refused or target.app is None:
        return Checked(target.file, target.app, asked, refused=target.refused)
    app, params = bound(target.app)
    io = core(asking.seed, asking.faults) if asking.faults else None
    wall, cpu = time.perf_counter(), _cpu()
    verdict, refused, interrupted = None, "", False
    counts: dict[str, dict[str, Any]] = {}
    with watch.over(app.name, asking.schedules):
        try:
            verdict = check(
                app, schedules=asked.schedules, seed=asked.seed, kinds=asked.kinds, crossings=asked.crossings, io=io,
                allow=asked.allow, jobs=asking.jobs, starve=asking.starve, stall=asking.stall, progress=watch,
                replay=file, **params,
            )  # fmt: skip
            if asking.exhaustive:
                sides = RUNTIMES if asking.on is None else (asking.on,)
                bounds = {"on": sides, "depth": asking.depth, "stall": asking.stall, "progress": watch.explored}
                verdict, counts = explored(app, verdict, asked.crossings, asked.allow, io, file, **bounds)
        except SpecError as wrong:
            refused = str(wrong)
        except Interrupted as stop:
            verdict, interrupted = stop.verdict, True
        except (ScheduleError, NondeterminismError) as wrong:
            refused = f"{target.name}: {wrong}."
    took = time.perf_counter() - wall, _cpu() - cpu
    return Checked(target.file, target.app, asked, verdict, refused, *took, counts, interrupted)


def bound(app: Any) -> tuple[Any, dict[str, Any]]:
    """The application, and its parameters' values as ``check`` takes them; those named like its own stay bound."""
    own = inspect.signature(check).parameters
    return app, {name: value for name, value in getattr(app, "params", {}).items() if name not in own}


def _cpu() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system
