"""What a traced run leaves behind: its steps, and the edges it walked.

Rule: the recorder only writes down what a side tells it. Which node an operation stands at, and where a parked task
rests, each side reads from its own mechanism; the recorder holds the two against each other and raises if they differ.
"""

from functools import lru_cache
from typing import Any

from attrs import define, field

from duality.graph import BlockingGraph, Edge, Node


class Contradiction(AssertionError):
    """A runtime says two things of one task. That is a fault of the machine, and no outcome of a spec."""


@define
class Step:
    """One step of one task, from rest to rest (docs/meaning.md, the law).

    offered: the ready tasks' names, current first, then by name.   task: the one chosen.   nodes: every node passed,
    the rest it ended at last.   effects: forks, signals, outcomes, in order.
    """

    offered: tuple[str, ...]
    task: str
    nodes: list[Node] = field(factory=list)
    effects: list[str] = field(factory=list)

    def __str__(self) -> str:
        path = " -> ".join(f"{node.procedure} {node.name}" for node in self.nodes)
        effects = f"   [{', '.join(self.effects)}]" if self.effects else ""
        return f"{{{' '.join(self.offered)}}} {self.task}: {path}{effects}"


@define
class Activation:
    """A procedure that a task is in: the node it passed last, and its end."""

    last: Node
    end: Node


class Recorder:
    """Collects steps and walked edges. ``standing(task)`` is the side's word on the node where a parked task rests."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.pairs: dict[tuple[Node, Node], None] = {}  # the edges; most are walked again and again
        self.nodes: set[Node] = set()
        self.switches = 0  # steps that went to another task than the one before
        self.messages = 0  # calls and replies, where they are messages
        self.standing: Any = None
        self.now: Step | None = None
        self.last: Any = None
        self.deaf = False  # while a generator ends that was dropped: that is no part of any task's way
        self.activations: dict[Any, list[Activation]] = {}

    def step(self, offered: tuple[str, ...], task: Any) -> None:
        """``task`` was chosen among ``offered``; the step before is over."""
        self._closed()
        self.now = Step(offered, task.name)
        self.switches += task is not self.last
        self.steps.append(self.now)
        self.last = task

    def close(self) -> None:
        """The run is over."""
        self._closed()
        self.now = self.last = None

    def _closed(self) -> None:
        task = self.last
        if task is None or task.done or self.now is None or not self.activations.get(task):
            return
        stands, passed = self.standing(task), self.activations[task][-1].last
        if stands is not None and stands != passed:
            raise Contradiction(f"task {task.name} rests at {stands}, but the last node it passed was {passed}")

    def effect(self, what: str) -> None:
        """Something that others can notice happened in this step."""
        if self.now is not None:
            self.now.effects.append(what)

    # -- told by the sides -----------------------------------------------------------------------------------------

    def begin(self, task: Any, points: Any) -> None:
        """``task`` has begun a procedure (whose ``points`` are these); an entry waits to be accepted."""
        self.activations.setdefault(task, []).append(Activation(points.begin, points.end))
        self._passed(points.begin)
        self.at(task, points.enter)

    def at(self, task: Any, node: Node | None) -> None:
        """``task`` has come to ``node`` in the procedure it is in."""
        if node is None or self.deaf:
            return
        walk = self.activations[task][-1]
        self.pairs[walk.last, node] = None
        walk.last = node
        self._passed(node)

    def end(self, task: Any) -> None:
        """The procedure that ``task`` is in has returned."""
        self.at(task, self.activations[task][-1].end)
        self.activations[task].pop()

    def split(self, task: Any, child: Any) -> None:
        """The procedure that ``task`` is in has replied: ``child`` goes on with it, from the node it passed last."""
        self.activations[child] = [self.activations[task].pop()]

    def suspend(self, task: Any) -> Activation:
        """The generator that ``task`` is in has given a value: it goes on, later, where it stands now."""
        return self.activations[task].pop()

    def resume(self, task: Any, points: Any, walk: Activation | None) -> None:
        """``task`` goes on with a generator that was suspended in ``walk``; None if it has not begun."""
        if walk is None:
            self.begin(task, points)
        else:
            self.activations.setdefault(task, []).append(walk)

    def depth(self, task: Any) -> int:
        """How many procedures ``task`` is in."""
        return len(self.activations.get(task, ()))

    def unwind(self, task: Any, depth: int) -> None:
        """An error has left every procedure of ``task`` but the outermost ``depth``."""
        del self.activations[task][depth:]

    def _passed(self, node: Node) -> None:
        if self.deaf:
            return
        self.nodes.add(node)
        if self.now is not None:
            self.now.nodes.append(node)

    def graph(self) -> BlockingGraph:
        """The walked graph."""
        return BlockingGraph(self.nodes, [_edge(*pair) for pair in self.pairs])


@lru_cache(maxsize=4096)
def _edge(source: Node, target: Node) -> Edge:
    """The edge; a check of many schedules walks the same ones again and again."""
    return Edge(source, target)
