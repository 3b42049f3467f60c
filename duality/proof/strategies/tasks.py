"""Statements about tasks: fork, join, send, cancel, what waits for many, and a module built on the way."""

from duality.proof.strategies.statements import Plain


class Tasks(Plain):
    """Writes statements that start, await and stop tasks."""

    def fork(self) -> None:
        """A task of our own, kept in a local, or in the module where others find it."""
        target = self.target(forked=True)
        if target is None:
            self.note()
            return
        started = f"fork({target[0]}, {target[1]})"
        if self.scopes and self.chance.maybe(2):
            started = f"{self.chance.pick(*self.scopes)}.{started}"
        if self.chance.maybe(5):
            self.put(f"self.job = {started}")
        else:
            name = self.fresh("t", [])
            self.put(f"{name} = {started}")
            self.tasks.append(name)

    def many(self) -> None:
        """A list of tasks."""
        self.times *= 2
        target = self.target(forked=True)
        self.times //= 2
        if target is None:
            self.fork()
            return
        name = self.fresh("ts", [])
        if self.chance.maybe(2):
            argument = target[1] if self.deep else "number"
            self.put(f"{name} = [fork({target[0]}, {argument}) for number in range(2)]")
        else:
            self.put(f"{name} = [fork({target[0]}, {target[1]}), fork({target[0]}, {target[1]})]")
        self.groups.append(name)

    def collect(self) -> None:
        """The results of many, one by one or in a comprehension."""
        if not self.groups:
            self.many()
            return
        group = self.chance.pick(*self.groups)
        if self.chance.maybe(2):
            self.put(f"self.log.append([await join(each) for each in {group}])")
        else:
            self.put(f"for each in {group}:")
            self.put("    self.log.append(await join(each))")

    def send(self) -> None:
        """A task that nobody can join."""
        target = self.target(forked=True)
        if target is not None:
            self.put(f"send({target[0]}, {target[1]})")

    def join(self) -> None:
        """The result of a task: once, now and then twice; or of the one that the module keeps."""
        if self.chance.maybe(4):
            self.put("if self.job is not None:")
            self.put("    self.log.append(await join(self.job))")
        elif self.groups and self.chance.maybe(2):
            self.collect()
        elif not self.tasks:
            self.fork()
        else:
            task = self.chance.pick(*self.tasks)
            name = self.local()
            self.put(f"{name} = await join({task})")
            self.bind(name)
            if self.chance.maybe(4):
                self.put(f"{name} += await join({task})")

    def cancel(self) -> None:
        """A request to end: of a task, or of a scope."""
        if self.scopes and self.chance.number(3):
            self.put(f"{self.chance.pick(*self.scopes)}.cancel()")
        elif self.tasks:
            self.put(f"{self.chance.pick(*self.tasks)}.cancel()")
        else:
            self.put("if self.job is not None:")
            self.put("    self.job.cancel()")

    def guarded(self) -> None:
        """A call between two others that belong together, the second in a `finally`."""
        pairs = [
            (f"self.{name}.{before}", f"self.{name}.{after}")
            for name, room in self.room.below.items()
            for before, after in room.pairs
        ]
        if not pairs or self.cost + 20 * self.times > 60:
            self.ask()
            return
        before, after = self.chance.pick(*pairs)
        self.put(f"await {before}({self.value()})")
        with self.block("try:"):
            self.ask()
            bound = list(self.names)
        with self.block("finally:"):
            self.put(f"await {after}({self.value()})")
        self.names = bound  # who comes behind the `finally` has come through all of the `try`

    def build(self) -> None:
        """A module that is built while running, and asked at once."""
        below = [room for room in self.room.below.values() if room.callees and not room.below]
        if not below:
            self.rest()
            return
        room = self.chance.pick(*below)
        callees = [one for one in room.callees if one.kind != "internal" and not one.deep]
        if not callees:
            self.rest()
            return
        callee = self.chance.pick(*callees)
        self.cost += callee.cost * self.times
        name = self.fresh("own", [])
        self.put(f"{name} = {room.name}()")
        if self.chance.maybe(2):
            self.put(f"self.log.append(await {name}.{callee.name}({self.value()}))")
        else:
            task = self.fresh("t", self.tasks)
            self.put(f"{task} = fork({name}.{callee.name}, {self.value()})")
