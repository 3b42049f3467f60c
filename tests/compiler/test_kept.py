"""What is kept with a function is made once, whoever asks."""

import functools
import threading
import time

from duality.compiler.kept import kept


def test_it_is_made_once_and_found_afterwards() -> None:
    def function() -> None:
        """Whatever."""

    assert kept(function, "a", lambda: [1]) is kept(function, "a", lambda: [2])
    assert kept(function, "b", lambda: [2]) == [2]


def test_a_function_that_was_given_all_attributes_of_another_has_its_own() -> None:
    def function() -> None:
        """Whatever."""

    kept(function, "a", lambda: 1)

    @functools.wraps(function)
    def other() -> None:
        """Has the attributes."""

    assert kept(other, "a", lambda: 2) == 2
    assert kept(function, "a", lambda: 3) == 1


def test_what_is_made_may_need_another() -> None:
    def function() -> None:
        """Whatever."""

    assert kept(function, "a", lambda: kept(function, "b", lambda: 1) + 1) == 2


def test_of_several_os_threads_one_makes_it() -> None:
    def function() -> None:
        """Whatever."""

    made: list[object] = []
    found: list[object] = []
    together = threading.Barrier(4)

    def make() -> object:
        one = object()
        made.append(one)
        for _ in range(100):
            time.sleep(0)  # the others may have a go
        return one

    def ask() -> None:
        together.wait()
        found.append(kept(function, "a", make))

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert found == made * 4
