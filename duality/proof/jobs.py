"""Several processes play one plan. The verdict is the same as if one had.

Rules:
- Of n processes the j-th plays the schedules j, j + n, ...; each goes on below the lowest number that anybody has
  found something at, so every schedule before the first finding is played.
- A process tells numbers and counts, never runs: what was found at a number, the parent finds again by playing it.
- An error that is raised while a schedule is played counts as found there: the parent meets it as well.
"""

import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from typing import Any

from duality.proof.guard import forked, standing
from duality.proof.tally import Mark, Player, Tally

OFTEN = 0.1  # seconds between two reports
_Report = list[Mark]


def played(player: Player, schedules: int, jobs: int, tally: Tally, tell: Callable[[Tally], None]) -> None:
    """Play ``schedules`` schedules in ``jobs`` processes, into ``tally``. Blocks. ``tell`` hears of it, now and then.

    One job is this process. The others are forked: they have the application as it is, and the same hash seed. Where
    processes cannot be forked, this one does it all. Raises what a schedule raises, or KeyboardInterrupt; the tally
    has what was played until then.
    """
    try:
        if jobs > 1 and schedules > 1 and _can_fork():
            _forked(player, schedules, min(jobs, schedules), tally, tell)
        else:
            _alone(player, schedules, tally, tell)
    finally:
        tally.close()
    tell(tally)


def _can_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods()


def _alone(player: Player, schedules: int, tally: Tally, tell: Callable[[Tally], None]) -> None:
    due = time.perf_counter() + OFTEN
    for mark in player.marks(range(schedules)):
        tally.add(mark)
        if time.perf_counter() > due:
            tell(tally)
            due = time.perf_counter() + OFTEN


def _forked(player: Player, schedules: int, jobs: int, tally: Tally, tell: Callable[[Tally], None]) -> None:
    context = multiprocessing.get_context("fork")
    lowest = context.Value("q", schedules)
    pipes: dict[Connection, Any] = {}
    guard = standing()
    guard.held = True  # nobody is left behind, whenever an interrupt comes
    try:
        for job in range(jobs):
            here, there = context.Pipe(duplex=False)
            numbers = range(job, schedules, jobs)
            process = context.Process(target=_work, args=(player, numbers, lowest, there), daemon=True)
            process.start()
            there.close()
            pipes[here] = process
        guard.release()
        _heard(dict(pipes), tally, tell)
    finally:
        guard.held = True
        for process in pipes.values():
            process.kill()  # it may be in a step that does not end, and has nothing to put away
            process.join()
        guard.release()


def _heard(pipes: dict[Connection, Any], tally: Tally, tell: Callable[[Tally], None]) -> None:
    """Add up what the processes report, until all have ended."""
    while pipes:
        for pipe in wait(list(pipes)):
            assert isinstance(pipe, Connection)
            try:
                report: _Report | None = pipe.recv()
            except EOFError:
                raise RuntimeError("a process that played schedules has died; with jobs=1 one sees what of") from None
            if report is None:
                del pipes[pipe]
                pipe.close()
            else:
                for mark in report:
                    tally.add(mark)
        tell(tally)


def _work(player: Player, numbers: range, lowest: Any, pipe: Connection) -> None:
    """What a process does: play, report, and stop where somebody else has found something before."""
    forked()
    report: _Report = []
    due = time.perf_counter() + OFTEN
    for number in numbers:
        if number > lowest.value:
            break
        try:
            mark = player.mark(number)
        except Exception:
            mark = Mark(number, 0, 0, frozenset(), (), True)
        report.append(mark)
        if mark.found:
            with lowest.get_lock():
                lowest.value = min(lowest.value, number)
            break
        if time.perf_counter() > due:
            pipe.send(report)
            report, due = [], time.perf_counter() + OFTEN
    pipe.send(report)
    pipe.send(None)
