"""Every law is seen to fail: a runtime is broken, or a spec is wrong, and the check says which law and where."""

import gc
import linecache
import types
import weakref

import pytest

from duality import SpecError, application, module, procedure, yield_now
from duality.core.policy import Choices
from duality.events import runtime as events
from duality.graph import BlockingGraph
from duality.proof import Verdict, check, records
from duality.proof import case as cases
from duality.threads import runtime as threads

from . import samples


def test_what_is_sound_holds_and_is_counted():
    verdict = check(samples.sound, schedules=48, seed=5)
    assert verdict, verdict
    assert verdict.schedules == 48
    assert verdict.runs == 3 * 48 + 3 * 48 // 20
    assert verdict.steps > 10 * 48
    assert 0 < verdict.edges <= verdict.edges_total
    assert verdict.finding is None
    assert "held" in str(verdict)


built = weakref.WeakSet()


@application
def local():
    """Its class is another one in every run."""

    @module
    class Local:
        @procedure
        async def main(self):
            for _ in range(2):
                await yield_now()

    built.add(Local)
    return Local()


def test_nothing_of_an_application_is_kept_when_its_check_is_over():
    built.clear()
    assert check(local, schedules=10)
    gc.collect()
    assert not built


# -- a runtime is broken -----------------------------------------------------------------------------------------------


class Reversed(Choices):
    def ordered(self):
        offered, places = super().ordered()
        return offered[::-1], places[::-1]


def test_l1_another_order_of_the_choices(monkeypatch):
    def queue(self, schedule, policy):
        choices = Reversed(schedule, lambda: self.scheduler.hub)
        choices.notify = self.recorder.step
        return choices

    monkeypatch.setattr(events.Runtime, "_queue", queue)
    found = check(samples.sound, schedules=48).finding
    assert found.law == "L1"
    first, other = found.trials
    assert "events" in (first.on, other.on)
    assert first.steps[: found.step] == other.steps[: found.step]
    assert first.steps[found.step].offered != other.steps[found.step].offered
    assert sorted(first.steps[found.step].offered) == sorted(other.steps[found.step].offered)
    assert f"at step {found.step}" in found.said
    assert found.place.startswith(samples.__file__)


def test_l1_an_effect_that_is_not_told(monkeypatch):
    made = events.Runtime.__init__

    def deaf(self, io, schedule, policy, crossing, recorder):
        made(self, io, schedule, policy, crossing, recorder)
        tell = recorder.effect
        recorder.effect = lambda what: None if what.startswith("signal") else tell(what)

    monkeypatch.setattr(events.Runtime, "__init__", deaf)
    found = check(samples.sound, schedules=48).finding
    assert found.law == "L1"
    assert "signal" in found.said
    sides = {trial.on: trial.steps[found.step].effects for trial in found.trials}
    assert not any("signal" in effect for effect in sides.pop("events"))
    assert any("signal" in effect for effect in sides.popitem()[1])


def test_l1_a_runtime_that_contradicts_itself(monkeypatch):
    made = events.Runtime.__init__

    def wrong(self, io, schedule, policy, crossing, recorder):
        made(self, io, schedule, policy, crossing, recorder)
        standing = recorder.standing

        def beside(task):
            node = standing(task)
            return types.SimpleNamespace(line=0) if node is not None and node.kind == "yield" else node

        recorder.standing = beside

    monkeypatch.setattr(events.Runtime, "__init__", wrong)
    found = check(samples.sound, schedules=48).finding
    assert found.law == "L1"
    assert "but the last node it passed was" in found.said


def test_l2_another_value(monkeypatch):
    run = threads.Runtime.run

    def other(self, build):
        value, stats = run(self, build)
        return value + 1, stats

    monkeypatch.setattr(threads.Runtime, "run", other)
    found = check(samples.sound, schedules=48).finding
    assert found.law == "L2"
    assert "value of" in found.said
    assert {trial.outcome["value"] for trial in found.trials} == {"1", "2"}


def test_l2_other_operations_of_the_io_core(monkeypatch):
    end = threads.Runtime.end

    def forgetful(self):
        end(self)
        del self.io._world.journal.lines[:1]

    monkeypatch.setattr(threads.Runtime, "end", forgetful)
    found = check(samples.lonely, schedules=8, how="sleep").finding
    assert found.law == "L2"
    assert "operation 0 of the I/O core" in found.said
    assert "threads asks nothing more" in found.said


def test_l3_a_reader_that_overlooks_an_edge(monkeypatch):
    read = cases.graph_of

    def blind(app, text, **params):
        graph = read(app, text, **params)
        return BlockingGraph(graph.nodes, graph.edges[1:]) if text == "events" else graph

    monkeypatch.setattr(cases, "graph_of", blind)
    verdict = check(samples.sound)
    assert verdict.finding.law == "L3"
    assert "events" in verdict.finding.said
    assert verdict.schedules == verdict.runs == 0
    assert not verdict


def test_l3_a_walk_that_leaves_the_static_graph(monkeypatch):
    read = cases.graph_of

    def blind(app, text, **params):
        graph = read(app, text, **params)
        return BlockingGraph(graph.nodes, [edge for edge in graph.edges if edge.source.kind != "join"])

    monkeypatch.setattr(cases, "graph_of", blind)
    found = check(samples.sound).finding
    assert found.law == "L3"
    assert "join" in found.said
    assert "does not have" in found.said


