"""Make the threads program of a procedure: its text, and the code that runs.

    before   the spec's own lines, without its awaits, with drops
    after    the same text; code compiled from it, which is in the spec's lines and asks what it must

Rule: what ``settle`` puts into a tree is no part of the text.
"""

import ast

from duality.compiler import columns, load
from duality.compiler.asked import Asked, ask, names_used
from duality.compiler.counted import count
from duality.compiler.drop import drops
from duality.compiler.erase import position
from duality.compiler.insert import insert
from duality.compiler.lowered import lower
from duality.compiler.made import Made
from duality.compiler.names import words
from duality.compiler.read import Procedure
from duality.compiler.shown import show


def threads_of(procedure: Procedure) -> Made:
    """The threads program of ``procedure``."""
    lowered = lower(procedure)
    provided = {lowered.names[word]: word for word in ("each", "hold")}
    inserted = insert(procedure, drops(lowered), lowered.points, {word: name for name, word in provided.items()})
    found = words(procedure)
    places = columns.of_the_spec(procedure, lowered.points, inserted.standing)
    asked: Asked = {}

    def settle(function: ast.FunctionDef) -> Asked:
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        awaited = [call for call in calls if position(call) in inserted.standing.calls]
        ask(procedure, awaited, found.free, names_used(function), asked)
        columns.put(function, places)
        show(procedure.tree, function)
        count(function, inserted.line, procedure.first_line)
        return asked

    free = {*provided, *found.free, *procedure.function.__code__.co_freevars}
    flags = load.future(procedure.function)
    codes = load.compile_functions(
        inserted.text, free, procedure.owner, procedure.file, settle, flags, procedure.generates
    )
    stands = inserted.stands(places)
    return Made(
        side="threads", text=inserted.text, origin=inserted.origin, points=lowered.points, nodes=dict(stands.calls),
        alive=lowered.living(), provided=provided, handlers=(procedure.name,), words=found, codes=codes, asked=asked,
        standing=inserted.standing, stands=stands,
    )  # fmt: skip
