# **mapping and *items before an await are gone through before it
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, W, aside, e, tell


@module
class Main(Base):
    async def first(self, a, b=2):
        m = {"k": e(1)}

        def upd():
            m["j"] = 2
            return 3

        return tell(*W(1), await aside(1), *[await aside(2)], **m, q=await aside(upd()), **{"z": await aside(3)}) + len(
            {**m, 1: await aside(upd()), **{2: await aside(4)}}
        )


@application
def app():
    return Main()
