"""The table of Lauer & Needham as data: one notion, three vocabularies.

Rules on the door:
- A row names a notion of the spec, the words a message system has for it, and the words a procedure system has.
- ``room`` is the file, in ``duality/events`` and in ``duality/threads`` alike, where the two sides of that row are
  written. Every twin file has at least one row, and every row has its two twin files; a test holds both.
- A name in backticks exists: it is imported from ``duality`` or reached from what is (one letter stands for yours).
- This file imports nothing of ``duality``: the documentation, the tests and the pages all draw from here.

Source: Lauer & Needham 1978, section "Duality of the models"; von Behren, Condit & Brewer 2003, Figure 1.
"""

from __future__ import annotations

import attrs


@attrs.frozen
class Notion:
    """One row of the table: what a spec says, and what each of the two worlds calls it.

    room: the stem of the twin files that hold the row, ``"condition"`` for ``condition.py``.
    spec, events, threads: short Markdown, code in backticks.
    """

    room: str
    spec: str
    events: str
    threads: str


NOTIONS: tuple[Notion, ...] = (
    # -- a task: who acts
    Notion(
        room="task",
        spec="a task",
        events="a chain of messages",
        threads="a thread",
    ),
    Notion(
        room="task",
        spec="what lives across a blocking point",
        events="the continuation record",
        threads="the stack",
    ),
    # -- a module: what is acted on
    Notion(
        room="module",
        spec="a `@module` instance",
        events="a stage (process) with a queue",
        threads="a monitor",
    ),
    Notion(
        room="module",
        spec="an `@entry` procedure",
        events="a port, accepted only while the stage is idle",
        threads="an ENTRY procedure: takes the monitor lock",
    ),
    # -- a call: how one module asks another
    Notion(
        room="call",
        spec="a `@procedure`",
        events="a port, accepted at any time",
        threads="an external procedure, no lock",
    ),
    Notion(
        room="call",
        spec="an undecorated `async def`",
        events="an internal handler chain of the same stage",
        threads="an INTERNAL procedure, under the caller's lock",
    ),
    Notion(
        room="call",
        spec="`x = await m.p(a)`",
        events="SendMessage, AwaitReply at once",
        threads="procedure call",
    ),
    Notion(
        room="call",
        spec="`return v`, `raise e`",
        events="SendReply, of a value or an error",
        threads="RETURN, or an exception",
    ),
    # -- a generator: how a procedure answers more than once
    Notion(
        room="generator",
        spec="`yield v` in an `async def`",
        events="a record that answers whoever asks, and is kept until somebody does again",
        threads="a frame that runs on the stack of whoever asks",
    ),
    # -- a condition: how one waits until the module's state is right
    Notion(
        room="condition",
        spec="`await Condition.wait()`",
        events="the message is set aside; its port is out of WaitForMessage's set",
        threads="WAIT: the thread is set aside, the lock released",
    ),
    Notion(
        room="condition",
        spec="`Condition.signal()`, `Condition.broadcast()`",
        events="the port is put back",
        threads="SIGNAL, BROADCAST",
    ),
    # -- the verbs: how one task makes others and meets them again
    Notion(
        room="verbs",
        spec="`t = fork(m.p, a)`, then `x = await join(t)`",
        events="SendMessage, and AwaitReply later",
        threads="FORK, and JOIN",
    ),
    Notion(
        room="verbs",
        spec="`send(m.p, a)`",
        events="SendMessage, no reply awaited",
        threads="FORK, detached",
    ),
    # -- an early reply: how a procedure parts from its caller
    Notion(
        room="reply",
        spec="`reply(v)`, and work after it",
        events="SendReply before the handler chain ends",
        threads="FORK of what is left, then RETURN",
    ),
    # -- the world outside
    Notion(
        room="io",
        spec="an `await` on `net`, `disk` or `sleep`",
        events="the handler ends; the completion comes back as a message",
        threads="the thread is switched away from; the completion makes it ready",
    ),
    # -- what a run can be seen doing
    Notion(
        room="trace",
        spec="where a task rests",
        events="the handler its continuation names",
        threads="the line its parked stack stands at",
    ),
    # -- the whole
    Notion(
        room="runtime",
        spec="an `@application`: building and wiring the modules",
        events="CreateProcess, channels bound to ports",
        threads="NEW and START, external procedures bound",
    ),
    Notion(
        room="runtime",
        spec="`run(p)`",
        events="WaitForMessage, then one handler, for ever",
        threads="switch to the next ready thread, for ever",
    ),
)

# The rooms in the order of the table: each names one file of events/ and its twin in threads/.
TWINS: tuple[str, ...] = tuple(dict.fromkeys(notion.room for notion in NOTIONS))
