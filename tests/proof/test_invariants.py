"""Invariants are looked at wherever a module is consistent, on every runtime alike, and looking changes nothing."""

import sys
from pathlib import Path

import pytest
from attrs import field

from duality import Condition, entry, fork, invariant, join, module, now, procedure, reply, send, sleep
from duality.proof import Schedule
from duality.proof.invariants import Invariants
from duality.proof.trial import state_of, trial
from tests.conftest import RUNTIMES
from tests.corpus import CORPUS
from tests.virtual import VirtualIO


def look(build, on, schedule=None, crossing="direct"):
    """A trial with an eye on the invariants."""
    watcher = Invariants()
    schedule = schedule or Schedule.fifo()
    return trial(build, on, schedule, VirtualIO(), crossing=crossing, watchers=[watcher]), watcher.broken


def alike(build, schedule=None, crossing="direct"):
    """What the three say, which must be the same: how the run ended, and what is broken."""
    seen = {on: look(build, on, schedule.again() if schedule else None, crossing) for on in RUNTIMES}
    first, broken = seen["oracle"]
    for one, other in seen.values():
        assert one.outcome == first.outcome
        assert one.steps == first.steps
        assert str(other) == str(broken)
    return first, broken


# -- a monitor's invariant ---------------------------------------------------------------------------------------------


@module
class Pair:
    """Two accounts whose sum is always the same; but between two rests of `move` it is not."""

    left: int = 10
    right: int = 10
    moved: Condition = field(factory=Condition)
    way: str = "well"

    @invariant
    def sum(self):
        return self.left + self.right == 20

    @entry
    async def move(self, amount):
        self.left -= amount
        await sleep(1)  # the entry is under way, and nobody else can enter
        if self.way == "waits":
            while self.left != 20:
                await self.moved.wait()  # here anybody may
        if self.way == "fails":
            raise ValueError("half done")
        if self.way == "replies":
            reply(None)
            await sleep(1)
        self.right += amount
        return None

    @entry
    async def look(self):
        return self.left, self.right

    @procedure
    async def peek(self):
        await sleep(0.5)
        return self.left, self.right


@module
class Mover:
    pair: Pair
    others: tuple = ("look",)

    @procedure
    async def main(self):
        tasks = [fork(getattr(self.pair, name)) for name in self.others]
        try:
            await self.pair.move(3)
        finally:
            answers = [await join(task) for task in tasks]
        return answers


@pytest.mark.parametrize("crossing", ["direct", "queued"])
@pytest.mark.parametrize("others", [(), ("look",), ("peek",), ("look", "peek", "look")])
@pytest.mark.parametrize("way", ["well", "replies"])
def test_an_entry_under_way_may_leave_things_undone(way, others, crossing):
    for seed in range(4):
        seen, broken = alike(lambda: Mover(Pair(way=way), others), Schedule.seeded(seed), crossing)
        assert broken is None
        assert "error" not in seen.outcome


@pytest.mark.parametrize("others", [(), ("look",)])
@pytest.mark.parametrize("way", ["waits", "fails"])
def test_it_must_hold_at_a_wait_and_when_an_entry_fails(way, others):
    seen, broken = alike(lambda: Mover(Pair(way=way), others))
    assert broken.invariant == "Pair.sum"
    assert broken.why == "it returned False"
    assert (broken.file, broken.line) == (__file__, Pair.sum.__code__.co_firstlineno + 2)  # of its only return
    assert broken.fields == {"left": "7", "right": "10", "way": repr(way)}
    assert broken.module.startswith("the module Pair pair")
    assert ("handed to task 0.1" in broken.module) == bool(others)  # who has not gone on: it stands before its entry
    assert broken.step == len(seen.steps) - 1
    assert "task 0" in broken.who
    assert seen.outcome["error"][:2] == ("InvariantBroken", str(broken))
    assert str(broken).startswith(f"Pair.sum is broken: it returned False, at {__file__}:")
    assert "left = 7, right = 10" in str(broken)


