"""The specs that the law is checked on: every example without a network, and every situation of ``tests/twins``.

Each has a name and builds fresh modules; time is virtual, so a schedule decides everything.
"""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

from duality.spec.application import Application
from tests.twins import (
    test_call,
    test_condition,
    test_deadline,
    test_deadlock,
    test_errors,
    test_generator,
    test_protocols,
    test_reply,
    test_runtime,
    test_scope,
    test_trace,
    test_verbs,
)  # fmt: skip

EXAMPLES = Path(__file__).parents[1] / "examples"
NETWORK = frozenset(["kv_server"])  # needs sockets, which virtual time does not have
Build = Callable[[], Any]


def examples() -> dict[str, Application]:
    """Every application of every example that needs no network, by name."""
    found: dict[str, Application] = {}
    for path in sorted(EXAMPLES.glob("*.py")):
        if path.stem not in NETWORK:
            spec = importlib.util.spec_from_file_location(f"law_{path.stem}", path)
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            found |= {one.name: one for one in vars(module).values() if isinstance(one, Application)}
    return found


def situations() -> dict[str, Build]:
    """The small specs of the twins' tests."""
    calls, waits, verbs, ends = test_call, test_condition, test_verbs, test_deadlock
    found: dict[str, Build] = {
        "crossing an entry": lambda: calls.Crosser(calls.Desk(), "entry"),
        "crossing a procedure": lambda: calls.Crosser(calls.Desk(), "procedure"),
        "a crowd": lambda: calls.Crowd(calls.Desk(), ("hold", "visit", "hold", "hold")),
        "barging": lambda: calls.Barger(calls.Desk()),
        "nested entries": lambda: calls.Outer(calls.Desk()),
        "a failing entry": lambda: calls.Failing(calls.Desk()),
        "internal procedures": calls.Internal,
        "a ring of modules": lambda: calls.ring(3),
        "a cycle through a join": calls.Fork,
        "two modules in opposite order": calls.opposite,
        "callers that give up": lambda: calls.Leaving(calls.Bed()),
        "errors at once": lambda: calls.Catching(calls.Prompt()),
        "signals": lambda: waits.Hall(waits.Gate(), "abcd", 2, late="ef"),
        "a broadcast": lambda: waits.Hall(waits.Gate(), "abcd", 2, everyone=True, late="e"),
        "a contested signal": lambda: waits.Contested(waits.Slow()),
        "a cancelled waiter": waits.Careful,
        "a signal passed on": lambda: waits.Passing(waits.Slow(), 2),
        "waits with deadlines": waits.Impatient,
        "a wait without the module": waits.Unlocked,
        "fork order": verbs.Order,
        "turns": verbs.Turns,
        "a join of oneself": lambda: verbs.Joining(verbs.Selfish(), False),
        "a ring of joins": lambda: verbs.Joining(verbs.Selfish(), True),
        "orphans": lambda: verbs.Orphans(errors=3),
        "a failing send": lambda: verbs.Orphans(by="send"),
        "an abandoned join": lambda: verbs.Abandoned("never"),
        "two errors": lambda: verbs.TwoErrors("fork"),
        "a deadlock": ends.Stuck,
        "a late signal": ends.Sleeping,
        "leaks": ends.Leaky,
        "a stubborn task": ends.Stubborn,
        "a mulish task": ends.Mulish,
        "a hidden cause": ends.Hidden,
        "a circle closed by a cancellation": lambda: ends.Outer(ends.Inner()),
        "a circle closed by a signal": lambda: ends.Outer(ends.Inner(), "signal"),
        "a cycle through a scope": lambda: test_scope.Around([False]),
        "a scope that would close a cycle": lambda: test_scope.Around([True]),
        "innocent errors": test_errors.Innocent,
        "errors being handled": test_errors.Handling,
        "modules built while running": lambda: test_runtime.Building(4),
        "a failing main": test_runtime.Failing,
        "recursion": lambda: test_runtime.Recursive(),
        "a family": test_trace.Family,
        "early replies": lambda: test_reply.Client(test_reply.Office()),
        "early replies to a crowd": lambda: test_reply.Crowd(test_reply.Office()),
        "early replies after rests": lambda: test_reply.Asking(test_reply.Office()),
        "an early reply of main": test_reply.Root,
        "an early reply, then a wait": test_reply.Waiting,
        "early replies and cancellations": test_reply.Leaving,
        "an early reply that is left": test_reply.Unending,
        "a circle through an early reply": lambda: test_reply.Outer(test_reply.Inner()),
        "an early reply against itself": test_reply.Again,
    }
    found |= {f"scope: {way}": lambda way=way: test_scope.Scopes(way) for way in ways(test_scope.Scopes)}
    found |= {f"deadline: {way}": lambda way=way: test_deadline.Deadlines(way) for way in ways(test_deadline.Deadlines)}
    generators, protocols = test_generator.Generators, test_protocols.Protocols
    found |= {f"generator: {way}": lambda way=way: generators(which=way) for way in ways(generators)}
    found |= {f"protocol: {way}": lambda way=way: protocols(which=way) for way in ways(protocols)}
    for way in ("finished", "joined_by_two", "failing_twice", "late"):
        found[f"join: {way}"] = lambda way=way: verbs.Results([way])
    found |= {f"reply: {way}": lambda way=way: test_reply.Places(which=way) for way in test_reply.PLACES}
    for way in ("before", "after", "after_in_an_entry", "twice", "while_handling"):
        found[f"reply: fails {way}"] = lambda way=way: test_reply.Failing(which=way)
    for way in ("resting", "unborn", "ended", "twice_at_once", "oneself", "unjoined"):
        found[f"cancel: {way}"] = lambda way=way: verbs.Canceller(verbs.Cancelling(), way)
    for way in ("plain", "chained", "while_handling", "in_finally", "reraised", "suppressed", "joined"):
        for rests in (False, True):
            found[f"error: {way}{', after a rest' * rests}"] = lambda way=way, rests=rests: test_errors.Caller(
                test_errors.Deep(rests), way
            )
    return found


def ways(cls: type) -> list[str]:
    """The situations of a module that runs the one it is told to: its procedures that take nothing but themselves."""
    return [
        name
        for name, value in vars(cls.__mro__[0]).items()
        if hasattr(value, "__code__") and value.__code__.co_flags & 0x80
        if value.__code__.co_argcount == 1 and name not in ("main", "wait", "hold", "guarded")
    ]


def everything() -> dict[str, Build]:
    """Examples and situations: name to builder."""
    return {**{f"example: {name}": app.build for name, app in examples().items()}, **situations()}


CORPUS = everything()
