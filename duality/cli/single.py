"""One schedule, as a command asks for it: that of a replay file, or one given by the names of the tasks."""

import time
from collections.abc import Sequence

from duality.cli.checking import Asking, bound, core
from duality.cli.refusal import BadInput
from duality.cli.targets import Target
from duality.proof.case import Case, Round
from duality.proof.guard import Guard
from duality.proof.replay import ReplayError, replay
from duality.proof.schedule import Schedule, ScheduleError
from duality.proof.trial import RUNTIMES
from duality.proof.verdict import Verdict


def again(target: Target, path: str, stall: float) -> Verdict:
    """Play the finding in the file at ``path`` again. stall: seconds of a step. Raises BadInput if it cannot be."""
    try:
        return replay(path, target.app, stall)
    except ReplayError as wrong:
        raise BadInput(f"{wrong}.") from None
    except ScheduleError as wrong:
        raise BadInput(f"{path}: {wrong}.") from None


def scheduled(target: Target, names: Sequence[str], asking: Asking) -> tuple[Verdict, str]:
    """Play one schedule to all three: the tasks of these names, one a step, with every crossing that is asked for.

    Also gives, in words, with which crossings that was, and why not with the others: they rest elsewhere, and a task
    that is ready with one need not be with the other. Raises BadInput if it fits none.
    """
    began = time.perf_counter()
    app, params = bound(target.app)
    case = Case(app, core(asking.seed, asking.faults) if asking.faults else None)
    rounds: dict[str, Round] = {}
    unfit: dict[str, str] = {}
    with Guard(asking.stall):
        for crossing in asking.crossings:
            schedule = Schedule.named([name.strip() for name in names])
            try:
                rounds[crossing] = case.play(schedule, case.setting(params, crossing, RUNTIMES[0], asking.seed))
            except ScheduleError as wrong:
                unfit[crossing] = str(wrong).partition(": ")[2] or str(wrong)
    if not rounds:
        raise BadInput(f"--schedule: {next(iter(unfit.values()))}.", app.file, app.line)
    allowed = asking.of_app(app.name).allow
    found = next((one for played in rounds.values() for one in played.found if one.law not in allowed), None)
    trials = [trial for played in rounds.values() for trial in played.trials]
    walked = {edge for one in trials for edge in one.walked.edges}
    counts = len(rounds), len(trials), sum(len(one.steps) for one in trials), time.perf_counter() - began
    edges = len(walked), len(app.graph(**params).edges)
    said = "; ".join([" and ".join(rounds), *(f"not {crossing}: {why}" for crossing, why in unfit.items())])
    return Verdict(*counts, *edges, finding=found, name=app.name), f"crossing {said}"
