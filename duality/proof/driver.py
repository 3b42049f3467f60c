"""What the fixture ``duality_run`` is: runs for a test, each led by one runtime and followed by the two others.

Rules: the runtime that the test is for makes the choices; the others must be offered the same, take the same steps and
come to the same end. What the test is given is the value of one more run, which is told nothing and watched by nobody,
made with the same choices. All of it on the simulated I/O core.
"""

from collections.abc import Iterator
from typing import Any

from attrs import define, evolve, field

from duality.proof.case import Case
from duality.proof.guard import Going, Guard
from duality.proof.plan import CROSSINGS, KINDS, Plan, Turn
from duality.proof.retold import Call, Retold
from duality.proof.schedule import Schedule
from duality.proof.trial import Trial, described
from duality.proof.verdict import LAWS, Finding, Setting
from duality.proof.watching import fresh_io
from duality.run import run

OWN = frozenset({"error", "assertion", "deadlock"})
"""What a run may end with: the test is given the error itself, and may expect it."""
STEPS = 50  # about as many as a run takes, until one has been seen


class LawBroken(AssertionError):
    """Runs that must be the same are not, or left behind what they must not. ``finding`` says what and where."""

    def __init__(self, finding: Finding) -> None:
        place = f"{finding.place}: " if finding.place else ""
        super().__init__(f"{place}{finding.law}: {finding.said}\n({finding.law}: {LAWS[finding.law]})")
        self.finding = finding


@define(repr=False)
class Driver:
    """Call it: ``duality_run(app, **params)`` gives what a run of ``app`` returns, or raises what it ended with.

    on: the runtime that leads.   count, seed: how many schedules there are, and what they are drawn from; a single one
    is first in, first out.   io: a SimulatedIO whose settings every run uses afresh; by default one that the seed
    decides.   allow: ``{"leak"}`` if a test wants to leave tasks or connections behind.
    Raises LawBroken besides; ScheduleError if a replayed schedule does not fit.
    """

    on: str
    count: int = 1
    seed: int = 0
    replayed: Retold | None = None
    io: Any = None
    allow: set[str] = field(factory=set)
    turn: Turn = field(init=False)
    ran: int = field(default=0, init=False)
    calls: list[Call] = field(factory=list, init=False)
    _cases: dict[int, tuple[Any, Case]] = field(factory=dict, init=False)

    def __repr__(self) -> str:
        return f"duality_run on {self.on}, schedule {self.turn.number} of {self.count}"

    def __attrs_post_init__(self) -> None:
        self.turn = self._plan()[0]

    def _plan(self) -> Plan:
        kinds, crossings = (tuple(KINDS), CROSSINGS) if self.count > 1 else (("fifo",), ("direct",))
        return Plan(self.count, self.seed, kinds, crossings)

    def schedules(self) -> Iterator[int]:
        """Go through the schedules; between two of them the test is run. Of a replay there is one."""
        plan = self._plan()
        for number in range(1 if self.replayed is not None else self.count):
            self.turn, self.calls = plan[number], []
            yield number

    def __call__(self, app: Any, **params: Any) -> Any:
        """One run for the test. Blocks until it has ended."""
        __tracebackhide__ = True
        case = self._cases.setdefault(id(app), (app, Case(app, self.io)))[1]
        setting, schedule = self._next(app, params)
        case.static(setting)  # read first, so that a finding can name its line
        played = case.play(schedule, setting, self.turn.twice)
        self.ran += 1
        self.calls.append(Call(app, played.setting, played.trials, played.found))
        for found in played.found:
            if found.law not in OWN and found.law not in self.allow:
                raise LawBroken(found)
        return self._value(app, played.setting, played.trials[0])

    def _next(self, app: Any, params: dict[str, Any]) -> tuple[Setting, Schedule]:
        if self.replayed is not None:
            setting = evolve(self.replayed.call(len(self.calls), app), params=params)
            return setting, Schedule.of(setting.word)
        setting = Setting(params=params, crossing=self.turn.crossing, leader=self.on, seed=self.turn.seed)
        steps = max((len(call.setting.word) for call in self.calls), default=STEPS)
        return setting, self.turn.schedule(steps)

    def _value(self, app: Any, setting: Setting, leader: Trial) -> Any:
        """The value itself, of a run that nobody watches; it must be the one that was seen."""
        __tracebackhide__ = True
        bound = app.given(**setting.params)
        io, schedule = fresh_io(self.io, setting), Schedule.of(setting.word)
        error: BaseException | None = None
        with Guard(), Going(lambda: len(schedule.word), schedule.close, _late):
            try:
                value = run(bound, self.on, io=io, schedule=schedule, crossing=setting.crossing).value
            except BaseException as raised:
                error = raised
        shown = ("value", repr(value)) if error is None else ("error", described(error))
        if leader.outcome.get(shown[0]) != shown[1]:
            said = f"{self.on} made the same run again, untraced, and it ended with {shown[0]} {shown[1]}"
            raise LawBroken(Finding("nondeterminism", said, trials=(leader,), setting=setting))
        if error is not None:
            raise error
        return value


def _late(place: str, seconds: float) -> BaseException:
    """Where a guard with a bound stands over the tests."""
    return TimeoutError(f"{place}: a step has run for {seconds:g} s and come to no rest")
