"""What the parts of the lowerer share: each lowers some kinds of statements, and asks the whole for the others.

Rule: a part has a method ``_Name`` for each kind of statement it lowers, which appends to ``out``; ``lower.py`` puts
the parts together and knows which is called when.
"""

import ast
from collections.abc import Callable

from duality.compiler.expressions import Expressions
from duality.compiler.jumps import Context, must_cut
from duality.compiler.points import Points
from duality.compiler.tree import Block, Catch, Simple, Try


class Part:
    """A part of the lowerer. ``names``: what the runtime provides, and what it is called in this procedure."""

    points: Points
    names: dict[str, str]
    taken: set[str]
    temporaries: list[str]

    def cuts(self, node: ast.stmt, context: Context) -> bool:
        """Whether ``node`` must be taken apart; a procedure in which nothing rests has one handler, and stays whole."""
        return bool(self.points.of) and must_cut(node, context)

    def fresh(self, stem: str = "") -> str:
        """A name for a temporary that nothing in the procedure uses."""
        raise NotImplementedError

    def block(self, statements: list[ast.stmt], context: Context) -> Block:
        """Lower a list of statements."""
        raise NotImplementedError

    def statement(self, node: ast.stmt, context: Context, out: Block) -> None:
        """Lower one statement into ``out``."""
        raise NotImplementedError

    def expressions(self, out: Block) -> Expressions:
        """What lowers expressions into ``out``."""
        raise NotImplementedError

    def store(self, target: ast.expr, value: ast.expr, out: Block) -> None:
        """``target = value``, where the target may rest."""
        raise NotImplementedError

    def clause(self, handler: ast.ExceptHandler, pending: str, context: Context) -> Block:
        """The body of an ``except`` clause, and the name that it has for the error bound before and unbound after."""
        raise NotImplementedError

    def protected(
        self,
        inner: list[ast.stmt],
        node: ast.stmt,
        context: Context,
        caught: Callable[[str], Block],
        leave: Callable[[Block], None],
    ) -> Try:
        """``inner``, with what is ``caught`` of any error, and ``leave`` run on every other way out but the end."""
        raise NotImplementedError


def parsed(text: str, at: ast.AST) -> ast.expr:
    """The expression ``text``, standing at ``at``."""
    node = ast.parse(text, mode="eval").body
    for inner in ast.walk(node):
        ast.copy_location(inner, at)
    return node


def called(function: str, arguments: list[ast.expr], at: ast.AST) -> ast.Call:
    """The call of a function with arguments that have places of their own."""
    return ast.copy_location(ast.Call(parsed(function, at), arguments, []), at)


def assigned(name: str, value: ast.expr) -> Simple:
    """``name = value``."""
    target = ast.copy_location(ast.Name(name, ast.Store()), value)
    return Simple(ast.copy_location(ast.Assign([target], value), value), value.lineno)


def unpacked(names: list[str], value: ast.expr) -> Simple:
    """``one, other = value``."""
    target = ast.Tuple([ast.Name(name, ast.Store()) for name in names], ast.Store())
    for inner in ast.walk(target):
        ast.copy_location(inner, value)
    return Simple(ast.copy_location(ast.Assign([target], value), value), value.lineno)


def again(node: ast.stmt) -> Simple:
    """A bare ``raise``."""
    return Simple(ast.copy_location(ast.Raise(None, None), node), node.lineno)


def catch_all(pending: str, body: Block, at: ast.stmt | ast.ExceptHandler) -> Catch:
    """``except BaseException as pending``."""
    return Catch(parsed("BaseException", at), pending, body, at.lineno)


def passing(pending: str, node: ast.stmt) -> Try:
    """A ``try`` that lets every error pass: something to have exits."""
    return Try([], [catch_all(pending, [again(node)], node)], [], node.lineno)
