"""Modules that use the network and the disk: a server and those who ask it, a store of notes.

Rule: a server serves as many as its argument says and then stops, and everybody else is answered or gets an error: so
these, too, end under every schedule and every fault. What is not closed on the way of an error is a mistake on purpose.
"""

from collections.abc import Callable

from duality.proof.strategies.chance import Chance
from duality.proof.strategies.monitors import room_of
from duality.proof.strategies.promises import promised
from duality.proof.strategies.rooms import Callee, Room

HOST, PORT, PATH = "localhost", 80, "/notes"
SERVER = """\
@procedure
async def serve(self, a):
    listener = await net.listen("{host}", {port})
    with move_on_after({patience}):
        for i in range(a):
            connection = await listener.accept()
            {handle}
    await listener.close()
    return self.n

@{kind}
async def handle(self, connection):
    data = await connection.{receive}
    self.n += len(data)
    await connection.send(data{more})
    await connection.close()
    return len(data)

@{kind}
async def ask(self, a):
    try:
        connection = await net.connect("{host}", {port})
    except OSError as error:
        self.log.append(type(error).__name__)
        return 0
    await connection.send(b"{data}")
    data = await connection.{receive}
    {close}
    return len(data)
"""
STORE = """\
@{kind}
async def save(self, a):
    file = await disk.open("{path}", "w")
    self.n += await disk.write(file, {offset}, b"{data}")
    {close}
    return self.n

@{kind}
async def load(self, a):
    try:
        data = await disk.read_file("{path}")
    except OSError as error:
        self.log.append(type(error).__name__)
        return 0
    self.n = len(data)
    return len(data)
"""


def device(chance: Chance, taken: Callable[[str], str]) -> Room:
    """One of them. ``taken``: makes a class name of its own of the one it would like."""
    return chance.pick(_store, _server)(chance, taken)


def _server(chance: Chance, taken: Callable[[str], str]) -> Room:
    text = SERVER.format(
        host=HOST, port=PORT, patience=chance.pick("1", "2", "0.1"),
        kind=chance.pick("procedure", "procedure", "entry"),
        receive=chance.pick("recv(4)", "recv_exactly(2)", "recv()"), data="x" * (1 + chance.number(3)),
        close=chance.pick(*["await connection.close()"] * 3, "pass"), more=chance.pick("", "", ' + b"!"'),
        handle=chance.pick(
            "await self.handle(connection)", "send(self.handle, connection)", "self.job = fork(self.handle, connection)"
        ),
    )  # fmt: skip
    made = room_of(taken("Server"), text, "Gives back what it is sent.")
    made.callees += [Callee("ask", "procedure", 6)]
    made.servers.append("serve")
    promised(chance, made, "counted", "return self.n >= 0", "assert self.n < 4, self.n")
    return made


def _store(chance: Chance, taken: Callable[[str], str]) -> Room:
    text = STORE.format(
        path=PATH, offset=chance.number(2), data="x" * (1 + chance.number(3)),
        kind=chance.pick("entry", "entry", "procedure"), close=chance.pick(*["await file.close()"] * 3, "pass"),
    )  # fmt: skip
    made = room_of(taken("Store"), text, "Keeps notes in a file.")
    made.callees += [Callee("save", "entry", 4), Callee("load", "entry", 4)]
    promised(chance, made, "written", "return self.n >= 0")
    return made
