# among events, the iterator of a loop, and what was deleted after a rest, lived until the handler had ended
# ruff: noqa
from duality import application, module, procedure, yield_now
from tests.compiler.fuzz.witness import Base, W, e, note


class Told:
    def __init__(self, name, count):
        self.name, self.left = name, count

    def __iter__(self):
        return self

    def __next__(self):
        if not self.left:
            raise StopIteration
        self.left -= 1
        return self.left

    def __del__(self):
        note("gone " + self.name)


@module
class Main(Base):
    async def first(self, a, b=2):
        for one in Told("broken", 5):
            await self.rests(one)
            if one == 3:
                break
        note("after break")
        for one in Told("broken before", 5):
            if one == 3:
                break
            await self.rests(one)
        note("after break before")
        for one in Told("broken quick", 5):
            await self.quick(one)
            if one == 3:
                break
        note("after break quick")
        for outer in Told("outer", 2):
            for one in Told("inner", 2):
                await self.rests(one)
                if one:
                    break
            note("after inner")
        await self.ends()
        gone = Told("deleted", 1)
        await self.rests(1)
        del gone
        note("after del")
        return len([note("result")])

    @procedure
    async def ends(self):
        for one in Told("ended", 2):
            await self.rests(one)
        note("after end")
        for one in Told("else", 2):
            await self.rests(one)
        else:
            note("else")
        for one in Told("else not come to", 2):
            await self.rests(one)
            if one:
                break
        else:
            note("not come to")
        note("after else")
        if await self.rests(a := 3):
            for one in Told("last", 2):
                await self.rests(one)


@application
def app():
    return Main()
