"""What a thread's stack says it keeps: where each frame stands by its bytecode, every procedure, innermost first."""

import sys

import pytest
from attrs import field

from duality import entry, fork, join, module, procedure, reply, scope, sleep, yield_now
from duality.proof import Schedule
from duality.proof.stacks import kept, standing
from tests.proof.trials import Resting, trial_of
from tests.virtual import VirtualIO

# -- where a frame stands ----------------------------------------------------------------------------------------------


def stands_at(program, *args):
    """Run it; what is so at each of its calls of ``rest``, and at each leaving of a ``with Leaving(rest)``."""
    seen = []

    def rest(*_):
        frame = sys._getframe(1)
        while frame.f_code is not program.__code__:
            frame = frame.f_back
        seen.append(standing(frame.f_code, frame.f_lasti))

    program(rest, *args)
    return seen


class Leaving:
    def __init__(self, rest):
        self.rest = rest

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.rest()
        return kind is not None and issubclass(kind, LookupError)


def test_alive_is_what_is_read_later_and_not_what_is_done_with():
    def program(rest, early, late):
        early = early + 1
        rest(early)
        return late

    (seen,) = stands_at(program, 1, 2)
    assert seen.alive == {"late"}
    assert seen.operands == {"rest", "early"}
    assert (seen.shared, seen.leaving) == (set(), False)


def test_what_waits_among_the_operands_is_not_read_again():
    def program(rest, waits, other):
        other = str(other)
        return waits, rest()

    (seen,) = stands_at(program, 1, 2)
    assert seen.alive == set()
    assert seen.operands == {"waits", "rest"}


def test_what_an_inner_function_shares_is_in_a_cell_and_no_plain_local():
    outer = 3

    def program(rest, shared, plain):
        def inner():
            return shared + outer

        rest()
        return inner, shared, plain

    (seen,) = stands_at(program, 1, 2)
    assert seen.shared == {"shared", "outer"}
    assert seen.alive == {"inner", "plain"}


@pytest.mark.parametrize("fails", [False, True])
def test_the_other_copy_of_a_finally_is_known(fails):
    def program(rest, fails, result, spare):
        str(1)
        str(spare)  # alive at another call, and no longer in the `finally`
        try:
            try:
                if fails:
                    raise LookupError
            finally:
                rest()
            return result
        except LookupError:
            return fails

    (seen,) = stands_at(program, fails, 1, 2)
    assert seen.alive == ({"fails"} if fails else {"result", "fails"})  # whatever is called may fail
    assert seen.elsewhere == {"result", "fails"}


def test_an_error_on_its_way_out_of_a_block_is_seen():
    def program(rest, error):
        with Leaving(rest):
            if error:
                raise error

    assert [one.leaving for one in stands_at(program, None)] == [False]
    assert [one.leaving for one in stands_at(program, LookupError("out"))] == [True]


# -- the procedures of a thread ----------------------------------------------------------------------------------------


class Eyes(Resting):
    """Notes what each thread keeps: its procedures, where, and what is bound there."""

    def __init__(self):
        super().__init__(lambda runtime, task: (kept(runtime, task, repr),))

    def told(self, kind):
        """Of each rest whose innermost node is of this kind: the task, and its procedures with what is bound."""
        return [
            (task, [(one.node.procedure, {name: value for name, value in one.bound.items() if name != "self"})
                    for one in chain])
            for task, chain in self.seen if chain and chain[0].node.kind == kind
        ]  # fmt: skip


def looked(build):
    eyes = Eyes()
    made = trial_of(Building(build), "threads", Schedule.fifo(), io=VirtualIO(), watchers=[eyes])
    assert "value" in made.outcome, made.outcome
    return eyes


class Building:
    def __init__(self, build):
        self.build = build


