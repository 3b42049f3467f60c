"""A whole run: what it gives, that there is one to an OS thread, and that nothing it holds survives it."""

import gc
import threading
import weakref

import pytest
from attrs import field

from duality import Condition, SpecError, entry, fork, join, module, procedure, reply, run, sleep, yield_now
from duality.compiler import graph_of
from duality.core.current import running_or_none
from duality.spec.module import is_module
from tests.conftest import RUNTIMES, application_of
from tests.virtual import VirtualIO


@module
class Cell:
    """One value, and somebody who waits for it."""

    value: object = None
    filled: Condition = field(factory=Condition)

    @entry
    async def put(self, value):
        self.value = value
        self.filled.broadcast()

    @entry
    async def get(self):
        while self.value is None:
            await self.filled.wait()
        return self.value


@module
class Building:
    """Makes its modules while it runs, one after another."""

    count: int

    async def fill(self, cell, number):
        await cell.put(number)

    @procedure
    async def main(self):
        cells = [Cell() for _ in range(self.count)]
        getting = [fork(cell.get) for cell in cells]
        for number, cell in enumerate(cells, 1):
            fork(self.fill, cell, number)
        values = []
        for task in getting:
            values.append(await join(task))
        return values


@pytest.mark.parametrize("crossing", ["direct", "queued"])
def test_a_module_built_while_the_run_goes_on_is_as_good_as_any(play, crossing):
    assert play(lambda: Building(5), crossing=crossing) == [1, 2, 3, 4, 5]


@module
class Hidden:
    """Where a module is kept is its owner's business: a set, a closure."""

    cells: object

    @procedure
    async def main(self):
        total = 0
        for cell in self.cells():
            await cell.put(3)
            total += await cell.get()
        return total


def hidden():
    cells = {Cell(), Cell()}
    return Hidden(lambda: cells)


def test_a_module_that_no_field_leads_to_works_or_is_refused_in_the_same_words_everywhere():
    ends = []
    for on in RUNTIMES:
        try:
            ends.append(run(application_of(hidden), on).value)
        except Exception as error:
            ends.append((type(error), str(error)))
    assert ends[0] == ends[1] == ends[2]
    assert ends[0] == 6 or "Cell" in ends[0][1]


@module
class Counting:
    """Long enough that two OS threads take turns in it."""

    number: int
    total: int = 0

    @entry
    async def add(self, amount):
        before = self.total
        await yield_now()
        self.total = before + amount

    async def work(self):
        for _ in range(200):
            await self.add(self.number)

    @procedure
    async def main(self):
        tasks = [fork(self.work) for _ in range(3)]
        for task in tasks:
            await join(task)
        await sleep(0)
        return self.total


