"""Which handler a text names beside each message; nothing else is gone by."""

import ast

import pytest

from duality.compiler.successors import message, messages

SHAPES = [
    ("the answer is wanted",
     "x = self.q(task, 1)\nif x is PENDING:\n    Record(task, p_after_q, (self,))\n    return PENDING\nreturn x",
     [("self.q", "p_after_q", 2, True)]),
    ("it is not",
     "if self.q(task) is PENDING:\n    f.next, f.alive = p_after_q, (self,)\n    return PENDING\nreturn 1",
     [("self.q", "p_after_q", 1, True)]),
    ("one that always rests, begun", "sleep(task, 1)\nRecord(task, p_after_sleep, ())\nreturn PENDING",
     [("sleep", "p_after_sleep", 3, False)]),
    ("what may be unbound is looked at in between",
     "sleep(task, 1)\ntry:\n    x_or = x\nexcept NameError:\n    x_or = UNBOUND\nRecord(task, p_after_sleep, (x_or,))\n"
     "return PENDING",
     [("sleep", "p_after_sleep", 4, False)]),
    ("of an entry", "if self.q(task) is PENDING:\n    Holding(task, p_after_q, (), self)\n    return PENDING",
     [("self.q", "p_after_q", 1, True)]),
    ("under another name", "if q(task) is PENDING_:\n    Record_(task, p_after_q, ())\n    return PENDING_",
     [("q", "p_after_q", 1, True)]),
    ("what is tested is another variable",
     "x = self.q(1)\nif y is PENDING:\n    Record(task, p_after_q, ())\n    return PENDING", []),
    ("what is tested is another value", "if self.q(1) is None:\n    Record(task, p_after_q, ())\n    return None", []),
    ("nobody is named", "if self.q(1) is PENDING:\n    return PENDING", []),
    ("a plain call", "x = len(y)\nprint(x)\nreturn x", []),
]  # fmt: skip
EVERY = [
    ("a tail call", "f.next, f.alive = p_after_q, ()\nreturn self.q(f.task)", [("self.q", "p_after_q")]),
    ("only the line before it names who goes on", "f.next, f.alive = p_loop, ()\nx = 1\nreturn self.q(f.task)", []),
    ("in every kind of block",
     "for x in y:\n    try:\n        if q(x) is PENDING:\n            Record(task, a, ())\n            return PENDING\n"
     "    except E:\n        if r(x) is PENDING:\n            Record(task, b, ())\n            return PENDING\n"
     "    else:\n        match x:\n            case 1:\n                if s(x) is PENDING:\n"
     "                    Record(task, c, ())\n                    return PENDING\n"
     "    finally:\n        if t(x) is PENDING:\n            Record(task, d, ())\n            return PENDING",
     [("q", "a"), ("s", "c"), ("t", "d"), ("r", "b")]),
    ("an early reply", "return reply(1, Record(task, p_after_reply, (self,)))", [("reply", "p_after_reply")]),
    ("a record that is handed to something else", "return keep(1, Record(task, p_after_reply, self))", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*rest, id=name) for name, *rest in SHAPES])
def test_a_message_and_who_goes_on_with_the_answer(text, expected):
    block = ast.parse(text).body
    found = [message(block, place) for place in range(len(block))]
    told = [(ast.unparse(one.call.func), one.successor, one.length, one.going_on) for one in found if one is not None]
    assert told == expected


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*rest, id=name) for name, *rest in EVERY])
def test_every_message_of_a_handler(text, expected):
    assert [(ast.unparse(call.func), name) for call, name in messages(ast.parse(text).body)] == expected
