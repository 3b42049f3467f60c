# continue and break unbind it too
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, Boom, aside, boom, note


@module
class Main(Base):
    async def first(self, a, b=2):
        err = 7
        for i in range(3):
            try:
                boom(i)
            except Boom as err:
                await aside(i)
                if i == 0:
                    continue
                if i == 1:
                    break
        try:
            note(str(err))
        except UnboundLocalError as bad:
            note(str(bad))


@application
def app():
    return Main()
