"""The runtimes of a case: one that has made a run which ended well makes the next one of its kind.

Rules: to dress the modules takes longer than many a run, and is the same every time. What a runtime that is used again
may not carry over, and when it must not be: ``duality/core/again.py``. A run that breaks off leaves none.
"""

from collections.abc import Callable, Sequence
from typing import Any

from duality.core.again import again
from duality.core.io.simulated import SimulatedIO
from duality.proof.schedule import Schedule
from duality.proof.trial import Trial, Watcher, runtime_of, trial
from duality.proof.verdict import Setting
from duality.proof.watching import fresh_io

_Key = tuple[str, str, str | None]


class Stages:
    """Those of a case. template: the I/O core whose settings every run uses, None for the simulated one."""

    def __init__(self, template: Any) -> None:
        self.template = template
        self.free: dict[_Key, Any] = {}

    def play(
        self, build: Callable[[], Any], on: str, schedule: Schedule, setting: Setting, watchers: Sequence[Watcher]
    ) -> Trial:
        """One run (see ``trial``), on a runtime that is there or a new one."""
        runtime = self.take(on, schedule, setting)
        done = trial(build, on, schedule, runtime.io, crossing=setting.crossing, watchers=watchers, runtime=runtime)
        if "value" in done.outcome:
            self.give(on, setting, runtime)
        return done

    def take(self, on: str, schedule: Schedule, setting: Setting) -> Any:
        """A runtime for one run; its I/O core is unopened."""
        runtime = self.free.pop(_key(on, setting), None)
        if runtime is None:
            return runtime_of(on, schedule, fresh_io(self.template, setting), setting.crossing)
        runtime.ready.begin(schedule)
        runtime.io.anew(setting.seed if self.template is None else runtime.io.settings["seed"])
        return runtime

    def give(self, on: str, setting: Setting, runtime: Any) -> None:
        """Take back the runtime of a run that ended well. Only the simulated I/O core begins anew."""
        if type(runtime.io) is SimulatedIO and again(runtime):
            self.free[_key(on, setting)] = runtime


def _key(on: str, setting: Setting) -> _Key:
    return on, setting.crossing, setting.faults
