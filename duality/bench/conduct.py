"""``duality bench``: everything that is to be measured, in turns, then the table and the file."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from attrs import frozen
from rich.console import Console
from rich.progress import Progress

from duality.bench import checking, compiling, driver, scheduler, web
from duality.bench.arithmetic import turns
from duality.bench.machine import facts, where
from duality.bench.process import BenchError, cores
from duality.bench.result import Result, Sample
from duality.bench.table import show

MEASURES = ("web", "yield", "scale", "memory", "call", "rest", "compile", "check", "simulated")
ONE_CORE = "Only one core is usable: the client shares it with the servers, which disturbs the web measurement."


@frozen
class Part:
    """One contender of one measure: ``sample(round)`` measures it once, or raises BenchError."""

    measure: str
    contender: str
    sample: Callable[[int], Sample]


def main(
    only: Sequence[str] = (),
    rounds: int = 6,
    seconds: float = 3.0,
    json: Path | None = None,
    quick: bool = False,
) -> Result:
    """Measure, print the table, write the raw samples to ``json``; return them all. Blocks for some minutes.

    only: names out of ``MEASURES``; none means all.   rounds: samples of each contender, at least 1.
    seconds: of load per sample of a web server (whole seconds, at least 1).   quick: two rounds of a quarter of the
    work, enough to see that it works, not enough to believe.
    Raises ValueError for an unknown measure or no rounds; OSError if ``json`` cannot be written.
    """
    for name in only:
        if name not in MEASURES:
            raise ValueError(f"there is no measure {name!r}, only {', '.join(MEASURES)}")
    if rounds < 1:
        raise ValueError(f"rounds must be at least 1, not {rounds}")
    rounds, seconds, steps = (2, 1.0, 500_000) if quick else (rounds, seconds, 2_000_000)
    wanted = [name for name in MEASURES if name in only or not only]
    result = Result(facts())
    if json is not None:
        result.save(json)  # learn now, not in some minutes, that it cannot be written
    with ExitStack() as stack:
        parts = [part for name in wanted for part in _parts(name, max(1, round(seconds)), steps, result, stack)]
        _measure(parts, rounds, result)
    show(result, Console())
    if json is not None:
        result.save(json)
    return result


def _parts(name: str, seconds: int, steps: int, result: Result, stack: ExitStack) -> Iterator[Part]:
    """The contenders of one measure. What is missing is noted in ``result``; ``stack`` removes what was made."""
    if name == compiling.MEASURE:
        for contender in compiling.CONTENDERS:
            yield Part(name, contender, partial(compiling.measure, contender))
        return
    if name in checking.CONTENDERS:
        for contender in checking.CONTENDERS[name]:
            times = steps // (2_000 if name == checking.CHECK else 100)
            yield Part(name, contender, partial(checking.measure, name, contender, times=times))
        return
    if name != "web":
        jobs, missing = scheduler.possible([job for job in scheduler.jobs(steps) if job.measure == name])
        _note(result, missing)
        for job in jobs:
            yield Part(name, job.contender, partial(scheduler.measure, job))
        return
    if where("wrk") is None:
        _note(result, [driver.NO_WRK])
        return
    found, missing = web.contenders()
    _note(result, missing + ([ONE_CORE] if cores()[0] == cores()[1] else []))
    root = stack.enter_context(web.site())
    for one in found:
        yield Part(name, one.name, partial(web.measure, one, root, seconds=seconds))


def _measure(parts: Sequence[Part], rounds: int, result: Result) -> None:
    """Fill ``result``, measure after measure, each in turns. A contender that fails is out of its measure."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("", total=len(parts) * rounds)
        for name in dict.fromkeys(part.measure for part in parts):
            failed: set[str] = set()
            for number, part in turns([one for one in parts if one.measure == name], rounds):
                progress.update(bar, description=f"{name}: {part.contender}")
                if part.contender not in failed:
                    try:
                        result.samples.append(part.sample(number))
                    except BenchError as error:
                        failed.add(part.contender)
                        _note(result, [str(error)])
                progress.advance(bar)


def _note(result: Result, sentences: Sequence[str]) -> None:
    result.missing.extend(one for one in sentences if one not in result.missing)
