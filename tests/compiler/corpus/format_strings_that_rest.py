# f-strings: nested specs, conversions, several lines
# ruff: noqa
import sys
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, chain, e, go, note, tell


@module
class Main(Base):
    async def first(self, a, b=2):
        x = f"{await aside(1)!r:>{await aside(4)}} {W(3):{await aside(2)}} {(b)=} {(await aside(5)) = } {e(2)!s:{e(3)}}{a}{await aside(3):{e(4)}}"
        return (
            f"{x}"
            + f"""{await aside(1)} and {b + await aside(2)}"""
            + f"""
          {await aside(3)}
        """
        )


@application
def app():
    return Main()
