"""What a traced run leaves behind: its steps, and the edges it walked.

Rule: the recorder only writes down what a side tells it. Which node an operation stands at, and where a parked task
rests, each side reads from its own mechanism; the recorder holds the two against each other and raises if they differ.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from attrs import define

from duality.graph import BlockingGraph, Edge, Node


class Contradiction(AssertionError):
    """A runtime says two things of one task. That is a fault of the machine, and no outcome of a spec."""


class Step(NamedTuple):
    """One step of one task, from rest to rest (docs/meaning.md, the law).

    offered: the ready tasks' names, current first, then by name.   task: the one chosen.   nodes: every node passed,
    the rest it ended at last.   effects: forks, signals, outcomes, in order.
    """

    offered: tuple[str, ...]
    task: str
    nodes: Sequence[Node] = ()
    effects: Sequence[str] = ()

    def __str__(self) -> str:
        path = " -> ".join(f"{node.procedure} {node.name}" for node in self.nodes)
        effects = f"   [{', '.join(self.effects)}]" if self.effects else ""
        return f"{{{' '.join(self.offered)}}} {self.task}: {path}{effects}"


Pairs = dict[tuple[int, int], tuple[Node | None, Node]]
"""Edges by the identities of their nodes, which are quicker to look up than the nodes."""


@define
class Activation:
    """A procedure that a task is in: the node it passed last, and its end."""

    last: Node
    end: Node


class Recorder:
    """Collects steps and walked edges. ``standing(task)`` is the side's word on the node where a parked task rests."""

    def __init__(self) -> None:
        self.standing: Any = None
        self.watching: list[Callable[[Any], None]] = []  # called with the task whose step is over, when it is
        self.open()

    def open(self) -> None:
        """Begin a run, of which nothing is known."""
        self.steps: list[Step] = []
        self.pairs: Pairs = {}  # the edges, most of which are walked again and again; before a begin, there is no node
        self.switches = 0  # steps that went to another task than the one before
        self.messages = 0  # calls and replies, where they are messages
        self.passed: list[Node] = []  # in the step under way
        self.effects: list[str] = []
        self.last: Any = None  # the task whose step it is
        self.deaf = False  # while a generator ends that was dropped: that is no part of any task's way
        self.activations: dict[Any, list[Activation]] = {}

    def step(self, offered: tuple[str, ...], task: Any) -> None:
        """``task`` was chosen among ``offered``; the step before is over."""
        for rest in self.watching:
            rest(self.last)
        self._closed()
        self.passed, self.effects = [], []
        self.steps.append(Step(offered, task.name, self.passed, self.effects))
        self.switches += task is not self.last
        self.last = task

    def close(self) -> None:
        """The run is over."""
        for rest in self.watching:
            rest(self.last)
        self._closed()
        self.passed, self.effects, self.last = [], [], None  # what is told now is no part of the trace

    def _closed(self) -> None:
        task = self.last
        walks = self.activations.get(task)
        if not walks or task.done:
            return
        stands, passed = self.standing(task), walks[-1].last
        if stands is not passed and stands is not None and stands != passed:
            raise Contradiction(f"task {task.name} rests at {stands}, but the last node it passed was {passed}")

    def effect(self, what: str) -> None:
        """Something that others can notice happened in this step."""
        self.effects.append(what)

    # -- told by the sides -----------------------------------------------------------------------------------------

    def begin(self, task: Any, points: Any) -> None:
        """``task`` has begun a procedure (whose ``points`` are these); an entry waits to be accepted."""
        begin = points.begin
        self.activations.setdefault(task, []).append(Activation(begin, points.end))
        if not self.deaf:
            self.pairs[0, id(begin)] = None, begin
            self.passed.append(begin)
        self.at(task, points.enter)

    def at(self, task: Any, node: Node | None) -> None:
        """``task`` has come to ``node`` in the procedure it is in."""
        if node is None or self.deaf:
            return
        walk = self.activations[task][-1]
        last = walk.last
        self.pairs[id(last), id(node)] = last, node
        walk.last = node
        self.passed.append(node)

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

    def graph(self) -> BlockingGraph:
        """The walked graph; of two recorders that were told of the same nodes, the same object."""
        walked = frozenset(self.pairs)
        if walked not in _graphs:
            if len(_graphs) >= _MOST_GRAPHS:
                _graphs.clear()
            ends = self.pairs.values()
            edges = [Edge(source, target) for source, target in ends if source is not None]
            _graphs[walked] = BlockingGraph([node for _, node in ends], edges), dict(self.pairs)
        return _graphs[walked][0]


_graphs: dict[frozenset[tuple[int, int]], tuple[BlockingGraph, Pairs]] = {}
"""By the identities of the nodes of each edge: these last as long as the nodes, which are therefore kept here, too."""
_MOST_GRAPHS = 512
