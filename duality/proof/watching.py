"""What a run of a case is given besides its schedule: the I/O core, and those who look on."""

from typing import Any

from duality.core.io.simulated import SimulatedIO
from duality.proof.invariants import Invariants
from duality.proof.starvation import Starvation
from duality.proof.trial import Watcher
from duality.proof.verdict import Setting
from duality.proof.watch import Watch


def watchers(starve: int, leads: bool, looks: bool = True) -> list[Watcher]:
    """Those of one run, fresh. starve: scheduling points that a task may be passed by.   leads: if it is the leader's.

    looks: whether there may be invariants.

    Who ends a run looks on at all of them, or they would not be the same; who only notes why it ended, at the leader's.
    """
    always: list[Watcher] = [Invariants(), Starvation(starve)] if looks else [Starvation(starve)]
    return [*always, Watch()] if leads else always


def fresh_io(template: Any, setting: Setting) -> Any:
    """The I/O core of one run: ``template`` afresh; if that is None, the simulated one.

    The faults are the setting's, or, where it names none, the template's own; without template the seed is as well.
    An interrupt is for whoever makes the run, and no event in it.
    """
    return quiet(_fresh_io(template, setting))


def quiet(io: Any) -> Any:
    """``io``, which shall leave the signals of the process to whoever makes the run, if it knows how to."""
    if hasattr(io, "leave_signals"):
        io.leave_signals()
    return io


def _fresh_io(template: Any, setting: Setting) -> Any:
    if template is None:
        faults = parsed(setting.faults) if setting.faults else None
        return SimulatedIO(setting.seed, faults=faults)
    if setting.faults is None or setting.faults == faults_of(template):
        return template.again()
    faults = parsed(setting.faults) if setting.faults else None
    return type(template)(**{**template.settings, "faults": faults})


def faults_of(io: Any) -> str:
    """What an I/O core was told will go wrong, as text; "" if nothing was."""
    return str(getattr(io, "settings", {}).get("faults") or "")


def seed_of(template: Any, otherwise: int) -> int:
    """The seed of an I/O core, if it was given and has one."""
    seed = getattr(template, "settings", {}).get("seed", otherwise)
    return seed if isinstance(seed, int) else otherwise


def parsed(text: str) -> Any:
    """A fault script read from text. Raises ValueError."""
    from duality.core.io.simulated.faults import Faults

    return Faults.parse(text)


def fewer_faults(text: str) -> list[str]:
    """The scripts with one fault less; none for what is no script."""
    faults = parsed(text)
    script = tuple(getattr(faults, "script", ()))
    return [str(faults.without(place)) for place in range(len(script))]
