"""The search over all schedules: which choices are still to be made, and which need not be.

    E   s0 s1 ... si ... sk     si and sk are dependent, of different tasks, and nothing in between orders them: a race
    E'  s0 s1 ... v             v: what comes after si without depending on it, then the task of sk

Rules: somewhere a schedule must be run that begins like E'. So at the point before si one of the tasks that can come
first in v is tried, unless one has been or is to be; that is enough (source sets). A task that has been tried at a
point sleeps in what is tried there later, until a step that depends on its own wakes it: it would only repeat what is
known (sleep sets). Here a task that is ready stays so until it steps, so no step disables another; what makes a task
ready comes before its next step, and that order is no race. When nothing is ready, time goes on or a deadlock is found:
everything before comes before everything after.
Source: Flanagan & Godefroid 2005; Godefroid 1996 (sleep sets); Abdulla, Aronis, Jonsson & Sagonas 2014 (source sets).
"""

from collections.abc import Iterator, Sequence

from attrs import define, field, frozen

from duality.proof.footprints import Footprint


class Asleep(BaseException):
    """Every task that is ready sleeps: whatever comes now has been seen in another order."""


class TooDeep(BaseException):
    """The bound on steps is reached."""


class NondeterminismError(Exception):
    """The same choices have been made again, and the run has not been the same. ``step``: where it parted, from 0."""

    def __init__(self, step: int, before: Sequence[str], now: Sequence[str]) -> None:
        then, since = (", ".join(names) or "nothing" for names in (before, now))
        super().__init__(
            f"uncontrolled nondeterminism at step {step}: after the same choices, ready was first {then}, and then"
            f" {since}. Something outside the spec decides what it does: a clock, random numbers, a hash, or what a"
            " run leaves behind outside the modules."
        )
        self.step = step


@frozen
class Event:
    """A step that was taken. ``before``: the steps that it comes after, itself included, as a bit set."""

    task: str
    footprint: Footprint
    before: int


@define
class Point:
    """A scheduling point on the way that is being explored.

    offered: who is ready.   asleep: who need not be tried, and the footprint of its step.   tried: those that have
    been, and theirs.   todo: who must be, in the order found; those tried included.   chosen: who was, this time.
    """

    offered: tuple[str, ...]
    asleep: dict[str, Footprint]
    todo: list[str]
    chosen: str
    tried: dict[str, Footprint] = field(factory=dict)

    def following(self) -> str | None:
        """The next to be tried."""
        return next((task for task in self.todo if task not in self.tried and task not in self.asleep), None)


class Search:
    """All schedules, one after the other. reduce: leave out what is equivalent.   depth: steps of a run, at most."""

    def __init__(self, reduce: bool, depth: int) -> None:
        self.reduce = reduce
        self.depth = depth
        self.points: list[Point] = []
        self.events: list[Event] = []
        self.replayed = 0  # points whose choice is made already
        self.wall = 0  # the first step after everything was at rest
        self._wakers: dict[str, int] = {}
        self._latest: dict[str, int] = {}

    # -- one run -------------------------------------------------------------------------------------------------------

    def choose(self, step: int, offered: tuple[str, ...]) -> str:
        """Who steps now. Raises Asleep, TooDeep, NondeterminismError."""
        self._woken(step, offered)
        if step < self.replayed:
            point = self.points[step]
            if point.offered != offered:
                raise NondeterminismError(step, point.offered, offered)
            return point.chosen
        if step >= self.depth:
            raise TooDeep
        asleep = self._asleep(step)
        awake = [task for task in offered if task not in asleep]
        if not awake:
            raise Asleep
        todo = awake[:1] if self.reduce else list(offered)
        self.points.append(Point(offered, asleep, todo, todo[0]))
        return todo[0]

    def _asleep(self, step: int) -> dict[str, Footprint]:
        if not self.reduce or step == 0:
            return {}
        point, event = self.points[step - 1], self.events[step - 1]
        known = {**point.asleep, **point.tried}
        return {
            task: footprint
            for task, footprint in known.items()
            if task != event.task and not footprint.conflicts(event.footprint)
        }

    def _woken(self, step: int, offered: tuple[str, ...]) -> None:
        for task in offered:
            if task not in self._wakers:
                self._wakers[task] = step - 1

    def at_rest(self, step: int) -> None:
        """Nothing was ready before ``step``, and something has happened all the same."""
        self.wall = step

    def stepped(self, step: int, task: str, footprint: Footprint, enablers: int) -> None:
        """Step ``step`` is over."""
        waker, before = self._wakers.pop(task), self._latest.get(task)
        self._latest[task] = step
        if step < len(self.events):
            return  # replayed
        known = ((1 << self.wall) - 1) | enablers
        for one in (before, waker):
            if one is not None and one >= 0:
                known |= self.events[one].before
        for earlier in range(step - 1, self.wall - 1, -1):
            event = self.events[earlier]
            if not known >> earlier & 1 and event.footprint.conflicts(footprint):
                if self.reduce:
                    self._race(earlier, step, task, known)
                known |= event.before
        self.events.append(Event(task, footprint, known | 1 << step))

    # -- what is still to be done --------------------------------------------------------------------------------------

    def _race(self, earlier: int, step: int, task: str, known: int) -> None:
        """Steps ``earlier`` and ``step`` race: see to it that the other order is tried."""
        point = self.points[earlier]
        first = self._first(earlier, step, task, known)
        if not any(one in point.todo or one in point.asleep for one in first):
            point.todo.append(task if task in first else first[0])

    def _first(self, earlier: int, step: int, task: str, known: int) -> list[str]:
        """The tasks that can come first in what does not depend on step ``earlier``, followed by ``task``."""
        found, kept = [], 0
        for place in range(earlier + 1, step):
            event = self.events[place]
            if not event.before >> earlier & 1:
                if not event.before & kept and event.task not in found:
                    found.append(event.task)
                kept |= 1 << place
        if not known & kept and task not in found:
            found.append(task)
        return found

    def advance(self) -> bool:
        """The run has ended: set out for the next one. False if there is none."""
        self._wakers, self._latest, self.wall = {}, {}, 0
        while self.points:
            point = self.points[-1]
            place = len(self.points) - 1
            if place < len(self.events):
                point.tried[point.chosen] = self.events[place].footprint
            else:  # the step was never finished
                point.tried[point.chosen] = Footprint(-1, -1)
            following = point.following()
            if following is not None:
                point.chosen = following
                self.replayed = len(self.points)
                del self.events[place:]
                return True
            self.points.pop()
        return False

    def word(self) -> Iterator[int]:
        """The choices made, as a schedule writes them: positions among what was offered."""
        return (point.offered.index(point.chosen) for point in self.points)
