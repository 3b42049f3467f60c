"""One run to an OS thread."""

import threading

import pytest

from duality.core.current import claim, free, running, running_or_none


@pytest.fixture
def claimed():
    runtime = object()
    claim(runtime)
    yield runtime
    free(runtime)


def test_outside_a_run_there_is_nobody_to_ask():
    assert running_or_none() is None
    with pytest.raises(RuntimeError, match="no duality application is running in this OS thread"):
        running()


def test_inside_a_run_its_runtime_answers(claimed):
    assert running() is claimed
    assert running_or_none() is claimed


def test_a_second_runtime_in_one_os_thread_is_a_clear_error(claimed):
    with pytest.raises(
        RuntimeError, match="already running in this OS thread; start the second one in a thread of its"
    ):
        claim(object())
    assert running() is claimed


def test_only_the_holder_gives_the_place_up(claimed):
    free(object())
    assert running() is claimed


def test_every_os_thread_has_a_place_of_its_own(claimed):
    seen = []

    def other():
        seen.append(running_or_none())
        mine = object()
        claim(mine)
        seen.append(running() is mine)
        free(mine)

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert seen == [None, True]
    assert running() is claimed
