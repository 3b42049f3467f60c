"""A finding as a file, and the file as a run: a JSON object of our own.

    replays       what it is, and in which format
    application   its name, its file, and what tells whether it or a file it takes modules from has changed
    versions      of duality, of the compiler, of Python
    io            the settings of the I/O core, if the check was given one
    setting       parameters, crossing, leader, faults, seed, and the word of choices
    offered       for each step, what tells the choices offered from all others
    finding       the law, what was said, the place, the step

Rules: a spec that has changed is refused, for its choices mean something else now; a compiler that has changed is not,
for one wants to see whether it still happens. What is offered is compared at every step.
"""

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from attrs import evolve, frozen

from duality.core.io.simulated import SimulatedIO
from duality.proof import law, sheet
from duality.proof.case import Case
from duality.proof.coded import Unwritten, decoded
from duality.proof.following import Parted
from duality.proof.guard import STALL, Guard, bounded
from duality.proof.paper import FORMAT, KIND, told
from duality.proof.plan import CROSSINGS
from duality.proof.schedule import Schedule, ScheduleError
from duality.proof.sources import digest, load
from duality.proof.trial import RUNTIMES, Trial
from duality.proof.verdict import LAWS, Finding, Setting, Verdict
from duality.proof.watching import parsed
from duality.spec.application import Application


class ReplayError(ValueError):
    """A file that cannot be replayed: it is none, or not of this spec as it is now. One sentence, with the file."""


# -- reading -----------------------------------------------------------------------------------------------------------


@frozen
class Replay:
    """A replay file that was read. word: of the leader.   offered: see ``told``.   law: of the finding."""

    path: str
    name: str
    file: str
    sources: Mapping[str, str]
    io: Mapping[str, Any] | None
    setting: Setting
    offered: tuple[str, ...]
    law: str

    @property
    def word(self) -> tuple[int, ...]:
        """The choices; ``Schedule.of`` takes the whole."""
        return self.setting.word

    def schedule(self) -> Schedule:
        """The choices it holds; while they are played, Parted if anything else is offered than was then."""
        word, offered_then = self.word, self.offered

        def choice(step: int, offered: Sequence[str]) -> int:
            known = step < len(offered_then)  # a watcher that stops a run does so when the next choice has been made
            if step >= len(word) or (known and told(offered) != offered_then[step]):
                raise Parted(step, offered, None)
            if word[step] >= len(offered):
                raise ScheduleError(f"step {step} offers {', '.join(offered)}, and choice {word[step]} is none of them")
            return word[step]

        return Schedule(f"the choices of {self.path}", lambda: choice)


def read(path: str | os.PathLike[str]) -> Replay:
    """The replay file at ``path``. Raises ReplayError."""
    data = sheet.read(path, ReplayError)
    if not isinstance(data, dict) or data.get("replays") != KIND:
        raise ReplayError(f"{path}: this is no replay file of a check")
    if data.get("format") != FORMAT:
        raise ReplayError(f"{path}: written in format {data.get('format')!r}; this is duality's format {FORMAT}")
    try:
        return _read(str(path), data)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as wrong:
        raise ReplayError(f"{path}: this replay file is damaged: {type(wrong).__name__} {wrong}") from None


def _read(path: str, data: dict[str, Any]) -> Replay:
    given, app = data["setting"], data["application"]
    word = tuple(given["word"])
    offered = tuple(data["offered"])
    if any(type(one) is not int or one < 0 for one in word) or len(offered) + 1 < len(word):
        raise ValueError("its choices are no word")
    if given["crossing"] not in CROSSINGS or given["leader"] not in RUNTIMES:
        raise ValueError("it names no crossing or no runtime")
    if data["finding"]["law"] not in LAWS:
        raise ValueError("it names no law")
    params = {str(name): decoded(value) for name, value in given["params"].items()}
    setting = Setting(params, given["crossing"], word, given["leader"], given["faults"], int(given["seed"]))
    core = data["io"]
    io = None if core is None else {name: decoded(value) for name, value in core.items()}
    sources = {str(name): str(value) for name, value in app["sources"].items()}
    return Replay(path, str(app["name"]), str(app["file"]), sources, io, setting, offered, data["finding"]["law"])


# -- playing -----------------------------------------------------------------------------------------------------------


def replay(path: str | os.PathLike[str], app: Application | None = None, stall: float = STALL) -> Verdict:
    """Play the finding in the file at ``path`` again; the verdict has it, if it still shows.

    app: the application, if it is loaded already.   stall: seconds that a step may take (in the main OS thread).
    Blocks. Where another choice is offered than was then, the finding is "uncontrolled nondeterminism at step k".
    Raises ReplayError if the file is none, or its spec has changed.
    """
    began = time.perf_counter()
    found = read(path)
    app = _application(found, app)
    case = Case(app, None if found.io is None else _core(found))
    params = found.setting.params
    graphs = case.graphs(**params)
    finding, trials = law.same_texts(graphs), cast(tuple[Trial, ...], ())
    if finding is None and found.offered:
        with Guard(bounded(stall)):
            finding, trials = _played(case, found)
    elif finding is not None:
        finding = evolve(finding, setting=found.setting)
    walked = {edge for trial in trials for edge in trial.walked.edges}
    steps = sum(len(trial.steps) for trial in trials)
    counts = (1, max(1, len(trials)), steps, time.perf_counter() - began, len(walked), len(graphs["spec"].edges))
    return Verdict(*counts, finding=finding, replay=str(path), name=app.name)


def _played(case: Case, found: Replay) -> tuple[Finding | None, tuple[Trial, ...]]:
    try:
        played = case.play(found.schedule(), found.setting, 0 if found.law == "nondeterminism" else None)
    except Parted as parted:
        cut = case.cut(found.setting.leader, found.schedule(), found.setting)
        now = f"it offers {' '.join(parted.offered)} now, and did not when {found.path} was written"
        if parted.step >= len(found.word):
            now = f"the run goes on, and had ended when {found.path} was written"
        said = f"uncontrolled nondeterminism at step {parted.step}: {now}"
        return Finding("nondeterminism", said, step=parted.step, trials=(cut,), setting=found.setting), (cut,)
    same = [one for one in played.found if one.law == found.law]
    return next(iter([*same, *played.found]), None), played.trials


def _application(found: Replay, app: Application | None) -> Application:
    """The application that the file is of, its spec being what it was."""
    folder = Path(found.path).resolve().parent
    if app is not None and app.name != found.name:
        raise ReplayError(f"{found.path}: this is a replay of {found.name}, not of {app.name}")
    for name, then in found.sources.items():
        file = str(app.file) if app is not None and name == found.file else os.path.normpath(folder / name)
        now = digest(file)
        if now is None:
            raise ReplayError(f"{found.path}: the spec's file {file} is not there any more")
        if now != then:
            raise ReplayError(f"{file} has changed since {found.path} was written: its choices mean nothing now")
    if app is None:
        app = load(os.path.normpath(folder / found.file), found.name)
    if app is None:
        raise ReplayError(f"{found.path}: its spec has no application {found.name}")
    for name, value in found.setting.params.items():
        if isinstance(value, Unwritten):
            raise ReplayError(f"{found.path}: no file can hold the value of parameter {name}, which was {value.shown}")
    return app


def _core(found: Replay) -> SimulatedIO:
    settings = dict(found.io or {})
    settings["faults"] = parsed(settings["faults"]) if settings.get("faults") else None
    return SimulatedIO(**settings)
