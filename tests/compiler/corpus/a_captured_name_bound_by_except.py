# except binds and unbinds a cell on every way out
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, Boom, aside, boom, chain, note


@module
class Main(Base):
    async def first(self, a, b=2):
        f = lambda: str(err)
        for i in range(3):
            try:
                try:
                    boom(i)
                except Boom as err:
                    if i == 1:
                        continue
                    if i == 2:
                        await self.fails(4)
                    await aside(1)
                    note(f())
            except Boom as other:
                note(str(other), str(chain(other)))
            try:
                f()
            except NameError as bad:
                note(str(bad))


@application
def app():
    return Main()
