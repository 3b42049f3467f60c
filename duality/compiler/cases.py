"""Lower a ``match`` whose guards rest.

    before   match it:                      after    match it:
                 case [x] if await f(x): a               case [x]:
                 case _: b                                   _1 = await f(x)
                                                             if _1: a
                                                             else: [match it: case _: b]
                                                         case _: b

Rule: a guard is evaluated when its pattern has matched, and if it is false the patterns after it are tried; they are
written out for both ways of coming to them. Source: language reference, 8.6.2.
"""

import ast

from duality.compiler.jumps import Context
from duality.compiler.outs import irrefutable
from duality.compiler.part import Part
from duality.compiler.slots import has_await
from duality.compiler.tree import Block, If, Match


class Cases(Part):
    """The part of the lowerer that deals with ``match``."""

    def _Match(self, node: ast.Match, context: Context, out: Block) -> None:
        lower = self.expressions(out)
        subject = lower.lower(node.subject)
        if any(_rests(case) for case in node.cases):
            subject = lower.spill(subject)
        out.extend(self._cases(subject, node.cases, context, node.lineno))

    def _cases(self, subject: ast.expr, cases: list[ast.match_case], context: Context, line: int) -> Block:
        """The match statement, if there is a case."""
        tried: list[tuple[ast.match_case, Block]] = []
        for place, case in enumerate(cases):
            if not _rests(case):
                tried.append((case, self.block(case.body, context)))
                continue
            later = cases[place + 1 :]
            tried.append((_of(case.pattern), self._guarded(subject, case, later, context, line)))
            if later and not irrefutable(case.pattern):
                nothing = ast.copy_location(ast.MatchAs(None, None), case.pattern)
                tried.append((_of(nothing), self._cases(subject, later, context, line)))
            break
        return [Match(subject, tried, line)] if tried else []

    def _guarded(
        self, subject: ast.expr, case: ast.match_case, later: list[ast.match_case], context: Context, line: int
    ) -> Block:
        assert case.guard is not None
        block: Block = []
        test = self.expressions(block).test(case.guard)
        rest = self._cases(subject, later, context, line)
        block.append(If(test, self.block(case.body, context), rest, case.guard.lineno))
        return block


def _rests(case: ast.match_case) -> bool:
    return case.guard is not None and has_await(case.guard)


def _of(pattern: ast.pattern) -> ast.match_case:
    return ast.match_case(pattern, None, [])
