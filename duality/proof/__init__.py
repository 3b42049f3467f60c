"""How one proves that two programs are the same: name every choice, and make the choices again.

Floor 4. A schedule is a word of choices; the law compares what runs did with the same word.
"""

from duality.proof.check import check
from duality.proof.explore import explore
from duality.proof.outcomes import Outcomes
from duality.proof.reduction import NondeterminismError
from duality.proof.replay import ReplayError, replay
from duality.proof.schedule import Schedule, ScheduleError
from duality.proof.verdict import Finding, Setting, Verdict

__all__ = [
    "Finding", "NondeterminismError", "Outcomes", "ReplayError", "Schedule", "ScheduleError", "Setting", "Verdict",
    "check", "explore", "replay",
]  # fmt: skip
