"""What a traced run says: who could go, who went, which points of the source it passed, what others could notice."""

import importlib

import pytest
from attrs import field

from duality import Condition, entry, fork, join, module, procedure, run, yield_now
from duality.core.recorder import Recorder
from duality.spec.module import modules_below
from tests.conftest import application_of
from tests.virtual import VirtualIO


@module
class Letterbox:
    letters: list = field(factory=list)
    arrived: Condition = field(factory=Condition)

    @entry
    async def put(self, letter):
        self.letters.append(letter)
        self.arrived.signal()

    @entry
    async def take(self):
        while not self.letters:
            await self.arrived.wait()
        return self.letters.pop()


@module
class Main:
    box: Letterbox

    @procedure
    async def main(self):
        taking = fork(self.box.take)
        await yield_now()
        await self.box.put("a")
        return await join(taking)


def traced(on, **options):
    return run(application_of(lambda: Main(Letterbox())), on, io=VirtualIO(), trace=True, **options)


def told(step):
    return step.offered, step.task, [(node.procedure, node.kind) for node in step.nodes], step.effects


def test_a_trace_tells_every_step_from_rest_to_rest(on):
    steps = [told(step) for step in traced(on).trace]
    main, put, take = "Main.main", "Letterbox.put", "Letterbox.take"
    assert steps == [
        (("0",), "0", [(main, "begin"), (main, "yield")], ["fork 0.1"]),
        (("0", "0.1"), "0.1", [(take, "begin"), (take, "enter"), (take, "wait")], []),
        (
            ("0",), "0",
            [(main, "call"), (put, "begin"), (put, "enter"), (put, "end"), (main, "join")],
            ["signal Letterbox.arrived"],
        ),
        (("0.1",), "0.1", [(take, "end")], []),
        (("0",), "0", [(main, "end")], []),
    ]  # fmt: skip


def test_the_graph_that_was_walked_is_the_edges_between_the_nodes_passed(on):
    walked = traced(on).graph
    assert {(edge.procedure, edge.source.kind, edge.target.kind) for edge in walked.edges} == {
        ("Main.main", "begin", "yield"), ("Main.main", "yield", "call"), ("Main.main", "call", "join"),
        ("Main.main", "join", "end"), ("Letterbox.put", "begin", "enter"), ("Letterbox.put", "enter", "end"),
        ("Letterbox.take", "begin", "enter"), ("Letterbox.take", "enter", "wait"), ("Letterbox.take", "wait", "end"),
    }  # fmt: skip
    assert walked < application_of(lambda: Main(Letterbox())).graph()


@module
class Family:
    """Twelve children, so that ten comes after nine and not after one."""

    async def rest(self):
        await yield_now()
        await yield_now()

    async def parent(self):
        for task in [fork(self.rest), fork(self.rest)]:
            await join(task)

    @procedure
    async def main(self):
        tasks = [fork(self.parent) if number == 2 else fork(self.rest) for number in range(12)]
        for task in tasks:
            await join(task)


def test_what_is_offered_is_in_canonical_order_the_current_task_first_then_by_birth(on):
    trace = run(application_of(Family), on, io=VirtualIO(), trace=True).trace
    last = ""
    for step in trace:
        expected = sorted(step.offered, key=lambda name: (name != last, [int(part) for part in name.split(".")]))
        assert list(step.offered) == expected
        assert step.task in step.offered
        last = step.task
    names = {step.task for step in trace}
    assert names == {"0", "0.3.1", "0.3.2", *(f"0.{number}" for number in range(1, 13))}


def test_a_run_without_a_schedule_takes_whoever_was_ready_first(on):
    order = [step.task for step in run(application_of(Family), on, io=VirtualIO(), trace=True).trace]
    assert order[:13] == ["0", *(f"0.{number}" for number in range(1, 13))]


def test_a_step_reads_as_one_line(on):
    line = str(traced(on).trace[0])
    assert line == "{0} 0: Main.main begin -> Main.main yield   [fork 0.1]"


def test_switches_are_counted_in_the_sides_own_coin(on):
    stats = traced(on).stats
    calls_and_replies, other_task_than_before = 6, 5
    assert stats.switches == (calls_and_replies if on == "events" else other_task_than_before)


class Doubting(Recorder):
    """Asks the side itself, at every rest, where the task stands."""

    def __init__(self):
        super().__init__()
        self.heard = []

    def step(self, offered, task):
        if self.last is not None and not self.last.done:
            self.heard.append((self.last.name, self.standing(self.last)))
        super().step(offered, task)


@pytest.mark.parametrize("crossing", ["direct", "queued"])
def test_a_side_says_from_its_own_mechanism_where_each_task_rests(on, crossing):
    recorder = Doubting()
    runtime = importlib.import_module(f"duality.{on}.runtime").Runtime(VirtualIO(), None, None, crossing, recorder)
    runtime.run(lambda: modules_below(Main(Letterbox())))
    rests = [(step.task, step.nodes[-1]) for step in recorder.steps if step.nodes and step.nodes[-1].kind != "end"]
    assert all(node is not None for _, node in recorder.heard)
    assert set(rests) <= set(recorder.heard)
    if crossing == "direct":
        assert recorder.heard == rests
