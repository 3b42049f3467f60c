"""Write a block of the lowered program as text: Python's own if, match, loop, try and with, rests becoming returns.

Rule: a construct keeps its shape. Each method gives the lines and whether control falls off their end; a loop that can
only ever be left before its second turn is an `if`.
"""

import ast
import re
from typing import Any

from duality.compiler.lines import Line, deeper, passing, then, unparsed
from duality.compiler.lowered import Lowered
from duality.compiler.records import Records
from duality.compiler.tree import (
    Block,
    Catch,
    If,
    Loop,
    Match,
    Rest,
    Return,
    Simple,
    Try,
    With,
)  # fmt: skip

Text = tuple[list[Line], bool]


class Constructs:
    """The half of the ripper that writes statements; ``rip.py`` says where the text is cut."""

    lowered: Lowered
    records: Records

    def __init__(self) -> None:
        self.open_loops: set[int] = set()
        self.turns: set[int] = set()  # loops that a plain `continue` was written for
        self.broken: set[int] = set()  # ... and a plain `break`
        self.jumped = False

    def is_cut(self, block: Block, place: int) -> bool:
        """Whether what stands at ``place`` is written elsewhere, in a handler of its own."""
        raise NotImplementedError

    def jump(self, block: Block, place: int) -> list[Line]:
        """Go to the handler that is written for ``place``."""
        raise NotImplementedError

    def rest(self, block: Block, place: int, one: Rest) -> Text:
        """Come to ``one``, which stands at ``place``, and rest there if it does not answer at once."""
        raise NotImplementedError

    def way_out(self, block: Block, one: Any) -> list[Line]:
        """A break, a continue, or a way through a ``finally``."""
        raise NotImplementedError

    def emit(self, block: Block, position: int) -> Text:
        """The text from ``position`` to the block's end, and whether control falls off that end."""
        lines: list[Line] = []
        for place in range(position, len(block)):
            if self.is_cut(block, place):
                return lines + self.jump(block, place), False
            more, falls = self.statement(block, place)
            lines = then(lines, more)
            if not falls:
                return lines, False
        return lines, True

    def statement(self, block: Block, place: int) -> Text:
        """The text of the statement at ``place``."""
        one = block[place]
        if isinstance(one, Simple):
            return unparsed(one.node, one.line), not isinstance(one.node, ast.Raise)
        if isinstance(one, Rest):
            return self.rest(block, place, one)
        if isinstance(one, Return):
            return self.records.reply(one.value, one.line), False
        if isinstance(one, If):
            return self._if(one)
        if isinstance(one, Match):
            return self._match(one)
        if isinstance(one, Loop):
            return self._loop(one)
        if isinstance(one, Try):
            return self._try(one)
        if isinstance(one, With):
            body, _ = self.emit(one.body, 0)
            items = ", ".join(ast.unparse(item) for item in one.items)
            return [Line(0, f"with {items}:", one.line), *deeper(body)], True
        lines = self.way_out(block, one)
        return passing(one.line, lines), False

    def _if(self, one: If) -> Text:
        body, falls = self.emit(one.body, 0)
        lines = [Line(0, f"if {ast.unparse(one.test)}:", one.line), *deeper(body)]
        if not one.orelse:
            return lines, True
        orelse, orelse_falls = self.emit(one.orelse, 0)
        whole = all(line.depth or line.text.startswith(("elif ", "else:")) for line in orelse[1:])
        if len(one.orelse) == 1 and isinstance(one.orelse[0], If) and orelse[0].text.startswith("if ") and whole:
            lines += [Line(0, f"el{orelse[0].text}", orelse[0].origin), *orelse[1:]]
        elif falls:
            lines += [Line(0, "else:", None), *deeper(orelse)]
        else:
            lines += orelse
        return lines, falls or orelse_falls

    def _match(self, one: Match) -> Text:
        lines, falls = [Line(0, f"match {ast.unparse(one.subject)}:", one.line)], True
        for case, body in one.cases:
            guard = f" if {ast.unparse(case.guard)}" if case.guard is not None else ""
            inner, _ = self.emit(body, 0)
            lines += [Line(1, f"case {ast.unparse(case.pattern)}{guard}:", case.pattern.lineno)]
            lines += deeper(deeper(inner))
        return lines, falls

    def _loop(self, one: Loop) -> Text:
        self.open_loops.add(id(one))
        self.turns.discard(id(one))
        self.broken.discard(id(one))
        body, falls = self.emit(one.body, 0)
        self.open_loops.discard(id(one))
        comes_back, breaks = falls or id(one) in self.turns, id(one) in self.broken
        orelse, orelse_falls = self.emit(one.orelse, 0) if not one.endless else ([], False)
        if orelse:
            orelse = [*let_go(one), *orelse]
        if one.endless and not comes_back and not breaks:
            return passing(one.line, body), False
        if one.items is not None:
            assert one.target is not None
            head = f"for {ast.unparse(one.target)} in {ast.unparse(one.items)}:"
        else:
            assert one.test is not None
            head = f"{'while' if comes_back or breaks else 'if'} {ast.unparse(one.test)}:"
        lines = [Line(0, head, one.line), *deeper(body)]
        if orelse and breaks:
            lines += [Line(0, "else:", None), *deeper(orelse)]
        else:
            lines += orelse
        falls = orelse_falls or breaks
        return [*lines, *let_go(one)] if falls and (breaks or not orelse) else lines, falls

    def _try(self, one: Try) -> Text:
        body, falls = self.emit(one.body, 0)
        if not one.finalbody:
            return self.wrapped(one, body, falls)
        final, final_falls = self.emit(one.finalbody, 0)
        if one.catches:
            lines, falls = self.wrapped(one, body, falls)
        else:
            lines = [Line(0, "try:", one.line), *deeper(body)]
        return [*lines, Line(0, "finally:", None), *deeper(final)], falls and final_falls

    def _catch(self, one: Try, catch: Catch) -> Text:
        body, falls = self.emit(catch.body, 0)
        star = "*" if one.star else ""
        kind = f" {ast.unparse(catch.type)}" if catch.type is not None else ""
        named = f"{kind or ' BaseException'} as {catch.pending}" if self._uses(catch, body) else kind
        head = Line(0, f"except{star}{named}:", catch.line)
        return [head, *deeper(body)], falls

    def _uses(self, catch: Catch, body: list[Line]) -> bool:
        """Whether the text of a clause says the name of its error: what reads it, or writes it into a record."""
        if not catch.pending or catch.pending not in self.lowered.temporaries:
            return bool(catch.pending)
        word = re.compile(rf"\b{catch.pending}\b")
        return any(word.search(line.text) for line in body)

    def wrapped(self, one: Try, lines: list[Line], falls: bool) -> Text:
        """``lines`` as the body of ``one``, and its handlers."""
        orelse, orelse_falls = self.emit(one.orelse, 0) if falls else ([], False)
        text = [Line(0, "try:", one.line), *deeper(lines)]
        falls = orelse_falls
        for catch in one.catches:
            body, catch_falls = self._catch(one, catch)
            text += body
            falls = falls or catch_falls
        if orelse:
            text += [Line(0, "else:", None), *deeper(orelse)]
        return text, falls


def let_go(loop: Loop) -> list[Line]:
    """What follows a loop in a text that goes on: its iterator is needed no more."""
    return [Line(0, f"{loop.kept} = None", None, quiet=True)] if loop.kept else []
