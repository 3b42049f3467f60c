"""How one proves that two programs are the same: name every choice, and make the choices again.

Floor 4. A schedule is a word of choices; the law compares what runs did with the same word.

Rule: a name is imported when it is first asked for, since pytest imports this package (for its plugin) at every start.
"""

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duality.proof.check import check
    from duality.proof.explore import explore
    from duality.proof.outcomes import Outcomes
    from duality.proof.reduction import NondeterminismError
    from duality.proof.replay import ReplayError, replay
    from duality.proof.schedule import Schedule, ScheduleError
    from duality.proof.verdict import Finding, Interrupted, Setting, Verdict

__all__ = [
    "Finding", "Interrupted", "NondeterminismError", "Outcomes", "ReplayError", "Schedule", "ScheduleError", "Setting",
    "Verdict", "check", "explore", "replay",
]  # fmt: skip

_ROOMS = {
    "check": "check",
    "explore": "explore",
    "outcomes": "Outcomes",
    "reduction": "NondeterminismError",
    "replay": "ReplayError replay",
    "schedule": "Schedule ScheduleError",
    "verdict": "Finding Interrupted Setting Verdict",
}


class _Package(ModuleType):
    """This package. Three rooms are called like the function in them: whoever asks the package means the function."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):  # else it is a room that has just been imported
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        room = next((room for room, names in _ROOMS.items() if name in names.split()), None)
        if room is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=self)
        value = getattr(importlib.import_module(f"{__name__}.{room}"), name)
        setattr(self, name, value)
        return value

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__})


sys.modules[__name__].__class__ = _Package
