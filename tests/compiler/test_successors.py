"""Which handler a text names beside each message; nothing else is gone by."""

import ast

import pytest

from duality.compiler.successors import message, messages, successor

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
    ("nobody is named, and the answer is wanted", "x = self.q(1)\nif x is PENDING:\n    return PENDING\nreturn x", []),
    ("a plain call", "x = len(y)\nprint(x)\nreturn x", []),
    ("plain calls before one that always rests",
     "x = len(y)\nprint(x)\nsleep(task, 1)\nRecord(task, a, ())\nreturn PENDING",
     [("sleep", "a", 3, False)]),
    ("an answer that nobody looks at", "x = self.q(1)\nRecord(task, p_after_q, ())\nreturn PENDING", []),
    ("records are no messages", "Record(task, a, ())\nRecord(task, b, ())\nreturn PENDING", []),
    ("a record of the spec's own", "print(1)\nRecord(1)\nreturn PENDING", []),
    ("names that begin like ours",
     "if q(1) is PENDINGX:\n    Record(task, a, ())\nif q(1) is PENDING:\n    RecordX(task, a, ())", []),
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
    ("a tuple that is unpacked is no record", "x, y = a, b\nreturn self.q(x)", []),
    ("another attribute is not who goes on", "f.last, f.alive = p_loop, ()\nreturn self.q(f.task)", []),
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


# What a statement says of who goes on, without a message.
NAMED = [
    ("a generator is made", "return Generator(p_begun, (self,))", "p_begun"),
    ("under another name", "return Generator__(p_begun, (self,))", "p_begun"),
    ("one of the spec's own", "return GeneratorX(p_begun, (self,))", None),
    ("a record that begins at once", "return Record(task, p_begun, (self,)).run()", "p_begun"),
    ("what else one may ask of it", "return Record(task, p_begun, (self,)).told()", None),
    ("a call of something else's result", "return found[1](Record(task, p_begun, (self,)))", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*rest, id=name) for name, *rest in NAMED])
def test_who_goes_on_where_nothing_is_asked(text, expected):
    assert successor(ast.parse(text).body[0]) == expected
