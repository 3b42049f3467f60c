"""What is measured of a check, and of the simulated core, is really done, in a process of its own."""

import pytest

from duality import run
from duality.bench import checking
from duality.bench.checked import ITEMS, echoes, exchange
from duality.bench.marks import CLAIMS
from duality.bench.process import BenchError
from duality.bench.table import TITLES
from duality.core.io.simulated import SimulatedIO
from duality.proof import check
from duality.proof.trial import RUNTIMES


def test_four_tasks_move_three_items_each():
    traced = run(exchange, io=SimulatedIO(), trace=True)
    names = {step.task for step in traced.trace}
    assert names == {"0", "0.1", "0.2", "0.3", "0.4"}
    ended = [
        node.name for step in traced.trace for node in step.nodes if node.procedure in ("Buffer.put", "Buffer.get")
    ]
    assert ended.count("end") == 4 * ITEMS
    assert check(exchange, schedules=24)


@pytest.mark.parametrize("on", RUNTIMES)
def test_echoes_come_back_and_only_they_are_timed(on):
    looks = iter([3.0, 10.0])
    made = run(echoes, on, io=SimulatedIO(), rounds=7, clock=lambda: next(looks)).value
    assert made == {"seconds": 7.0, "back": 7}


@pytest.mark.parametrize(
    ("name", "contender"), [(name, one) for name, all_ in checking.CONTENDERS.items() for one in all_]
)
def test_each_contender_does_what_it_is_asked_for(name, contender):
    raw = checking.main(name, contender, 4)
    assert raw["done"] == 4
    assert raw["seconds"] > 0


def test_a_sample_is_of_a_process_of_its_own():
    sample = checking.measure(checking.CHECK, checking.CHECKED, 1, 3)
    assert (sample.measure, sample.contender, sample.round, sample.raw["done"]) == ("check", "checked", 1, 3)
    assert sample.value == pytest.approx(sample.raw["seconds"] / 3 * 1e6)


def test_less_than_was_asked_for_is_no_result(monkeypatch):
    monkeypatch.setattr(checking, "output", lambda command, core: '{"seconds": 1.0, "done": 2}')
    with pytest.raises(BenchError, match="2 of 3 were done"):
        checking.measure(checking.CHECK, checking.RUN, 1, 3)


def test_what_is_claimed_is_measured():
    for name, contenders in checking.CONTENDERS.items():
        claimed = {who for one in CLAIMS if one.measure == name for who in (one.above, one.below)}
        assert claimed == set(contenders)
        assert name in TITLES
