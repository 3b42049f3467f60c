"""An asynchronous generator, among threads: Python's own generator, whose stack frame rests where it gave a value.

Dual of ``events/generator.py``. Rule: the frame runs on the stack of whoever asks for the next value, and blocks it.
Source: PEP 525.
"""

from collections.abc import Callable
from collections.abc import Generator as Frame
from typing import Any

from duality.core.current import running_or_none
from duality.core.dropped import drop, unwind
from duality.core.protocols import raisable, thrown_before


class Generator:
    """``frame`` is Python's generator. ``running``: somebody waits for its next value; ``over``: it has ended."""

    __slots__ = ("begun", "frame", "home", "over", "running")

    def __init__(self, frame: Frame[Any, Any, Any]) -> None:
        self.frame = frame
        self.home = running_or_none()
        self.begun = self.running = self.over = False

    # -- what a spec asks of it ----------------------------------------------------------------------------------------

    def __aiter__(self) -> "Generator":
        return self

    def __anext__(self) -> Any:
        """The next value. Raises StopAsyncIteration at its end."""
        return self.step("anext", None, None)

    def asend(self, value: Any, /) -> Any:
        """The next value; the ``yield`` that gave the last one has ``value``."""
        return self.step("asend", value, None)

    def athrow(self, error: Any, value: Any = None, trace: Any = None, /) -> Any:
        """The next value; the ``yield`` that gave the last one raises ``error``."""
        raised = raisable(error, value, trace)
        return None if self.over else self.step("athrow", None, raised)

    def aclose(self) -> Any:
        """End it: GeneratorExit is raised where it stands, so that its ``finally`` blocks run."""
        if self.over or not (self.begun or self.running):
            self.over = True
            return
        try:
            self.step("aclose", None, GeneratorExit())
        except (GeneratorExit, StopAsyncIteration):
            return
        raise RuntimeError("async generator ignored GeneratorExit")

    def __del__(self) -> None:
        if self.begun and not self.over:
            # After its run there is still a stack, which Python would unwind by itself, and in anybody's name.
            (drop if running_or_none() is self.home else unwind)(self._dropped, self.home)

    def _dropped(self, nobody: Any) -> None:
        self.aclose()

    # -- how it goes on ------------------------------------------------------------------------------------------------

    def step(self, word: str, value: Any, error: BaseException | None) -> Any:
        """Run it until it gives a value. Raises StopAsyncIteration at its end."""
        if self.running:
            raise RuntimeError(f"{word}(): asynchronous generator is already running")
        if not self.over:
            if not self.begun and value is not None:
                raise TypeError("can't send non-None value to a just-started async generator")
            if not self.begun and error is not None:
                self.over = True
                return thrown_before(error)
            try:
                return self.go_on(value, error)
            except StopIteration:
                self.over = True
            except BaseException:
                self.over = True
                raise
            finally:
                self.running = False
        raise StopAsyncIteration  # out here, where that StopIteration is no context of it

    def go_on(self, value: Any, error: BaseException | None) -> Any:
        """Its frame runs on this stack now, for whoever asked."""
        self.running = self.begun = True
        return self.frame.send(value) if error is None else self.frame.throw(error)


for _name in ("__anext__", "asend", "athrow", "aclose"):
    vars(Generator)[_name].is_procedure = True


def making(runtime: Any, program: Any) -> Callable[..., Generator]:
    """The function that makes a generator; calling it runs nothing yet."""
    kind = runtime.tracer.generator(program.points) if runtime.tracer else Generator

    def made(*args: Any, **named: Any) -> Generator:
        return kind(program(*args, **named))

    made.__name__, made.__qualname__ = program.__name__, program.__qualname__
    return made
