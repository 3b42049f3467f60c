"""Where control goes from a handler's text: outwards through the constructs around it, and out of them by a jump.

Rule: what follows a construct that a rest cut through is written in every handler that comes to it, as long as it is
light; a heavy loop, and heavy work after a join of paths, are written once and jumped to. The first handler has the
whole procedure in the spec's own shape, so nothing of it is cut.
"""

from typing import Any

from duality.compiler.constructs import Constructs, Text, let_go
from duality.compiler.handlers import Handler
from duality.compiler.lines import Line, deeper, then
from duality.compiler.places import Places
from duality.compiler.tree import Block, Break, Continue, Leave, Loop, Rest, Statement, Try, rests_in
from duality.compiler.weight import HEAVY, weight


class Ways(Constructs):
    """The part of the ripper that follows control; ``rip.py`` writes the handlers."""

    names: dict[str, str]
    places: Places
    current: Handler

    def outward(self, block: Block, lines: list[Line], falls: bool) -> list[Line]:
        """Go on behind the construct that ``block`` belongs to, and so on to the end of the procedure."""
        while (parent := self.places.parent(block)) is not None:
            if parent.role == "try":
                assert isinstance(parent.statement, Try)
                lines, falls = self.wrapped(parent.statement, lines, falls)
            elif parent.role == "catch":
                lines = self._handling(parent.statement, block, lines)
            elif parent.role == "loop" and falls:
                more, falls = self._reach(parent.block, parent.position)
                lines = then(lines, more)
            if falls:
                more, falls = self.emit(parent.block, parent.position + 1)
                lines = then(lines, more)
            block = parent.block
        return then(lines, self.records.reply(None, self._last_line())) if falls else lines

    def _last_line(self) -> int:
        return self.lowered.points.end.line

    def _handling(self, statement: Statement, block: Block, lines: list[Line]) -> list[Line]:
        """Put the handled error back in its place, so that a bare ``raise`` and ``__context__`` find it."""
        assert isinstance(statement, Try)
        catch = next(one for one in statement.catches if one.body is block)
        pending = catch.pending
        again = f"raise {self.records.names['again']}({pending})"
        restore = f"{pending}.__traceback__ = {pending}.__traceback__.tb_next.tb_next"
        return [
            Line(0, "try:", None),
            Line(1, again, None),
            Line(0, "except BaseException:", None),
            Line(1, restore, None),
            *deeper(lines),
        ]

    def heavy(self, block: Block) -> bool:
        """Whether ``block`` is more than what is written wherever control comes to it."""
        return weight(block, self.lowered.points.always) > HEAVY

    def is_cut(self, block: Block, place: int) -> bool:
        """Whether the text at ``place`` is too heavy to be written wherever control comes from."""
        if not self.records.made:  # the first handler has the whole procedure, in the spec's own shape
            return False
        if self.current.block is block and self.current.position == place:
            return False
        one = block[place]
        if isinstance(one, Loop) and rests_in([one]) and self.heavy([one]):
            return True
        before = block[place - 1] if place else None
        crossed = before is not None and not isinstance(before, Rest) and bool(rests_in([before]))
        return crossed and self.heavy(block[place:])

    def way_out(self, block: Block, one: Any) -> list[Line]:
        """Python's own jump where its loop is in this text; what follows it, or a jump to that, where it is not."""
        if isinstance(one, Leave):
            return self.jump(one.to.exits[one.key], 0)
        loop = self.places.loop_around(block)
        if id(loop.statement) in self.open_loops:
            (self.broken if isinstance(one, Break) else self.turns).add(id(loop.statement))
            return [Line(0, "break" if isinstance(one, Break) else "continue", one.line)]
        position = loop.position + 1 if isinstance(one, Break) else loop.position
        if isinstance(one, Continue):
            lines, falls = self._reach(loop.block, position) if not self.places.enclosed(block) else ([], True)
            if falls and not lines:
                return self.jump(loop.block, position)
            return self._outward_from(loop.block, position + 1, lines, falls)
        if self.places.enclosed(block) or self.heavy(loop.block[position:]):
            return self.jump(loop.block, position)
        assert isinstance(loop.statement, Loop)
        return self._outward_from(loop.block, position, let_go(loop.statement), True)

    def _outward_from(self, block: Block, position: int, lines: list[Line], falls: bool) -> list[Line]:
        if falls:
            more, falls = self.emit(block, position)
            lines = then(lines, more)
        return self.outward(block, lines, falls)

    def _reach(self, block: Block, place: int) -> Text:
        """Control comes to ``place`` from elsewhere: write it here, or jump to where it is written."""
        if self.is_cut(block, place):
            return self.jump(block, place), False
        return self.statement(block, place)
