"""The class of a module in a run, where procedures that are inherited are reached by ``super()``.

    the spec's classes        Main -> Base
    in a run                  Main, dressed -> Main -> Base, dressed -> Base

Rule: ``super().p`` is looked up by Python itself, and finds what the side has made of ``Base.p`` in front of ``Base``.
"""

from typing import Any


def dressed(cls: type, ports: dict[str, Any], inherited: dict[type, dict[str, Any]]) -> type:
    """A class like ``cls`` that has ``ports``; the classes it inherits from have those that are given for them."""
    body = {"__module__": cls.__module__, "__qualname__": cls.__qualname__, **ports}
    layers = {
        base: type(base.__name__, (), {"__module__": base.__module__, "__qualname__": base.__qualname__, **own})
        for base, own in inherited.items()
    }
    if not layers:
        return type(cls.__name__, (cls,), body)

    class Layered(type(cls)):  # type: ignore[misc]
        def mro(made) -> list[type]:
            return [one for base in super().mro() for one in ((layers[base], base) if base in layers else (base,))]

    made: type = Layered(cls.__name__, (cls,), body)
    return made
