"""Plant a fault: change a few characters of one function of the machine, for the length of a block.

The function itself is changed (its code), so whoever has got hold of it by whatever name has the fault. What was
compiled before is forgotten, on the way in and on the way out.
"""

import ast
import gc
import inspect
import textwrap
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from duality.compiler import kept


@contextmanager
def planted(function: Callable[..., Any], right: str, wrong: str) -> Iterator[None]:
    """Within, ``function`` has ``wrong`` where its source says ``right``, which it says once."""
    function = inspect.unwrap(function)
    source = textwrap.dedent(inspect.getsource(function))
    if source.count(right) != 1:
        raise ValueError(f"{function.__qualname__} says {right!r} {source.count(right)} times, and must say it once")
    before = function.__code__
    function.__code__ = changed(function, source.replace(right, wrong))
    forget()
    try:
        yield
    finally:
        function.__code__ = before
        forget()


def changed(function: Callable[..., Any], source: str) -> types.CodeType:
    """The code of ``function``, had it been written so. Its free variables stay those it has."""
    tree = ast.parse(source)
    made: Any = tree.body[0]
    made.decorator_list = []
    free = function.__code__.co_freevars
    if free:  # it closes over them: so must the new one
        around = ast.parse(f"def around({', '.join(free)}):\n    pass").body[0]
        around.body = [made]  # type: ignore[attr-defined]
        tree.body = [around]
    code = compile(ast.fix_missing_locations(tree), function.__code__.co_filename, "exec", dont_inherit=True)
    for _ in range(2 if free else 1):
        code = next(one for one in code.co_consts if isinstance(one, types.CodeType))
    return code


def forget() -> None:
    """Forget every program that was compiled: the compiler may be another one now."""
    aside = gc.get_freeze_count()
    gc.unfreeze()  # what somebody has set aside is not among the objects otherwise
    for function in gc.get_objects():
        if isinstance(function, types.FunctionType):
            function.__dict__.pop(kept._KEPT, None)
    if aside:
        gc.freeze()