@module
class Desk:
    @entry
    async def take(self, number):
        double = number * 2
        await sleep(1)
        return double

    @entry
    async def early(self, number):
        reply(number)
        await sleep(2)

    @entry
    async def first_rests(self, number):
        await sleep(4)
        reply(number)

    @entry
    async def __aenter__(self):
        await sleep(5)
        return self

    @procedure
    async def __aexit__(self, *error):
        await sleep(6)

    @procedure
    async def late(self, number):
        await sleep(3)
        return number


@module
class Main:
    desk: Desk
    way: str
    got: list = field(factory=list)

    @procedure
    async def between(self, number):
        kept_here = number + 1
        answer = await getattr(self.desk, self.way)(number)
        return answer, kept_here

    @procedure
    async def each(self, numbers):
        return [await self.desk.take(one) for one in numbers]

    @procedure
    async def main(self):
        outer = "outer"
        if self.way == "each":
            return await self.each([4]), outer
        if self.way == "forked":
            task = fork(self.desk.take, 5)
            await yield_now()
            return await join(task), outer
        if self.way == "held":
            async with self.desk:
                await sleep(0)
            return None
        if self.way == "scoped":
            async with scope() as tasks:
                tasks.fork(self.desk.take, 6)
            return None
        return await self.between(7), outer


def test_every_procedure_that_a_thread_is_in_innermost_first():
    eyes = looked(lambda: Main(Desk(), "take"))
    ((task, chain),) = eyes.told("sleep")
    assert task == "0"
    assert chain == [
        ("Desk.take", {"double": "14"}),
        ("Main.between", {"kept_here": "8", "number": "7"}),  # the statement under way still has the number
        ("Main.main", {"outer": "'outer'"}),
    ]
    (stack,) = [chain for task, chain in eyes.seen if chain[0].node.kind == "sleep"]
    assert [one.node.kind for one in stack] == ["sleep", "call", "call"]
    assert [one.at.alive & {"double", "kept_here", "outer"} for one in stack] == [{"double"}, {"kept_here"}, {"outer"}]


def test_the_caller_of_what_may_reply_stands_on_a_stack_of_its_own_and_is_found():
    for way in ("late", "first_rests"):
        eyes = looked(lambda way=way: Main(Desk(), way))
        assert [name for name, _ in eyes.told("sleep")[0][1]] == [f"Desk.{way}", "Main.between", "Main.main"]
    eyes = looked(lambda: Main(Desk(), "early"))
    ((task, chain),) = eyes.told("sleep")
    # It has replied: another task goes on with it, whom nobody waits for.
    assert task != "0"
    assert [name for name, _ in chain] == ["Desk.early"]


def test_a_task_keeps_its_own_procedures_and_no_others():
    eyes = looked(lambda: Main(Desk(), "forked"))
    assert eyes.told("sleep") == [("0.1", [("Desk.take", {"double": "10"})])]
    assert [chain for task, chain in eyes.told("join") if task == "0"][0][0][0] == "Main.main"
    # A thread that rests looks for the next one on its own stack: that is the current one then.
    assert [one.node.kind for task, chain in eyes.seen if task == "0" for one in chain] == ["yield", "join"]


def test_the_end_of_a_block_is_known_by_what_called_from_there():
    eyes = looked(lambda: Main(Desk(), "scoped"))
    assert [chain[0].node.kind for task, chain in eyes.seen if task == "0"] == ["join"]
    entering, _, leaving = looked(lambda: Main(Desk(), "held")).seen
    assert [one.node.procedure for one in entering[1]] == ["Desk.__aenter__", "Main.main"]
    assert [one.node.procedure for one in leaving[1]] == ["Desk.__aexit__", "Main.main"]
    assert entering[1][1].node != leaving[1][1].node


def test_what_is_bound_around_a_comprehension_is_the_procedures_own():
    eyes = looked(lambda: Main(Desk(), "each"))
    ((_, chain),) = eyes.told("sleep")
    assert [name for name, _ in chain] == ["Desk.take", "Main.each", "Main.main"]
    assert "numbers" in chain[1][1]
