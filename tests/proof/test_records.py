"""What a chain of records says it keeps: the names that the next handler unpacks, innermost first, and no more."""

from duality import entry, module, procedure, sleep
from duality.events.record import UNBOUND
from duality.proof import Schedule
from duality.proof.records import kept
from tests.proof.trials import Resting, trial_of
from tests.virtual import VirtualIO


def raw(record):
    """What lies in the records themselves, outermost last."""
    found = []
    while record is not None:
        found.append(record.alive)
        record = record.caller
    return found


class Building:
    def __init__(self, build):
        self.build = build


def looked(build):
    eyes = Resting(lambda runtime, task: (kept(runtime, task, repr), raw(task.frame)))
    made = trial_of(Building(build), "events", Schedule.fifo(), io=VirtualIO(), watchers=[eyes])
    assert "value" in made.outcome, made.outcome
    return eyes


@module
class Desk:
    @entry
    async def take(self, number, spare):
        double = number * 2
        await sleep(1)
        return double


@module
class Main:
    desk: Desk
    way: str = ""

    @procedure
    async def perhaps(self):
        if self.way == "bound":
            found = 3
        await sleep(1)
        if self.way == "bound":
            return found
        return None

    @procedure
    async def main(self):
        outer, done = "outer", "done with"
        if self.way:
            return await self.perhaps(), outer
        first = await self.desk.take(len(done), 0)
        return first, outer


def own(records):
    return [(node.procedure, node.kind, {name: one for name, one in record.items() if name != "self"})
            for node, record in records]  # fmt: skip


def test_each_record_by_its_names_innermost_first():
    ((task, records, _),) = [one for one in looked(lambda: Main(Desk())).seen if one[1][0][0].kind == "sleep"]
    assert task == "0"
    assert own(records) == [("Desk.take", "sleep", {"double": "18"}), ("Main.main", "call", {"outer": "'outer'"})]


def test_what_lies_in_a_record_is_all_told_by_name():
    for _, records, held in looked(lambda: Main(Desk())).seen:
        assert [sorted(map(repr, values)) for values in held] == [sorted(one.values()) for _, one in records]


def test_a_variable_that_has_no_value_yet_is_not_among_them():
    for way, expected in (("bound", {"found": "3"}), ("unbound", {})):
        (seen,) = [one for one in looked(lambda way=way: Main(Desk(), way)).seen if one[1][0][0].kind == "sleep"]
        assert own(seen[1])[0] == ("Main.perhaps", "sleep", expected)
        assert (UNBOUND in seen[2][0]) == (way == "unbound")


def test_a_task_without_records_keeps_nothing():
    class Begun:
        frame = None

    assert kept(None, Begun, repr) == []
