# the kinds of a later except* clause are evaluated while the part that was taken last is being handled
# ruff: noqa
from duality import application
from tests.compiler.fuzz.witness import Base, Boom, Door, M, aside, group

class Main(Base):

    async def first(self, b=2):
        try:
            group()
        except* Boom as err:
            b = await 0()
        except* 0 as err:
            pass

@application
def app():
    return Main()

