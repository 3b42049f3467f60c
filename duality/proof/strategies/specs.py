"""Whole random applications, for hypothesis: they shrink towards few modules, few tasks and few statements."""

from hypothesis import strategies as st

from duality.proof.strategies.application import MOST_N, Writer
from duality.proof.strategies.chance import Chance, Drawn
from duality.proof.strategies.spec import Spec


@st.composite
def specs(draw: st.DrawFn, max_modules: int = 3, max_tasks: int = 5, io: bool = True) -> Spec:
    """Whole applications of up to ``max_modules`` modules beside `Main`, which starts up to ``max_tasks`` tasks.

    io: whether they may talk over a network and use files; run them on a ``SimulatedIO``.
    Each ends under every schedule: with a value, with an error, or in a deadlock that the machine names. Many are
    wrong on purpose (signals forgotten, tests that are not repeated): they are there to be compared, not to succeed.
    """
    return spec_of(Drawn(draw), max_modules, max_tasks, io)


def spec_of(chance: Chance, max_modules: int = 3, max_tasks: int = 5, io: bool = True) -> Spec:
    """The application that the answers of ``chance`` decide."""
    text = Writer(chance, max_modules, max_tasks, io).text()
    return Spec(text, {"n": chance.number(MOST_N)})
