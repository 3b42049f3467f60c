"""``duality_run``, called as a test would: the value of a run like those that were watched, or what was wrong with it.

What pytest makes of it is tested in ``test_plugin.py``.
"""

import greenlet
import pytest
from attrs import evolve

from duality import application, module, procedure, run, yield_now
from duality.core.io.simulated import SimulatedIO
from duality.proof import ScheduleError
from duality.proof import driver as room
from duality.proof.driver import Driver, LawBroken
from duality.proof.plan import CROSSINGS, KINDS
from duality.proof.report import source_hash
from duality.proof.retold import Retold
from duality.proof.trial import RUNTIMES
from tests.conftest import RUNTIMES as ALL
from tests.proof import samples


def played(driver, app, **params):
    """What ``driver`` gives for each of its schedules."""
    return [driver(app, **params) for _ in driver.schedules()]


@pytest.mark.parametrize("on", ALL)
def test_the_value_is_the_runs_own_led_by_the_runtime_it_is_for(on):
    driver = Driver(on)
    assert played(driver, samples.sound) == [1]
    (call,) = driver.calls
    assert call.trials[0].on == on
    assert {one.on for one in call.trials} == {*RUNTIMES}
    assert (call.setting.leader, call.found) == (on, ())
    assert call.setting.word == call.trials[0].word
    assert driver.ran == 1


def test_one_schedule_is_first_in_first_out_and_many_are_of_every_kind():
    assert (Driver("oracle").turn.kind, Driver("oracle").turn.crossing) == ("fifo", "direct")
    driver, turns = Driver("threads", count=24), []
    for number in driver.schedules():
        assert driver.turn.number == number
        turns.append((driver.turn.kind, driver.turn.crossing))
    assert set(turns) == {(kind, crossing) for kind in KINDS for crossing in CROSSINGS}


def test_each_schedule_forgets_the_calls_of_the_one_before_and_the_same_seed_gives_the_same():
    words = []
    for _ in range(2):
        driver = Driver("events", count=9, seed=5)
        words.append([])
        for _ in driver.schedules():
            driver(samples.sound)
            assert len(driver.calls) == 1
            words[-1].append(driver.calls[0].setting.word)
            assert driver.calls[0].setting.seed == driver.turn.seed
        assert driver.ran == 9
    assert words[0] == words[1]
    assert len({*words[0]}) > 1


@pytest.mark.parametrize(
    ("app", "params", "error"),
    [(samples.lonely, {"how": "error"}, LookupError), (samples.racy, {}, AssertionError)],
    ids=["error", "assertion"],
)
def test_what_a_run_ends_with_is_raised_itself(app, params, error):
    driver = Driver("threads", count=8)
    raised = []
    for _ in driver.schedules():
        try:
            driver(app, **params)
        except error as one:
            raised.append(one)
    assert raised
    assert not [one for one in raised if isinstance(one, LawBroken)]


def test_what_is_left_behind_is_no_passing_run_unless_the_test_allows_it():
    with pytest.raises(LawBroken, match="leak: ") as broken:
        Driver("events")(samples.lonely, how="leak")
    assert broken.value.finding.law == "leak"
    assert str(broken.value).startswith(f"{samples.__file__}:")
    assert Driver("events", allow={"leak"})(samples.lonely, how="leak") is None


@module
class Telltale:
    """Looks at what only a thread has."""

    @procedure
    async def main(self):
        if greenlet.getcurrent().parent is not None:
            await yield_now()
        return 1


@application
def telltale():
    return Telltale()


@pytest.mark.parametrize("on", ALL)
def test_runtimes_that_differ_are_a_breach_though_their_values_are_equal(on):
    with pytest.raises(LawBroken) as broken:
        Driver(on)(telltale)
    assert broken.value.finding.law == "L1"
    assert "\n(L1: the same choices offered" in str(broken.value)


@pytest.mark.parametrize("on", ALL)
def test_the_value_of_a_run_that_nobody_watches_must_be_the_one_that_was_seen(on, monkeypatch):
    def other(app, side, **options):
        assert (side, options["crossing"]) == (on, "direct")
        done = run(app, side, **options)
        return evolve(done, value=done.value + 1)

    monkeypatch.setattr(room, "run", other)
    with pytest.raises(LawBroken, match=f"{on} made the same run again, untraced, and it ended with value 2") as broken:
        Driver(on)(samples.sound)
    assert broken.value.finding.law == "nondeterminism"


def test_a_replay_makes_the_choices_that_were_kept_and_no_others():
    first = Driver("events", count=20, seed=1)
    for _ in first.schedules():
        first(samples.sound)
    (call,) = first.calls
    told = {
        "application": samples.sound.name,
        "source": source_hash(samples.sound.file),
        "crossing": call.setting.crossing,
        "leader": "threads",
        "seed": 4,
        "word": list(call.setting.word),
    }
    driver = Driver("events", count=20, replayed=Retold("it.json", "test", [told]))
    assert played(driver, samples.sound) == [1]
    (again,) = driver.calls
    assert again.setting.word == call.setting.word
    assert (again.setting.leader, again.setting.crossing, again.setting.seed) == ("threads", call.setting.crossing, 4)
    with pytest.raises(ScheduleError, match="has 1 runs, and this test makes one more"):
        driver(samples.sound)


def test_every_run_is_on_the_io_core_that_the_test_gives_afresh():
    driver = Driver("threads", io=SimulatedIO(3, files={"/a": b"there"}))
    assert [driver(samples.reader), driver(samples.reader)] == [b"there", b"there"]
