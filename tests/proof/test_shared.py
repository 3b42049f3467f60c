"""Tasks that share an object depend on each other, however they came by it."""

import pytest
from attrs import field

from duality import application, fork, join, module, procedure, yield_now
from duality.proof.explore import explore
from duality.proof.trial import RUNTIMES


@module
class Sharing:
    """Two tasks put something in one list, and come by it in different ways."""

    way: str
    items: list = field(factory=list)
    others: list = field(factory=list)

    @procedure
    async def given(self, items, name):
        await yield_now()
        items.append(name)

    @procedure
    async def kept(self, name):
        items = self.items
        await yield_now()
        items.append(name)

    @procedure
    async def nested(self, name):
        inner = self.others[0]
        await yield_now()
        inner.append(name)

    @procedure
    async def from_a_task(self, task, name):
        items = await join(task)
        await yield_now()
        items.append(name)

    @procedure
    async def making(self):
        return self.items

    @procedure
    async def main(self):
        if self.way == "given":
            tasks = [fork(self.given, self.items, name) for name in "ab"]
        elif self.way == "kept":
            tasks = [fork(self.kept, name) for name in "ab"]
        elif self.way == "aliases":
            self.others.append(self.items)
            tasks = [fork(self.kept, "a"), fork(self.nested, "b")]
        else:
            maker = fork(self.making)
            tasks = [fork(self.from_a_task, maker, name) for name in "ab"]
        for task in tasks:
            await join(task)
        return "".join(self.items)


@application
def sharing(way):
    return Sharing(way)


@pytest.mark.parametrize("way", ["given", "kept", "aliases", "joined"])
@pytest.mark.parametrize("on", RUNTIMES)
def test_both_orders_are_seen(on, way):
    found = explore(sharing, on, way=way)
    assert {one.brief for one in found.outcomes} == {"value 'ab'", "value 'ba'"}
    brute = explore(sharing, on, way=way, reduce=False)
    assert {one.text for one in found.outcomes} == {one.text for one in brute.outcomes}
    assert found.without == brute.schedules
    assert found.schedules <= brute.schedules  # a stack does not show all it holds: threads are taken to share more