def test_l4_a_record_that_has_lost_a_variable(monkeypatch):
    kept = records.kept

    def poorer(runtime, task, show):
        chain = kept(runtime, task, show)
        return [(node, {name: one for name, one in held.items() if name != "seen"}) for node, held in chain]

    monkeypatch.setattr(records, "kept", poorer)
    found = check(samples.racy, schedules=4, tasks=1).finding
    assert found.law == "L4"
    record, _, stack = found.said.partition("but alive on the stack is")
    assert "amount = 10" in record
    assert "seen" not in record
    assert "amount = 10, seen = 0" in stack
    assert {trial.on for trial in found.trials} == {"threads", "events"}
    assert found.place.startswith(samples.__file__)


@pytest.mark.parametrize("how", ["chance", "chance at the end"])
def test_l5_what_nobody_controls(how):
    found = check(samples.lonely, schedules=48, how=how).finding
    assert found.law == "nondeterminism"
    assert f"uncontrolled nondeterminism at step {found.step}" in found.said


def test_l5_a_run_that_is_another_one_the_second_time_only(monkeypatch):
    """Nothing differs between the runtimes: only the run that is made again shows it."""
    made, once_more = [], cases.Case.once_more

    def again(self, first, setting):
        made.append(first.on)
        try:
            return once_more(self, first, setting)
        finally:
            made.clear()

    build = samples.lonely.build
    monkeypatch.setattr(cases.Case, "once_more", again)
    app = application(lambda: build(how="leak" if made else "ended"))
    found = check(app, schedules=48).finding
    assert found.law == "nondeterminism"
    assert "made the same run twice" in found.said


# -- a spec is wrong ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["error", "deadlock", "leak"])
def test_how_a_single_run_ends(how):
    found = check(samples.lonely, how=how).finding
    assert found.law in (how, "lost wake-up")
    assert found.place.startswith(samples.__file__)
    assert len(found.trials) == 1
    verdict = check(samples.lonely, how=how, schedules=10, allow=[found.law])
    assert verdict, verdict
    assert verdict.allowed == {found.law: 10}


def test_an_assertion_and_an_invariant():
    found = check(samples.racy).finding
    assert (found.law, found.said) == ("assertion", "some of it is lost")
    assert "assert self.total" in linecache.getline(samples.__file__, int(found.place.rpartition(":")[2]))
    found = check(samples.guarded).finding
    assert found.law == "invariant"
    assert "in_order" in found.said


def test_a_run_without_end(monkeypatch):
    monkeypatch.setattr(cases.Case.__init__, "__defaults__", (None, 1000, 300))
    found = check(samples.lonely, how="endless").finding
    assert found.law == "starvation"
    assert "300 steps" in found.said


# -- the verdict is a function of the seed -----------------------------------------------------------------------------


def essence(verdict: Verdict):
    found = verdict.finding
    told = found and (found.law, found.said, found.place, found.step, found.setting, found.as_found)
    return verdict.schedules, verdict.runs, verdict.steps, verdict.edges, verdict.edges_total, verdict.allowed, told


@pytest.mark.parametrize(
    ("app", "options"),
    [
        (samples.sound, {"schedules": 30}),
        (samples.guarded, {"schedules": 60, "kinds": ["random"]}),
        (samples.lonely, {"how": "leak", "allow": ["leak"], "schedules": 9}),
    ],
    ids=["held", "found", "allowed"],
)
def test_the_number_of_processes_changes_nothing(app, options):
    assert essence(check(app, **options, jobs=2)) == essence(check(app, **options))


def test_the_same_seed_gives_the_same_verdict_and_another_one_may_not():
    assert essence(check(samples.guarded, seed=3)) == essence(check(samples.guarded, seed=3))
    words = {check(samples.guarded, seed=seed, kinds=["random"]).finding.as_found.word for seed in range(4)}
    assert len(words) > 1


def test_an_error_in_another_process_is_the_same_error():
    app = application(lambda: samples.racy.build(tasks="three"))
    assert essence(check(app, jobs=2)) == essence(check(app))


def test_progress_is_told():
    told = []
    check(samples.sound, schedules=12, progress=told.append)
    last = told[-1]
    assert (last.schedules, last.of) == (12, 12)
    assert last.per_second > 0
    assert 0 < last.edges <= last.edges_total


# -- bad input ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"schedules": 0}, "schedules must be at least 1, not 0"),
        ({"schedules": True}, "schedules must be"),
        ({"seed": "x"}, "seed must be a whole number"),
        ({"kinds": ["lucky"]}, "kinds must be among random, pct, round robin, fifo, not 'lucky'"),
        ({"kinds": "random"}, "several names"),
        ({"kinds": []}, "at least one of"),
        ({"crossings": ["sideways"]}, "crossings must be among direct, queued"),
        ({"allow": ["L1"]}, "'L1' may not be allowed"),
        ({"allow": ["luck"]}, "'luck' is no finding"),
        ({"allow": "error"}, "several names"),
        ({"jobs": 0}, "jobs must be at least 1"),
        ({"starve": 0}, "starve must be at least 1"),
    ],
)
def test_arguments_that_make_no_check(options, said):
    with pytest.raises(ValueError, match=said):
        check(samples.sound, **options)


def test_what_is_no_application_or_has_no_main():
    with pytest.raises(ValueError, match="check wants an application"):
        check(samples.Pair)
    with pytest.raises(SpecError, match="must return a module that has a procedure `main`"):
        check(application(lambda: samples.Cell()))
    with pytest.raises(SpecError, match="unexpected keyword argument 'nobody'"):
        check(samples.sound, nobody=1)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_spec_that_is_refused_when_it_runs(jobs):
    with pytest.raises(SpecError, match=r"samples\.py:\d+: .*which is no procedure"):
        check(samples.lonely, how="refused", jobs=jobs)


def test_a_verdict_of_nothing_is_none():
    with pytest.raises(ValueError, match="ran nothing"):
        Verdict(0, 0, 0, 0.0, 0, 0)
