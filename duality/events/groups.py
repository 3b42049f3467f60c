"""Groups of errors, among events: what CPython does in the middle of an ``except*``, as calls.

Among threads there is no such file: there, ``except*`` is left as it is. Rules: a clause takes its part of a group and
leaves the rest; what the clauses let pass and what they raise again leaves as one group of the old shape; what they
raise anew stands beside it. Source: PEP 654; CPython's ceval.c and exceptions.c (``_PyExc_PrepReraiseStar``).
"""

from typing import Any

Kinds = Any  # what stands in an `except` clause: a class of errors, or a tuple of them
Group = BaseExceptionGroup[BaseException]


def matches(error: BaseException, kinds: Kinds) -> bool:
    """Whether ``except kinds`` catches ``error``. Raises TypeError for what is no class of errors."""
    every = kinds if isinstance(kinds, tuple) else (kinds,)
    if not all(isinstance(kind, type) and BaseException in kind.__mro__ for kind in every):
        raise TypeError("catching classes that do not inherit from BaseException is not allowed")
    return any(kind in type(error).__mro__ for kind in every)


def divide(
    handled: BaseException, rest: BaseException | None, kinds: Kinds
) -> tuple[BaseException | None, BaseException | None]:
    """What ``except* kinds`` takes of ``rest``, and what it leaves; ``handled`` is the part that was taken last."""
    try:
        taken = matches(handled if rest is None else rest, kinds)
        if any(BaseExceptionGroup in kind.__mro__ for kind in (kinds if isinstance(kinds, tuple) else (kinds,))):
            raise TypeError("catching ExceptionGroup with except* is not allowed. Use except instead.")
    except TypeError as wrong:
        wrong.__context__ = handled  # raised while that is being handled
        raise
    if rest is None:
        return None, None
    if taken:
        return (rest if isinstance(rest, BaseExceptionGroup) else BaseExceptionGroup("", [rest])), None
    if isinstance(rest, BaseExceptionGroup):
        return rest.split(kinds)
    return None, rest


def regroup(group: BaseException, raised: list[BaseException], rest: BaseException | None) -> BaseException | None:
    """What leaves a ``try`` after all its clauses: ``raised`` in them, and the ``rest`` that none took."""
    errors = [*raised, rest] if rest is not None else raised
    if not isinstance(group, BaseExceptionGroup):  # one error, wrapped: at most one clause has run
        return errors[0] if errors else None
    again = [error for error in errors if _is_part(error, group)]
    anew = [error for error in errors if not _is_part(error, group)]
    if again:
        leaves = {id(leaf) for part in again for leaf in _leaves(part)}
        old = group.subgroup(lambda error: not isinstance(error, BaseExceptionGroup) and id(error) in leaves)
        anew += [old] if old is not None else []
    return BaseExceptionGroup("", anew) if len(anew) > 1 else anew[0] if anew else None


def _is_part(error: BaseException, group: BaseException) -> bool:
    """Whether ``error`` is a part of ``group`` that nobody has raised anew: it has all that the group has."""
    return isinstance(error, BaseExceptionGroup) and all(
        getattr(error, name, None) is getattr(group, name, None)
        for name in ("__notes__", "__traceback__", "__cause__", "__context__")
    )


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for one in error.exceptions for leaf in _leaves(one)]
    return [error]
