"""Numbers as people read them: three figures, and a unit that fits."""


def seconds(value: float) -> str:
    """``1.24 s``, ``350 ms``, ``12.3 us``."""
    for limit, unit, factor in ((1.0, "s", 1.0), (1e-3, "ms", 1e3)):
        if value >= limit:
            return f"{three(value * factor)} {unit}"
    return f"{three(value * 1e6)} us"


def size(count: int) -> str:
    """``512 B``, ``8.00 KiB``, ``23.5 MiB``."""
    if count < 1024:
        return f"{count} B"
    for power, unit in ((2, "MiB"), (1, "KiB")):
        if count >= 1024**power or power == 1:
            return f"{three(count / 1024**power)} {unit}"
    raise AssertionError


def three(value: float) -> str:
    """Three figures, without exponent: ``0.0123``, ``1.23``, ``12.3``, ``1230``."""
    if value == 0:
        return "0"
    digits = 2
    while abs(value) < 10 ** (2 - digits) and digits < 6:
        digits += 1
    while abs(value) >= 10 ** (3 - digits) and digits > 0:
        digits -= 1
    return f"{value:.{digits}f}"
