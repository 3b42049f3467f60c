"""The faults, each a few characters in one function: what is broken, where, and how it reads once it is.

Rule: a fault of what all three share is no difference between them; it must show in what a spec says of itself.
"""

from collections.abc import Callable
from typing import Any

from attrs import frozen

from duality.compiler import comprehensions, drop, expressions, handlers, live, rip
from duality.core import cycles, deadline, scope
from duality.core.condition import Signalled, Waiters
from duality.core.gate import Gate
from duality.core.io import timers
from duality.core.io.simulated.agenda import Agenda
from duality.core.io.simulated.channel import Channel
from duality.core.io.simulated.receiving import Receiving
from duality.core.io.simulated.sending import Sending
from duality.core.scheduler import Scheduler
from duality.core.task import Task
from duality.events import call as events_call
from duality.events import groups, record, under
from duality.events.generator import Generator as EventsGenerator
from duality.oracle.condition import Condition as OracleCondition
from duality.threads import call as threads_call
from duality.threads import runtime as threads_runtime
from duality.threads.condition import Condition as ThreadsCondition


@frozen
class Fault:
    """``where`` says ``right`` once; with the fault it says ``wrong``.   on: the application it shows in."""

    what: str
    where: Callable[..., Any]
    right: str
    wrong: str
    on: str


SHARED = [
    Fault("the queue of a module is last in, first out", Gate.release, "last=False", "last=True", "order"),
    Fault("a release forgets the one it hands the module to", Gate.release,
          "self.ready.append(entry)", "pass", "order"),
    Fault("a caller that gave up stays in the queue", Gate.withdraw,
          "queue.pop(task, None)", "queue.get(task)", "order"),
    Fault("a signalled waiter goes to the head of the queue", Gate.queue_again,
          "self._queue(task, error)", "self._queue(task, error); self.queue.move_to_end(task, False)", "turns"),
    Fault("a waiter's cancellation is lost on its way through the queue", Gate._queue,
          "(task, None, error)", "(task, None, None)", "handed"),
    Fault("a signal wakes whoever waited last", Waiters.signal, "last=False", "last=True", "turns"),
    Fault("a signal wakes nobody", Waiters.signal, "if self.queue:", "if not self.queue.keys() | {None}:", "passing"),
    Fault("a broadcast wakes one", Waiters.broadcast, "while self.queue:", "if self.queue:", "turns"),
    Fault("a cancelled waiter keeps the signal it had been given", Signalled.interrupted,
          "self.waiters.signal()", "pass", "passing"),
    Fault("who waits does not let go of its module", Waiters.wait, "self.gate.release()", "pass", "turns"),
    Fault("who waits goes back before those who waited", Waiters.wait,
          "self.queue[task] = None", "self.queue[task] = None; self.queue.move_to_end(task, False)", "turns"),
    Fault("a join forgets the error", Task.end, "(joiner, value, error)", "(joiner, value, None)", "joins"),
    Fault("a join of what has failed gives its value", Task.join, "self.error is not None", "False", "joins"),
    Fault("a second join waits for ever", Task.join, "if self.done:", "if self.done and not self.joined:", "joins"),
    Fault("a cancellation of a task at rest is put off", Task.interrupt, "if parked is None:", "if True:", "joins"),
    Fault("a cancellation is delivered twice", Task.cancel, "self.interrupt(",
          "self.postpone(Cancelled('again')); self.interrupt(", "joins"),
    Fault("an error that nobody joined is forgotten", Scheduler.ended, "self._remember(task)", "pass", "unseen"),
    Fault("an error of what was sent is forgotten", Scheduler.ended,
          "task is self.root or task.detached or not", "task is self.root or not", "detached"),
    Fault("a cancelled task fails the run", Scheduler.ended,
          "or not isinstance(error, Cancelled)", "or True", "joins"),
    Fault("a deadline does not stop its timer", deadline.Deadline.__exit__, "self._timer.cancel()", "pass", "times"),
    Fault("a deadline comes a second late", deadline.Deadline.__enter__,
          "+ self.seconds", "+ self.seconds + 1", "times"),
    Fault("a deadline takes another's cancellation for its own", deadline.Deadline.__exit__,
          "error.tag is not self", "False", "times"),
    Fault("a deadline that came is not remembered", deadline.Deadline.__exit__,
          "self.cancelled_caught = True", "pass", "times"),
    Fault("a scope lets the others go on when one has failed", scope.Scope.ended, "self.cancel()", "pass", "scopes"),
    Fault("a scope is left before its tasks have ended", scope.Scope.leave, "if self.tasks:", "if False:", "scopes"),
    Fault("a scope tells of its first error only", scope.Scope._verdict, "self.errors)", "self.errors[:1])", "scopes"),
    Fault("a scope that is cancelled while it is left does not tell its tasks", scope.Scope.interrupted,
          "self._stop(again=True)", "pass", "scopes"),
    Fault("a circle of waits is not looked for", cycles.refuse_cycle, "if circle:", "if False:", "circle"),
    Fault("who answered early lets go of its module", Gate.hand_to, "self.holder = task", "self.release()", "answers"),
]  # fmt: skip

