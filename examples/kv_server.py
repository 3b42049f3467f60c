"""A key-value server over TCP: a monitor behind any number of connections.

What it teaches. ``accept`` and ``recv`` are blocking points like any other;
each connection is a task, and the store is an entry module, so that two
clients never see it half changed. The protocol is lines of text:

    SET key value -> OK        GET key -> VALUE value | NONE
    DEL key -> OK | NONE       ADD key number -> VALUE sum
    COUNT -> VALUE n           QUIT -> BYE, and the server closes

By default the application brings clients of its own, over loopback on a port
the system chooses, and returns what they saw. With ``--clients 0`` it serves
until it is interrupted:

    duality run examples/kv_server.py --on events
    duality run examples/kv_server.py --on threads --clients 0 --port 7000
"""

from typing import Any

from attrs import define, field

from duality import application, entry, fork, join, module, net, procedure, send

MAX_LINE = 4096


@define
class Lines:
    """Cuts a stream of bytes into lines, however it was split on the way."""

    rest: bytes = b""

    def feed(self, data: bytes) -> list[str]:
        """Return the lines ``data`` completes, without their ends. Raises ValueError beyond MAX_LINE bytes."""
        *complete, self.rest = (self.rest + data).split(b"\n")
        if max(map(len, (*complete, self.rest))) > MAX_LINE:
            raise ValueError("line too long")
        return [line.rstrip(b"\r").decode(errors="replace") for line in complete]


@module
class Store:
    """The pairs. Every command is one entry: all of it happens, or none."""

    pairs: dict[str, str] = field(factory=dict)

    @entry
    async def execute(self, words: list[str]) -> str:
        """Obey one command and return its answer."""
        match words:
            case ["SET", key, value]:
                self.pairs[key] = value
                return "OK"
            case ["GET", key]:
                return f"VALUE {self.pairs[key]}" if key in self.pairs else "NONE"
            case ["DEL", key]:
                return "NONE" if self.pairs.pop(key, None) is None else "OK"
            case ["ADD", key, number]:
                try:
                    self.pairs[key] = str(int(self.pairs.get(key, "0")) + int(number))
                except ValueError:
                    return "ERROR not a number"
                return f"VALUE {self.pairs[key]}"
            case ["COUNT"]:
                return f"VALUE {len(self.pairs)}"
            case _:
                return "ERROR unknown command"


@module
class Server:
    """Accepts, and serves each connection as a task of its own."""

    store: Store
    closing: bool = False

    @procedure
    async def accept(self, listener: Any) -> None:
        """Serve until the listener is closed by ``stop``."""
        while True:
            try:
                connection = await listener.accept()
            except OSError:
                if self.closing:
                    return
                raise
            send(self.serve, connection)

    @procedure
    async def stop(self, listener: Any) -> None:
        """Take no more connections; those there are go on."""
        self.closing = True
        await listener.close()

    @procedure
    async def serve(self, connection: Any) -> None:
        """Answer the lines of one client until it quits, leaves or breaks the protocol."""
        lines = Lines()
        try:
            while data := await connection.recv():
                for line in lines.feed(data):
                    if line == "QUIT":
                        await connection.send(b"BYE\n")
                        return
                    answer = await self.store.execute(line.split(" ", 2))
                    await connection.send(f"{answer}\n".encode())
        except ValueError as error:
            await connection.send(f"ERROR {error}\n".encode())
        except ConnectionError:
            pass  # the client has gone; nobody is left to tell
        finally:
            await connection.close()


@module
class Client:
    """Sends a script and collects the answers."""

    @procedure
    async def talk(self, host: str, port: int, script: list[str]) -> list[str]:
        """Send all of ``script`` at once, and return the answers when the server has closed."""
        connection = await net.connect(host, port)
        try:
            await connection.send("".join(f"{line}\n" for line in script).encode())
            lines, answers = Lines(), []
            while data := await connection.recv():
                answers.extend(lines.feed(data))
            return answers
        finally:
            await connection.close()


@module
class Main:
    """The server, and its clients if it is to bring any."""

    server: Server
    client: Client
    host: str
    port: int
    clients: int

    @procedure
    async def main(self) -> dict[str, list[str]]:
        """Return each client's answers, and then the answers of one that looks at the end."""
        listener = await net.listen(self.host, self.port)
        accepting = fork(self.server.accept, listener)
        if not self.clients:
            await join(accepting)
        scripts = [
            [f"SET name{number} value {number}", f"GET name{number}", "ADD sum 1", "BREW tea", "QUIT"]
            for number in range(self.clients)
        ]
        talking = [fork(self.client.talk, self.host, listener.port, script) for script in scripts]
        heard: dict[str, list[str]] = {"sums": []}
        for number, task in enumerate(talking):
            answers = await join(task)
            # Who was counted when is the network's choice; that each got a sum
            # of its own is the store's promise.
            heard["sums"].append(answers.pop(2))
            heard[f"client {number}"] = answers
        heard["sums"].sort()
        last = ["COUNT", "GET sum", "DEL name0", "DEL name0", "COUNT", "QUIT"]
        heard["last"] = await self.client.talk(self.host, listener.port, last)
        await self.server.stop(listener)
        await join(accepting)
        return heard


@application
def kv_server(host: str = "127.0.0.1", port: int = 0, clients: int = 3) -> Main:
    """A key-value server. port: 0 lets the system choose.   clients: of its own; 0: serve until interrupted."""
    return Main(Server(Store()), Client(), host, port, clients)
