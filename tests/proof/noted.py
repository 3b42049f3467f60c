"""What invariants have seen, kept where no run would call it state of the spec: for tests that compare it."""

_seen = set()


def note(*seen):
    """An invariant tells what it sees. It holds."""
    _seen.add(seen)
    return True


def noted():
    """All that was seen since this was asked last."""
    made = frozenset(_seen)
    _seen.clear()
    return made
