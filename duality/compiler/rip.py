"""Rip a procedure apart at its blocking points: the events program.

    before   one procedure, with rests in the middle of its ifs, loops and tries
    after    a handler for its beginning and one for each rest it can be resumed from

Rules: a handler keeps the spec's own if, while, for and try where the flow allows, and returns where it rests. What
lives across the rest is written into the record, by hand, so to speak; nothing else is. Work after a join of paths that
would be repeated too often becomes a handler of its own, reached by a jump.
Source: Adya et al. 2002 (stack ripping); Lauer & Needham 1978, section 3 (the mapping of procedures to messages).
"""

import ast
from typing import Any

from duality.compiler.constructs import Constructs, Text
from duality.compiler.handlers import Handler, Handlers
from duality.compiler.lines import Line, deeper
from duality.compiler.lowered import Lowered
from duality.compiler.places import Places
from duality.compiler.records import Records
from duality.compiler.scopes import binding_count, reads
from duality.compiler.tree import Block, Break, Continue, Leave, Loop, Rest, Statement, Try, rests_in
from duality.compiler.weight import HEAVY, weight


class Ripper(Constructs):
    """Writes the handlers of one lowered procedure; ``handlers.all`` has them in order of discovery."""

    def __init__(self, lowered: Lowered) -> None:
        super().__init__()
        self.lowered = lowered
        self.names = lowered.names
        self.places = Places(lowered.body)
        self.handlers = Handlers(lowered)
        self.records = Records(lowered, self.handlers)
        self.current = self.handlers.all[0]
        self.current.lines = self._first(self.current)
        done = 1
        while done < len(self.handlers.all):
            handler = self.handlers.all[done]
            handler.lines = self._resumed(handler)
            done += 1

    # -- handlers ------------------------------------------------------------------------------------------------------

    def _first(self, handler: Handler) -> list[Line]:
        self.current = handler
        self.records.made = self.needs_record = False
        body = self._from(handler)
        if self.needs_record:  # a `try` that rests: whoever catches must find the record, so it is made before
            self.handlers.forget()
            self.records.made = True
            made = Line(0, f"{self.names['f']} = {self.records.make('None', '()')}", None)
            body = [made, *self._from(handler)]
        procedure = self.lowered.procedure
        head = Line(0, f"def {handler.name}({self.lowered.signature()}):", procedure.first_line)
        marks = [Line(0, f"@{procedure.kind}", None)] if procedure.kind != "internal" else []
        body = [*self._cells(), *body]
        return [*marks, head, *deeper([*self._locals(head, body), *body])]

    def _cells(self) -> list[Line]:
        made = []
        for name, cell in self.lowered.cells.items():
            start = name if name in self.lowered.parameters else ""
            made.append(Line(0, f"{cell} = {self.names['Cell']}({start})", self.lowered.procedure.first_line))
        return self._declared() + made

    def _declared(self) -> list[Line]:
        return [Line(0, text, None) for text in self.lowered.declarations]

    def _resumed(self, handler: Handler) -> list[Line]:
        self.current = handler
        self.records.made = True
        f, error = self.names["f"], self.names["error"]
        head = Line(0, f"def {handler.name}({f}, {self.records.parameter(handler)}, {error}):", None)
        body = [*self._declared(), *self.records.load(handler), *self._from(handler)]
        return [head, *deeper([*self._locals(head, body), *body])]

    def _locals(self, head: Line, body: list[Line]) -> list[Line]:
        """Declare the variables that a handler reads and never binds: unbound there, and locals nevertheless."""
        tree = ast.parse("\n".join(map(str, [head, *deeper(body)]))).body[0]
        assert isinstance(tree, ast.FunctionDef)
        bound = binding_count(tree)
        read = {name for statement in tree.body for name in reads(statement)}
        names = [name for name in self.lowered.order if name in read and name not in bound]
        return [Line(0, f"{name}: {self.names['UNBOUND']}", None) for name in names]

    def _from(self, handler: Handler) -> list[Line]:
        """Everything from the handler's place to the end of the procedure, or to the next rests."""
        block = handler.block
        lines: list[Line] = []
        if handler.node is not None:
            error = self.names["error"]
            called = handler.node.kind == "call" and self.places.handling(block)
            again = f"{self.records.names['carry']}({error})" if called else f"raise {error}"
            lines += [Line(0, f"if {error} is not None:", None), Line(1, again, handler.node.line)]
            if handler.target is not None and self.records.parameter(handler) != handler.target:
                lines.append(Line(0, f"{handler.target} = {self.records.parameter(handler)}", handler.node.line))
        rest, falls = self.emit(block, handler.position, start=True)
        return self._outward(block, lines + rest, falls, protected=True)

    def _outward(self, block: Block, lines: list[Line], falls: bool, protected: bool) -> list[Line]:
        """Go on behind the construct that ``block`` belongs to, and so on to the end of the procedure."""
        while (parent := self.places.parent(block)) is not None:
            if parent.role == "try" and protected:
                assert isinstance(parent.statement, Try)
                lines, falls = self.wrapped(parent.statement, lines, falls)
            elif parent.role == "catch" and protected:
                lines = self._handling(parent.statement, block, lines)
            elif parent.role == "loop" and falls:
                more, falls = self._reach(parent.block, parent.position)
                lines = lines + more
            if falls:
                more, falls = self.emit(parent.block, parent.position + 1, start=False)
                lines = lines + more
            block = parent.block
        return lines + self.records.reply(None, self._last_line()) if falls else lines

    def _last_line(self) -> int:
        return self.lowered.points.end.line

    def _handling(self, statement: Statement, block: Block, lines: list[Line]) -> list[Line]:
        """Put the handled error back in its place, so that a bare ``raise`` and ``__context__`` find it."""
        assert isinstance(statement, Try)
        catch = next(one for one in statement.catches if one.body is block)
        pending, nested = catch.pending, self.places.handling(self.places.parent(block).block)  # type: ignore[union-attr]
        again = f"{self.records.names['carry']}({pending})" if nested else f"raise {pending}"
        restore = f"{pending}.__traceback__ = {pending}.__traceback__.tb_next{'.tb_next' if nested else ''}"
        return [
            Line(0, "try:", None),
            Line(1, again, None),
            Line(0, "except BaseException:", None),
            Line(1, restore, None),
            *deeper(lines),
        ]

    def is_cut(self, block: Block, place: int) -> bool:
        """Whether the text at ``place`` is too heavy to be written wherever control comes from."""
        if self.current.block is block and self.current.position == place:
            return False
        one = block[place]
        if isinstance(one, Loop) and rests_in([one]) and weight([one]) > HEAVY:
            return True
        before = block[place - 1] if place else None
        crossed = before is not None and not isinstance(before, Rest) and bool(rests_in([before]))
        return crossed and weight(block[place:]) > HEAVY

    # -- ways out ------------------------------------------------------------------------------------------------------

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
        if self.places.enclosed(block) or weight(loop.block[position:]) > HEAVY:
            return self.jump(loop.block, position)
        return self._outward_from(loop.block, position, [], True)

    def _outward_from(self, block: Block, position: int, lines: list[Line], falls: bool) -> list[Line]:
        if falls:
            more, falls = self.emit(block, position)
            lines = lines + more
        return self._outward(block, lines, falls, protected=False)

    def _reach(self, block: Block, place: int) -> Text:
        """Control comes to ``place`` from elsewhere: write it here, or jump to where it is written."""
        if self.is_cut(block, place):
            return self.jump(block, place), False
        return self.statement(block, place)

    # -- rests, jumps and replies --------------------------------------------------------------------------------------

    def rest(self, block: Block, place: int, one: Rest) -> list[Line]:
        """Write down how to go on, then send the message: the handler returns with it."""
        handler = self.handlers.after(block, place + 1, one)
        lines = self.records.save(handler, one.line)
        call = ast.unparse(self.lowered.message(one.call, self._task()))
        return [*lines, Line(0, f"return {call}", one.line)]

    def _task(self) -> str:
        return f"{self.names['f']}.task" if self._resumed_handler() else self.names["task"]

    def _resumed_handler(self) -> bool:
        return self.current is not self.handlers.all[0]

    def jump(self, block: Block, place: int) -> list[Line]:
        """Go to the handler that is written for ``place``; the dispatcher calls it next."""
        block, place = self.places.settle(block, place)
        handler = self.handlers.at(self.places.word(block, place), block, place)
        return [*self.records.save(handler, None), Line(0, "return None", None)]
