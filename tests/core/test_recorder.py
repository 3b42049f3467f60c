"""The recorder writes down what it is told, and holds a side's two stories against each other."""

import pytest

from duality.core.recorder import Contradiction, Recorder, Step
from duality.core.task import Task
from duality.graph import Edge, Node

BEGIN, ENTER = Node("A.p", "begin", 0, 1), Node("A.p", "enter", 1, 1)
CALL, END = Node("A.p", "call", 2, 2), Node("A.p", "end", 3, 3)
OTHER_BEGIN, OTHER_END = Node("B.q", "begin", 0, 7), Node("B.q", "end", 1, 8)


class Points:
    def __init__(self, begin, enter, end):
        self.begin, self.enter, self.end = begin, enter, end


P, Q = Points(BEGIN, ENTER, END), Points(OTHER_BEGIN, None, OTHER_END)


@pytest.fixture
def recorder():
    made = Recorder()
    made.standing = lambda task: None
    return made


def test_a_call_is_walked_through_and_the_edges_stay_in_their_procedure(recorder):
    task = Task("0", [])
    recorder.step(("0",), task)
    recorder.begin(task, P)
    recorder.at(task, CALL)
    recorder.begin(task, Q)
    recorder.end(task)
    recorder.end(task)
    recorder.close()
    assert recorder.steps == [Step(("0",), "0", [BEGIN, ENTER, CALL, OTHER_BEGIN, OTHER_END, END], [])]
    assert set(recorder.graph().edges) == {
        Edge(BEGIN, ENTER), Edge(ENTER, CALL), Edge(CALL, END), Edge(OTHER_BEGIN, OTHER_END),
    }  # fmt: skip


def test_an_error_leaves_procedures_without_walking_to_their_ends(recorder):
    task = Task("0", [])
    recorder.step(("0",), task)
    recorder.begin(task, P)
    depth = recorder.depth(task)
    recorder.begin(task, Q)
    recorder.unwind(task, depth)
    recorder.at(task, CALL)
    assert OTHER_END not in recorder.graph().nodes
    assert Edge(ENTER, CALL) in recorder.graph()


def test_each_task_walks_for_itself(recorder):
    one, two = Task("0", []), Task("0.1", [])
    recorder.step(("0", "0.1"), one)
    recorder.begin(one, P)
    recorder.step(("0.1",), two)
    recorder.begin(two, Q)
    recorder.effect("signal")
    recorder.step(("0",), one)
    recorder.at(one, CALL)
    assert [(step.task, step.nodes, step.effects) for step in recorder.steps] == [
        ("0", [BEGIN, ENTER], []), ("0.1", [OTHER_BEGIN], ["signal"]), ("0", [CALL], []),
    ]  # fmt: skip
    assert recorder.switches == 3


def test_a_side_that_stands_elsewhere_than_it_said_is_found_out(recorder):
    task = Task("0", [])
    recorder.step(("0",), task)
    recorder.begin(task, P)
    recorder.standing = lambda task: CALL
    with pytest.raises(Contradiction, match=r"task 0 rests at A\.p call \(line 2\), but the last node it passed was"):
        recorder.step(("0",), task)


def test_a_step_reads_as_one_line():
    step = Step(("0", "0.1"), "0", [BEGIN, CALL], ["fork 0.1", "signal"])
    assert str(step) == "{0 0.1} 0: A.p begin -> A.p call   [fork 0.1, signal]"


def test_what_is_left_of_a_procedure_goes_on_in_another_task(recorder):
    task, child = Task("0", []), Task("0.1", [])
    recorder.step(("0",), task)
    recorder.begin(task, Q)
    recorder.begin(task, P)
    recorder.at(task, CALL)
    recorder.split(task, child)
    recorder.end(task)
    recorder.step(("0.1",), child)
    recorder.end(child)
    recorder.close()
    assert [step.nodes for step in recorder.steps] == [[OTHER_BEGIN, BEGIN, ENTER, CALL, OTHER_END], [END]]
    assert Edge(CALL, END) in recorder.graph().edges
    assert (recorder.depth(task), recorder.depth(child)) == (0, 0)


def test_two_that_were_told_of_the_same_have_walked_the_very_same_graph():
    def told(nodes):
        made, task = Recorder(), Task("0", [])
        made.standing = lambda task: None
        made.step(("0",), task)
        made.begin(task, P)
        for node in nodes:
            made.at(task, node)
        return made.graph()

    assert told([CALL]) != told([CALL, CALL])
    assert told([CALL, CALL]) is told([CALL, CALL, CALL])
    twin = Node(CALL.procedure, CALL.kind, CALL.ordinal, CALL.line, "another name for it")
    assert told([twin]) == told([CALL])
    assert [node.label for node in told([twin]).nodes if node == twin] == ["another name for it"]


def test_who_watches_is_called_when_a_step_is_over_and_when_the_run_is(recorder):
    one, two, seen = Task("0", []), Task("0.1", []), []
    recorder.watching = [lambda task: seen.append((task, len(recorder.steps)))]
    recorder.step(("0", "0.1"), one)
    recorder.step(("0.1",), two)
    recorder.close()
    assert seen == [(None, 0), (one, 1), (two, 2)]


def test_what_is_told_after_the_end_is_no_part_of_the_trace_and_a_new_run_begins_with_nothing(recorder):
    task = Task("0", [])
    recorder.step(("0",), task)
    recorder.begin(task, P)
    recorder.close()
    kept, before = recorder.steps, list(recorder.steps[0].nodes)
    recorder.at(task, CALL)
    recorder.effect("signal nobody")
    assert (kept[0].nodes, kept[0].effects) == (before, [])
    recorder.open()
    assert (recorder.steps, recorder.depth(task), recorder.graph().nodes) == ([], 0, ())
    assert len(kept) == 1
