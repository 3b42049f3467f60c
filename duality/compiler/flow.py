"""Follow Python's own control flow through a text, carrying the blocking points that may have been passed last.

Rule: this file knows what `if`, `while`, `try`, `finally`, `with` do with control (language reference, chapter 8) and
nothing of duality; a reader says what an expression passes and what a `return` means in its text. A state is the set of
points that may be the last one passed; an error may arise at any statement, and after any point.
"""

import ast

from attrs import evolve

from duality.compiler.outs import NOWHERE, Out, State, catches_all, irrefutable
from duality.compiler.scopes import outside_of
from duality.graph import Edge, Node

__all__ = ["NOWHERE", "Flow", "Out", "State"]


class Flow:
    """Collects ``edges`` while it walks. Subclasses say what an expression passes."""

    def __init__(self) -> None:
        self.edges: set[Edge] = set()

    # -- for readers ---------------------------------------------------------------------------------------------------

    def passes(self, state: State, node: Node) -> State:
        """Control in ``state`` comes to ``node``."""
        self.edges.update(Edge(last, node) for last in state)
        return frozenset({node}) if state else NOWHERE

    def expression(self, node: ast.AST | None, state: State) -> Out:
        """Evaluate an expression (or the expressions of a simple statement)."""
        return Out(next=state, errors=state)

    def enter_of(self, node: ast.With | ast.AsyncWith, item: ast.withitem) -> Node | None:
        """The blocking point where a manager is entered, if it is one."""
        return None

    def exit_of(self, node: ast.With | ast.AsyncWith, item: ast.withitem) -> Node | None:
        """The blocking point where a manager is left, if it is one."""
        return None

    def next_of(self, node: ast.For | ast.AsyncFor) -> Node | None:
        """The blocking point that every turn of a loop comes by, if it does."""
        return None

    def returning(self, node: ast.Return, state: State) -> Out:
        """A ``return`` statement."""
        out = self.expression(node.value, state)
        return Out(returns=out.next, errors=out.errors | state)

    # -- statements ----------------------------------------------------------------------------------------------------

    def block(self, statements: list[ast.stmt], state: State) -> Out:
        """Walk a list of statements, as far as control can come."""
        out = Out(next=state)
        for statement in statements:
            if not out.next:
                break
            more = self.statement(statement, out.next)
            out = out.besides(more, next=more.next)
        return out

    def statement(self, node: ast.stmt, state: State) -> Out:
        """Walk one statement."""
        method = getattr(self, f"_{type(node).__name__}", None)
        out: Out = method(node, state) if method is not None else self.expression(node, state)
        return evolve(out, errors=out.errors | state)

    def _Return(self, node: ast.Return, state: State) -> Out:
        return self.returning(node, state)

    def _Raise(self, node: ast.Raise, state: State) -> Out:
        out = self.expression(node, state)
        return Out(errors=out.errors | out.next)

    def _Break(self, node: ast.Break, state: State) -> Out:
        return Out(breaks=state)

    def _Continue(self, node: ast.Continue, state: State) -> Out:
        return Out(continues=state)

    def _Assert(self, node: ast.Assert, state: State) -> Out:
        if not __debug__:  # under -O there are none
            return Out(next=state)
        test = self.expression(node.test, state)
        message = self.expression(node.msg, test.next)
        return test.besides(Out(errors=test.next | message.errors | message.next))

    def _FunctionDef(self, node: ast.FunctionDef | ast.ClassDef, state: State) -> Out:
        """Its decorators, defaults, bases; the body is for another time."""
        out = Out(next=state)
        for part in outside_of(node):
            more = self.expression(part, out.next)
            out = out.besides(more, next=more.next)
        return out

    _ClassDef = _FunctionDef

    def _If(self, node: ast.If, state: State) -> Out:
        test = self.expression(node.test, state)
        arms = self.block(node.body, test.next).besides(self.block(node.orelse, test.next))
        return arms.besides(test, next=arms.next)

    def _Match(self, node: ast.Match, state: State) -> Out:
        subject = self.expression(node.subject, state)
        out, tried = subject, subject.next
        for case in node.cases:
            guard = self.expression(case.guard, tried)
            out = out.besides(guard).besides(self.block(case.body, guard.next))
            # The next patterns are tried where this one did not match, or its guard was false.
            tried = guard.next if case.guard is not None and irrefutable(case.pattern) else tried | guard.next
        return out

    def _While(self, node: ast.While, state: State) -> Out:
        endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
        return self._loop(node, state, endless)

    def _For(self, node: ast.For | ast.AsyncFor, state: State) -> Out:
        items = self.expression(node.iter, state)
        return self._loop(node, items.next, False).besides(Out(errors=items.errors))

    _AsyncFor = _For

    def _loop(self, node: ast.While | ast.For | ast.AsyncFor, state: State, endless: bool) -> Out:
        head = state
        while True:
            test = self.expression(node.test, head) if isinstance(node, ast.While) else self._turn(node, head)
            target = Out(next=test.next) if isinstance(node, ast.While) else self.expression(node.target, test.next)
            body = self.block(node.body, target.next)
            body = evolve(body, errors=body.errors | target.errors)
            again = head | body.next | body.continues
            if again == head:
                break
            head = again
        ended = Out() if endless else self.block(node.orelse, test.next)
        errors = test.errors | body.errors | ended.errors
        return ended.besides(Out(returns=body.returns, errors=errors), next=ended.next | body.breaks)

    def _turn(self, node: ast.For | ast.AsyncFor, state: State) -> Out:
        where = self.next_of(node)
        passed = self.passes(state, where) if where is not None else state
        return Out(next=passed, errors=state | passed)

    def _Try(self, node: ast.Try, state: State) -> Out:
        body = self.block(node.body, state)
        thrown = body.errors | state
        orelse = self.block(node.orelse, body.next)
        out = body.besides(orelse, next=orelse.next, errors=orelse.errors)
        for handler in node.handlers:
            kind = self.expression(handler.type, thrown)
            out = out.besides(self.block(handler.body, kind.next)).besides(Out(errors=kind.errors))
            thrown = kind.next
        if not any(catches_all(handler) for handler in node.handlers):
            out = out.besides(Out(errors=thrown))
        return self._finally(node.finalbody, out) if node.finalbody else out

    def _TryStar(self, node: ast.TryStar, state: State) -> Out:
        """Any of the clauses may run, one after the other; what they raise leaves after the last one."""
        body = self.block(node.body, state)
        thrown = body.errors | state
        orelse = self.block(node.orelse, body.next)
        out, handled = body.besides(orelse, next=orelse.next, errors=orelse.errors), False
        for handler in node.handlers:
            kind = self.expression(handler.type, thrown)
            ran = self.block(handler.body, kind.next)
            out = out.besides(Out(errors=kind.errors))
            thrown = kind.next | ran.next | ran.errors
            handled = handled or bool(ran.next)
        out = out.besides(Out(next=thrown if handled else NOWHERE, errors=thrown))
        return self._finally(node.finalbody, out) if node.finalbody else out

    def _finally(self, final: list[ast.stmt], out: Out) -> Out:
        """Every way out runs the clause, in the state in which it is taken, and goes on where it was going."""
        after = Out()
        for way in ("next", "returns", "breaks", "continues", "errors"):
            state: State = getattr(out, way)
            if state:
                done = self.block(final, state)
                after = after.besides(evolve(done, next=NOWHERE)).besides(Out(**{way: done.next}))
        return after

    def _With(self, node: ast.With | ast.AsyncWith, state: State) -> Out:
        return self._within(node, node.items, state)

    def _within(self, node: ast.With | ast.AsyncWith, items: list[ast.withitem], state: State) -> Out:
        """Each manager is within the one before: what goes wrong there, the outer one may swallow."""
        item = items[0]
        entered = self.expression(item.context_expr, state)
        refused = entered.errors | state
        enter, last = self.enter_of(node, item), self.exit_of(node, item)
        if enter is not None:
            refused |= entered.next
            entered = Out(next=self.passes(entered.next, enter))
            refused |= entered.next
        later = self.expression(item.optional_vars, entered.next)
        inner = self._within(node, items[1:], later.next) if len(items) > 1 else self.block(node.body, later.next)
        body = inner.besides(Out(errors=later.errors | entered.next))
        if last is not None:
            ways = {name: self.passes(getattr(body, name), last) for name in ("returns", "breaks", "continues")}
            failed = self.passes(body.errors, last)
            # Asking the manager to leave may itself fail, before the point is passed.
            before = body.next | body.returns | body.breaks | body.continues | body.errors
            body = Out(self.passes(body.next, last) | failed, errors=failed | before, **ways)
            return body.besides(Out(errors=refused))
        # What the block raises may be swallowed by the manager.
        return body.besides(Out(errors=refused), next=body.next | body.errors)

    _AsyncWith = _With