def test_the_step_is_told_with_who_took_it_and_where_that_rests():
    _, broken = alike(lambda: Mover(Pair(way="waits")))
    line = next(no for no, text in enumerate(Path(__file__).read_text().split("\n"), 1) if "here anybody may" in text)
    assert f"after step {broken.step}, of task 0, which rests at {__file__}:{line}, in Pair.move" in str(broken)


# -- a module without entries is never held ----------------------------------------------------------------------------


@module
class Shared:
    total: int = 0
    parts: list = field(factory=list)

    @invariant
    def adds_up(self):
        assert sum(self.parts) == self.total, f"{self.parts} are not {self.total}"

    @procedure
    async def add(self, amount, rests):
        self.total += amount
        if rests:
            await sleep(1)
        self.parts.append(amount)


@module
class Adder:
    shared: Shared
    rests: bool

    @procedure
    async def main(self):
        await self.shared.add(2, False)
        await sleep(1)
        await self.shared.add(3, self.rests)
        return now()


def test_where_nobody_ever_holds_the_module_it_must_hold_at_every_rest():
    assert alike(lambda: Adder(Shared(), False))[1] is None
    _, broken = alike(lambda: Adder(Shared(), True))
    assert "[2] are not 5" in broken.why
    assert broken.line == Shared.adds_up.__code__.co_firstlineno + 2  # of the assert itself


def test_it_must_hold_before_the_first_step_and_after_the_last():
    seen, broken = alike(lambda: Adder(Shared(total=1), False))
    assert broken.step is None
    assert seen.steps == ()
    assert "before the first step" in str(broken)

    @module
    class Last:
        count: int = 0

        @invariant
        def small(self):
            return self.count < 2

        @procedure
        async def main(self):
            await sleep(1)
            self.count = 2

    seen, broken = alike(Last)
    assert broken.step == len(seen.steps) - 1 == 1
    assert broken.who == "task 0, which has ended"


@module
class Inherits(Shared):
    @invariant
    def few(self):
        return len(self.parts) < 2


@module
class Builds:
    made: list = field(factory=list)

    @procedure
    async def main(self):
        one = Inherits()
        self.made.append(one)
        await one.add(1, False)
        await sleep(1)
        await one.add(1, False)
        await sleep(1)


def test_modules_built_while_running_are_looked_at_and_inherited_invariants_too():
    _, broken = alike(Builds)
    assert broken.invariant == "Inherits.few"
    assert broken.module == "the module Inherits #2"
    assert alike(lambda: Adder(Inherits(total=1), False))[1].invariant == "Shared.adds_up"


# -- what is no looking ------------------------------------------------------------------------------------------------


@module
class Store:
    items: dict = field(factory=dict)
    changed: Condition = field(factory=Condition)

    @entry
    async def size(self):
        return len(self.items)

    @procedure
    async def has(self, name):
        return name in self.items

    @entry
    async def put(self, name):
        self.items[name] = True
        await sleep(1)


async def helper(store):
    return len(store.items)


@module
class Curious:
    store: Store
    seen: list = field(factory=list)
    way: str = "fields"

    @invariant
    def looks(self):
        way, store = self.way, self.store
        if way == "fields":
            return len(store.items) < 9
        if way == "size":
            return store.size()
        if way == "compared":
            return store.size() == 0
        if way == "has":
            return not store.has("a")
        if way == "signal":
            store.changed.signal()
        if way == "broadcast":
            store.changed.broadcast()
        if way == "waits":
            store.changed.wait()
        if way == "appends":
            self.seen.append(1)
        if way == "fails":
            return store.missing
        return True

    @procedure
    async def main(self):
        await self.store.put("a")
        return await self.store.size()


@pytest.mark.parametrize("way", ["size", "compared", "has", "signal", "broadcast", "waits", "appends"])
@pytest.mark.parametrize("crossing", ["direct", "queued"])
def test_an_invariant_that_blocks_or_does_anything_is_refused_alike(way, crossing, recwarn):
    seen, broken = alike(lambda: Curious(Store(), way=way), crossing=crossing)
    assert broken is None
    kind, said, *_ = seen.outcome["error"]
    assert kind == "SpecError"
    assert said.startswith(f"{__file__}:{Curious.looks.__code__.co_firstlineno}: the invariant Curious.looks ")
    assert ("changes its module" if way == "appends" else "an invariant that blocks") in said
    assert not [one for one in recwarn if "never awaited" in str(one.message)]


