"""Ending what nobody holds any more: in the name of nobody, in its own run, and as far as the first rest."""

import warnings
from types import SimpleNamespace

import pytest

from duality.core import current
from duality.core.dropped import Abandoned, drop, unwind
from duality.core.task import Task


class Bed:
    """What a task rests in."""

    def __init__(self):
        self.left = []

    def withdraw(self, task):
        self.left.append(task.name)


@pytest.fixture
def run():
    """A run that is under way: its current task is ``main``."""
    made = SimpleNamespace(scheduler=SimpleNamespace(current=Task("main", [])), recorder=SimpleNamespace(deaf=False))
    current.claim(made)
    yield made
    current.free(made)


def rests(bed):
    """An end that comes to rest in ``bed``."""

    def end(nobody):
        nobody.parked = bed
        nobody.deliver()

    return end


def test_it_ends_in_the_name_of_nobody_and_the_current_task_goes_on(run):
    main, seen = run.scheduler.current, []

    def end(nobody):
        seen.append((nobody.name, run.scheduler.current is nobody, run.recorder.deaf))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drop(end, run)
    assert seen == [("nobody", True, True)]
    assert run.scheduler.current is main
    assert run.recorder.deaf is False


def test_a_rest_is_told_of_and_what_it_rests_in_forgets_it(run):
    main, bed = run.scheduler.current, Bed()
    with pytest.warns(RuntimeWarning, match="dropped before its end, and its `finally` wants to rest"):
        drop(rests(bed), run)
    assert bed.left == ["nobody"]
    assert run.scheduler.current is main
    assert run.recorder.deaf is False


def test_where_there_is_a_stack_the_rest_is_an_error_on_it(run):
    """Among threads nobody's cancellation is raised where it would rest, so that the stack unwinds."""

    def end(nobody):
        with pytest.raises(Abandoned):
            nobody.deliver()
        assert isinstance(nobody.interrupts[0], Abandoned)

    drop(end, run)


def test_an_error_of_it_leaves_everything_in_place(run):
    main = run.scheduler.current

    def end(nobody):
        raise KeyError("bad")

    with pytest.raises(KeyError):
        drop(end, run)
    assert run.scheduler.current is main
    assert run.recorder.deaf is False


def test_nothing_happens_after_its_run_or_in_another(run):
    called = []
    drop(called.append, object())
    drop(called.append, None)
    current.free(run)
    drop(called.append, run)
    assert called == []


def test_a_run_that_is_not_traced_has_nobody_to_be_deaf(run):
    run.recorder, called = None, []
    drop(called.append, run)
    assert [one.name for one in called] == ["nobody"]


@pytest.mark.parametrize("failure", [KeyError("bad"), Abandoned()])
def test_what_is_unwound_after_its_run_is_in_it_and_nobody_hears_of_it(run, failure):
    main = run.scheduler.current
    over = SimpleNamespace(scheduler=SimpleNamespace(current="last"), recorder=SimpleNamespace(deaf=False))
    seen = []

    def end(nobody):
        seen.append((current.running() is over, over.scheduler.current is nobody, over.recorder.deaf))
        raise failure

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        unwind(end, over)
    assert seen == [(True, True, True)]
    assert current.running() is run
    assert (run.scheduler.current, over.scheduler.current, over.recorder.deaf) == (main, "last", False)


def test_what_never_had_a_run_is_not_unwound_by_us(run):
    called = []
    unwind(called.append, None)
    assert called == []
