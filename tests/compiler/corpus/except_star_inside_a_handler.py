# contexts of groups inside an except
# ruff: noqa
import sys
from duality import application, module
from tests.compiler.fuzz.witness import Base, Boom, aside, boom, chain, note


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            boom(1)
        except Boom as outer:
            try:
                try:
                    await self.fails(1)
                except* Boom:
                    await aside(3)
                    note(str(chain(sys.exception())))
                    boom(5)
            except* Boom as err:
                note(str(chain(err)))
                await aside(4)
            note(str(chain(sys.exception())))
            await aside(1)
            raise


@application
def app():
    return Main()
