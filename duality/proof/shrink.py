"""Make a finding small: few steps, few switches, small parameters, a short fault script.

Rules:
- Whatever is tried is run, and is better only if the same law fails in the same way; the last word is always a run that
  shows it.
- It ends: everything tried is smaller, and there is a bound on runs and on seconds.

Source: Zeller & Hildebrandt 2002 (delta debugging); MacIver & Donaldson 2020 (shrink what the choices were drawn from).
"""

import inspect
import time
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve

from duality.proof.case import Case
from duality.proof.ends import findings
from duality.proof.guard import hurried
from duality.proof.schedule import Schedule
from duality.proof.smaller import trimmed, values, weight, words
from duality.proof.verdict import Finding, Setting
from duality.proof.watching import faults_of, fewer_faults

RUNS = 2_000
SECONDS = 10.0
TRIES = 24  # schedules tried for every change of a parameter: with other parameters the bug may need another word
_BETWEEN = frozenset({"L1", "L2", "L3", "L4"})
_AS_IT_IS = frozenset({"nondeterminism", "stall"})
_HURRY = 1.0  # seconds that a step may take in what is only tried: smaller parameters may well make an endless loop
Size = tuple[float, ...]


def shrunk(case: Case, found: Finding, runs: int = RUNS, seconds: float = SECONDS) -> tuple[Finding, bool]:
    """The smallest finding that shows what ``found`` does, and whether an interrupt ended the search for it.

    ``as_found`` is its setting before. Blocks for ``seconds``, about. What no run shows (graphs), not reliably
    (nondeterminism) or not soon (a step that does not end), stays as it is.
    """
    if not found.trials or found.law in _AS_IT_IS:
        return found, False
    search = _Shrinking(case, found, runs, seconds)
    try:
        search.run()
    except KeyboardInterrupt:
        return search.best, True
    return search.best, False


class _Shrinking:
    def __init__(self, case: Case, found: Finding, runs: int, seconds: float) -> None:
        self.case = case
        self.runs = runs
        self.until = time.perf_counter() + seconds
        self.best = evolve(found, as_found=found.setting)
        self.size = size_of(self.best, self.full(found.setting.params))

    def run(self) -> None:
        """Try until nothing is better, or it has been long enough."""
        case, longest = self.case, self.case.longest
        case.longest = longest if self.best.law == "starvation" else min(longest, 2 * int(self.size[0]) + 200)
        try:
            with hurried(_HURRY):
                while self.better():
                    pass
        finally:
            case.longest = longest

    def better(self) -> bool:
        """Try everything once; whether anything was better, and there is time to go on."""
        before = self.size
        for attempt in (self.params, self.faults, self.word, self.others):
            attempt()
        return self.size < before and self.left

    @property
    def left(self) -> bool:
        return self.runs > 0 and time.perf_counter() < self.until

    # -- what is tried -------------------------------------------------------------------------------------------------

    def word(self) -> None:
        """Shorter words, from the beginning again whenever one is better."""
        again = True
        while again and self.left:
            candidates = words(self.best.setting.word)
            again = any(self.shows(Schedule.wrapped(one), self.best.setting) for one in candidates if self.left)

    def others(self) -> None:
        """Other schedules altogether."""
        for schedule in self.schedules():
            self.shows(schedule, self.best.setting)

    def schedules(self) -> Iterator[Schedule]:
        """A few that are quickly tried."""
        steps = max(1, len(self.best.setting.word))
        yield from (Schedule.of([]), Schedule.round_robin())
        for seed in range(TRIES // 2):
            yield Schedule.pct(seed, 3, steps)
            yield Schedule.seeded(seed)

    def params(self) -> None:
        """Smaller parameters, with this word or with another one."""
        for name in self.full({}):
            for value in values(self.full(self.best.setting.params)[name]):
                if self.left and self.param(name, value):
                    break

    def param(self, name: str, value: Any) -> bool:
        setting = evolve(self.best.setting, params={**self.best.setting.params, name: value})
        if self.shows(Schedule.wrapped(setting.word), setting):
            return True
        return any(self.shows(schedule, setting) for schedule in self.schedules() if self.left)

    def faults(self) -> None:
        """A script with one fault less, as long as one is to be had."""
        again = True
        while again and self.left:
            setting = self.best.setting
            script = faults_of(self.case.template) if setting.faults is None else setting.faults
            fewer = fewer_faults(script) if script else []
            again = any(self.shows(Schedule.wrapped(setting.word), evolve(setting, faults=one)) for one in fewer)

    # -- trying it -----------------------------------------------------------------------------------------------------

    def shows(self, schedule: Schedule, setting: Setting) -> bool:
        """Run it; whether it shows the same, and is smaller: then it is the best."""
        if not self.left:
            return False
        try:
            found = self.found(schedule, setting)
        except Exception:  # parameters that the application does not take: no run, and so not the same
            return False
        if found is None:
            return False
        size = size_of(found, self.full(found.setting.params))
        if size >= self.size:
            return False
        self.best, self.size = evolve(found, as_found=self.best.as_found), size
        return True

    def found(self, schedule: Schedule, setting: Setting) -> Finding | None:
        """What is found that is the same as what is sought."""
        if self.best.law in _BETWEEN:
            self.runs -= 3
            every = list(self.case.play(schedule, setting, rests=int(self.best.law == "L4")).found)
        else:
            self.runs -= 1
            leader, broken = self.case.lead(schedule, setting)
            setting = evolve(setting, word=leader.word)
            every = [self.case.placed(one, setting) for one in ([broken] if broken else findings(leader))]
        return next((one for one in every if self.same(one)), None)

    def same(self, found: Finding) -> bool:
        """Whether it is the same law that fails in the same way."""
        mine = self.best
        if found.law != mine.law:
            return False
        if found.law in ("invariant", "assertion"):
            return found.place == mine.place
        if found.law == "error":
            return found.place == mine.place and found.said.partition(":")[0] == mine.said.partition(":")[0]
        if found.law == "deadlock":  # who waits for itself is no circle of several that was made smaller
            return ("waits for itself" in found.said) == ("waits for itself" in mine.said)
        return True

    def full(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """All parameters and their values, the defaults included."""
        app, none = self.case.app, inspect.Parameter.empty
        known = {name: one.default for name, one in app.parameters.items() if one.default is not none}
        return {**known, **getattr(app, "params", {}), **params}


def size_of(found: Finding, params: Mapping[str, Any]) -> Size:
    """What is to be small, the most important first: steps, parameters, faults, switches, choices."""
    word = trimmed(found.setting.word)
    steps = found.step + 1 if found.step is not None else max(len(trial.steps) for trial in found.trials)
    switches = sum(choice > 0 for choice in word)
    faults = len(found.setting.faults or "")
    return (steps, sum(map(weight, params.values())), faults, switches, sum(word), len(word))
