"""An error that leaves a callee on another stack has the contexts that it would have had on its caller's."""

from duality.core.contexts import chain, hang


def raised(inside=None):
    """KeyError, raised while LookupError is handled; and that one while ``inside`` is."""
    try:
        try:
            raise LookupError("first")
        except LookupError as first:
            first.__context__ = inside
            raise KeyError("second") from None
    except KeyError as second:
        return second


def test_what_the_caller_handles_stands_at_the_end_of_the_chain():
    error, handled = raised(), ValueError("the caller's")
    hang(error, handled)
    assert [type(one) for one in chain(error)] == [KeyError, LookupError, ValueError]


def test_nothing_is_hung_twice_and_no_circle_is_made():
    handled = ValueError("the caller's")
    error = raised(handled)
    hang(error, handled)
    hang(error, error.__context__)
    assert [type(one) for one in chain(error)] == [KeyError, LookupError, ValueError]
    hang(handled, error)
    assert chain(handled) == [handled]


def test_a_caller_that_handles_nothing_leaves_it_as_it_is():
    error = raised()
    hang(error, None)
    assert [type(one) for one in chain(error)] == [KeyError, LookupError]


def test_a_circle_that_somebody_has_made_is_gone_through_once():
    one, other = ValueError(1), ValueError(2)
    one.__context__, other.__context__ = other, one
    assert chain(one) == [one, other]
