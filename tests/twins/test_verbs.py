"""Fork, join, send, and a rest given away: who is ready when, and who learns how it ended."""

import functools

import pytest
from attrs import field

from duality import (
    Cancelled,
    DeadlockError,
    SpecError,
    fail_after,
    fork,
    join,
    module,
    move_on_after,
    now,
    procedure,
    run,
    send,
    sleep,
    yield_now,
)  # fmt: skip
from tests.conftest import application_of


@module
class Order:
    log: list = field(factory=list)

    async def note(self, what, rests=0):
        self.log.append(what)
        for _ in range(rests):
            await yield_now()
            self.log.append(what)

    @procedure
    async def main(self):
        fork(self.note, "first")
        second = fork(self.note, "second")
        send(self.note, "third")
        self.log.append("forker")
        await join(second)
        self.log.append("joined")
        await yield_now()
        return self.log


def test_children_are_ready_in_fork_order_and_run_only_when_the_forker_rests(play):
    assert play(Order) == ["forker", "first", "second", "third", "joined"]


@module
class Turns:
    log: list = field(factory=list)

    async def turn(self, who, times):
        for _ in range(times):
            self.log.append(who)
            await yield_now()

    @procedure
    async def main(self):
        tasks = [fork(self.turn, who, 3) for who in "abc"]
        for task in tasks:
            await join(task)
        return "".join(self.log)


def test_a_yield_lets_everybody_who_is_ready_go_first(play):
    assert play(Turns) == "abcabcabc"


@module
class Results:
    log: list = field(factory=list)

    async def give(self, value, rests=0):
        for _ in range(rests):
            await yield_now()
        return value

    async def fail(self, text, rests=0):
        for _ in range(rests):
            await yield_now()
        raise KeyError(text)

    async def trying(self, task):
        try:
            return await join(task)
        except KeyError as error:
            return error

    async def finished(self):
        task = fork(self.give, "x")
        await yield_now()
        before = fork(self.give, "y")
        first = await join(task)  # does not rest, so `before` has not begun
        begun = before.done
        await join(before)
        return first, await join(task), begun

    async def joined_by_two(self):
        task = fork(self.give, "shared", 3)
        others = [fork(self.trying, task), fork(self.trying, task)]
        return [await join(others[0]), await join(others[1]), await join(task)]

    async def failing_twice(self):
        task = fork(self.fail, "once", 2)
        one = await self.trying(task)
        two = await self.trying(task)
        return one is two, str(one)

    async def late(self):
        task = fork(self.fail, "late")
        for _ in range(5):
            await yield_now()
        return str(await self.trying(task))

    @procedure
    async def main(self):
        return await getattr(self, self.log[0])()


@pytest.mark.parametrize(
    ("which", "result"),
    [
        ("finished", ("x", "x", False)),
        ("joined_by_two", ["shared"] * 3),
        ("failing_twice", (True, "'once'")),
        ("late", "'late'"),
    ],
)
def test_join_gives_how_the_task_ended_whenever_and_however_often_it_is_asked(play, which, result):
    assert play(lambda: Results([which])) == result


@module
class Selfish:
    tasks: list = field(factory=list)

    async def myself(self):
        await yield_now()
        return await join(self.tasks[0])

    async def ring(self, following):
        await yield_now()
        return await join(self.tasks[following])

    async def alone(self):
        self.tasks.append(fork(self.myself))
        return await join(self.tasks[0])

    async def three(self):
        self.tasks += [fork(self.ring, 1), fork(self.ring, 2), fork(self.ring, 0)]
        return await join(self.tasks[0])


@module
class Joining:
    selfish: Selfish
    many: bool

    @procedure
    async def main(self):
        try:
            if self.many:
                await self.selfish.three()
            else:
                await self.selfish.alone()
        except DeadlockError as error:
            return error.cycle


def test_a_task_cannot_join_itself(play):
    assert play(lambda: Joining(Selfish(), False)) == ("task 0.1 waits for task 0.1",)


def test_a_ring_of_joins_is_refused_where_it_closes(play):
    assert play(lambda: Joining(Selfish(), True)) == (
        "task 0.3 waits for task 0.1",
        "task 0.1 waits for task 0.2",
        "task 0.2 waits for task 0.3",
    )


# -- errors nobody asks for --------------------------------------------------------------------------------------------


