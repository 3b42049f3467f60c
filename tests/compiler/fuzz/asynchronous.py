"""Random constructs that are asynchronous themselves, and those that are about time and about being told to stop.

Rule: no ``yield`` inside a scope or a timeout: the block belongs to the task that entered it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.compiler.fuzz.statements import Simple


class Asynchronous(Simple):
    """Writes ``async for``, ``async with``, timeouts and cancellations."""

    def AsyncFor(self, levels: int) -> None:
        """A loop over a module, a generator, or something that is neither."""
        place = f"self.items[int({self.number(1)}) % 3]" if self.has_self else "a"
        target = self.pick("c", "d", "self.count" if self.has_self else "b", place, "a, b")
        self.put(f"async for {target} in {self.stream(1)}:")
        self.bind(*(["c"] if target == "c" else []))
        self._body(levels)

    def _body(self, levels: int) -> None:
        self.loops += 1
        self.block(levels)
        if self.chance(3):
            self.put(f"    if {self.number(1)}:")
            self.depth += 2
            self.jump(levels)
            self.depth -= 2
        self.loops -= 1
        if self.chance(3):
            self.put("else:")
            self.block(levels)

    def Open(self, levels: int) -> None:
        """A generator that is held, asked now and then, and closed."""
        name = f"g{len(self.open) + 1}"
        made = self.generator(1)
        kind = self.pick("closing", "closing", "finally", "kept")
        if kind == "closing":
            self.put(f"async with Closing({made}) as {name}:")
        else:
            self.put(f"{name} = keep({made})")
            self.put("try:" if kind == "finally" else f"if {self.number(0)} or {name}:")
        self.depth += 1
        if self.chance(2):
            self.put(f"c = await anext({name})")
            self.bind("c")
        self.open.append(name)
        for _ in range(self.pick(0, 1, 2)):
            self.put(self.pick("note({0})", "{0}", "c = {0}").format(self.ask(1)))
        self.depth -= 1
        self.block(levels)
        self.open.remove(name)
        if kind == "finally":
            self.put("finally:")
            self.put(f"    await {name}.aclose()")

    def AsyncWith(self, levels: int) -> None:
        """Managers, with a scope among them now and then."""
        managers = [self._manager() for _ in range(self.pick(1, 1, 2, 3))]
        scoped = self.has_self and self.chance(4)
        if scoped:
            managers.insert(self.pick(0, len(managers)), "scope() as s")
        self.put(f"async with {', '.join(managers)}:")
        if scoped:
            self.put(f"    s.fork({self.pick('self.rests', 'self.fails', 'self.slow')}, {self.number(1)})")
        with self._owned(scoped):
            self.block(levels)

    def _manager(self) -> str:
        name = self.pick("", "", " as c", " as (a, b)", " as self.count" if self.has_self else " as d")
        kinds = ["Door", "Door", "Door", *(["self.gate"] if self.has_self else []), *self.managers, "wrong"]
        kind = self.pick(*kinds)
        if kind == "wrong":
            return f"{self.name()}{name}"
        if kind == "self.gate":
            return f"self.gate{name}"
        flags = self.pick("", "", ", True", ", stuck=True", ", jams=True", ", True, False, True")
        return f"{kind}({self.number(1)}{flags}){name}" if kind == "Door" else f"{kind}(){name}"

    @contextmanager
    def _owned(self, owned: bool = True) -> Iterator[None]:
        """What is written inside belongs to one task."""
        before = self.in_scope, self.yielding
        if owned:
            self.in_scope, self.yielding = True, False
        yield
        self.in_scope, self.yielding = before

    def Scope(self, levels: int) -> None:
        """A scope with a task in it, that may be told to stop."""
        if not self.has_self:
            self.note_(0)
            return
        self.put("async with scope() as s:")
        called = self.pick("self.rests", "self.quick", "self.fails", "self.slow")
        self.put(f"    s.fork({called}, {self.number(1)})")
        with self._owned():
            self.block(levels)
        if self.chance(4):
            self.put(f"    {self.pick('', 'await yield_now(); ')}s.cancel()")

    def Timed(self, levels: int) -> None:
        """A block with a deadline, and in it something that takes its time."""
        limit = self.pick("1", "2", f"int({self.number(0)}) % 4")
        self.put(f"with {self.pick('move_on_after', 'fail_after')}({limit}):")
        with self._owned():
            if self.chance(2):
                self.put(f"    await sleep({self.pick(1, 2, 3)})")
            self.block(levels)

    def Told(self, levels: int) -> None:
        """A task that is told to stop, before or after it has begun."""
        if not self.has_self:
            self.put(f"await sleep({self.pick(0, 1, 2)})")
            return
        name = self.pick("t", "u")
        self.put(f"{name} = fork({self.pick('self.slow', 'self.rests', 'self.fails')}, {self.number(1)})")
        self.block_of(self.pick("", "await yield_now()", "await sleep(1)"), f"{name}.cancel()")
        self.put("try:")
        self.put(f"    note(await join({name}))")
        self.put(f"except {self.pick('Cancelled', '(Cancelled, Boom)')}:")
        self.block(levels)

    def block_of(self, *lines: str) -> None:
        """Lines at the present depth, where they say something."""
        for line in lines:
            if line:
                self.put(line)
