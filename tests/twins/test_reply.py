"""An early reply: the caller goes on at once, and what is left of the procedure goes on beside it."""

import contextlib
import contextvars
import gc
import weakref

import pytest
from attrs import field

from duality import (
    Cancelled,
    Condition,
    DeadlockError,
    SpecError,
    entry,
    fail_after,
    fork,
    join,
    module,
    procedure,
    reply,
    run,
    sleep,
    yield_now,
)  # fmt: skip
from tests.conftest import RUNTIMES, application_of
from tests.virtual import VirtualIO


@pytest.fixture(params=["direct", "queued"])
def crossing(request):
    return request.param


# -- the caller, and what is left --------------------------------------------------------------------------------------


@module
class Office:
    """Answers before its work is done."""

    log: list = field(factory=list)
    changed: Condition = field(factory=Condition)

    @entry
    async def order(self, what):
        self.log.append(f"{what} ordered")
        reply(f"{what} will be done")
        self.log.append(f"{what} begun")
        await sleep(5)
        self.log.append(f"{what} done")
        return "dropped"

    @procedure
    async def ask(self, what):
        await sleep(1)
        self.log.append(f"{what} asked")
        reply(what)
        await yield_now()
        self.log.append(f"{what} noted")

    @procedure
    async def last(self, what):
        reply(what)


@module
class Client:
    office: Office

    @procedure
    async def order(self, what):
        self.office.log.append(await self.office.order(what))

    @procedure
    async def main(self):
        await self.order("a")
        self.office.log.append("and home")
        await sleep(10)
        return self.office.log


def test_the_caller_goes_on_in_the_same_step_and_the_rest_waits_until_it_rests(play):
    assert play(lambda: Client(Office())) == ["a ordered", "a will be done", "and home", "a begun", "a done"]


def test_where_a_reply_goes_through_a_queue_the_rest_may_come_first(play):
    log = play(lambda: Client(Office()), crossing="queued")
    assert log == ["a ordered", "a begun", "a will be done", "and home", "a done"]


@module
class Crowd:
    office: Office

    @procedure
    async def main(self):
        for task in [fork(Client(self.office).order, what) for what in "abc"]:
            await join(task)
        return self.office.log


def test_the_rest_of_an_entry_keeps_the_module_until_its_end(play, crossing):
    log = play(lambda: Crowd(Office()), crossing=crossing)
    begun = [told.partition(" will")[0] for told in log if "will" not in told]
    assert begun == [f"{what} {word}" for what in "abc" for word in ("ordered", "begun", "done")]
    for what in "abc":
        assert log.index(f"{what} ordered") < log.index(f"{what} will be done") < log.index(f"{what} done")


@module
class Asking:
    office: Office

    @procedure
    async def main(self):
        answer = await self.office.ask("a")
        self.office.log.append("answered")
        answers = [answer]
        for task in [fork(self.office.ask, "b"), fork(self.office.last, "c")]:
            answers.append(await join(task))
        answers.append(await self.office.last("d"))
        await sleep(1)
        return answers, self.office.log


def test_it_may_rest_before_it_replies_and_after_and_a_forked_task_ends_with_the_reply(play, crossing):
    answers, log = play(lambda: Asking(Office()), crossing=crossing)
    assert answers == ["a", "b", "c", "d"]
    assert sorted(log) == ["a asked", "a noted", "answered", "b asked", "b noted"]
    assert log[0] == "a asked"


@module
class Root:
    log: list = field(factory=list)

    @procedure
    async def main(self):
        reply(self.log)
        await sleep(1)
        self.log.append("went on")
        return "dropped"


def test_main_has_no_caller_and_ends_with_its_reply(play):
    assert play(Root) == ["went on"]


@module
class Waiting:
    """What is left of an entry waits on a condition: its own task does, and the module is free meanwhile."""

    log: list = field(factory=list)
    open: bool = False
    opened: Condition = field(factory=Condition)

    @entry
    async def watch(self):
        reply("watching")
        while not self.open:
            await self.opened.wait()
        self.log.append("seen")

    @entry
    async def let(self):
        self.open = True
        self.opened.signal()

    @procedure
    async def main(self):
        self.log.append(await self.watch())
        await yield_now()
        await self.let()
        await sleep(1)
        return self.log


def test_what_is_left_may_wait_on_a_condition_of_its_module(play, crossing):
    assert play(Waiting, crossing=crossing) == ["watching", "seen"]


# -- wherever a statement may stand ------------------------------------------------------------------------------------


async def helper(log, value):
    reply(value)
    await sleep(1)
    log.append("helper goes on")


@module
class Base:
    log: list = field(factory=list)

    @entry
    async def inherited(self):
        reply("base")
        await sleep(1)
        self.log.append("base goes on")


