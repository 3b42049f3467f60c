"""A ``with`` that is taken apart finds the methods that CPython finds, and misses them with its words."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest

from duality.events.managers import manage


class Plain:
    def __enter__(self) -> Any:
        return self

    def __exit__(self, *told: Any) -> bool:
        return told[0] is KeyError


class Static:
    @staticmethod
    def __enter__() -> str:
        return "static"

    @classmethod
    def __exit__(cls, *told: Any) -> bool:
        return cls is Static


class Called:
    """Methods that are no functions, and are given the errors alone."""

    __enter__ = type("Enter", (), {"__call__": lambda self: "called"})()
    __exit__ = type("Exit", (), {"__call__": lambda self, *told: True})()


class NoEnter:
    def __exit__(self, *told: Any) -> None: ...


class NoExit:
    def __enter__(self) -> None: ...


class OnTheInstance:
    def __init__(self) -> None:
        self.__enter__ = self.__exit__ = lambda *told: None


def ours(manager: Any) -> Any:
    enter, leave = manage(manager)
    entered = enter()
    try:
        raise KeyError(1)
    except KeyError as error:
        swallowed = bool(leave(type(error), error, error.__traceback__))
    return type(entered).__name__, swallowed


def cpythons(manager: Any) -> Any:
    name = ""
    try:
        with manager as entered:
            name = type(entered).__name__
            raise KeyError(1)
    except KeyError:
        return name, False
    return name, True


def told(ask: Callable[[Any], Any], manager: Any) -> Any:
    try:
        return ask(manager)
    except TypeError as wrong:
        return str(wrong)


@pytest.mark.parametrize("make", [Plain, Static, Called, nullcontext, NoEnter, NoExit, OnTheInstance, int])
def test_the_methods_are_those_that_a_with_calls(make: Callable[[], Any]) -> None:
    assert told(ours, make()) == told(cpythons, make())