@module
class Orphans:
    """Forks tasks that fail, and joins none of them."""

    log: list = field(factory=list)
    errors: int = 1
    by: str = "fork"

    async def fail(self, number):
        raise KeyError(number)

    async def work(self):
        try:
            for _ in range(20):
                await yield_now()
            self.log.append("worked")
        finally:
            self.log.append("over")

    @procedure
    async def main(self):
        if self.by == "send":
            send(self.fail, 0)
        else:
            for number in range(self.errors):
                fork(self.fail, number)
        return await self.work()


def test_an_error_nobody_joins_fails_the_run_when_all_is_done(play):
    log = []
    with pytest.raises(KeyError):
        play(lambda: Orphans(log))
    assert log == ["worked", "over"]


def test_several_errors_nobody_joins_all_come_out(play):
    with pytest.raises(BaseExceptionGroup) as caught:
        play(lambda: Orphans(errors=3))
    assert [error.args for error in caught.value.exceptions] == [(0,), (1,), (2,)]


def test_the_error_of_a_sent_task_fails_the_run_at_once(play):
    log = []
    with pytest.raises(KeyError):
        play(lambda: Orphans(log, by="send"))
    assert log == ["over"]


@module
class Abandoned:
    """Gives up joining a task, which then fails."""

    how: str

    async def fail(self):
        await sleep(5)
        raise KeyError("unheard")

    async def ask(self, task):
        return await join(task)

    @procedure
    async def main(self):
        task = fork(self.fail)
        asking = fork(self.ask, task)
        await yield_now()
        asking.cancel()
        if self.how == "again":
            try:
                await join(task)
            except KeyError:
                return "heard"
        await sleep(9)
        return "silence"


def test_a_join_that_was_given_up_hears_no_error(play):
    with pytest.raises(KeyError, match="unheard"):
        play(lambda: Abandoned("never"))


def test_a_join_that_was_given_up_may_be_tried_again(play):
    assert play(lambda: Abandoned("again")) == "heard"


@module
class TwoErrors:
    """The root fails, and so does a task that nobody joined."""

    by: str

    async def fail(self):
        raise KeyError("orphan")

    @procedure
    async def main(self):
        if self.by == "send":
            send(self.fail)
            send(self.fail)
        else:
            fork(self.fail)
        await yield_now()
        raise ValueError("root")


def everything_said(error):
    said = [str(error), *getattr(error, "__notes__", [])]
    for inner in getattr(error, "exceptions", []):
        said += everything_said(inner)
    return said


def test_no_error_is_silent_when_the_root_fails_too(play):
    with pytest.raises(BaseException) as caught:
        play(lambda: TwoErrors("fork"))
    said = " ".join(everything_said(caught.value))
    assert "root" in said
    assert "orphan" in said


# -- what may be forked ------------------------------------------------------------------------------------------------


def plain(value):
    return value


async def helper(value, *, twice=1):
    await yield_now()
    return value * twice


@module
class Forking:
    what: str

    async def double(self, value, *, twice=2):
        await yield_now()
        return value * twice

    @procedure
    async def main(self):
        if self.what == "partial":
            return await join(fork(functools.partial(self.double, 4), twice=3))
        if self.what == "plain":
            return await join(fork(plain, 4))
        if self.what == "helper":
            return await join(fork(helper, 4, twice=3))
        if self.what == "number":
            return await join(fork(4))
        return await join(fork(self.double, 4, twice=5))


@pytest.mark.parametrize(("what", "value"), [("method", 20), ("helper", 12)])
def test_a_procedure_or_a_helper_may_be_forked_with_any_arguments(play, what, value):
    assert play(lambda: Forking(what)) == value


def ends(build, on):
    try:
        return "value", run(application_of(build), on).value
    except (SpecError, TypeError) as error:
        return "error", str(error)


@pytest.mark.parametrize("what", ["partial", "plain", "number"])
def test_whatever_else_is_forked_ends_in_the_same_way_everywhere(what):
    threads, events, oracle = (ends(lambda: Forking(what), on) for on in ("threads", "events", "oracle"))
    assert threads == events == oracle


# -- cancellation of a task --------------------------------------------------------------------------------------------


