"""A trial holds all of a run: what is compared of it is data, without addresses, and the same on every runtime."""

import contextvars
import re
import warnings
from pathlib import Path

import pytest
from attrs import field
from hypothesis import given
from hypothesis import strategies as st

from duality import Condition, application, disk, fork, module, procedure, sleep, yield_now
from duality.core.io.simulated import SimulatedIO
from duality.proof.schedule import Schedule, ScheduleError
from duality.proof.trial import RUNTIMES, described, generators_dropped, state_of
from duality.spec.module import modules_below
from tests.proof import samples
from tests.proof.trials import trial_of


@module
class Leaf:
    value: int = 3


@module
class Ending:
    """Ends in the way that it is told to."""

    how: str
    leaf: Leaf
    leaves: list
    by_name: dict
    log: list = field(factory=list)
    never: Condition = field(factory=Condition)

    @procedure
    async def waiting(self):
        await sleep(1)
        self.log.append("woken")

    async def values(self):
        try:
            yield 1
            yield 2
        finally:
            await yield_now()

    @procedure
    async def main(self):
        match self.how:
            case "well":
                return {"left": 1}
            case "badly":
                raise ValueError("of the root") from KeyError("cause")
            case "reading":
                return await disk.read_file("/a")
            case "early":
                fork(self.waiting)
                return "early"


@application
def ending(how: str = "well"):
    return Ending(how, Leaf(), [Leaf()], {"one": Leaf()})


def test_a_value_is_kept_as_it_is_shown(on):
    made = trial_of(ending, on)
    assert (made.on, made.outcome["value"], made.outcome["tasks"], made.place) == (on, "{'left': 1}", 1, "")
    assert made.word == (0,)
    assert [step.task for step in made.steps] == ["0"]


def test_an_error_is_kept_with_its_cause_and_its_place(on):
    made = trial_of(ending, on, how="badly")
    name, said, notes, inner, cause, context = made.outcome["error"]
    assert (name, said, notes, inner, context) == ("ValueError", "of the root", [], [], None)
    assert cause[:2] == ("KeyError", "'cause'")
    lines = Path(__file__).read_text().splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "of the root" in text)
    assert made.place == f"{__file__}:{line}"
    assert "value" not in made.outcome


def test_what_was_asked_of_the_core_is_kept_in_order(on):
    (asked,) = trial_of(ending, on, io=SimulatedIO(files={"/a": b"x"}), how="reading").asked
    assert "read_file" in asked
    assert trial_of(ending, on).asked == ()


def test_a_task_that_outlives_the_root_is_run_to_its_end(on):
    made = trial_of(ending, on, how="early")
    assert made.outcome["state"]["Ending"]["log"] == "['woken']"
    assert (made.outcome["living"], made.outcome["leaked"]) == ([], ())


def test_a_schedule_that_does_not_fit_is_no_outcome(on):
    with pytest.raises(ScheduleError):
        trial_of(ending, on, Schedule.of([7]))


@pytest.mark.parametrize("seed", range(3))
def test_the_same_run_again_is_the_same_text_without_an_address(on, seed):
    one, other = (trial_of(samples.racy, on, Schedule.seeded(seed)) for _ in range(2))
    assert one == other
    assert str(one) == str(other)
    assert not re.search(r"0x[0-9a-f]{6}", str(one))


def test_watchers_look_on_at_every_point_and_at_the_end(on):
    class Watching:
        facts = ()

        def __init__(self):
            self.seen = []

        def begin(self, runtime, modules):
            self.seen.append([path for path, _ in modules])

        def rest(self, runtime, task):
            self.seen.append(task.name if task is not None else None)

    watching = Watching()
    made = trial_of(samples.sound, on, watchers=[watching])
    assert watching.seen[0][0] == "Pair"
    assert watching.seen[1:] == [None, *(step.task for step in made.steps)]


def test_what_a_watcher_raises_ends_the_run(on):
    class Stopping:
        facts = ()

        def begin(self, runtime, modules):
            pass

        def rest(self, runtime, task):
            if len(runtime.recorder.steps) == 2:
                raise LookupError("enough")

    made = trial_of(samples.sound, on, watchers=[Stopping()])
    assert made.outcome["error"][:2] == ("LookupError", "enough")
    assert len(made.steps) == 2


# -- the pieces --------------------------------------------------------------------------------------------------------


def test_of_a_modules_state_only_what_is_data_is_kept():
    instance = next(instance for path, instance in modules_below(ending.build()) if path == "Ending")
    assert state_of(instance) == {"how": "'well'", "log": "[]"}


errors = st.recursive(
    st.builds(ValueError, st.text(max_size=3)) | st.builds(KeyError, st.integers()),
    lambda inner: st.builds(lambda parts: ExceptionGroup("several", parts), st.lists(inner, min_size=1, max_size=3)),
    max_leaves=5,
)


@given(errors, errors, st.booleans())
def test_an_error_as_data_has_all_that_hangs_on_it(error, other, meant):
    try:
        try:
            raise other
        except Exception:
            if meant:
                raise error from other
            raise error  # noqa: B904: a context, and no cause, is what is wanted
    except Exception as caught:
        told = described(caught)
    assert told[:2] == (type(error).__name__, str(error))
    assert told[4] == (described(other) if meant else None)
    assert (told[5] is None) is meant
    assert len(told[3]) == len(getattr(error, "exceptions", ()))
    assert described(None) is None


def test_warnings_of_dropped_generators_are_caught_and_others_pass():
    with warnings.catch_warnings(record=True) as passed:
        warnings.simplefilter("always")
        with generators_dropped() as dropped:
            warnings.warn("an asynchronous generator was dropped that wanted to rest", RuntimeWarning, stacklevel=1)
            warnings.warn("something else", RuntimeWarning, stacklevel=1)
    assert [str(one.message) for one in passed] == ["something else"]
    assert len(dropped) == 1


ROUND = contextvars.ContextVar("ROUND", default=0)


@module
class Counting:
    async def child(self):
        ROUND.set(ROUND.get() + 1)

    @procedure
    async def main(self):
        ROUND.set(ROUND.get() + 1)
        fork(self.child)
        await yield_now()
        await yield_now()
        return ROUND.get()


@application
def counting():
    return Counting()


@pytest.mark.parametrize("on", RUNTIMES)
def test_what_a_run_sets_a_context_variable_to_is_over_with_it(on):
    assert [trial_of(counting, on).outcome["value"] for _ in range(2)] == ["2", "2"]
    assert ROUND.get() == 0


def test_there_are_three_runtimes():
    assert sorted(RUNTIMES) == ["events", "oracle", "threads"]