CORE_OF_IO = [
    Fault("sleepers sleep a second more", Agenda.sleep, "self.time + seconds", "self.time + seconds + 1", "times"),
    Fault("a timer that was cancelled fires", timers.Timer.cancel, "if self.alive:", "if False:", "times"),
    Fault("bytes overtake each other", Channel.fire, "self._queue.popleft()", "self._queue.pop()", "letters"),
    Fault("the last byte of a piece is lost", Sending.send, "bytes(data)", "bytes(data[:-1])", "letters"),
    Fault("a byte is received twice", Receiving._take, "del inbox[:most]", "del inbox[:most - 1]", "letters"),
    Fault("the end of a stream is not told", Receiving._heard_the_end, 'self._release_reader(b"")', "pass", "letters"),
]  # fmt: skip

EVENTS = [
    Fault("a stage is not free again after an error at once", events_call.entry, "gate.release()\n            raise",
          "raise", "opened"),
    Fault("a stage is not free again after an error later", record.Holding.abandon,
          "self.stage._duality_gate.release()", "pass", "opened"),
    Fault("a stage is not free again after a reply", record.Holding.reply,
          "self.stage._duality_gate.release()", "pass", "order"),
    Fault("a stage that accepts later is not free again", events_call.arrive,
          "if value is not PENDING and gate.holder is frame.task:", "if False:", "opened"),
    Fault("a stage is not handed on with what is left after a reply", record.Holding.leave,
          "self.stage._duality_gate.hand_to(child)", "pass", "answers"),
    Fault("a callee does not see what its caller handles", under.Under.__call__,
          "self._run(frame, value, error)", "self.handler(frame, value, error)", "handling"),
    Fault("what is handled again gets another context", record.again,
          "error.__context__ = context", "pass", "handling"),
    Fault("what no clause of except* took is lost", groups.regroup, "[*raised, rest]", "[*raised]", "handling"),
    Fault("a generator that has ended gives on", EventsGenerator.abandon, "False, True", "False, False", "handling"),
    Fault("a record does not hold what is read in a branch only", handlers.Handlers.alive,
          "if name in alive]", "if name in alive and name != 'spare']", "variables"),
    Fault("a record holds what is dead", handlers.Handlers.alive,
          "if name in alive]", "if name in alive or name == 'spent']", "variables"),
    Fault("what lives into a loop is thought dead", live.Liveness._loop, "head = again", "return again", "variables"),
    Fault("a message goes out before the record is written", rip.Ripper.rest,
          "[*saved, Line(0, f\"return {call}\"", "[*saved[1:], Line(0, f\"return {call}\"", "order"),
    Fault("a comprehension forgets its conditions", comprehensions.Comprehensions._loops,
          "for test in reversed(one.ifs):", "for test in ():", "filtered"),
    Fault("what stands before an await is evaluated after it", expressions.Expressions.spill,
          "return self._keep(node)", "return node", "evaluated"),
]  # fmt: skip

_RAISES = "if entry[2] is not None:\n            raise entry[2]\n        "
_LAST = "return entry[1]\n\n    def give_way"  # of `rest`, which comes first

THREADS = [
    Fault("a monitor keeps its lock", threads_call.entry, "gate.holder = None", "pass", "order"),
    Fault("a wait does not wait", ThreadsCondition.wait, "return runtime.rest()", "return None", "turns"),
    Fault("a cancellation that came early is not delivered", threads_runtime.switching,
          "me.deliver()", "pass", "early"),
    Fault("an error that a thread is resumed with is lost", threads_runtime.switching,
          _RAISES + _LAST, _LAST, "joins"),
    Fault("a thread that goes on is not the current one", threads_runtime.switching,
          "scheduler.current = me\n        " + _RAISES + _LAST, "pass\n        " + _RAISES + _LAST, "order"),
    Fault("what is dead is not dropped", drop.drops, "if gone:", "if False:", "variables"),
    Fault("a reply that went through a queue forgets the error", threads_call.queued,
          "value, error = None, failure", "value, error = None, None", "opened"),
]  # fmt: skip

ORACLE = [
    Fault("a wait of the oracle does not wait", OracleCondition.wait, "await runtime.rest()", "None", "turns"),
]  # fmt: skip

CATALOGUE = {
    "what all share": SHARED,
    "the simulated I/O core": CORE_OF_IO,
    "events, and its compiler": EVENTS,
    "threads, and its compiler": THREADS,
    "the oracle": ORACLE,
}
