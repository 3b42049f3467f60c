"""A case: what is checked. It plays one schedule to the three runtimes and holds them against each other.

Rules:
- One runtime leads: it plays the schedule freely. The others follow: they play its word, and stop as soon as they are
  offered anything else.
- What two runs of a case can differ in is its ``Setting`` and nothing else; a difference is tried again before it is
  told, so that chance of the spec's own is not taken for a fault of a runtime.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from attrs import evolve, frozen

from duality.compiler.program import graph_of, procedures
from duality.core.recorder import Contradiction
from duality.graph import BlockingGraph, Node
from duality.proof import law
from duality.proof.ends import findings
from duality.proof.following import Parted, following, stopped, unfinished
from duality.proof.law import Static
from duality.proof.rests import KEEPERS, Rests, unlike
from duality.proof.schedule import Endless, Schedule
from duality.proof.stages import Stages
from duality.proof.stalls import Stalled
from duality.proof.trial import RUNTIMES, Trial
from duality.proof.verdict import Finding, Setting
from duality.proof.watching import faults_of, seed_of, watchers
from duality.spec.application import Application
from duality.spec.invariant import invariants_of

LONGEST = 100_000
"""Steps that a run may take before it is said to have no end."""
TEXTS = ("spec", "events", "threads")


@frozen
class Round:
    """One schedule, played by all. trials: the leader's first.   found: what was found, the gravest first."""

    setting: Setting
    trials: tuple[Trial, ...]
    found: tuple[Finding, ...]


