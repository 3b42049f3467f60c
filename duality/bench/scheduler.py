"""What a step, a parked task and a call cost: every sample in a process of its own.

Rules: what is compared does the same number of steps, among as many tasks; the loop that calls are made in is taken
off, for what both have in common makes them look alike.
Sources: von Behren et al. 2003, section 3 (what threads were said to cost); Adya et al. 2002 (what a ripped stack
costs).
"""

import json
from typing import Any

from attrs import frozen

from duality.bench.machine import package
from duality.bench.process import cores, output, python
from duality.bench.result import Sample

SOME, FEW, MANY = 100, 1_000, 100_000
SCHEDULERS = ("threads", "gevent", "events", "asyncio")
CALLERS = ("plain method", "threads, procedure", "events, procedure", "threads, entry", "events, entry")
RESTERS = ("threads", "greenlet switch pair", "events", "coroutine.send")
STEP, BYTES, CALL = "ns of processor per step", "bytes per parked task", "ns of processor per call"


@frozen
class Job:
    """One contender's part of a measure: what ``work`` is asked to do, and the unit of what comes out."""

    measure: str
    contender: str
    what: str
    who: str
    tasks: int
    rounds: int
    unit: str


def jobs(steps: int = 2_000_000, some: int = SOME, few: int = FEW, many: int = MANY) -> list[Job]:
    """All of them. steps: of each measurement of the scheduler, and calls of each measurement of calls."""
    found = [Job("yield", who, "ring", who, few, steps // few, STEP) for who in SCHEDULERS]
    for who in SCHEDULERS:
        found.append(Job("scale", f"{who}, few", "ring", who, few, steps // few, STEP))
        found.append(Job("scale", f"{who}, many", "ring", who, many, max(1, steps // many), STEP))
    found += [Job("memory", who, "lot", who, many, 1, BYTES) for who in SCHEDULERS]
    found += [Job("call", who, "calls", who, 1, steps // 10, CALL) for who in CALLERS]
    for tasks in (some, few):
        found += [Job("rest", f"{who}, {tasks:,}", "laden", who, tasks, steps // tasks, STEP) for who in RESTERS]
    return found


def possible(wanted: list[Job]) -> tuple[list[Job], list[str]]:
    """Those of ``wanted`` that can be done here; and a sentence for what cannot."""
    if package("gevent") != "absent" or all(job.who != "gevent" for job in wanted):
        return wanted, []
    return [job for job in wanted if job.who != "gevent"], ["gevent is not installed: pip install 'duality[bench]'."]


def command(job: Job) -> list[str]:
    """The command whose output is the raw numbers of ``job``."""
    return python("duality.bench.work", job.what, job.who, job.tasks, job.rounds)


def measure(job: Job, number: int) -> Sample:
    """One sample. Raises BenchError."""
    run = command(job)
    raw: dict[str, Any] = json.loads(output(run, cores()[0]))
    return Sample(job.measure, job.contender, number, value(job, raw), job.unit, raw, run)


def value(job: Job, raw: dict[str, Any]) -> float:
    """What one step, task or call cost, from the raw numbers of all of them."""
    if job.unit == BYTES:
        return float(raw["bytes"]) / job.tasks
    if job.unit == CALL:
        return (float(raw["seconds"]) - float(raw["loop"])) / (10 * job.rounds) * 1e9
    return float(raw["seconds"]) / (job.tasks * job.rounds) * 1e9
