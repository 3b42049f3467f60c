# helpers reached through the name of their file, forked, and handed on; what else the file has is its own
# ruff: noqa
import tests.compiler.shelf
from duality import application, fork, join, module
from tests.compiler import shelf
from tests.compiler.fuzz import witness
from tests.compiler.fuzz.witness import Base, note


@module
class Main(Base):
    async def first(self, a, b=2):
        note(str(shelf.plain(a)), shelf is not None)
        shelf.remark = "kept"
        text = await shelf.parse(str(a))
        task = fork(shelf.parse, "forked")
        more = await tests.compiler.shelf.parse(await witness.aside(b))
        plain = lambda: shelf.plain(more)
        note(text, await join(task), str(plain()), shelf.remark)
        del shelf.remark
        return len(text)


@application
def app():
    return Main()
