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

from attrs import define

from duality.compiler.lines import Line, deeper, unparsed
from duality.compiler.lowered import Lowered
from duality.compiler.tree import (
    Block,
    Break,
    Catch,
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
    rests_in,
)  # fmt: skip
from duality.compiler.weight import HEAVY, weight
from duality.graph import Node


@define(eq=False)
class Handler:
    """One handler: where it starts, the rest it is resumed from (None for the beginning and for jumps)."""

    name: str
    block: Block
    position: int
    rest: Rest | None
    lines: list[Line]

    @property
    def node(self) -> Node | None:
        """The blocking point it is resumed from."""
        return self.rest.node if self.rest is not None else None

    @property
    def target(self) -> str | None:
        """The variable that takes the rest's value."""
        return self.rest.target if self.rest is not None else None


@define(eq=False)
class _Parent:
    statement: Statement
    role: str
    block: Block
    position: int


class Ripper:
    """Writes the handlers of one lowered procedure; ``handlers`` has them in order of discovery."""

    def __init__(self, lowered: Lowered) -> None:
        self.lowered = lowered
        self.names = lowered.names
        self.parents: dict[int, _Parent] = {}
        self._note_parents(lowered.body)
        self.handlers: list[Handler] = []
        self.by_place: dict[tuple[int, int, bool], Handler] = {}
        self.open_loops: set[int] = set()
        self.turns: set[int] = set()  # loops that a plain `continue` was written for
        self.broken: set[int] = set()  # ... and a plain `break`
        self.has_record = False
        self.needs_record = False
        self.current: Handler | None = None
        self._run()

    def _note_parents(self, block: Block) -> None:
        from duality.compiler.tree import blocks_of

        for position, statement in enumerate(block):
            for role, inner in blocks_of(statement):
                self.parents[id(inner)] = _Parent(statement, role, block, position)
                self._note_parents(inner)

    def _run(self) -> None:
        first = Handler(self.lowered.procedure.name.lstrip("_"), self.lowered.body, 0, None, [])
        self.handlers.append(first)
        first.lines = self._first(first)
        done = 1
        while done < len(self.handlers):
            handler = self.handlers[done]
            handler.lines = self._resumed(handler)
            done += 1

    def headline(self, handler: Handler) -> list[str]:
        """A comment for a handler: where it is resumed from, and with what."""
        procedure = self.lowered.procedure
        if handler is self.handlers[0]:
            return [f"# {procedure.qualname}, begun by a message"]
        held = ", ".join(self.alive(handler)) or "nothing"
        if handler.node is None:
            return [f"# {procedure.qualname}, gone to from its other handlers; the record holds {held}"]
        where = f"line {handler.node.line}: {procedure.line(handler.node.line).strip()}"
        return [f"# {procedure.qualname}, resumed at {where}", f"# alive across the rest: {held}"]

    # -- handlers ------------------------------------------------------------------------------------------------------

    def _first(self, handler: Handler) -> list[Line]:
        self.current = handler
        saved = len(self.handlers), dict(self.by_place)
        self.has_record = self.needs_record = False
        body = self._from(handler)
        if self.needs_record:  # a `try` that rests: whoever catches must find the record, so it is made before
            del self.handlers[saved[0] :]
            self.by_place = saved[1]
            self.has_record = True
            made = Line(0, f"{self.names['f']} = {self._make('None', '()')}", None)
            body = [made, *self._from(handler)]
        procedure = self.lowered.procedure
        head = Line(0, f"def {handler.name}({self.lowered.signature()}):", procedure.first_line)
        marks = [Line(0, f"@{procedure.kind}", None)] if procedure.kind != "internal" else []
        return [*marks, head, *deeper([*self._cells(), *body])]

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
        self.has_record = True
        f, error = self.names["f"], self.names["error"]
        head = Line(0, f"def {handler.name}({f}, {self._value(handler)}, {error}):", None)
        return [head, *deeper([*self._declared(), *self._load(handler), *self._from(handler)])]

    def _value(self, handler: Handler) -> str:
        """The parameter that brings the result: the spec's own variable, unless its old value may still be needed."""
        if handler.target is None or handler.target in self.alive(handler):
            return self.names["value"]
        return handler.target

    def _load(self, handler: Handler) -> list[Line]:
        alive = self.alive(handler)
        if not alive:
            return []
        lines = [Line(0, f"{_tuple(alive)} = {self.names['f']}.alive", None)]
        for name in self._doubtful(handler, alive):
            lines += [Line(0, f"if {name} is {self.names['UNBOUND']}:", None), Line(1, f"del {name}", None)]
        return lines

    def _from(self, handler: Handler) -> list[Line]:
        """Everything from the handler's place to the end of the procedure, or to the next rests."""
        block = handler.block
        lines: list[Line] = []
        if handler.node is not None:
            error = self.names["error"]
            lines += [Line(0, f"if {error} is not None:", None), Line(1, f"raise {error}", handler.node.line)]
            if handler.target is not None and self._value(handler) != handler.target:
                lines.append(Line(0, f"{handler.target} = {self._value(handler)}", handler.node.line))
        rest, falls = self._emit(block, handler.position, start=True)
        return self._outward(block, lines + rest, falls, protected=True)

    def _outward(self, block: Block, lines: list[Line], falls: bool, protected: bool) -> list[Line]:
        """Go on behind the construct that ``block`` belongs to, and so on to the end of the procedure."""
        while (parent := self.parents.get(id(block))) is not None:
            if parent.role == "try" and protected:
                assert isinstance(parent.statement, Try)
                lines, falls = self._wrapped(parent.statement, lines, falls)
            elif parent.role == "catch" and protected:
                lines = self._handling(parent.statement, block, lines)
            elif parent.role == "loop" and falls:
                more, falls = self._reach(parent.block, parent.position)
                lines = lines + more
            if falls:
                more, falls = self._emit(parent.block, parent.position + 1, start=False)
                lines = lines + more
            block = parent.block
        return lines + self._reply(None, self._last_line()) if falls else lines

    def _last_line(self) -> int:
        return self.lowered.points.end.line

    def _wrapped(self, one: Try, lines: list[Line], falls: bool) -> tuple[list[Line], bool]:
        orelse, orelse_falls = self._emit(one.orelse, 0) if falls else ([], False)
        text = [Line(0, "try:", None), *deeper(lines)]
        falls = orelse_falls
        for catch in one.catches:
            body, catch_falls = self._catch(one, catch)
            text += body
            falls = falls or catch_falls
        if orelse:
            text += [Line(0, "else:", None), *deeper(orelse)]
        return text, falls

    def _handling(self, statement: Statement, block: Block, lines: list[Line]) -> list[Line]:
        """Put the handled error back in its place, so that a bare ``raise`` and ``__context__`` find it."""
        assert isinstance(statement, Try)
        catch = next(one for one in statement.catches if one.body is block)
        restore = f"{catch.pending}.__traceback__ = {catch.pending}.__traceback__.tb_next"
        return [
            Line(0, "try:", None),
            Line(1, f"raise {catch.pending}", None),
            Line(0, "except BaseException:", None),
            Line(1, restore, None),
            *deeper(lines),
        ]

    # -- statements ----------------------------------------------------------------------------------------------------

    def _emit(self, block: Block, position: int, start: bool = False) -> tuple[list[Line], bool]:
        """The text from ``position`` to the block's end, and whether control falls off that end."""
        lines: list[Line] = []
        for place in range(position, len(block)):
            fresh = place > position or not start
            if fresh and self._is_cut(block, place):
                return lines + self._jump(block, place), False
            more, falls = self._statement(block, place)
            lines += more
            if not falls:
                return lines, False
        return lines, True

    def _is_cut(self, block: Block, place: int) -> bool:
        assert self.current is not None
        if self.current.block is block and self.current.position == place:
            return False
        one = block[place]
        if isinstance(one, Loop) and rests_in([one]) and weight([one]) > HEAVY:
            return True
        before = block[place - 1] if place else None
        crossed = before is not None and not isinstance(before, Rest) and bool(rests_in([before]))
        return crossed and weight(block[place:]) > HEAVY

    def _statement(self, block: Block, place: int) -> tuple[list[Line], bool]:
        one = block[place]
        if isinstance(one, Simple):
            return unparsed(one.node, one.line), not isinstance(one.node, ast.Raise)
        if isinstance(one, Rest):
            return self._rest(block, place, one), False
        if isinstance(one, Return):
            return self._reply(one.value, one.line), False
        if isinstance(one, If):
            return self._if(one)
        if isinstance(one, Match):
            return self._match(one)
        if isinstance(one, Loop):
            return self._loop(one)
        if isinstance(one, Try):
            return self._try(one)
        if isinstance(one, With):
            body, _ = self._emit(one.body, 0)
            items = ", ".join(ast.unparse(item) for item in one.items)
            return [Line(0, f"with {items}:", one.line), *deeper(body)], True
        return self._way_out(block, one), False

    def _if(self, one: If) -> tuple[list[Line], bool]:
        body, falls = self._emit(one.body, 0)
        lines = [Line(0, f"if {ast.unparse(one.test)}:", one.line), *deeper(body)]
        if not one.orelse:
            return lines, True
        orelse, orelse_falls = self._emit(one.orelse, 0)
        if len(one.orelse) == 1 and isinstance(one.orelse[0], If) and orelse[0].text.startswith("if "):
            lines += [Line(0, f"el{orelse[0].text}", orelse[0].origin), *orelse[1:]]
        elif falls:
            lines += [Line(0, "else:", None), *deeper(orelse)]
        else:
            lines += orelse
        return lines, falls or orelse_falls

    def _match(self, one: Match) -> tuple[list[Line], bool]:
        lines, falls = [Line(0, f"match {ast.unparse(one.subject)}:", one.line)], True
        for case, body in one.cases:
            guard = f" if {ast.unparse(case.guard)}" if case.guard is not None else ""
            inner, _ = self._emit(body, 0)
            lines += [Line(1, f"case {ast.unparse(case.pattern)}{guard}:", case.pattern.lineno)]
            lines += deeper(deeper(inner))
        return lines, falls

    def _loop(self, one: Loop) -> tuple[list[Line], bool]:
        self.open_loops.add(id(one))
        self.turns.discard(id(one))
        self.broken.discard(id(one))
        body, falls = self._emit(one.body, 0)
        self.open_loops.discard(id(one))
        comes_back, breaks = falls or id(one) in self.turns, id(one) in self.broken
        orelse, orelse_falls = self._emit(one.orelse, 0) if not one.endless else ([], False)
        if one.endless and not comes_back and not breaks:
            return body, False
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
        return lines, orelse_falls or breaks

    def _try(self, one: Try) -> tuple[list[Line], bool]:
        if rests_in([one]) or one.exits:
            self.needs_record = True
        body, falls = self._emit(one.body, 0)
        if not one.finalbody:
            return self._wrapped(one, body, falls)
        final, final_falls = self._emit(one.finalbody, 0)
        if one.catches:
            lines, falls = self._wrapped(one, body, falls)
        else:
            lines = [Line(0, "try:", None), *deeper(body)]
        return [*lines, Line(0, "finally:", None), *deeper(final)], falls and final_falls

    def _catch(self, one: Try, catch: Catch) -> tuple[list[Line], bool]:
        body, falls = self._emit(catch.body, 0)
        star = "*" if one.star else ""
        kind = f" {ast.unparse(catch.type)}" if catch.type is not None else ""
        named = f"{kind or ' BaseException'} as {catch.pending}" if self._uses(catch) else kind
        head = Line(0, f"except{star}{named}:", catch.line)
        if rests_in(one.body):
            body = [Line(0, f"{self.names['f']}.caught()", None), *body]
        return [head, *deeper(body)], falls

    def _uses(self, catch: Catch) -> bool:
        if not catch.pending or catch.pending not in self.lowered.temporaries:
            return bool(catch.pending)
        named = any(catch.pending in self.lowered.live.reads(one.node) for one in catch.body if isinstance(one, Simple))
        tests = [one.test for one in catch.body if isinstance(one, If)]
        return bool(rests_in(catch.body)) or named or any(catch.pending in self.lowered.live.reads(t) for t in tests)

    # -- ways out ------------------------------------------------------------------------------------------------------

    def _way_out(self, block: Block, one: Any) -> list[Line]:
        if isinstance(one, Leave):
            return self._jump(one.to.exits[one.key], 0)
        loop_block = self._loop_around(block)
        loop = self.parents[id(loop_block)]
        if id(loop.statement) in self.open_loops:
            (self.broken if isinstance(one, Break) else self.turns).add(id(loop.statement))
            return [Line(0, "break" if isinstance(one, Break) else "continue", one.line)]
        position = loop.position + 1 if isinstance(one, Break) else loop.position
        if isinstance(one, Continue):
            lines, falls = self._reach(loop.block, position) if not self._enclosed(block) else ([], True)
            if falls and not lines:
                return self._jump(loop.block, position)
            return self._outward_from(loop.block, position + 1, lines, falls)
        if self._enclosed(block) or weight(loop.block[position:]) > HEAVY:
            return self._jump(loop.block, position)
        return self._outward_from(loop.block, position, [], True)

    def _outward_from(self, block: Block, position: int, lines: list[Line], falls: bool) -> list[Line]:
        if falls:
            more, falls = self._emit(block, position)
            lines = lines + more
        return self._outward(block, lines, falls, protected=False)

    def _loop_around(self, block: Block) -> Block:
        while self.parents[id(block)].role != "loop":
            block = self.parents[id(block)].block
        return block

    def _enclosed(self, block: Block) -> bool:
        """Whether the text at ``block`` stands inside a ``try`` or a handler, anywhere up to the procedure."""
        while (parent := self.parents.get(id(block))) is not None:
            if parent.role in ("try", "catch"):
                return True
            block = parent.block
        return False

    def _reach(self, block: Block, place: int) -> tuple[list[Line], bool]:
        """Control comes to ``place`` from elsewhere: write it here, or jump to where it is written."""
        if self._is_cut(block, place):
            return self._jump(block, place), False
        return self._statement(block, place)

    # -- rests, jumps and replies --------------------------------------------------------------------------------------

    def _rest(self, block: Block, place: int, one: Rest) -> list[Line]:
        handler = self._handler(f"after_{_word(one)}", block, place + 1, one)
        lines = self._save(handler, one.line)
        call = ast.unparse(self.lowered.message(one.call, self._task()))
        return [*lines, Line(0, f"return {call}", one.line)]

    def _task(self) -> str:
        return f"{self.names['f']}.task" if self._resumed_handler() else self.names["task"]

    def _resumed_handler(self) -> bool:
        return self.current is not self.handlers[0]

    def _settle(self, block: Block, place: int) -> tuple[Block, int]:
        """The place itself, or, at the end of a block, the place where control goes from there."""
        while place == len(block) and (parent := self.parents.get(id(block))) is not None:
            statement = parent.statement
            if parent.role == "try" and isinstance(statement, Try) and statement.orelse:
                block, place = statement.orelse, 0
            elif parent.role == "exit":
                break
            else:
                block, place = parent.block, parent.position + (parent.role != "loop")
        return block, place

    def _jump(self, block: Block, place: int) -> list[Line]:
        block, place = self._settle(block, place)
        handler = self._handler(self._stem(block, place), block, place, None)
        return [*self._save(handler, None), Line(0, "return None", None)]

    def _stem(self, block: Block, place: int) -> str:
        parent = self.parents.get(id(block))
        if parent is not None and parent.role == "exit" and place == 0:
            return "leaving"
        if place < len(block) and isinstance(block[place], Loop):
            return "loop"
        return "then"

    def _handler(self, stem: str, block: Block, place: int, rest: Rest | None) -> Handler:
        key = (id(block), place, rest is not None)
        if key not in self.by_place:
            taken = {handler.name for handler in self.handlers} | self.lowered.taken
            stem = f"{self.handlers[0].name}_{stem}"
            name, number = stem, 2
            while name in taken:
                name, number = f"{stem}_{number}", number + 1
            handler = Handler(name, block, place, rest, [])
            self.by_place[key] = handler
            self.handlers.append(handler)
        return self.by_place[key]

    def _save(self, handler: Handler, origin: int | None) -> list[Line]:
        alive = self.alive(handler)
        lines = []
        for name in self._doubtful(handler, alive):
            lines += [
                Line(0, "try:", None),
                Line(1, name, None),
                Line(0, "except UnboundLocalError:", None),
                Line(1, f"{name} = {self.names['UNBOUND']}", None),
            ]
        f, held = self.names["f"], _tuple(alive)
        if self.has_record:
            return [*lines, Line(0, f"{f}.next, {f}.alive = {handler.name}, {held}", origin)]
        return [*lines, Line(0, self._make(handler.name, held), origin)]

    def _make(self, following: str, held: str) -> str:
        task = self.names["task"]
        if self.lowered.procedure.kind == "entry":
            return f"{self.names['Holding']}({task}, {following}, {held}, {self.lowered.parameters[0]})"
        return f"{self.names['Record']}({task}, {following}, {held})"

    def alive(self, handler: Handler) -> list[str]:
        """The variables that the record holds when ``handler`` is what it will be resumed by, in order."""
        alive = self.lowered.live.before[id(handler.block), handler.position]
        if handler.rest is not None:
            alive = (alive - {handler.target}) | self.lowered.live.errors[id(handler.rest)]
        return [name for name in self.lowered.order if name in alive]

    def _doubtful(self, handler: Handler, alive: list[str]) -> list[str]:
        """Which of the living may be unbound where the handler starts."""
        block, position = handler.block, handler.position
        if handler.rest is not None:  # before the rest, for a failed one binds nothing
            position -= 1
        bound = self.lowered.bound.before.get((id(block), position), frozenset())
        return [name for name in alive if name not in bound]

    def _reply(self, value: ast.expr | None, line: int) -> list[Line]:
        text = ast.unparse(value) if value is not None else "None"
        if self.has_record:
            return [Line(0, f"return {self.names['f']}.reply({text})", line)]
        return [Line(0, f"return {text}", line)]


def _tuple(names: list[str]) -> str:
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"


def _word(one: Rest) -> str:
    """The word that names a rest in a handler's name: the procedure called, or the verb."""
    function = one.call.func
    word = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", one.node.kind)
    return "leave" if one.node.label == "end of scope" else word.strip("_") or one.node.kind
