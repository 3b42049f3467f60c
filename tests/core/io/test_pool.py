import threading

import pytest

from duality.core.io import pool
from duality.core.io.pool import THREADS, Job


@pytest.fixture
def submit(core):
    """Have the core's pool run a call for a new task."""
    return lambda function, *args: core.start(core.io._pool.submit, Job(function, *args))


def pool_threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("duality-pool")]


def test_a_call_is_made_by_another_os_thread(core, submit):
    name = core.finish(submit(lambda: threading.current_thread().name))
    assert name.startswith("duality-pool")
    assert core.io.pending == 0


def test_what_the_call_raises_is_the_answer(core, submit):
    with pytest.raises(ZeroDivisionError):
        core.finish(submit(lambda: 1 // 0))


def test_the_pool_starts_no_thread_before_there_is_work(core, submit):
    assert pool_threads() == []
    core.finish(submit(int))
    core.finish(submit(int))
    assert len(pool_threads()) == 1


def test_the_pool_is_bounded(core, submit):
    here, lock = [0, 0], threading.Lock()
    full = threading.Barrier(THREADS)  # only passed when THREADS calls run at once

    def call():
        with lock:
            here[0] += 1
            here[1] = max(here)
        full.wait(timeout=30)
        with lock:
            here[0] -= 1

    for task in [submit(call) for _ in range(3 * THREADS)]:
        core.finish(task)
    assert here == [0, THREADS]


def test_many_jobs_are_all_answered(core, submit):
    tasks = [submit(int, str(number)) for number in range(500)]
    assert core.io.pending == 500
    assert [core.finish(task) for task in tasks] == list(range(500))


def test_a_withdrawn_job_runs_on_and_answers_nobody(core, monkeypatch):
    orphans = []

    class Sad(Job):
        def orphaned(self, value):
            orphans.append(value)

    monkeypatch.setattr(pool, "THREADS", 1)
    task = core.start(core.io._pool.submit, Sad(lambda: "brought"))
    task.parked.withdraw(task)
    assert task.parked is None
    assert core.io.pending == 0
    core.finish(core.start(core.io._pool.submit, Job(int)))
    assert orphans == ["brought"]
    assert not task.answers


def test_an_answer_may_be_made_in_a_second_step(core):
    class InTwoSteps(Job):
        def then(self, activation, value):
            return core.io._pool.submit(activation, Job(lambda: value + 1))

    assert core.finish(core.start(core.io._pool.submit, InTwoSteps(lambda: 1))) == 2
    assert core.io.pending == 0


def test_a_second_step_may_fail(core):
    class Fails(Job):
        def then(self, activation, value):
            raise LookupError(value)

    with pytest.raises(LookupError, match="brought"):
        core.finish(core.start(core.io._pool.submit, Fails(lambda: "brought")))
    assert core.io.pending == 0


def test_closing_waits_for_what_runs_drops_what_does_not_and_ends_the_threads(poller, opened, monkeypatch):
    monkeypatch.setattr(pool, "THREADS", 1)
    running, go_on, made = threading.Event(), threading.Event(), []
    with opened(poller) as core:

        def first():
            running.set()
            go_on.wait(30)
            made.append("first")

        def second():
            made.append("second")

        tasks = [core.start(core.io._pool.submit, Job(call)) for call in (first, second)]
        running.wait(30)

        def join(thread, timeout=None):
            go_on.set()  # only now that closing waits does the running call go on
            real_join(thread, timeout)

        real_join = threading.Thread.join
        monkeypatch.setattr(threading.Thread, "join", join)
    assert made == ["first"]
    assert pool_threads() == []
    assert not any(task.answers for task in tasks)
