"""Marks are met up to their very bound, and missed by a share of it."""

import pytest

from duality.bench import MEASURES, checking, compiling
from duality.bench.marks import ALIKE, CLAIMS, Mark
from duality.bench.scheduler import jobs
from duality.bench.web import LIKE_OURS


@pytest.mark.parametrize(
    ("ratio", "verdict"), [(0.5, "met"), (0.75, "met"), (0.9, "missed by 20%"), (1.5, "missed by 100%")]
)
def test_an_upper_mark(ratio: float, verdict: str) -> None:
    assert Mark(0.75).verdict(ratio) == verdict


@pytest.mark.parametrize(
    ("ratio", "verdict"),
    [(1.0, "met"), (1.1, "met"), (1 / 1.1, "met"), (1.21, "missed by 10%"), (0.5, "missed by 45%")],
)
def test_being_alike_is_symmetric(ratio: float, verdict: str) -> None:
    assert ALIKE.verdict(ratio) == verdict


def test_the_marks_are_those_we_set_out_to_reach() -> None:
    marks = {(one.measure, one.above, one.below): one.mark for one in CLAIMS if one.mark}
    assert marks == {
        ("web", "threads", "gevent"): Mark(0.75),
        ("web", "events", "gevent"): Mark(0.75),
        ("web", "threads", "events"): ALIKE,
        ("yield", "threads", "gevent"): Mark(0.5),
        ("yield", "events", "asyncio"): Mark(0.5),
        ("scale", "threads, many", "threads, few"): Mark(2.5),
        ("scale", "events, many", "events, few"): Mark(1.5),
        ("call", "threads, procedure", "plain method"): Mark(2),
        ("call", "events, procedure", "plain method"): Mark(3.5),
        ("call", "threads, entry", "plain method"): Mark(4),
        ("call", "events, entry", "plain method"): Mark(6),
        ("rest", "threads, 100", "greenlet switch pair, 100"): Mark(1.3),
        ("rest", "events, 100", "coroutine.send, 100"): Mark(2),
        ("rest", "threads, 1,000", "greenlet switch pair, 1,000"): Mark(1.3),
        ("rest", "events, 1,000", "coroutine.send, 1,000"): Mark(2),
        ("simulated", "threads, simulated", "threads, real"): Mark(2),
        ("simulated", "events, simulated", "events, real"): Mark(2),
        ("simulated", "oracle, simulated", "oracle, real"): Mark(2),
        ("compile", "threads, from the cache", "threads, first time"): Mark(0.1),
        ("compile", "events, from the cache", "events, first time"): Mark(0.1),
    }


def test_every_claim_is_of_contenders_that_are_measured() -> None:
    measured = {(job.measure, job.contender) for job in jobs()}
    measured |= {("web", name) for name in (*LIKE_OURS, "nginx")}
    measured |= {(compiling.MEASURE, name) for name in compiling.CONTENDERS}
    measured |= {(name, one) for name, contenders in checking.CONTENDERS.items() for one in contenders}
    for claim in CLAIMS:
        assert (claim.measure, claim.above) in measured
        assert (claim.measure, claim.below) in measured
    assert {name for name, _ in measured} == set(MEASURES)
