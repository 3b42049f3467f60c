"""What an error came upon: the chain of contexts, where a caller and its callee are not on one stack.

    before   the callee's error: KeyError            the caller is handling: ValueError
    after    KeyError, whose context is ValueError, as if the call had been on the caller's stack

Rule: only the end of the chain is touched; what CPython has put into it stays as it is.
"""


def hang(error: BaseException, handled: BaseException | None) -> None:
    """Put ``handled``, which the caller is handling, at the end of the contexts of the callee's ``error``."""
    known, ours = chain(error), chain(handled)
    if all(known[-1] is not one for one in ours):
        known[-1].__context__ = handled


def chain(error: BaseException | None) -> list[BaseException]:
    """The error, its context, and so on, each once."""
    found: list[BaseException] = []
    while error is not None and all(error is not one for one in found):
        found.append(error)
        error = error.__context__
    return found
