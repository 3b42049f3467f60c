"""A controlled ready queue offers what is ready, in canonical order, and takes what the schedule says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duality.core.policy import Choices, Fifo, canonical
from duality.core.task import Task


class Word:
    """A schedule that takes the given positions and remembers what it was offered."""

    arrival = False

    def __init__(self, *choices):
        self.choices = list(choices)
        self.offered = []

    def choose(self, offered):
        self.offered.append(tuple(offered))
        return self.choices.pop(0) if self.choices else 0

    def took(self, choice):
        raise AssertionError("a schedule that is asked is not told")


HUB = (object(), None, None)


def queue(schedule, *names):
    choices = Choices(schedule, lambda: HUB)
    for name in names:
        choices.append((Task(name, choices), None, None))
    return choices


def taken(choices):
    names = []
    while len(choices):
        names.append(choices.popleft()[0].name)
    return names


def test_the_default_takes_whoever_was_ready_first():
    assert taken(queue(Fifo(), "0.2", "0", "0.10", "0.1")) == ["0.2", "0", "0.10", "0.1"]


def test_what_is_offered_is_in_canonical_order_however_it_became_ready():
    word = Word()
    taken(queue(word, "0.10", "0.2.1", "0", "0.9", "0.2"))
    assert word.offered[0] == ("0", "0.2", "0.2.1", "0.9", "0.10")


@given(st.permutations(["0", "0.1", "0.2", "0.1.1", "0.10"]))
def test_the_order_of_arrival_does_not_show(names):
    word = Word()
    taken(queue(word, *names))
    assert word.offered[0] == ("0", "0.1", "0.1.1", "0.2", "0.10")


def test_the_task_that_went_last_is_offered_first():
    word = Word(2)
    choices = queue(word, "0", "0.1", "0.2")
    entry = choices.popleft()
    assert entry[0].name == "0.2"
    choices.append(entry)
    choices.popleft()
    assert word.offered == [("0", "0.1", "0.2"), ("0.2", "0", "0.1")]


def test_the_choice_is_what_is_taken():
    assert taken(queue(Word(3, 0, 1), "0", "0.1", "0.2", "0.3")) == ["0.3", "0", "0.2", "0.1"]


def test_a_schedule_by_arrival_is_told_which_choice_that_was():
    told = []

    class Arriving(Fifo):
        def took(self, choice):
            told.append(choice)

    assert taken(queue(Arriving(), "0.2", "0", "0.1")) == ["0.2", "0", "0.1"]
    assert told == [2, 0, 0]


def test_every_choice_is_published_before_the_step():
    choices, published = queue(Word(1), "0", "0.1"), []
    choices.notify = lambda offered, task: published.append((offered, task.name))
    taken(choices)
    assert published == [(("0", "0.1"), "0.1"), (("0",), "0")]


def test_the_hub_is_no_choice_and_goes_when_everybody_who_was_ready_has_gone():
    word = Word(1, 0)
    choices = queue(word, "0", "0.1")
    choices.append(HUB)
    first = choices.popleft()
    choices.append(first)  # ready again at once: it must not keep the hub from its turn
    second = choices.popleft()
    assert choices.popleft() is HUB
    assert [first[0].name, second[0].name] == ["0.1", "0.1"]
    assert word.offered == [("0", "0.1"), ("0.1", "0")]
    assert len(choices) == 1


def test_the_hub_goes_at_once_when_nobody_is_ready():
    choices = queue(Word())
    choices.append(HUB)
    assert len(choices) == 0
    assert choices.popleft() is HUB


def test_what_a_task_is_handed_can_be_converted():
    choices = queue(Word())
    choices.convert = lambda value: ("converted", value)
    choices.append((Task("0", choices), 3, None))
    assert choices.popleft()[1] == ("converted", 3)


@pytest.mark.parametrize("choice", [5, -7])
def test_a_choice_that_is_not_there_takes_nobody_and_is_the_hubs_error(choice):
    choices = queue(Word(choice), "0", "0.1")
    assert choices.popleft() is HUB
    assert isinstance(choices.broken, IndexError)
    assert len(choices) == 2
    choices.clear()
    assert len(choices) == 0


@given(st.lists(st.integers(1, 40), min_size=1, max_size=60, unique=True), st.integers(0, 40))
def test_a_large_crowd_is_offered_in_the_same_order_as_a_small_one(numbers, last):
    names = tuple(f"0.{number}" for number in numbers)
    ordered, places = canonical(names, f"0.{last}")
    assert ordered == tuple(sorted(names, key=lambda name: (name != f"0.{last}", int(name[2:]))))
    assert [names[place] for place in places] == list(ordered)
    word = Word()
    choices = queue(word, *names)
    choices.last = f"0.{last}"
    choices.popleft()
    assert word.offered == [ordered]


def test_the_hub_has_its_turn_after_as_many_steps_as_were_ready_unless_nothing_has_happened():
    def rounds(still):
        choices = queue(Word(), "0", "0.1", "0.2")
        choices.still = still
        choices.append(HUB)
        gone = []
        for _ in range(9):
            entry = choices.popleft()
            gone.append("hub" if entry is HUB else entry[0].name)
            choices.append(entry)
        return gone

    asked = []
    assert rounds(lambda: False) == ["0", "0", "0", "hub"] * 2 + ["0"]
    assert rounds(lambda: asked.append(1) or True) == ["0"] * 9
    assert len(asked) == 2  # as often as it would have had its turn


def test_the_hub_has_its_turn_when_nobody_is_ready_though_nothing_has_happened():
    choices = queue(Word())
    choices.still = lambda: True
    choices.append(HUB)
    assert choices.popleft() is HUB


def test_when_the_run_is_over_the_hub_has_its_turn_after_every_step_whatever_the_io_core_says():
    choices = queue(Word(), "0")
    choices.still = lambda: True
    choices.clear()
    for name in ("0.1", "0.2"):
        choices.append((Task(name, choices), None, None))
        choices.append(HUB)
    assert [choices.popleft()[0] is HUB[0] for _ in range(3)] == [False, False, True]
    choices.append((Task("0.3", choices), None, None))
    choices.append(HUB)
    choices.append((Task("0.4", choices), None, None))
    assert choices.popleft()[0].name == "0.3"
    assert choices.popleft() is HUB
