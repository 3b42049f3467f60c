"""A campaign: ``python -m tests.proof.applications --examples 10000 --seed 7 --schedules 20 --jobs 2``.

Random applications until the number is reached, each under so many schedules, both crossings and three runtimes. Each
one that differs is made small, printed with a command that runs it again, and with ``--keep`` written to the corpus,
which every run of the tests replays.
"""

import argparse
import gc
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from attrs import evolve, frozen

from duality.proof import Schedule
from duality.proof.strategies import Spec, spec_of
from duality.proof.strategies.chance import Rolled
from tests.proof.strategies.compare import Counted, Played, difference, schedules
from tests.proof.strategies.observed import Difference
from tests.proof.strategies.smaller import promptly, smaller

os.environ["DUALITY_CACHE"] = "off"  # nobody runs these programs twice
CORPUS = Path(__file__).parent / "strategies" / "corpus"
CHUNK = 10  # applications between two looks at the clock
LONG = 120  # seconds of processor time that an application may take, all runs together


@frozen
class Failure:
    """An application that differs, made small, and what differs."""

    number: int
    spec: Spec
    found: Difference

    def shown(self, seed: int, count: int) -> str:
        """The program, the difference, and how to see it again."""
        command = f"python -m tests.proof.applications --seed {seed} --only {self.number} --schedules {count}"
        told = "".join(f"# {line}\n" for line in f"{self.found}\nparams: {dict(self.spec.params)}".splitlines())
        return f"{told}# drawn by: {command}\n# ruff: noqa\n{self.spec.text}"


def tried(seed: int, numbers: range, count: int) -> tuple[int, Counted, list[Failure]]:
    """Compare the applications of these numbers; gives how many, what was run, and what differs."""
    counted = Counted()
    failures = []
    for number in numbers:
        chance = Rolled(f"{seed}/{number}")
        spec = spec_of(chance)
        found = judged(spec, schedules(count), counted)
        if found is not None:
            sense = not any(word in found.kind for word in ("compiled", "ends with"))
            small = smaller(chance.answers, _alike(found, count), cut=sense)
            again = judged(small, [(found.number, Schedule.wrapped(found.word)), *schedules(count)])
            lost = evolve(found, said=f"{found.said}\nand the same runs again showed nothing")
            failures.append(Failure(number, small, again or lost))
    return len(numbers), counted, failures


def judged(spec: Spec, played: Played, counted: Counted | None = None) -> Difference | None:
    """The first difference, if it comes in time."""
    try:
        with promptly(LONG):
            return difference(spec, played, counted)
    except TimeoutError:
        return Difference("does not end", f"after {LONG} s")


def _alike(found: Difference, count: int):  # type: ignore[no-untyped-def]
    def fails(spec: Spec) -> bool:
        again = difference(spec, [(found.number, Schedule.wrapped(found.word)), *schedules(count)])
        return again is not None and again.kind == found.kind

    return fails


def results(seed: int, numbers: range, count: int, jobs: int) -> Iterator[tuple[int, Counted, list[Failure]]]:
    """What comes of each chunk, as it comes. Raises BrokenProcessPool if one of several processes has died."""
    chunks = [numbers[start : start + CHUNK] for start in range(0, len(numbers), CHUNK)]
    gc.freeze()  # what has been imported stays: nobody need look through it again
    if jobs == 1:
        yield from (tried(seed, chunk, count) for chunk in chunks)
        return
    with ProcessPoolExecutor(jobs, initializer=_begin) as pool:
        try:
            for one in as_completed([pool.submit(tried, seed, chunk, count) for chunk in chunks]):
                yield one.result()
        except BaseException:  # nobody waits for what the others are at
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.kill()
            raise


def _begin() -> None:
    """What a process of several does first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first of us hears of it, and ends the others
    gc.freeze()


def campaign(seed: int, numbers: range, count: int, jobs: int, keep: bool, every: float) -> int:
    """Run it, and tell how it goes every so many seconds; gives the status to exit with.

    0: nothing differed.   1: something did.   2: a process has died.   130: it was stopped by SIGINT, and told how far
    it had come.
    """
    began = told = time.monotonic()
    done, failed, counted, status = 0, 0, Counted(), 0
    try:
        for some, run, failures in results(seed, numbers, count, jobs):
            done += some
            counted.add(run)
            for failure in failures:
                failed, status = failed + 1, 1
                text = failure.shown(seed, count)
                print(text, flush=True)
                if keep:
                    (CORPUS / f"seed_{seed}_{failure.number}.py").write_text(text)
            if time.monotonic() - told > every:
                told = time.monotonic()
                print(progress(done, counted, failed, told - began), flush=True)
    except KeyboardInterrupt:
        print("stopped", flush=True)
        status = 130
    except BrokenProcessPool:
        print("a process of several has died; with --jobs 1 one sees what of", flush=True)
        status = 2
    print(progress(done, counted, failed, time.monotonic() - began))
    print("how they ended: " + ", ".join(f"{name} {number:,}" for name, number in counted.ends.most_common()))
    return status


def progress(done: int, counted: Counted, failed: int, seconds: float) -> str:
    """One line: how far, how fast, what was found."""
    return (
        f"{done:,} applications, {counted.schedules:,} schedules ({counted.words:,} different words),"
        f" {counted.runs:,} runs, {counted.steps:,} steps, {counted.edges:,} of {counted.edges_total:,} edges,"
        f" {counted.rests:,} rests looked into"
        f" in {seconds:,.0f} s ({done / seconds:.2f} applications/s, {counted.schedules / seconds:.0f} schedules/s):"
        f" {failed} differed"
    )


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=int, default=0, help="the number of the first application")
    parser.add_argument("--schedules", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", type=int, metavar="N", help="the application of this number, and no other")
    parser.add_argument("--show", action="store_true", help="print the application of --only, and run nothing")
    parser.add_argument("--keep", action="store_true", help="write applications that differ to the corpus")
    parser.add_argument("--every", type=float, default=30.0, help="seconds between two lines of progress")
    options = parser.parse_args()
    numbers = range(options.start, options.start + options.examples)
    if options.only is not None:
        numbers = range(options.only, options.only + 1)
        if options.show:
            print(spec_of(Rolled(f"{options.seed}/{options.only}")).text)
            return 0
    if not numbers:
        parser.error("--examples must be at least 1: a campaign that runs nothing says nothing")
    if options.jobs < 1:
        parser.error("--jobs must be at least 1")
    return campaign(options.seed, numbers, options.schedules, options.jobs, options.keep, options.every)


if __name__ == "__main__":
    sys.exit(main())
