"""Bad input: one clear sentence, with file and line where there is one."""


class BadInput(Exception):
    """What was asked for cannot be done, and that is the asker's to change. Ends in exit status 2.

    ``str()`` is the sentence, after ``file:line: ``; the source line follows on a line of its own if it is given.
    """

    def __init__(
        self, message: str, file: str | None = None, line: int | None = None, source: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.source = source

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file and self.line else f"{self.file}: " if self.file else ""
        shown = f"\n{self.line or '':>6} | {self.source.rstrip()}" if self.source and self.source.strip() else ""
        return f"{place}{self.message}{shown}"


def reason(error: OSError) -> str:
    """What the system says is wrong, as the end of a sentence: ``permission denied``."""
    said = error.strerror or str(error) or type(error).__name__
    return said[:1].lower() + said[1:]