@module
class Cancelling:
    log: list = field(factory=list)

    async def work(self, name):
        self.log.append(f"{name} begins")
        try:
            await sleep(100)
            self.log.append(f"{name} ends")
        finally:
            self.log.append(f"{name} cleans")
            await sleep(1)
            await yield_now()
            self.log.append(f"{name} is clean")

    async def stubborn(self):
        caught = 0
        for _ in range(2):
            try:
                await sleep(100)
            except Cancelled:
                caught += 1
        await sleep(1)
        return caught

    async def resting(self):
        task = fork(self.work, "a")
        await yield_now()
        task.cancel()
        self.log.append("asked")
        try:
            await join(task)
        except Cancelled as error:
            self.log.append(str(error))
        return self.log

    async def unborn(self):
        task = fork(self.work, "a")
        task.cancel()
        try:
            await join(task)
        except Cancelled as error:
            self.log.append(str(error))
        return self.log

    async def ended(self):
        task = fork(self.stubborn)
        await yield_now()
        task.cancel()
        await yield_now()
        task.cancel()
        first = await join(task)
        task.cancel()
        return first, await join(task)

    async def twice_at_once(self):
        task = fork(self.stubborn)
        await yield_now()
        task.cancel()
        task.cancel()
        return await join(task)

    async def oneself(self):
        me = fork(self.cancels_itself)
        self.log.append(me)
        try:
            await join(me)
        except Cancelled:
            return self.log[1:]

    async def cancels_itself(self):
        self.log[0].cancel()
        self.log.append("still here")
        await yield_now()
        self.log.append("never")

    async def unjoined(self):
        task = fork(self.work, "a")
        await yield_now()
        task.cancel()
        await sleep(3)
        return self.log


@module
class Canceller:
    cancelling: Cancelling
    which: str

    @procedure
    async def main(self):
        return await getattr(self.cancelling, self.which)()


@pytest.mark.parametrize(
    ("which", "result"),
    [
        ("resting", ["a begins", "asked", "a cleans", "a is clean", "task 0.1 was cancelled"]),
        ("unborn", ["a begins", "a cleans", "a is clean", "task 0.1 was cancelled"]),
        ("ended", (2, 2)),
        ("twice_at_once", 2),
        ("oneself", ["still here"]),
        ("unjoined", ["a begins", "a cleans", "a is clean"]),
    ],
)
def test_a_cancellation_is_delivered_once_at_a_rest_and_finally_blocks_may_rest_again(play, which, result):
    assert play(lambda: Canceller(Cancelling(), which)) == result


def said(use, *given):
    """What Python says of a call that is wrong."""
    try:
        return use(*given)
    except TypeError as error:
        return str(error)


@module
class Values:
    """The verbs, as values like any other, beside calls of them."""

    log: list = field(factory=list)

    async def work(self):
        await sleep(1)
        return "worked"

    async def entered(self, verb):
        try:
            with verb:
                await yield_now()
        except TypeError as error:
            self.log.append(str(error))

    @procedure
    async def main(self):
        try:
            with move_on_after as limit:
                self.log.append(limit)
                await yield_now()
        except TypeError as error:
            self.log.append(str(error))
        for verb in (sleep, join, yield_now, now, fork, send, fail_after, move_on_after, anext):
            await self.entered(verb)
            self.log.append((type(verb), verb.__name__, verb in VERBS))
        self.log += [said(now, 0), said(fork), said(send), said(fail_after)]
        task = fork(self.work)
        pause, start, wait = sleep, fork, join
        await sleep(1)
        await pause(1)
        self.log.append(await wait(start(self.work)))
        self.log.append(await join(task))
        return self.log


VERBS = (sleep, join, yield_now, now, fork, send, fail_after, move_on_after, anext)
MISSING = "object does not support the context manager protocol"


def test_a_verb_that_is_used_as_a_value_is_what_the_spec_has_imported(play):
    first, *kinds = play(Values)[:-6]
    assert first == f"'function' {MISSING}"
    assert kinds == [
        one for verb in VERBS for one in (f"{type(verb).__name__!r} {MISSING}", (type(verb), verb.__name__, True))
    ]
    assert play(Values)[-6:] == [
        "now() takes 0 positional arguments but 1 was given",
        "fork() missing 1 required positional argument: 'procedure'",
        "send() missing 1 required positional argument: 'procedure'",
        "fail_after() missing 1 required positional argument: 'seconds'",
        "worked",
        "worked",
    ]
