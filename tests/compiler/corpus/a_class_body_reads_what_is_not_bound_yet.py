# ruff: noqa
from duality import (
    Cancelled,
    application,
    entry,
    fail_after,
    fork,
    join,
    module,
    move_on_after,
    procedure,
    reply,
    scope,
    sleep,
    yield_now,
)
from tests.compiler.fuzz.witness import (
    Bang,
    Base,
    Boom,
    Closing,
    Crash,
    Door,
    M,
    Row,
    Steps,
    W,
    aside,
    boom,
    e,
    echo,
    go,
    group,
    keep,
    note,
    numbers,
    tell,
    wrap,
)


class Main(Base):
    async def first(b=0, c=0):
        while go() and 0:
            c = (w := e)

        class K(0):
            k = w


@application
def app():
    return Main()
