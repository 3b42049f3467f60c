# types that rest, tuples of types, and a type whose evaluation fails
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Bang, Base, Crash, aside, boom, chain, note, tell


@module
class Main(Base):
    async def first(self, a, b=2):
        for i in (1, 2, 3):
            try:
                try:
                    boom(i)
                except KeyError if await aside(i) else Crash:
                    pass
                except (Crash, int) if i == 2 else Bang:
                    pass
                except await self.fails(3):
                    pass
            except Exception as err:
                tell(1)
                note(str(chain(err)))


@application
def app():
    return Main()
