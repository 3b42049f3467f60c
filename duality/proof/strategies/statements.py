"""Statements that are one or two lines: state, rests, conditions, errors.

Rule: each method writes its statement, or nothing if there is nothing to write it about.
"""

from duality.proof.strategies.body import Body


class Plain(Body):
    """Writes statements that no block belongs to."""

    def note(self) -> None:
        """Something that the end of the run tells of, in order."""
        self.put(f"self.log.append({self.expression()})")

    def assign(self) -> None:
        """A local that may live across the rests to come."""
        value = self.expression()
        name = self.local()
        self.put(f"{name} = {value}")
        self.bind(name)

    def change(self) -> None:
        """The module's state, in one step."""
        field, value = self.chance.pick("n", *self.room.numbers), self.value()
        self.put(f"self.{field} {self.chance.pick('+=', '=', '-=')} {value}")

    def race(self) -> None:
        """The module's state, read before a rest and written after it; the two may be an addition whose part rests."""
        field = self.chance.pick("n", *self.room.numbers)
        call = self.call() if self.chance.maybe(3) else None
        if call is not None:
            self.put(f"self.{field} += {call}")
            return
        name = self.fresh("old", self.names)
        self.put(f"{name} = self.{field}")
        self.rest()
        self.put(f"self.{field} = {name} + 1")

    def balance(self) -> None:
        """Two fields that the module promises to be equal: one, then the other, and perhaps a rest between."""
        more, way = str(1 + self.chance.number(1)), self.chance.number(6)
        if way == 6:  # the first is lost, if another comes between
            name = self.fresh("old", self.names)
            self.put(f"{name} = self.low")
            self.rest()
            self.put(f"self.low = {name} + {more}")
        else:
            self.put(f"self.low += {more}")
        if way in (4, 5):
            self.chance.pick(self.rest, self.ask, self.wait)()
        self.put(f"self.high += {more}")

    def rest(self) -> None:
        """A turn for the others, or a while."""
        if self.chance.number(2) < 2:
            self.put("await yield_now()")
        else:
            self.put(f"await sleep({self.seconds()})")

    def seconds(self) -> str:
        """A duration; often one that something else lasts, too."""
        return self.chance.pick("0", "0.1", "0.2", "0.3", "0.5", "1")

    def ask(self) -> None:
        """A call, and what comes of it."""
        call = self.call()
        if call is None:
            self.rest()
        elif self.chance.maybe(2):
            name = self.local()
            self.put(f"{name} = {call}")
            self.bind(name)
        else:
            self.put(call)

    # -- conditions ------------------------------------------------------------------------------------------------

    def wait(self) -> None:
        """A wait: in a loop, as it should be, or with one look only, or with none."""
        if not self.room.conditions or self.kind not in ("entry", "internal"):
            self.change()
            return
        condition = self.chance.pick(*self.room.conditions)
        guard = f"self.n {self.chance.pick('<', '>=')} {self.chance.number(2) + 1}"
        loop = self.chance.pick("while", "while", "while", "while", "if", "")
        if not loop:
            self.put(f"await self.{condition}.wait()")
            return
        self.put(f"{loop} {guard}:")
        if self.chance.maybe(4):
            self.put(f"    self.log.append({self.chance.number(3)})")
        self.put(f"    await self.{condition}.wait()")

    def signal(self) -> None:
        """A signal or a broadcast: mostly with the change that it tells of, or before it, or without."""
        if not self.room.conditions:
            self.change()
            return
        signal = f"self.{self.chance.pick(*self.room.conditions)}.{self.chance.pick('signal', 'signal', 'broadcast')}()"
        order = self.chance.number(5)
        if order < 4:
            self.put(f"self.n {self.chance.pick('+=', '-=')} 1")
        self.put(signal)
        if order == 4:
            self.put(f"self.n {self.chance.pick('+=', '-=')} 1")

    # -- errors and ends -------------------------------------------------------------------------------------------

    def fail(self) -> None:
        """An error, mostly in some cases only."""
        if self.chance.maybe(5) and self.kind != "main":
            self.put(f"assert self.n < {self.chance.number(3) + 1}, self.n")
            return
        kind = self.chance.pick("Oops", "Oops", "Worse", "ValueError")
        if self.depth > 1 and self.chance.maybe(6):
            self.put(f"raise {kind}({self.value()})")
        else:
            self.put(f"if {self.test()}:")
            self.put(f"    raise {kind}({self.value()})")

    def leave(self) -> None:
        """An early end: of the procedure, or of the loop."""
        if self.kind == "main" and not self.loops:
            self.note()
            return
        end = f"return {self.value()}" if self.kind != "generator" else "return"
        if self.loops:
            end = self.chance.pick("break", "continue", end)
        self.put(f"if {self.test()}:")
        self.put(f"    {end}")

    def answer(self) -> None:
        """An early reply; what follows is a task of its own. It cannot stand inside a block that a task must leave."""
        if self.owned or self.kind in ("main", "generator"):
            self.note()
        elif self.chance.maybe(3):
            self.put(f"if {self.test()}:")
            self.put(f"    reply({self.value()})")
        else:
            self.put(f"reply({self.value()})")
