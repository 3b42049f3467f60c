"""Print a procedure as it is after each pass, for whoever wants to watch the compiler work.

    read       the spec's own text
    lower      every rest a statement of its own: `x <- await call`
    split      the same, with a mark where each handler starts
    live       the same, with what is alive across each rest
    events, threads    the two programs

Rule: this file shows what the passes hand on and computes nothing; the ways out of a cut `finally` are printed as
`leaving by return:` and the like, which no Python has.
"""

import ast
from collections.abc import Callable

from duality.compiler.handlers import Handler
from duality.compiler.lines import Line, deeper, unparsed
from duality.compiler.lowered import lower
from duality.compiler.product import compile_procedure
from duality.compiler.read import read
from duality.compiler.refuse import refuse
from duality.compiler.rip import Ripper
from duality.compiler.tree import (
    Block,
    Break,
    Continue,
    If,
    Leave,
    Loop,
    Match,
    Rest,
    Return,
    Simple,
    Statement,
    Try,
    With,
)  # fmt: skip

PASSES = ("read", "lower", "split", "live")
STAGES = (*PASSES, "events", "threads")


def stage(function: Callable[..., object], owner: type | None, name: str) -> str:
    """The text of a procedure after the pass ``name``, one of ``STAGES``. Raises SpecError for what is refused."""
    if name not in PASSES:
        return compile_procedure(function, owner, name).text
    procedure = read(function, owner)
    if name == "read":
        return procedure.text + "\n"
    refuse(procedure)
    lowered = lower(procedure)
    ripper = Ripper(lowered)
    printer = _Printer(ripper, handlers=name in ("split", "live"), alive=name == "live")
    head = Line(0, f"{procedure.kind} {procedure.qualname}({ast.unparse(procedure.tree.args)})", None)
    return "\n".join(str(line) for line in [head, *deeper(printer.block(lowered.body))]) + "\n"


class _Printer:
    """Prints the lowered tree; ``handlers`` and ``alive`` say what is marked in it."""

    def __init__(self, ripper: Ripper, handlers: bool, alive: bool) -> None:
        self.ripper = ripper
        self.alive = alive
        self.starts: dict[tuple[int, int], list[Handler]] = {}
        for handler in ripper.handlers.all if handlers else ():
            self.starts.setdefault((id(handler.block), handler.position), []).append(handler)

    def block(self, block: Block) -> list[Line]:
        """Every statement of a block, and the marks between them."""
        lines: list[Line] = []
        for place, statement in enumerate(block):
            lines += self._mark(block, place) + self._statement(statement)
        return lines + self._mark(block, len(block))

    def _mark(self, block: Block, place: int) -> list[Line]:
        marks = []
        for handler in self.starts.get((id(block), place), ()):
            held = f"    alive: {', '.join(self.ripper.handlers.alive(handler)) or 'nothing'}" if self.alive else ""
            marks.append(Line(0, f"-- {handler.name}{held if handler.rest is not None else ''}", None))
        return marks

    def _statement(self, one: Statement) -> list[Line]:
        if isinstance(one, Simple):
            return unparsed(one.node, one.line)
        if isinstance(one, Rest):
            target = f"{one.target} <- " if one.target is not None else ""
            word = "" if one.node.kind == "reply" else "await "
            return [Line(0, f"{target}{word}{ast.unparse(one.call)}", one.line)]
        if isinstance(one, Return):
            return [Line(0, f"return {ast.unparse(one.value) if one.value is not None else 'None'}", one.line)]
        if isinstance(one, Leave):
            return [Line(0, f"leave by {one.key}", one.line)]
        if isinstance(one, Break | Continue):
            return [Line(0, type(one).__name__.lower(), one.line)]
        return self._construct(one)

    def _construct(self, one: If | Match | Loop | Try | With) -> list[Line]:
        if isinstance(one, If):
            return self._arm(f"if {ast.unparse(one.test)}:", one.body) + self._arm("else:", one.orelse, optional=True)
        if isinstance(one, Match):
            lines = [Line(0, f"match {ast.unparse(one.subject)}:", one.line)]
            for case, body in one.cases:
                guard = f" if {ast.unparse(case.guard)}" if case.guard is not None else ""
                lines += deeper(self._arm(f"case {ast.unparse(case.pattern)}{guard}:", body))
            return lines
        if isinstance(one, Loop):
            head = f"while {ast.unparse(one.test)}:" if one.test is not None else self._for(one)
            return self._arm(head, one.body) + self._arm("else:", one.orelse, optional=True)
        if isinstance(one, With):
            return self._arm(f"with {', '.join(ast.unparse(item) for item in one.items)}:", one.body)
        return self._try(one)

    def _for(self, one: Loop) -> str:
        assert one.target is not None
        assert one.items is not None
        return f"for {ast.unparse(one.target)} in {ast.unparse(one.items)}:"

    def _try(self, one: Try) -> list[Line]:
        lines = self._arm("try:", one.body)
        for catch in one.catches:
            kind = f" {ast.unparse(catch.type)}" if catch.type is not None else ""
            named = f" as {catch.pending}" if catch.pending else ""
            lines += self._arm(f"except{'*' if one.star else ''}{kind}{named}:", catch.body)
        lines += self._arm("else:", one.orelse, optional=True) + self._arm("finally:", one.finalbody, optional=True)
        for key, body in one.exits.items():
            lines += self._arm(f"leaving by {key}:", body)
        return lines

    def _arm(self, head: str, body: Block, optional: bool = False) -> list[Line]:
        if optional and not body:
            return []
        return [Line(0, head, None), *deeper(self.block(body))]