class Case:
    """An application and the I/O core it is checked on.

    io: an I/O core whose settings every run uses afresh, or None: the simulated one, seeded by the setting.
    longest: steps after which a run is given up.   Raises SpecError if the spec is refused, or has no ``main``.
    """

    def __init__(self, app: Application, io: Any = None, starve: int = 1000, longest: int = LONGEST) -> None:
        self.app = app
        self.template = io
        self.stages = Stages(io)
        self.starve = starve
        self.longest = longest
        self.statics: dict[str, Static] = {}
        self.files: dict[str, str] = {}
        self.looks = False  # whether there are invariants
        self.begun = False  # the first run looks for them in any case: some are where nobody would look
        self.eyes: dict[str, Rests] = {}  # who notes what is kept at the rests of the runs that are being compared

    def graphs(self, **params: Any) -> dict[str, BlockingGraph]:
        """The static graph as three readers read it off three texts, by the name of the text. Raises SpecError."""
        return {text: graph_of(self.app, text, **params) for text in TEXTS}

    def static(self, setting: Setting) -> Static:
        """The static graph of the spec with these parameters."""
        key = repr(sorted(setting.params.items()))
        if key not in self.statics:
            self.statics[key] = Static(graph_of(self.app, "spec", **setting.params))
            for function, owner in procedures(self.app, **setting.params):
                self.files.setdefault(function.__qualname__, function.__code__.co_filename)
                self.looks = self.looks or (owner is not None and bool(invariants_of(owner)))
        return self.statics[key]

    def place(self, node: Node | None) -> str:
        """``file:line`` of a node, or ""."""
        file = self.files.get(node.procedure) if node is not None else None
        return f"{file}:{node.line}" if file and node is not None else ""

    def setting(self, params: Mapping[str, Any], crossing: str, leader: str, seed: int) -> Setting:
        """The setting of a run whose word is not known yet; seed and faults are the I/O core's, if one was given."""
        faults = None if self.template is None else faults_of(self.template)
        return Setting(params, crossing, (), leader, faults, seed_of(self.template, seed))

    # -- one run -------------------------------------------------------------------------------------------------------

    def run(self, on: str, schedule: Schedule, setting: Setting, extra: Sequence[Any] = ()) -> Trial:
        """One run. Raises ScheduleError if the schedule does not fit it, Contradiction if the runtime is broken."""
        schedule.limit = self.longest
        looking = [*watchers(self.starve, on == setting.leader, self.looks or not self.begun), *extra]
        looking += [self.eyes[on]] if on in self.eyes else []
        return self.stages.play(partial(self.app.build, **setting.params), on, schedule, setting, looking)

    def cut(self, on: str, schedule: Schedule, setting: Setting) -> Trial:
        """A run that breaks off, made again, as far as it comes."""
        return unfinished(on, schedule, lambda told, keep: self.run(on, told, setting, [keep]))

    def lead(self, schedule: Schedule, setting: Setting) -> tuple[Trial, Finding | None]:
        """The leader's run; a finding if it has no end or its runtime contradicts itself."""
        try:
            return self.run(setting.leader, schedule, setting), None
        except Stalled as stalled:
            cut = stopped(setting.leader, stalled)
            said = f"{stalled}, in step {len(cut.steps) - 1}"
            return cut, Finding("stall", said, stalled.place, len(cut.steps) - 1, (cut,))
        except (Endless, Contradiction) as broken:
            cut = self.cut(setting.leader, schedule.again(), setting)
            broken_law = "starvation" if isinstance(broken, Endless) else "L1"
            return cut, Finding(broken_law, str(broken), step=len(cut.steps) - 1, trials=(cut,))

    def follow(self, leader: Trial, on: str, setting: Setting) -> tuple[Trial, Finding | None]:
        """The run of a follower; a finding if it parts from the leader's."""
        try:
            other = self.run(on, following(leader), setting)
        except Stalled as stalled:
            other = stopped(on, stalled)
            step = len(other.steps) - 1
            said = f"on {on}, {stalled}, in step {step}, which {leader.on} has ended"
            return other, Finding("stall", said, stalled.place, step, (leader, other))
        except (Parted, Contradiction) as broken:
            other = self.cut(on, following(leader), setting)
            step = len(other.steps) - 1
            if other.outcome.get("cut") != str(broken):
                said = f"uncontrolled nondeterminism at step {step}: {on} broke off once ({broken}), and then did not"
                return other, Finding("nondeterminism", said, step=step, trials=(leader, other))
            if isinstance(broken, Contradiction):
                return other, Finding("L1", str(broken), step=step, trials=(leader, other))
        return other, law.same_steps(leader, other) or law.same_end(leader, other) or law.same_walk(leader, other)

    # -- all three -----------------------------------------------------------------------------------------------------

    def play(self, schedule: Schedule, setting: Setting, twice: int | None = None, rests: int = 1) -> Round:
        """Play ``schedule`` to all three, the setting's leader first. Its word is in the setting of what comes out.

        twice: which of the three runs is made again, from 0, to look for what nobody controls; None for none.   rests:
        of how many rests one is looked into (L4); 0 for none.
        """
        self.eyes = {on: Rests(on, rests) for on in KEEPERS} if rests else {}
        self.static(setting)
        leader, found = self.lead(schedule, setting)
        self.begun = True
        setting = evolve(setting, word=leader.word)
        trials = [leader]
        for on in (one for one in RUNTIMES if one != setting.leader):
            if found is not None:
                break
            other, found = self.follow(leader, on, setting)
            trials.append(other)
        found = found or next(filter(None, map(self.static(setting).holds, trials)), None) or self.keep(trials)
        self.eyes = {}
        if found is None and twice is not None:
            found = law.same_again(trials[twice], self.once_more(trials[twice], setting))
        elif found is not None and len(found.trials) == 2:
            found = self.controlled(found, setting)
        every = (found,) if found is not None else tuple(findings(leader))
        return Round(setting, tuple(trials), tuple(self.placed(one, setting) for one in every))

    def keep(self, trials: list[Trial]) -> Finding | None:
        """(L4) A finding if the two that keep something at their rests keep something else."""
        pair = tuple(one for on in KEEPERS for one in trials if one.on == on)
        if len(pair) < len(KEEPERS) or not self.eyes:
            return None
        try:
            fact = unlike(*(self.eyes[on] for on in KEEPERS))
        except Exception as wrong:
            return Finding("L4", f"a rest could not be looked into: {type(wrong).__name__}: {wrong}", trials=pair)
        return Finding(fact.kind, fact.said, fact.place, fact.step, pair) if fact is not None else None

    def once_more(self, first: Trial, setting: Setting) -> Trial:
        """The same run again; cut off where it is another one."""
        try:
            return self.run(first.on, following(first), setting)
        except Stalled as stalled:
            return stopped(first.on, stalled)
        except (Parted, Contradiction):
            return self.cut(first.on, following(first), setting)

    def controlled(self, found: Finding, setting: Setting) -> Finding:
        """``found``, unless one of its runs is another one when it is made again: then that is the finding."""
        # Each twice in a row: what comes by turns must not fall into step with us.
        for one in (one for one in found.trials for _ in range(2)):
            if "cut" not in one.outcome:
                again = law.same_again(one, self.once_more(one, setting))
                if again is not None:
                    return again
        return found

    def placed(self, found: Finding, setting: Setting) -> Finding:
        """``found`` with its setting, and with the line of the spec that it is about."""
        place = found.place
        if not place and found.step is not None and found.trials:
            place = self.place(law.blamed(found.trials[0], found.trials[-1], found.step))
        return evolve(found, setting=setting, place=place)
