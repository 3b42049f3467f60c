"""Mutable objects that more than one task can reach: whoever can reach one may have changed it.

    it can be reached from    a module's field, what a task keeps at a rest (or was forked with), what a task returned
    a step can reach          what its task kept, the fields it used, what the tasks returned that it has joined

Rules: a step writes every such place that leads to an object it can reach, so two steps that reach the same object are
dependent, under whatever name. That includes what nobody else can reach any more: who could has left it as it is now.
A task is looked through only after a step in which it could have come by such an object. What a stack keeps between two
operations (half of an expression) CPython shows to nobody: there, a task that was able to reach an object is taken to
be so still.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from duality.core.gate import GATE
from duality.proof.footprints import Footprints
from duality.proof.reach import reach

Key = tuple[str, ...]


class Shared:
    """Which mutable objects can be reached from where, in one run.

    kept: gives what a task keeps, and whether that is all.   apart: identities that are looked after elsewhere.
    """

    def __init__(
        self, seen: Footprints, kept: Callable[[Any], tuple[list[Any], bool]], apart: frozenset[int] = frozenset()
    ) -> None:
        self.seen = seen
        self.kept = kept
        self.apart = apart
        self.roots: dict[Key, frozenset[int]] = {}
        self.tasks: dict[str, Any] = {}
        self.due: dict[str, list[Key]] = {}  # what is on its way to a task that has joined
        self._known: dict[Key, tuple[Any, str]] = {}  # the fields that have ever led to something
        self._fields: set[Key] = set()  # and in this step; so for what follows
        self._came: list[Key] = []
        self._given: dict[str, frozenset[int]] = {}
        self._gone: list[str] = []

    def born(self, task: Any, given: Iterable[Any]) -> None:
        """``task`` was made, and ``given`` handed to it."""
        self.tasks[task.name] = task
        found = reach(given)
        if found:
            self._given[task.name] = found

    def split(self, task: Any) -> None:
        """``task`` was split off the one that steps."""
        self.tasks[task.name] = task
        self._given[task.name] = frozenset()

    def ended(self, task: Any, value: Any, error: BaseException | None) -> None:
        """``task`` has ended; whoever has joined it gets ``value`` or ``error``."""
        key = ("value", task.name)
        found = reach((value, error))
        if found:
            self.roots[key] = found
            self._came.append(key)
            for joiner in task.joiners or ():
                self.joining(joiner.name, task)
        self._gone.append(task.name)  # but what it kept, its last step could reach
        self.tasks.pop(task.name, None)

    def joined(self, task: Any) -> None:
        """The step has joined ``task``, which may have ended."""
        if ("value", task.name) in self.roots:
            self._came.append(("value", task.name))

    def joining(self, joiner: str, task: Any) -> None:
        """The next step of ``joiner`` is given the result of ``task``, which has ended."""
        if ("value", task.name) in self.roots:
            self.due.setdefault(joiner, []).append(("value", task.name))

    def field(self, instance: Any, name: str, values: tuple[Any, ...]) -> bool:
        """The step uses a field that has (and had) ``values``; whether any leads to something mutable."""
        found = reach(values)
        if not found:
            return False
        key = ("field", instance.__dict__[GATE].name, name)
        self._known[key] = instance, name
        self._fields.add(key)
        self.roots[key] = self.roots.get(key, frozenset()) | found
        return True

    def forget(self) -> None:
        """What was noted so far was no step's."""
        self._fields, self._came, self._given = set(), [], {}

    def begin(self, task: str) -> None:
        """A step of ``task`` begins: what is on its way to it arrives."""
        self._came += self.due.pop(task, ())

    def end(self, task: str) -> None:
        """The step is over: note what it could reach, and look again at the places it could have changed."""
        mine = ("kept", task)
        if not (self._fields or self._came or self._given or mine in self.roots):
            return
        reached = self.roots.get(mine, frozenset()).union(*(self.roots.get(key, ()) for key in self._came))
        reached = reached.union(*(self.roots[key] for key in self._fields), *self._given.values())
        hit = [key for key, found in self.roots.items() if found & reached]
        for key in hit:
            self.seen.write(key)
        self.seen.write(mine)
        for name in self._given:
            self.seen.write(("kept", name))
        while self._gone:
            self.roots.pop(("kept", self._gone.pop()), None)
        self._look_again({key for key in (*hit, *self._fields) if key in self.roots}, {task, *self._given}, reached)
        self.forget()

    def _look_again(self, places: set[Key], tasks: set[str], reached: frozenset[int]) -> None:
        for key in places:
            if key[0] == "field":
                self.roots[key] = reach(self._value(key))
        tasks |= {key[1] for key in places if key[0] == "kept"}
        kept = {name: self._kept(name, reached) for name in tasks if name in self.tasks}
        for name, found in kept.items():
            shared = [*self.roots.values(), *(other for one, other in kept.items() if one != name)]
            mine = found & frozenset().union(*shared)  # with what was shared before, and it keeps alone now
            self.roots.pop(("kept", name), None)
            if mine:
                self.roots[("kept", name)] = mine

    def _kept(self, name: str, reached: frozenset[int]) -> frozenset[int]:
        values, whole = self.kept(self.tasks[name])
        found = reach(values) - self.apart
        return found if whole else found | reached | self.roots.get(("kept", name), frozenset())

    def _value(self, key: Key) -> Iterator[Any]:
        instance, name = self._known[key]
        if name in instance.__dict__:
            yield instance.__dict__[name]
