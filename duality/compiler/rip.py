"""Rip a procedure apart at its blocking points: the events program.

    before   one procedure, with rests in the middle of its ifs, loops and tries
    after    a handler for its beginning and one for each rest it can be resumed from

Rules: the first handler is the whole procedure: while every answer is there at once it makes no record and returns
what the procedure returns. Where one is PENDING it returns, and what lives across the rest is in a record, written down
by hand, so to speak; nothing else is. The other handlers go on from there, with the spec's own if, while, for and try
where the flow allows; work after a join of paths that would be repeated too often is a handler of its own, jumped to.
Source: Adya et al. 2002 (stack ripping); Lauer & Needham 1978, section 3 (the mapping of procedures to messages);
Plevyak, Karamcheti, Zhang & Chien 1995 (hybrid execution: a context is made only when a call does not return at once).
"""

import ast

from duality.compiler.constructs import Text
from duality.compiler.handlers import Handler, Handlers
from duality.compiler.lines import Line, Span, deeper
from duality.compiler.lowered import Lowered
from duality.compiler.places import Places
from duality.compiler.records import Records
from duality.compiler.scopes import binding_count, reads
from duality.compiler.tree import Block, Rest
from duality.compiler.ways import Ways


class Ripper(Ways):
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
        self.records.made = self.jumped = False
        body = self._from(handler) if not self.lowered.procedure.generates else []
        if self.lowered.procedure.generates:
            begun = self.handlers.at("begun", self.lowered.body, 0)
            body = [Line(0, f"return {self.records.whole(begun)}", None)]
        elif self.jumped:  # a way out that must leave a `try` first: handlers can, one text cannot
            self.handlers.forget()
            begun = self.handlers.at("begun", self.lowered.body, 0)
            body = [Line(0, f"return {self.records.whole(begun)}.run()", None)]
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
            lines += [Line(0, f"if {error} is not None:", None), Line(1, self._raised(handler), handler.node.line)]
            if handler.target is not None and self.records.parameter(handler) != handler.target:
                lines.append(Line(0, f"{handler.target} = {self.records.parameter(handler)}", handler.node.line))
        rest, falls = self.emit(block, handler.position)
        return self.outward(block, lines + rest, falls)

    def _raised(self, handler: Handler) -> str:
        """The error that came instead of an answer is raised with the contexts it would have on one stack.

        One that a callee has raised passes through, and one that is thrown into a generator is not raised there anew.
        """
        assert handler.rest is not None
        error, handling = self.names["error"], self.places.handling(handler.block)
        as_it_is = handler.rest.asks if handling else handler.rest.node.kind == "produce"
        return f"{self.names['again']}({error})" if as_it_is else f"raise {error}"

    # -- rests, jumps and replies --------------------------------------------------------------------------------------

    def rest(self, block: Block, place: int, one: Rest) -> Text:
        """Send the message. If the answer is there, go on; if not, write down how to, and return to the dispatcher."""
        handler = self.handlers.after(block, place + 1, one)
        if one.node.kind == "produce":
            given = f"{self.names['f']}.give({ast.unparse(one.call.args[0])})"
            gives = Line(0, f"return {given}", one.line, self._span(one.call))
            return [*self.records.save(handler, one.line), gives], False
        if one.node.kind == "reply":
            return self._answering(handler, one), False
        call = ast.unparse(self.lowered.message(one.call, self._task()))
        if one.asks and self.places.handling(block):
            call = f"{self.names['under']}({call})"
        pending, saved = self.names["PENDING"], self.records.save(handler, one.line)
        always = one.node in self.lowered.points.always
        if self.records.made and (always or self.heavy(block[place + 1 :])):
            return [*saved, Line(0, f"return {call}", one.line, self._span(one.call))], False
        rests = [*saved, Line(0, f"return {pending}", one.line)]
        if always:
            return [Line(0, call, one.line, self._span(one.call)), *rests], False
        if one.target is None:
            return [Line(0, f"if {call} is {pending}:", one.line, self._span(one.call)), *deeper(rests)], True
        answer = self.records.parameter(handler)
        lines = [
            Line(0, f"{answer} = {call}", one.line, self._span(one.call)),
            Line(0, f"if {answer} is {pending}:", one.line),
            *deeper(rests),
        ]
        return lines + ([Line(0, f"{one.target} = {answer}", one.line)] if answer != one.target else []), True

    def _answering(self, handler: Handler, one: Rest) -> list[Line]:
        """Return the caller's answer; the verb makes the record, with all that is left to do, a task of its own."""
        *told, last = self.records.save(handler, one.line)
        if self.records.made:
            told, last = [*told, last], Line(0, self.names["f"], None)
        answer = f"return {ast.unparse(one.call.func)}({ast.unparse(one.call.args[0])}, {last.text})"
        return [*told, Line(0, answer, one.line, self._span(one.call))]

    def _task(self) -> str:
        return f"{self.names['f']}.task" if self._resumed_handler() else self.names["task"]

    def _resumed_handler(self) -> bool:
        return self.current is not self.handlers.all[0]

    def jump(self, block: Block, place: int) -> list[Line]:
        """Go to the handler that is written for ``place``; the dispatcher calls it next."""
        self.jumped = True
        block, place = self.places.settle(block, place)
        handler = self.handlers.at(self.places.word(block, place), block, place)
        return [*self.records.save(handler, None), Line(0, "return None", None)]

    def _span(self, call: ast.Call) -> Span:
        """Where a call stands in the spec; of one that goes over several lines, its first."""
        end = call.end_col_offset or 0
        if call.end_lineno != call.lineno:
            end = len(self.lowered.procedure.line(call.lineno).encode())
        return call.lineno, call.col_offset, call.lineno, end
