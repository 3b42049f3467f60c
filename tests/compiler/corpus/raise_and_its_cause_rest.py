# the error is made before its cause is awaited
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Bang, Base, Boom, aside, chain, e, note, tell


@module
class Main(Base):
    async def first(self, a, b=2):
        async_error = Boom
        try:
            raise async_error(await aside(1)) from await self.outcome(self.quick)
        except TypeError as err:
            note(str(err))
        try:
            raise tell(2) and Bang(e(1)) from Boom(await aside(2))
        except Boom as err:
            note(str(chain(err)))
        raise Bang from await self.fails(3)


@application
def app():
    return Main()
