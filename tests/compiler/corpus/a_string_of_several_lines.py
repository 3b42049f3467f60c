# erasing took the margin of lines inside a string, which is part of its value
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell


@module
class Main(Base):
    async def first(self, a, b=2):
        note("""a
        b
    c""")
        x = f"""é {a}
          {await self.rests(1)} and
          {await self.rests(2):>{await self.rests(4)}} é {await self.rests(3)}
        """
        note(f"ü{await self.rests(1)!r}b {await self.rests(2)}c {await self.rests(3)}")
        return x


@application
def app():
    return Main()