@module
class Places(Base):
    """Each procedure below replies somewhere; ``main`` calls the one called ``which``."""

    which: str = ""

    @procedure
    async def in_a_loop(self):
        for number in range(4):
            if number == 2:
                reply(number)
            await sleep(1)
            self.log.append(number)
        else:
            self.log.append("else")

    @procedure
    async def in_a_loop_without_rests(self):
        for number in (1, 2, 3):
            if number == 2:
                reply(number)
            self.log.append(number)

    @procedure
    async def in_try(self):
        try:
            reply(1)
            self.log.append("tried")
            raise KeyError("k")
        except KeyError as error:
            await sleep(1)
            self.log.append(str(error))
        finally:
            self.log.append("finally")

    @procedure
    async def in_except(self):
        try:
            raise KeyError("k")
        except KeyError:
            reply(1)
            try:
                raise
            except KeyError as error:
                self.log.append(str(error))

    @procedure
    async def in_finally(self):
        try:
            return "dropped"
        finally:
            reply("given")
            await sleep(1)
            self.log.append("finally")

    @procedure
    async def in_with(self):
        with contextlib.suppress(KeyError):
            reply(1)
            await sleep(1)
            raise KeyError("k")
        self.log.append("suppressed")

    @procedure
    async def in_match(self):
        match self.log:
            case []:
                reply("empty")
            case _:
                return "full"
        self.log.append("matched")

    @procedure
    async def in_while(self):
        count = 0
        while True:
            count += 1
            if count == 3:
                reply(count)
                break
        self.log.append(count)

    @procedure
    async def in_one_branch(self):
        if self.log:
            await sleep(1)
        else:
            reply("early")
        self.log.append("both come by")
        return "late"

    @procedure
    async def awaits_its_value(self):
        reply(await self.value() + (await self.value()))
        self.log.append("after")

    @procedure
    async def fails_in_its_value(self):
        try:
            reply({}[self.which])
        except KeyError:
            self.log.append("no value")
        return "otherwise"

    @procedure
    async def keeps_what_is_unbound(self):
        if self.log:
            late = 1
        reply(1)
        try:
            self.log.append(late)
        except UnboundLocalError:
            self.log.append("unbound")

    @procedure
    async def shares_a_cell(self):
        total = 1

        def more():
            nonlocal total
            total += 1
            return total

        reply(more())
        self.log.append(more())

    async def value(self):
        await sleep(1)
        return 2

    async def inner(self):
        reply("inner")
        await sleep(1)
        self.log.append("inner goes on")

    @entry
    async def from_an_internal_one(self):
        got = await self.inner()
        self.log.append("caller goes on")
        return got

    @procedure
    async def from_a_helper(self):
        got = await helper(self.log, "helper")
        self.log.append("caller goes on")
        return got

    @entry
    async def inherited(self):
        got = await super().inherited()
        self.log.append("heir goes on")
        return got

    @procedure
    async def within_another(self):
        reply(await self.in_a_loop())
        self.log.append("outer goes on")

    @procedure
    async def called_by_what_is_left(self):
        reply(1)
        self.log.append(await self.in_a_loop_without_rests())

    @procedure
    async def main(self):
        answer = await getattr(self, self.which)()
        self.log.append("home")
        await sleep(20)
        return answer, self.log


PLACES = {
    "in_a_loop": (2, [0, 1, "home", 2, 3, "else"]),
    "in_a_loop_without_rests": (2, [1, "home", 2, 3]),
    "in_try": (1, ["home", "tried", "'k'", "finally"]),
    "in_except": (1, ["home", "'k'"]),
    "in_finally": ("given", ["home", "finally"]),
    "in_with": (1, ["home", "suppressed"]),
    "in_match": ("empty", ["home", "matched"]),
    "in_while": (3, ["home", 3]),
    "in_one_branch": ("early", ["home", "both come by"]),
    "awaits_its_value": (4, ["home", "after"]),
    "fails_in_its_value": ("otherwise", ["no value", "home"]),
    "keeps_what_is_unbound": (1, ["home", "unbound"]),
    "shares_a_cell": (2, ["home", 3]),
    "from_an_internal_one": ("inner", ["caller goes on", "home", "inner goes on"]),
    "from_a_helper": ("helper", ["caller goes on", "home", "helper goes on"]),
    "inherited": ("base", ["heir goes on", "home", "base goes on"]),
    "within_another": (2, [0, 1, "home", "outer goes on", 2, 3, "else"]),
    "called_by_what_is_left": (1, ["home", 1, 2, 2, 3]),
}


