"""Follow Python's own control flow through a text, carrying the blocking points that may have been passed last.

Rule: this file knows what `if`, `while`, `try`, `finally`, `with` do with control (language reference, chapter 8) and
nothing of duality; a reader says what an expression passes and what a `return` means in its text. A state is the set of
points that may be the last one passed; an error may arise at any statement, and after any point.
"""

import ast

from attrs import evolve, frozen

from duality.graph import Edge, Node

State = frozenset[Node]
NOWHERE: State = frozenset()


@frozen
class Out:
    """The states in which control leaves a piece of text, one for each way out."""

    next: State = NOWHERE
    returns: State = NOWHERE
    breaks: State = NOWHERE
    continues: State = NOWHERE
    errors: State = NOWHERE

    def besides(self, other: "Out", **changed: State) -> "Out":
        """The union of both, way by way; ``changed`` overrides."""
        both = Out(
            self.next | other.next,
            self.returns | other.returns,
            self.breaks | other.breaks,
            self.continues | other.continues,
            self.errors | other.errors,
        )
        return evolve(both, **changed)


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

    def exit_of(self, node: ast.With | ast.AsyncWith) -> Node | None:
        """The blocking point at the end of a ``with`` block, if there is one."""
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

    def _FunctionDef(self, node: ast.FunctionDef, state: State) -> Out:
        return Out(next=state)

    _ClassDef = _AsyncFunctionDef = _FunctionDef

    def _If(self, node: ast.If, state: State) -> Out:
        test = self.expression(node.test, state)
        arms = self.block(node.body, test.next).besides(self.block(node.orelse, test.next))
        return arms.besides(test, next=arms.next)

    def _Match(self, node: ast.Match, state: State) -> Out:
        subject = self.expression(node.subject, state)
        out = subject
        for case in node.cases:
            out = out.besides(self.block(case.body, subject.next))
        return out

    def _While(self, node: ast.While, state: State) -> Out:
        endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
        return self._loop(node, state, endless)

    def _For(self, node: ast.For, state: State) -> Out:
        items = self.expression(node.iter, state)
        return self._loop(node, items.next, False).besides(Out(errors=items.errors))

    def _loop(self, node: ast.While | ast.For, state: State, endless: bool) -> Out:
        head = state
        while True:
            test = self.expression(node.test, head) if isinstance(node, ast.While) else Out(next=head, errors=head)
            body = self.block(node.body, test.next)
            again = head | body.next | body.continues
            if again == head:
                break
            head = again
        ended = Out() if endless else self.block(node.orelse, test.next)
        errors = test.errors | body.errors | ended.errors
        return ended.besides(Out(returns=body.returns, errors=errors), next=ended.next | body.breaks)

    def _Try(self, node: ast.Try, state: State) -> Out:
        body = self.block(node.body, state)
        thrown = body.errors | state
        orelse = self.block(node.orelse, body.next)
        out = body.besides(orelse, next=orelse.next, errors=orelse.errors)
        for handler in node.handlers:
            out = out.besides(self.block(handler.body, thrown))
        if not any(_catches_all(handler) for handler in node.handlers):
            out = out.besides(Out(errors=thrown))
        return self._finally(node.finalbody, out) if node.finalbody else out

    _TryStar = _Try

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
        entered = self.expression(node.items[0], state)
        refused = entered.errors | state
        later = Out(next=entered.next)  # a manager within another: what goes wrong there, the outer one may swallow
        for item in node.items[1:]:
            more = self.expression(item, later.next)
            later = later.besides(more, next=more.next)
        body = self.block(node.body, later.next).besides(Out(errors=later.errors | entered.next))
        last = self.exit_of(node)
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


def _catches_all(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or (isinstance(handler.type, ast.Name) and handler.type.id == "BaseException")
