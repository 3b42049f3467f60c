"""How one proves that two programs are the same: name every choice, and make the choices again.

Floor 4. A schedule is a word of choices; the law compares what runs did with the same word.
"""

from duality.proof.schedule import Schedule, ScheduleError

__all__ = ["Schedule", "ScheduleError"]
