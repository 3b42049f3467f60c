"""Give a wrapper the very parameters of the procedure it wraps.

    before   def locked(monitor, /, *args, **named): ... return procedure(monitor, *args, **named)
    after    def locked(monitor, /, item, timeout): ... return procedure(monitor, item, timeout)

Rule: the two do the same; the second packs and unpacks nothing, which is most of what a wrapper costs (a call through
``*args, **named`` takes about as long as three plain ones). Where a name of the wrapper is also a parameter, the first
stays.
"""

import ast
import inspect
import textwrap
import types
from collections.abc import Callable
from functools import cache
from typing import Any

from duality.compiler.scopes import parameters


def exact(wrapper: Callable[..., Any], procedure: Callable[..., Any]) -> Callable[..., Any]:
    """``wrapper``, which takes ``*args, **named`` after its own parameters, with those of ``procedure`` instead.

    ``procedure`` has the same leading parameters as ``wrapper``, whatever it calls them.
    """
    wrapper.__qualname__ = getattr(procedure, "__qualname__", wrapper.__qualname__)  # CPython names it in its errors
    code = wrapper.__code__
    arguments = _arguments(procedure)
    own = code.co_argcount
    if arguments is None or len([*arguments.posonlyargs, *arguments.args]) < own:
        return wrapper
    rest = _without(arguments, own)
    if set(parameters(rest)) & {*code.co_varnames, *code.co_freevars, *code.co_names}:
        return wrapper
    made = _specialised(code, _key(rest))
    cells = dict(zip(code.co_freevars, wrapper.__closure__ or (), strict=True))
    function = types.FunctionType(
        made,
        wrapper.__globals__,
        wrapper.__name__,
        procedure.__defaults__,
        tuple(cells[name] for name in made.co_freevars),
    )
    function.__kwdefaults__ = procedure.__kwdefaults__
    function.__qualname__ = wrapper.__qualname__
    return function


def _arguments(procedure: Callable[..., Any]) -> ast.arguments | None:
    """The parameters as a tree, without defaults or annotations: the function object has those."""
    if not isinstance(procedure, types.FunctionType):
        return None
    code = procedure.__code__
    names = list(code.co_varnames)
    plain, only = code.co_argcount, code.co_kwonlyargcount
    after = plain + only
    star = ast.arg(names[after]) if code.co_flags & inspect.CO_VARARGS else None
    after += star is not None
    double = ast.arg(names[after]) if code.co_flags & inspect.CO_VARKEYWORDS else None
    return ast.arguments(
        [ast.arg(name) for name in names[: code.co_posonlyargcount]],
        [ast.arg(name) for name in names[code.co_posonlyargcount : plain]],
        star,
        [ast.arg(name) for name in names[plain : plain + only]],
        [None] * only,
        double,
        [],
    )


def _without(arguments: ast.arguments, count: int) -> ast.arguments:
    """The parameters after the first ``count``."""
    skipped = len(arguments.posonlyargs)
    arguments.posonlyargs, arguments.args = arguments.posonlyargs[count:], arguments.args[max(0, count - skipped) :]
    return arguments


_Key = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], str, str]


def _key(rest: ast.arguments) -> _Key:
    star = rest.vararg.arg if rest.vararg else ""
    double = rest.kwarg.arg if rest.kwarg else ""
    groups = [tuple(one.arg for one in group) for group in (rest.posonlyargs, rest.args, rest.kwonlyargs)]
    return groups[0], groups[1], groups[2], star, double


@cache
def _specialised(code: types.CodeType, key: _Key) -> types.CodeType:
    tree = ast.parse(textwrap.dedent(inspect.getsource(code))).body[0]
    assert isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef)
    positional, plain, only, star, double = key
    own = tree.args
    own.posonlyargs = [*own.posonlyargs, *own.args, *(ast.arg(name) for name in positional)]
    own.args = [ast.arg(name) for name in plain]
    own.kwonlyargs = [ast.arg(name) for name in only]
    own.kw_defaults = [None] * len(only)
    args_name, named_name = own.vararg, own.kwarg
    assert args_name is not None
    assert named_name is not None
    own.vararg, own.kwarg = (ast.arg(star) if star else None), (ast.arg(double) if double else None)
    for one in [*own.posonlyargs, *own.args, *own.kwonlyargs]:
        one.annotation = None
    passing = _Passing(args_name.arg, named_name.arg, key)
    tree.body = [passing.visit(statement) for statement in tree.body]
    tree.returns, tree.decorator_list = None, []
    free = ast.arguments([], [ast.arg(name) for name in code.co_freevars], None, [], [], None, [])
    template = ast.parse("def bind(): pass")
    factory = template.body[0]
    assert isinstance(factory, ast.FunctionDef)
    factory.args, factory.body = free, [tree]
    ast.increment_lineno(factory, code.co_firstlineno - 1)
    module = compile(ast.fix_missing_locations(template), code.co_filename, "exec", dont_inherit=True)
    outer = next(one for one in module.co_consts if isinstance(one, types.CodeType))
    return next(one for one in outer.co_consts if isinstance(one, types.CodeType))


class _Passing(ast.NodeTransformer):
    """Replaces ``*args``, ``**named``, ``args`` and ``named`` by the parameters they would have held."""

    def __init__(self, args: str, named: str, key: _Key) -> None:
        self.args, self.named = args, named
        positional, plain, self.only, self.star, self.double = key
        self.plain = (*positional, *plain)

    def _positional(self) -> list[ast.expr]:
        names: list[ast.expr] = [ast.Name(name, ast.Load()) for name in self.plain]
        return [*names, ast.Starred(ast.Name(self.star, ast.Load()), ast.Load())] if self.star else names

    def visit_Call(self, node: ast.Call) -> ast.Call:
        """A call that passes them on names each."""
        spread: list[ast.expr] = []
        for one in node.args:
            passed = isinstance(one, ast.Starred) and isinstance(one.value, ast.Name) and one.value.id == self.args
            spread += self._positional() if passed else [self.visit(one)]
        words: list[ast.keyword] = []
        for word in node.keywords:
            if word.arg is None and isinstance(word.value, ast.Name) and word.value.id == self.named:
                words += [ast.keyword(name, ast.Name(name, ast.Load())) for name in self.only]
                words += [ast.keyword(None, ast.Name(self.double, ast.Load()))] if self.double else []
            else:
                words.append(ast.keyword(word.arg, self.visit(word.value)))
        return ast.copy_location(ast.Call(self.visit(node.func), spread, words), node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Kept for later, they are a tuple and a dict."""
        if node.id == self.args:
            return ast.copy_location(ast.Tuple(self._positional(), ast.Load()), node)
        if node.id == self.named:
            keys: list[ast.expr | None] = [ast.Constant(name) for name in self.only]
            values: list[ast.expr] = [ast.Name(name, ast.Load()) for name in self.only]
            if self.double:
                keys, values = [*keys, None], [*values, ast.Name(self.double, ast.Load())]
            return ast.copy_location(ast.Dict(keys, values), node)
        return node
