"""Faults of the simulated I/O core: scripts of a few sentences, of every kind there is.

Rule: what may be said is read from the core's own table (``FORMS``): a sentence that is added there is drawn here.
They shrink towards the empty script.
"""

from attrs import frozen
from hypothesis import strategies as st

from duality.core.io.simulated import Faults
from duality.core.io.simulated.sentences import DISK_VERBS, FORMS, STREAM_VERBS, Argument, Form, Sentence
from duality.proof.strategies.chance import Chance, Drawn

SIGNALS = ("interrupt", "terminate")
_TIMES = (0.0, 0.001, 0.002, 0.005, 0.1, 0.2, 0.5, 1.0)
_CHANCES = (0.1, 0.3, 0.5, 1.0)
_ERRORS = {"disk_verb": ("EIO", "EACCES", "ENOSPC"), "stream_verb": ("ECONNRESET", "ETIMEDOUT", "EPIPE")}


def faults(
    most: int = 3,
    hosts: tuple[str, ...] = ("localhost",),
    ports: tuple[int, ...] = (80,),
    paths: tuple[str, ...] = ("/notes",),
    signals: bool = False,
) -> st.SearchStrategy[Faults]:
    """Scripts of up to ``most`` sentences about these machines, ports and files. Give them to ``SimulatedIO(faults=)``.

    The defaults are the names that applications drawn by ``specs()`` use.   signals: whether the run may be sent SIGINT
    and SIGTERM.
    """

    @st.composite
    def drawn(draw: st.DrawFn) -> Faults:
        return faults_of(Drawn(draw), most, hosts, ports, paths, signals)

    return drawn()


def faults_of(
    chance: Chance,
    most: int = 3,
    hosts: tuple[str, ...] = ("localhost",),
    ports: tuple[int, ...] = (80,),
    paths: tuple[str, ...] = ("/notes",),
    signals: bool = False,
) -> Faults:
    """The script that the answers of ``chance`` decide."""
    forms = [form for form in FORMS.values() if signals or form.name not in SIGNALS]
    if len(hosts) < 2:
        forms = [form for form in forms if "others" not in form.arguments]
    asked = _Asked(chance, hosts, ports, paths)
    return Faults(tuple(asked.sentence(chance.pick(*forms)) for _ in range(chance.number(most))))


@frozen
class _Asked:
    """Draws the sentences of one script."""

    chance: Chance
    hosts: tuple[str, ...]
    ports: tuple[int, ...]
    paths: tuple[str, ...]

    def sentence(self, form: Form) -> Sentence:
        """A sentence of this form."""
        when = self.chance.pick(*_TIMES) if form.begins else None
        sides = self.sides() if "others" in form.arguments else ((), ())
        return Sentence(form.name, when, tuple(self.argument(form, name, sides) for name in form.arguments))

    def sides(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The two sides of a cut: they have no machine in common."""
        cut = 1 + self.chance.number(len(self.hosts) - 2)
        return tuple(sorted(self.hosts[:cut])), tuple(sorted(self.hosts[cut:]))

    def argument(self, form: Form, name: str, sides: tuple[tuple[str, ...], tuple[str, ...]]) -> Argument:
        """What the argument ``name`` may be."""
        if name in ("hosts", "others"):
            return sides[name == "others"]
        if name == "number":
            return self.chance.number(2) + 1
        kind = next((one for one in _ERRORS if one in form.arguments), "disk_verb")
        options: dict[str, tuple[Argument, ...]] = {
            "seconds": _TIMES, "chance": _CHANCES, "disk_verb": DISK_VERBS, "stream_verb": STREAM_VERBS,
            "error": _ERRORS[kind], "host": self.hosts, "port": self.ports, "path": self.paths,
        }  # fmt: skip
        return self.chance.pick(*options[name])
