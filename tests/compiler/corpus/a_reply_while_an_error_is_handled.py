# the error that is being handled goes along with what is left; a second reply is an error of what is left
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, reply, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell

G = 0


async def helper(a, b=2):
    try:
        boom(a)
    except Boom as error:
        reply(str(error))
        await yield_now()
        try:
            raise
        except Boom as again:
            note(again is error)
        try:
            reply(2)
        except RuntimeError as twice:
            note(str(twice), twice.__context__ is error)


@module
class Main(Base):
    @procedure
    async def first(self, a, b=2):
        try:
            boom(7)
        except Boom:
            got = await helper(a)
            await yield_now()
            await yield_now()
            return got


@application
def app():
    return Main()