@pytest.mark.parametrize("which", PLACES)
def test_a_reply_stands_wherever_a_statement_may(play, which):
    assert play(lambda: Places(which=which)) == PLACES[which]


# -- errors ------------------------------------------------------------------------------------------------------------


@module
class Failing:
    log: list = field(factory=list)
    which: str = ""
    change: Condition = field(factory=Condition)

    @procedure
    async def before(self):
        await yield_now()
        raise KeyError("before")
        reply(1)

    @entry
    async def before_an_entry_has_rested(self):
        if self.which:
            raise KeyError("before")
        reply(1)

    @procedure
    async def after(self):
        reply("answered")
        await sleep(1)
        raise KeyError("after")

    @entry
    async def after_in_an_entry(self):
        reply("answered")
        raise KeyError("after")

    @procedure
    async def twice(self):
        reply("answered")
        try:
            reply("again")
        except RuntimeError as error:
            self.log.append(str(error))
        await sleep(1)
        reply("and again")

    @procedure
    async def while_handling(self):
        try:
            raise LookupError("first")
        except LookupError:
            await self.before()

    @procedure
    async def main(self):
        try:
            self.log.append(await getattr(self, self.which)())
            await sleep(10)
        except (KeyError, LookupError) as error:
            self.log.append(repr(error))
            self.log.append(repr(error.__context__))
        except Cancelled:
            self.log.append("cancelled")
            raise
        return self.log


@pytest.mark.parametrize("which", ["before", "before_an_entry_has_rested"])
def test_an_error_before_the_reply_is_the_callers(play, crossing, which):
    assert play(lambda: Failing(which=which), crossing=crossing) == ["KeyError('before')", "None"]


def test_an_error_that_leaves_it_knows_what_its_caller_was_handling(play, crossing):
    log = play(lambda: Failing(which="while_handling"), crossing=crossing)
    assert log == ["KeyError('before')", "LookupError('first')"]


@pytest.mark.parametrize("which", ["after", "after_in_an_entry"])
def test_an_error_after_the_reply_fails_the_run(play, crossing, which):
    log = []
    with pytest.raises(KeyError, match="after") as failure:
        play(lambda: Failing(log, which), crossing=crossing)
    assert log == ["answered", "cancelled"]
    assert failure.value.__context__ is None


def test_a_caller_is_answered_once(play, crossing):
    log = []
    with pytest.raises(RuntimeError, match="^the caller has been answered already$"):
        play(lambda: Failing(log, "twice"), crossing=crossing)
    assert sorted(log) == ["answered", "cancelled", "the caller has been answered already"]


def aside(value):
    reply(value)


@module
class Aside:
    @procedure
    async def late(self):
        await yield_now()
        aside(1)
        reply(2)

    @procedure
    async def main(self):
        return await self.late()


def test_a_plain_function_answers_nobody(play):
    with pytest.raises(SpecError, match="no caller awaits it") as refusal:
        play(Aside)
    assert refusal.value.source.strip() == "reply(value)"


# -- cancellation ------------------------------------------------------------------------------------------------------


@module
class Leaving:
    log: list = field(factory=list)

    @entry
    async def slow(self, before):
        try:
            await sleep(before)
            reply("answered")
            await sleep(10)
            self.log.append("worked")
        except Cancelled:
            self.log.append("cancelled in it")
            raise
        finally:
            self.log.append("left")

    @procedure
    async def call(self, before):
        try:
            self.log.append(await self.slow(before))
            await sleep(100)
        except Cancelled:
            self.log.append("cancelled")
            raise

    @procedure
    async def main(self):
        for before in (5, 1):
            task = fork(self.call, before)
            await sleep(2)
            task.cancel()
            with contextlib.suppress(Cancelled):
                await join(task)
        await sleep(20)
        with contextlib.suppress(TimeoutError), fail_after(1):
            await self.slow(3)
        with fail_after(2):
            self.log.append(await self.slow(1))
        await sleep(20)
        return self.log


def test_a_caller_that_is_cancelled_takes_the_procedure_along_only_before_it_has_replied(play, crossing):
    before = ["cancelled in it", "left", "cancelled"]
    after = ["answered", "cancelled", "worked", "left"]
    late = ["cancelled in it", "left"]
    intime = ["answered", "worked", "left"]
    assert play(Leaving, crossing=crossing) == [*before, *after, *late, *intime]


@module
class Unending:
    """What is left when the run is over is unwound."""

    log: list = field(factory=list)
    never: Condition = field(factory=Condition)

    @entry
    async def stay(self):
        reply(1)
        try:
            while True:
                await self.never.wait()
        finally:
            self.log.append("unwound")

    @procedure
    async def main(self):
        await self.stay()
        return self.log