def test_an_invariant_that_fails_is_broken_with_its_error():
    _, broken = alike(lambda: Curious(Store(), way="fails"))
    assert broken.why.startswith("it raised AttributeError: ")
    assert "store.missing" in Path(__file__).read_text().split("\n")[broken.line - 1]


@module
class Helped:
    store: Store

    @invariant
    def helped(self):
        return helper(self.store)

    @procedure
    async def main(self):
        await sleep(1)


@module
class Sends:
    store: Store

    @invariant
    def sends(self):
        send(self.store.put, "x")
        return True

    @procedure
    async def main(self):
        await sleep(1)


@pytest.mark.parametrize("cls", [Helped, Sends])
def test_what_names_an_async_function_or_a_verb_is_refused_before_anything_runs(cls):
    seen, _ = alike(lambda: cls(Store()))
    assert seen.outcome["error"][0] == "SpecError"
    assert "asks for `" in seen.outcome["error"][1]
    assert seen.steps == ()


STRAY = """
from duality import invariant, module, procedure

class Nobody:
    @invariant
    def holds(self):
        return False

@module
class Main:
    @procedure
    async def main(self):
        return 1
"""


def test_an_invariant_of_a_class_that_is_no_module_is_refused(tmp_path):
    (tmp_path / "stray.py").write_text(STRAY)
    namespace = {"__name__": "stray"}
    exec(compile(STRAY, str(tmp_path / "stray.py"), "exec"), namespace)
    seen, _ = look(namespace["Main"], "oracle")
    assert seen.outcome["error"][0] == "SpecError"
    assert "Nobody.holds is of a class that is no module" in seen.outcome["error"][1]


# -- it costs nothing where nobody asks, and disturbs nothing ----------------------------------------------------------


def test_an_ordinary_run_does_not_look(play):
    assert play(lambda: Adder(Shared(total=1), True)) == 2.0


@pytest.mark.parametrize("spec", [lambda: Mover(Pair(), ("look", "peek", "look")), lambda: Adder(Shared(), False)])
def test_looking_changes_no_step(spec, on):
    with_eyes, _ = look(spec, on, Schedule.seeded(7))
    assert with_eyes == trial(spec, on, Schedule.seeded(7), VirtualIO())


def everything_is_shown(self):
    """An invariant for any module: it reads all it has."""
    return str(state_of(self)) != ""


def test_the_corpus_is_not_disturbed_by_eyes_everywhere(on, monkeypatch):
    looks = []

    def invariants(cls):
        looks.append(cls)
        return (everything_is_shown,)

    monkeypatch.setattr("duality.proof.invariants.invariants_of", invariants)
    for name in sorted(CORPUS)[RUNTIMES.index(on) :: 9]:
        build = CORPUS[name]
        assert look(build, on, Schedule.seeded(5))[0] == trial(build, on, Schedule.seeded(5), VirtualIO()), name
    assert looks


def test_the_recorder_is_itself_again():
    class Peeping(Invariants):
        def rest(self, runtime, task):
            super().rest(runtime, task)
            assert not {"at", "effect"} & vars(runtime.recorder).keys()

    seen = trial(lambda: Adder(Shared(), False), "threads", Schedule.fifo(), VirtualIO(), watchers=[Peeping()])
    assert "error" not in seen.outcome


@pytest.mark.skipif(sys.flags.optimize > 0, reason="here the asserts are left out already")
def test_asserts_that_were_left_out_are_not_passed_over(monkeypatch):
    code = compile("def silent(self):\n    assert False\n", __file__, "exec", optimize=1).co_consts[0]
    monkeypatch.setattr(Shared.adds_up, "__code__", code.replace(co_firstlineno=Shared.adds_up.__code__.co_firstlineno))
    seen, _ = look(lambda: Adder(Shared(), False), "oracle")
    assert "python -O leaves its `assert`s out" in seen.outcome["error"][1]