def test_two_runs_in_two_os_threads_at_once_do_not_meet(on):
    results, together = {}, threading.Barrier(2)

    def one(number):
        together.wait()
        results[number] = run(application_of(lambda: Counting(number)), on).value

    runners = [threading.Thread(target=one, args=(number,)) for number in (1, 10)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    assert results == {1: 600, 10: 6000}


@module
class Nesting:
    """Starts a run inside the run."""

    on: str

    @procedure
    async def main(self):
        try:
            run(application_of(lambda: Counting(1)), self.on)
        except RuntimeError as error:
            await yield_now()
            return str(error)


def test_a_second_run_in_the_same_os_thread_is_a_clear_error(play, on):
    said = play(lambda: Nesting(on))
    assert "already running in this OS thread" in said
    assert "thread of its own" in said


def test_after_a_run_the_os_thread_is_free_again_even_if_it_failed(play, on):
    with pytest.raises(TypeError):
        play(lambda: Hidden(None))
    assert running_or_none() is None
    assert play(lambda: Counting(2)) == 1200


@pytest.mark.parametrize("second", RUNTIMES)
def test_a_module_that_has_been_in_another_run_is_refused(on, second):
    counting = Counting(2)
    assert run(application_of(lambda: counting), on, io=VirtualIO()).value == 1200
    with pytest.raises((RuntimeError, SpecError), match=r"another run|fresh"):
        run(application_of(lambda: counting), second, io=VirtualIO())


@module
class Failing:
    log: list = field(factory=list)

    async def work(self):
        try:
            await sleep(1000)
        finally:
            await yield_now()
            self.log.append("cleaned")

    @procedure
    async def main(self):
        fork(self.work)
        await yield_now()
        raise KeyError("main")


def test_when_main_fails_the_others_are_cancelled_and_clean_up(play):
    log = []
    with pytest.raises(KeyError, match="main"):
        play(lambda: Failing(log))
    assert log == ["cleaned"]


class Token:
    """Something a run may hold on to."""


@module
class Holding:
    tokens: list

    async def keep(self, token):
        try:
            raise KeyError(token)
        except KeyError:
            await yield_now()
        return None

    @procedure
    async def main(self):
        tasks = [fork(self.keep, token) for token in self.tokens]
        for task in tasks:
            await join(task)


@pytest.mark.parametrize("trace", [False, True])
def test_a_run_keeps_nothing_alive_after_its_end(on, trace):
    tokens = [Token() for _ in range(5)]
    alive = [weakref.ref(token) for token in tokens]
    run(application_of(lambda: Holding(tokens)), on, io=VirtualIO(), trace=trace)
    tokens.clear()
    gc.collect()
    assert [one() for one in alive] == [None] * 5


@module
class Recursive:
    async def down(self, left):
        if left == 0:
            await yield_now()
            return 0
        return 1 + await self.down(left - 1)

    async def flat(self, left):
        return 0 if left == 0 else 1 + await self.flat(left - 1)

    @procedure
    async def main(self):
        return await self.down(150), await self.flat(150)


def test_a_procedure_may_call_itself(play):
    assert play(Recursive) == (150, 150)


@module
class Many:
    """A chain of tasks, each forked by the one before: names by birth, and no stack that grows."""

    async def chain(self, left):
        if left:
            return await join(fork(self.chain, left - 1))
        return "end"

    async def relay(self, left):
        await yield_now()
        if left:
            fork(self.relay, left - 1)

    @procedure
    async def main(self):
        await self.relay(3000)
        return await self.chain(100)


def test_a_long_line_of_forks_needs_no_deep_stack(on):
    done = run(application_of(Many), on, io=VirtualIO())
    assert done.value == "end"
    assert done.stats.tasks == 3101


def test_a_run_says_what_it_cost(on):
    plain = run(application_of(lambda: Counting(1)), on, io=VirtualIO())
    traced = run(application_of(lambda: Counting(1)), on, io=VirtualIO(), trace=True)
    assert plain.value == traced.value == 600
    assert (plain.trace, plain.graph, plain.stats.steps, plain.stats.switches) == (None, None, None, None)
    assert plain.stats.tasks == traced.stats.tasks == 4
    assert traced.stats.steps == len(traced.trace) > 600
    assert 0 < traced.stats.switches
    assert plain.stats.wall > 0
    assert plain.stats.cpu >= 0
    assert plain.stats.peak_memory > 1 << 20
    assert plain.stats.leaked == ()
    if on != "events":  # there, `switches` counts messages
        assert traced.stats.switches <= traced.stats.steps


def test_what_cannot_be_run_is_said(on):
    with pytest.raises(ValueError, match="on must be one of threads, events, oracle, not 'fibres'"):
        run(application_of(lambda: Counting(1)), "fibres")
    with pytest.raises(ValueError, match="crossing must be"):
        run(application_of(lambda: Counting(1)), on, crossing="sideways")


@module
class Sharing:
    """Its procedures share variables with inner functions, which look at what those hold."""

    @procedure
    async def main(self):
        def looks():
            return found

        held = list(looks.__closure__)
        await yield_now()
        asked = [is_module(thing) for thing in held for thing in (thing, *_contents(thing))]
        found = self
        await yield_now()
        return asked, is_module(looks())


def _contents(cell):
    """What CPython's ``cell`` holds, if it holds anything."""
    try:
        return [cell.cell_contents]
    except ValueError:
        return []


def test_a_variable_that_is_not_bound_yet_is_no_module(play):
    asked, found = play(Sharing)
    assert set(asked) == {False}
    assert found is True


# -- a run that never begins -------------------------------------------------------------------------------------------


async def helped(cell):
    return await cell.get()


async def answers(number):
    reply(number)
    await yield_now()


@module
class Helped:
    """Calls functions of this file, in whose place a run may put its own."""

    cell: Cell

    @procedure
    async def main(self):
        await self.cell.put(await answers(3))
        return await helped(self.cell)

    @procedure
    async def again(self):
        return await helped(self.cell), await answers(4)


class Shut(VirtualIO):
    """An I/O core that cannot be opened."""

    def open(self, ready, on_signal):
        raise OSError("shut")


def fails():
    Helped(Cell())
    raise ValueError("cannot be built")


@pytest.mark.parametrize("trace", [False, True])
@pytest.mark.parametrize(
    ("build", "io", "error"), [(fails, VirtualIO, ValueError), (lambda: Helped(Cell()), Shut, OSError)]
)
def test_a_run_that_comes_to_nothing_leaves_the_functions_of_the_file_as_they_were(build, io, error, trace, on):
    before = helped, answers
    with pytest.raises(error):
        run(application_of(build), on, trace=trace, io=io())
    assert (helped, answers) == before
    assert run(application_of(lambda: Helped(Cell())), on, trace=trace, io=VirtualIO()).value == 3
    assert (helped, answers) == before


# -- helpers that are made inside a function ---------------------------------------------------------------------------


def with_a_helper_of_its_own(number):
    async def gives():
        await yield_now()
        return number

    async def early():
        reply(await gives())
        await yield_now()

    @module
    class Inside:
        """Calls helpers that it finds in its closure."""

        @procedure
        async def main(self):
            return await gives(), await early()

    return Inside, (gives, early)


def test_helpers_in_a_closure_tell_and_reply_like_others(on):
    Inside, _ = with_a_helper_of_its_own(5)
    ran = run(application_of(Inside), on, io=VirtualIO(), trace=True)
    assert ran.value == (5, 5)
    assert ran.graph == graph_of(Inside)
    assert run(application_of(Inside), on, io=VirtualIO()).value == (5, 5)


def test_helpers_in_a_closure_are_themselves_again_afterwards(on):
    Inside, helpers = with_a_helper_of_its_own(5)
    run(application_of(Inside), on, io=VirtualIO(), trace=True)
    code = Inside.main.__code__.co_freevars
    inside = dict(zip(code, (cell.cell_contents for cell in Inside.main.__closure__), strict=True))
    assert (inside["gives"], inside["early"]) == helpers