def test_what_is_left_and_never_ends_is_a_leak_that_is_told(on):
    ended = run(application_of(Unending), on, io=VirtualIO())
    assert ended.value == ["unwound"]
    (leak,) = ended.stats.leaked
    assert leak.startswith("task 0.1 waits for condition Unending.never at ")
    assert leak.endswith(", in Unending.stay")


# -- exclusion ---------------------------------------------------------------------------------------------------------


@module
class Inner:
    log: list = field(factory=list)

    @entry
    async def keep(self, task):
        reply("kept")
        await yield_now()
        await join(task)

    @entry
    async def visit(self):
        self.log.append("visited")


@module
class Outer:
    inner: Inner

    @procedure
    async def stuck(self):
        await yield_now()
        await self.inner.keep(self.me)
        await yield_now()
        await self.inner.visit()

    @procedure
    async def main(self):
        self.me = fork(self.stuck)
        return await join(self.me)


def test_a_circle_through_a_module_that_what_is_left_holds_is_found(play, crossing):
    with pytest.raises(DeadlockError) as deadlock:
        play(lambda: Outer(Inner()), crossing=crossing)
    (arc, other) = sorted(deadlock.value.cycle)
    assert arc.startswith("task 0.1 waits for the module Inner inner, held by task 0.1.1")
    assert other.startswith("task 0.1.1 waits for task 0.1")


@module
class Again:
    """What is left of an entry calls an entry of its own module."""

    @entry
    async def call(self):
        reply(1)
        await yield_now()
        await self.call()

    @procedure
    async def main(self):
        await self.call()
        await sleep(1)


def test_what_is_left_holds_the_module_against_itself(play, crossing):
    with pytest.raises(DeadlockError) as deadlock:
        play(Again, crossing=crossing)
    assert deadlock.value.cycle == ("task 0.1 waits for the module Again, held by task 0.1",)


# -- stacks ------------------------------------------------------------------------------------------------------------

GENERATIONS = 5_000


@module
class Dynasty:
    """Each generation replies, and calls the next one from what is left of it."""

    count: int = 0

    @procedure
    async def reign(self, left):
        self.count += 1
        reply(left)
        if left:
            assert await self.reign(left - 1) == left - 1

    @procedure
    async def main(self):
        assert await self.reign(GENERATIONS) == GENERATIONS
        while self.count <= GENERATIONS:
            await yield_now()
        return self.count


def test_generations_of_replies_lie_on_no_stack(on):
    assert run(application_of(Dynasty), on).value == GENERATIONS + 1


@module
class Bottomless:
    @procedure
    async def fall(self, depth):
        if depth < 0:
            reply(depth)
        return await self.fall(depth + 1)

    @procedure
    async def main(self):
        try:
            return await self.fall(0)
        except RecursionError as error:
            return str(error).partition(" while")[0].partition(" in ")[0]


def test_calls_without_end_are_an_error_though_each_has_a_stack_of_its_own(on):
    assert run(application_of(Bottomless), on).value == "maximum recursion depth exceeded"


WORD = contextvars.ContextVar("WORD", default="unset")


@module
class Sharing:
    @procedure
    async def change(self):
        WORD.set(WORD.get() + " and changed")
        reply(WORD.get())
        WORD.set(WORD.get() + " twice")

    @procedure
    async def main(self):
        WORD.set("set")
        told = await self.change(), WORD.get()
        await yield_now()
        return *told, WORD.get()


def test_context_variables_are_those_of_the_run(on):
    run_apart = contextvars.copy_context().run
    told = run_apart(lambda: run(application_of(Sharing), on).value)
    assert told == ("set and changed", "set and changed", "set and changed twice")


class Thing:
    pass


@module
class Keeping:
    seen: list = field(factory=list)

    @entry
    async def keep(self):
        thing = Thing()
        self.seen.append(weakref.ref(thing))
        reply(1)
        await yield_now()
        return thing

    @procedure
    async def main(self):
        await self.keep()
        await yield_now()
        await yield_now()
        return [one() for one in self.seen]


def test_what_has_ended_is_freed_at_once(on):
    gc.collect()
    gc.disable()
    try:
        assert run(application_of(Keeping), on).value == [None]
    finally:
        gc.enable()


def test_the_tasks_are_named_and_counted_as_forks_are():
    runs = [run(application_of(lambda: Client(Office())), on, io=VirtualIO(), trace=True) for on in RUNTIMES]
    for one in runs:
        assert one.stats.tasks == 2
        assert ("fork 0.1",) in [tuple(step.effects) for step in one.trace]
        assert [step.task for step in one.trace] == ["0", "0.1", "0.1", "0"]
    assert len({one.stats.steps for one in runs}) == 1
