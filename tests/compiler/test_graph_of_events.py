"""What the reader of an events program sees in its text: all there is to go by is who is named beside each message.

The texts are written by hand, and some as the compiler never would: what is done in one handler is not done again in
another, so that every edge has one reason.
"""

import textwrap
from types import SimpleNamespace

import pytest

from duality.compiler.graph_of_events import of_events
from duality.compiler.points import Points
from duality.graph import Node

BEGIN, ENTER, END = Node("p", "begin", 0, 1), Node("p", "enter", 9, 1), Node("p", "end", 10, 1)
# Handlers `after_1`, `after_2` ... are resumed from the points 1, 2 ...; `loop` and `other` are jumped to.
TEXTS = [
    (
        "a message, and its answer",
        """
        def p(self, task, /):
            x = self.q(task)
            if x is PENDING:
                Record(task, after_1, (self,))
                return PENDING
            return x
        def after_1(f, x, error):
            return f.reply(x)
        """,
        "begin > 1, 1 > end",
    ),
    (
        "the text goes on where the answer is there at once",
        """
        def p(self, task, /):
            if self.q(task) is PENDING:
                Record(task, after_1, (self,))
                return PENDING
            if self.q(task) is PENDING:
                Record(task, after_2, (self,))
                return PENDING
            return x
        def after_1(f, x, error):
            return f.reply(x)
        def after_2(f, x, error):
            f.next, f.alive = after_3, (self,)
            return self.q(f.task)
        def after_3(f, x, error):
            return f.reply(x)
        """,
        "begin > 1, 1 > 2, 1 > end, 2 > end, 2 > 3, 3 > end",
    ),
    (
        "what always rests goes on nowhere else",
        """
        def p(self, task, /):
            sleep(task, 1)
            Record(task, after_1, (self,))
            return PENDING
        def after_1(f, x, error):
            sleep(f.task, 1)
            f.next, f.alive = after_2, ()
            return PENDING
        def after_2(f, x, error):
            return f.reply(x)
        """,
        "begin > 1, 1 > 2, 2 > end",
    ),
    (
        "a message may fail before its point is passed, or at it",
        """
        def p(self, task, /):
            try:
                sleep(task, 1)
                Record(task, after_1, (self,))
                return PENDING
            except KeyError:
                if self.q(task) is PENDING:
                    Record(task, after_2, (self,))
                    return PENDING
        def after_1(f, x, error):
            return f.reply(x)
        def after_2(f, x, error):
            return f.reply(x)
        """,
        "begin > 1, begin > 2, 1 > 2, 1 > end, 2 > end",
    ),
    (
        "one that is handed on may fail as well",
        """
        def p(self, task, /):
            try:
                f.next, f.alive = after_1, (self,)
                return self.q(task)
            except KeyError:
                f.next, f.alive = after_2, (self,)
                return self.q(task)
        def after_1(f, x, error):
            return f.reply(x)
        def after_2(f, x, error):
            return f.reply(x)
        """,
        "begin > 1, begin > 2, 1 > 2, 1 > end, 2 > end",
    ),
    (
        "a handler that is jumped to goes on in the state of the jump",
        """
        def p(self, task, /):
            if self:
                if self.q(task) is PENDING:
                    Record(task, after_1, (self,))
                    return PENDING
                f.next, f.alive = loop, ()
                return None
            f.next, f.alive = loop, ()
            return None
        def after_1(f, x, error):
            return f.reply(x)
        def loop(f, x, error):
            f.next, f.alive = after_2, (self,)
            return self.q(f.task)
        def after_2(f, x, error):
            f.next, f.alive = other, ()
            return None
        def other(f, x, error):
            if x:
                f.next, f.alive = loop, ()
                return None
            return f.reply(x)
        """,
        "begin > 1, begin > 2, 1 > 2, 1 > end, 2 > 2, 2 > end",
    ),
    (
        "an early reply goes on as it says",
        """
        def p(self, task, /):
            return reply(1, Record(task, after_1, (self,)))
        def after_1(f, x, error):
            return f.reply(x)
        """,
        "begin > 1, 1 > end",
    ),
    (
        "a handler that nobody comes to",
        """
        def p(self, task, /):
            return self.q(task)
        def after_1(f, x, error):
            f.next, f.alive = after_2, (self,)
            return self.q(f.task)
        def after_2(f, x, error):
            return f.reply(x)
        """,
        "begin > end",
    ),
    (
        "an entry is entered first",
        """
        @entry
        def p(self, task, /):
            return Record(task, loop, (self,)).run()
        def loop(f, x, error):
            f.next, f.alive = after_1, (self,)
            return self.q(f.task)
        def after_1(f, x, error):
            f.next, f.alive = loop, (self,)
            return None
        """,
        "begin > enter, enter > 1, 1 > 1",
    ),
    (
        "other marks say nothing",
        """
        @marked.entry
        @procedure
        def p(self, task, /):
            return self.q(task)
        """,
        "begin > end",
    ),
]


@pytest.mark.parametrize(("text", "edges"), [pytest.param(*rest, id=name) for name, *rest in TEXTS])
def test_the_edges_are_those_of_the_text(text: str, edges: str) -> None:
    nodes = {f"after_{number}": Node("p", "call", number, 1) for number in range(1, 5)}
    program = SimpleNamespace(
        text=textwrap.dedent(text),
        nodes={"p": BEGIN, **nodes, "loop": None, "other": None},
        points=Points(BEGIN, ENTER, END, {}),
    )
    found = of_events(program)  # type: ignore[arg-type]
    assert {f"{_name(edge.source)} > {_name(edge.target)}" for edge in found.edges} == set(edges.split(", "))


def _name(node: Node) -> str:
    return str(node.ordinal) if node.kind == "call" else node.kind
