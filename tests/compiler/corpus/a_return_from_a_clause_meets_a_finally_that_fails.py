# a return from a clause, of a try whose finally fails, forgot the error that was being handled
# ruff: noqa
from duality import application, yield_now
from tests.compiler.fuzz.witness import Base, Boom, boom, e

class Main(Base):

    async def first(self, a=0):
        try:
            await yield_now()
            boom()
        except Boom:
            try:
                return 0
            finally:
                return e(1) + None

@application
def app():
    return Main()

