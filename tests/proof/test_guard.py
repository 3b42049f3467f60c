"""What ends a run from outside, an interrupt or a step without an end, is told on every runtime, and is no outcome."""

import os
import signal
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duality import application, entry, fork, join, module, procedure, sleep, yield_now
from duality.core.io.simulated import Faults, SimulatedIO
from duality.proof import Schedule, check, explore, replay
from duality.proof.guard import STALL, Going, Guard, bounded, hurried, standing
from duality.proof.stalls import Stalled
from duality.proof.trial import RUNTIMES, trial
from duality.proof.watching import quiet
from tests.proof import samples


@pytest.fixture(autouse=True)
def interrupts():
    """Whoever runs the tests may ignore them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


SOON = 0.2  # seconds that a step may take here


def play(app, on, schedule=None, **params):
    return trial(lambda: app.build(**params), on, schedule or Schedule.fifo(), quiet(SimulatedIO()))


# -- steps that do not end ---------------------------------------------------------------------------------------------


@module
class Spinning:
    """Loops on in its second step, in the way it is told to."""

    how: str
    rounds: int = 0

    @procedure
    async def tick(self):
        self.rounds += 1

    @procedure
    async def calling(self):
        while self.rounds >= 0:
            await self.tick()  # nobody waits for it: no rest

    @procedure
    async def deaf(self):
        while self.rounds >= 0:
            try:
                self.rounds += 1
            except BaseException:
                self.rounds = 0

    @procedure
    async def asleep(self):
        lock = threading.Lock()
        lock.acquire()
        lock.acquire()

    @procedure
    async def plainly(self):
        turn(self)

    @procedure
    async def main(self):
        await yield_now()
        task = fork(getattr(self, self.how))
        await join(task)


def turn(spinning):
    while spinning.rounds >= 0:
        spinning.rounds += 1


@application
def spinning(how: str = "plainly"):
    return Spinning(how)


@pytest.mark.parametrize("how", ["calling", "deaf", "asleep", "plainly"])
def test_a_step_without_an_end_is_ended_and_named(on, how):
    with Guard(SOON), pytest.raises(Stalled) as told:
        play(spinning, on, how=how)
    assert str(told.value) == f"Spinning.{how} has run for 0.2 s and come to no rest"
    file, _, line = told.value.place.rpartition(":")
    looping = {"plainly": [turn], "calling": [Spinning.tick, Spinning.calling]}.get(how) or [getattr(Spinning, how)]
    assert any(int(line) in lines_of(one) for one in looping)


def lines_of(function):
    lines = [number for _, _, number in function.__code__.co_lines() if number]
    return range(min(lines), max(lines) + 1)


@pytest.mark.parametrize("how", ["calling", "plainly"])
def test_all_that_is_told_of_it_but_the_line_is_the_same_on_every_runtime_and_again(how):
    told = []
    for on in (*RUNTIMES, "events"):
        with Guard(SOON), pytest.raises(Stalled) as stalled:
            play(spinning, on, how=how)
        told.append((str(stalled.value), stalled.value.steps, stalled.value.word, str(stalled.value.walked)))
    assert told == [told[0]] * 4
    _, steps, word, _ = told[0]
    assert len(steps) == len(word) == 3
    again = steps[-1].nodes
    assert len(again) - len(set(again)) == (how == "calling")  # to where it comes round, and no further


def test_a_check_tells_it_and_its_replay_shows_it_again(tmp_path):
    found = check(spinning, how="calling", stall=SOON, replay=str(tmp_path / "it.json"))
    assert (found.finding.law, found.schedules) == ("stall", 1)
    assert found.finding.said == "Spinning.calling has run for 0.2 s and come to no rest, in step 2"
    assert "and on without a rest" in str(found)
    again = replay(tmp_path / "it.json", spinning, SOON)
    assert str(again.finding).partition(": ")[2] == str(found.finding).partition(": ")[2]


@pytest.mark.parametrize("jobs", [1, 2])
def test_processes_that_help_have_a_watch_of_their_own(jobs):
    found = check(spinning, stall=SOON, jobs=jobs, kinds=("fifo",), crossings=("direct",), schedules=2)
    assert found.finding.law == "stall"


def test_an_exploration_does_not_hang_either(on):
    with pytest.raises(Stalled, match=r"test_guard.py:\d+: task 0.1 has run for 0.2 s and come to no rest"):
        explore(spinning, on, stall=SOON)


def test_what_hangs_where_no_spec_is_under_way_is_ended_the_second_time():
    waited = []

    def run():
        with Going(lambda: 0, list, lambda place, seconds: TimeoutError(f"{place}{seconds:g}")):
            threading.Event().wait(30)  # the machine's own code is left alone at first
            waited.append(True)

    with Guard(SOON), pytest.raises(TimeoutError, match=r"^0\.2$"):
        run()
    assert waited == []


def test_a_build_without_an_end_is_ended_too(on):
    @application
    def never():
        while True:
            pass

    with Guard(SOON), pytest.raises(Stalled, match="the building of the application has run for 0.2 s"):
        play(never, on)


@pytest.mark.parametrize("stall", [0, -1, float("nan"), float("inf"), "20", True, None])
def test_a_bound_is_a_number_of_seconds(stall):
    with pytest.raises(ValueError, match="stall must be a number of seconds above 0"):
        bounded(stall)
    with pytest.raises(ValueError, match="stall must be"):
        check(samples.racy, stall=stall)


def test_what_is_only_tried_is_given_up_sooner():
    with Guard(STALL) as guard:
        with hurried(1.0):
            assert guard.stall == 1.0
            with hurried(5.0):
                assert guard.stall == 1.0
        assert guard.stall == STALL
    with hurried(1.0):  # where nobody stands, nobody is in a hurry
        pass


# -- interrupts --------------------------------------------------------------------------------------------------------


@module
class Struck:
    """Is interrupted in its second step, and does with it what it is told to."""

    does: str
    done: int = 0

    @entry
    async def strike(self):
        await sleep(1)
        if self.does == "itself":
            raise KeyboardInterrupt
        try:
            os.kill(os.getpid(), signal.SIGINT)
        except BaseException:
            if self.does != "keeps":
                raise
        finally:
            self.done += 1
            if self.does == "rests":
                await sleep(1)
        await sleep(1)

    @procedure
    async def main(self):
        await join(fork(self.strike))


@application
def struck(does: str = "nothing"):
    return Struck(does)


@pytest.mark.parametrize("does", ["nothing", "keeps", "rests"])
def test_an_interrupt_comes_out_of_the_run_whatever_the_spec_makes_of_it(on, does):
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        play(struck, on, does=does)
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interrupt_ends_the_run_at_its_next_choice(on):
    schedule = Schedule.fifo()
    with pytest.raises(KeyboardInterrupt):
        play(struck, on, schedule, does="keeps")
    assert len(schedule.word) == 3  # main, strike to its sleep, and the step that was struck


def test_an_interrupt_of_the_specs_own_is_an_outcome(on):
    with Guard(STALL):
        assert play(struck, on, does="itself").outcome["error"][0] == "KeyboardInterrupt"


def test_an_interrupt_in_the_faults_is_one_too(on):
    io = quiet(SimulatedIO(faults=Faults.parse("at 0.5 s: interrupt")))
    outcome = trial(lambda: struck.build(does="nothing"), on, Schedule.fifo(), io).outcome
    assert outcome["error"][0] == "KeyboardInterrupt"


def test_an_exploration_is_interrupted(on):
    with pytest.raises(KeyboardInterrupt):
        explore(struck, on, does="keeps")


def test_between_runs_an_interrupt_is_raised_at_once():
    with Guard(), pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)


def test_while_it_is_held_interrupts_wait_and_count_as_one():
    reached = []
    with Guard() as guard:
        guard.held = True
        for _ in range(3):
            os.kill(os.getpid(), signal.SIGINT)
        reached.append("held")
        with pytest.raises(KeyboardInterrupt):
            guard.release()
        guard.release()  # none has waited since
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert reached == ["held"]


def test_the_guard_that_stands_is_found_and_else_one_that_does_nothing():
    with Guard(STALL) as guard:
        assert standing() is guard
    idle = standing()
    idle.held = True
    idle.release()
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)


def test_who_ignores_interrupts_goes_on_to(on):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert "error" not in play(struck, on, does="nothing").outcome
    finally:
        signal.signal(signal.SIGINT, before)


# -- otherwise nothing -------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), on=st.sampled_from(RUNTIMES), tasks=st.integers(1, 5))
def test_a_run_whose_steps_end_is_the_same_run_with_a_guard_or_without(seed, on, tasks):
    plain = play(samples.racy, on, Schedule.seeded(seed), tasks=tasks)
    with Guard(SOON):
        guarded = play(samples.racy, on, Schedule.seeded(seed), tasks=tasks)
    assert guarded == plain


def test_a_guard_leaves_nothing_behind():
    before, threads = signal.getsignal(signal.SIGINT), threading.enumerate()
    with Guard(STALL) as guard:
        assert signal.getsignal(signal.SIGINT) != before
        with Guard(0.01):  # within another one it is that one
            play(samples.racy, "events")
        assert len(threading.enumerate()) == len(threads) + 1
        assert guard.going is None
    assert signal.getsignal(signal.SIGINT) is before
    assert threading.enumerate() == threads


def test_an_interrupt_while_a_guard_ends_does_not_leave_it_standing():
    class Interrupted:
        def join(self):
            raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), Guard(SOON) as guard:
        guard._watch = Interrupted()
    assert signal.getsignal(signal.SIGINT) is before
    with Guard(SOON) as second:
        assert signal.getsignal(signal.SIGINT) == second._told


def test_in_another_os_thread_a_guard_does_nothing():
    made = []

    def run():
        with Guard(SOON):
            made.append(signal.getsignal(signal.SIGINT))
            made.append(play(samples.sound, "threads").outcome["value"])

    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=run)
    with Guard() as guard:
        inside = signal.getsignal(signal.SIGINT)
        thread.start()
        thread.join()
        assert guard.going is None
    assert made == [inside, play(samples.sound, "threads").outcome["value"]]
    assert signal.getsignal(signal.SIGINT) is before


def test_what_breaks_a_run_off_comes_out_of_it_before_anything_else():
    def run():
        with Going(lambda: 0, list, lambda place, seconds: TimeoutError(place)):
            try:
                os.kill(os.getpid(), signal.SIGINT)
            finally:
                raise ValueError("of the run")

    with Guard(), pytest.raises(KeyboardInterrupt) as told:
        run()
    assert told.value.__suppress_context__
