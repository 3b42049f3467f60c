"""An error travels with the reply: to the caller, with the chain of callers, causes and contexts intact."""

import traceback

import pytest
from attrs import field

from duality import Cancelled, entry, fork, join, module, procedure, yield_now


class Refused(Exception):
    """An error of the spec's own."""


@module
class Deep:
    """Fails at the bottom of three calls, before or after a rest."""

    rests: bool

    async def bottom(self):
        if self.rests:
            await yield_now()
        raise Refused("at the bottom")

    @entry
    async def middle(self):
        await self.bottom()

    @procedure
    async def top(self):
        await self.middle()


@module
class Caller:
    deep: Deep
    which: str = ""

    async def plain(self):
        await self.deep.top()

    async def chained(self):
        try:
            await self.deep.top()
        except Refused as error:
            raise ValueError("because of it") from error

    async def while_handling(self):
        try:
            await self.deep.top()
        except Refused:
            await yield_now()
            raise ValueError("while handling it")

    async def in_finally(self):
        try:
            await self.deep.top()
        finally:
            await yield_now()
            raise ValueError("in finally")

    async def reraised(self):
        try:
            await self.deep.top()
        except Refused as error:
            await yield_now()
            error.add_note("seen")
            raise

    async def suppressed(self):
        try:
            await self.deep.top()
        except Refused:
            raise ValueError("instead") from None

    async def joined(self):
        await join(fork(self.deep.top))

    @procedure
    async def main(self):
        await getattr(self, self.which)()


def failing(play, which, rests):
    with pytest.raises(Exception) as caught:
        play(lambda: Caller(Deep(rests), which))
    return caught.value


def spec_frames(error):
    """The procedures of this file that the traceback goes through, outermost first, and the lines' own text."""
    frames = traceback.extract_tb(error.__traceback__)
    return [(frame.name, frame.line) for frame in frames if frame.filename == __file__ and frame.name != "play"]


CHAIN = [
    ("main", "await getattr(self, self.which)()"),
    ("plain", "await self.deep.top()"),
    ("top", "await self.middle()"),
    ("middle", "await self.bottom()"),
    ("bottom", 'raise Refused("at the bottom")'),
]


def logical(error):
    return [frame for frame in spec_frames(error) if frame[0] in dict(CHAIN) or frame[0] == "joined"]


@pytest.mark.parametrize("rests", [False, True])
def test_a_traceback_shows_the_whole_chain_of_callers_once(play, rests):
    assert logical(failing(play, "plain", rests)) == CHAIN


@pytest.mark.parametrize("rests", [False, True])
def test_a_joined_error_shows_where_it_was_raised_and_who_joined_it(play, rests):
    frames = logical(failing(play, "joined", rests))
    assert ("joined", "await join(fork(self.deep.top))") in frames
    assert frames[-3:] == CHAIN[-3:]


@pytest.mark.parametrize("rests", [False, True])
@pytest.mark.parametrize(
    ("which", "cause", "context", "suppress"),
    [
        ("chained", Refused, Refused, True),
        ("while_handling", None, Refused, False),
        ("in_finally", None, Refused, False),
        ("suppressed", None, Refused, True),
    ],
)
def test_causes_and_contexts_are_kept(play, which, cause, context, suppress, rests):
    error = failing(play, which, rests)
    assert type(error) is ValueError
    assert type(error.__cause__) is (cause or type(None))
    assert type(error.__context__) is context
    assert error.__suppress_context__ is suppress


@pytest.mark.parametrize("rests", [False, True])
def test_an_error_raised_again_is_the_same_error(play, rests):
    error = failing(play, "reraised", rests)
    assert type(error) is Refused
    assert error.__notes__ == ["seen"]
    assert error.__context__ is None


@module
class Innocent:
    """Two tasks fail at the same time; neither error may become the context of the other."""

    log: list = field(factory=list)

    async def fail(self, name):
        await yield_now()
        raise Refused(name)

    async def handles(self, task):
        try:
            await join(task)
        except Refused:
            await yield_now()
            await yield_now()
            self.log.append("handled")

    @procedure
    async def main(self):
        one, two = fork(self.fail, "one"), fork(self.fail, "two")
        handling = fork(self.handles, one)
        await yield_now()
        await yield_now()
        await yield_now()
        try:
            await join(two)
        except Refused as error:
            contexts = [error.__context__]
        try:
            await join(fork(self.fail, "three"))
        except Refused as error:
            contexts.append(error.__context__)
        await join(handling)
        return contexts, self.log


def test_the_error_one_task_handles_is_no_context_of_anothers(play):
    assert play(Innocent) == ([None, None], ["handled"])


@module
class Handling:
    """Rests inside ``except``: what is being handled belongs to the task, not to the OS thread."""

    seen: list = field(factory=list)

    async def handle(self, name):
        try:
            raise Refused(name)
        except Refused:
            await yield_now()
            await yield_now()
            try:
                raise
            except Refused as error:
                self.seen.append((name, str(error)))

    async def raises_plainly(self):
        await yield_now()
        try:
            raise ValueError("alone")
        except ValueError as error:
            self.seen.append(("context", error.__context__))

    @procedure
    async def main(self):
        tasks = [fork(self.handle, "a"), fork(self.raises_plainly), fork(self.handle, "b")]
        for task in tasks:
            await join(task)
        return sorted(self.seen)


def test_what_is_being_handled_belongs_to_the_task(play):
    assert play(Handling) == [("a", "a"), ("b", "b"), ("context", None)]


@module
class Polite:
    """``except Exception`` does not swallow a cancellation."""

    log: list = field(factory=list)

    async def work(self):
        while True:
            try:
                await yield_now()
            except Exception:
                self.log.append("swallowed")

    @procedure
    async def main(self):
        task = fork(self.work)
        await yield_now()
        task.cancel()
        try:
            await join(task)
        except Cancelled:
            self.log.append("cancelled")
        return self.log


def test_a_cancellation_is_no_exception_among_others(play):
    assert play(Polite) == ["cancelled"]


@module
class Stopping:
    """Raises what Python itself treats as the end of something."""

    error: BaseException

    async def fail(self):
        raise self.error

    async def rests_and_fails(self):
        await yield_now()
        raise self.error

    @procedure
    async def main(self):
        caught = []
        for way in (self.fail, self.rests_and_fails):
            try:
                await way()
            except BaseException as error:
                caught.append(type(error).__name__)
        return caught


@pytest.mark.parametrize("error", [StopIteration(1), GeneratorExit(), StopAsyncIteration(), AssertionError("x")])
def test_every_error_arrives_as_itself(play, error):
    """CPython itself turns a StopIteration that leaves a coroutine into a RuntimeError; so does the oracle."""
    name = "RuntimeError" if isinstance(error, StopIteration) else type(error).__name__
    assert play(lambda: Stopping(error)) == [name, name]
