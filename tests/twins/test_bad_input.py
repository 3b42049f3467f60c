"""What is no program of ours is told in one sentence with its place, by all three alike; nothing of it runs by chance.

Each case is a file, for the place is part of what is promised: the line that ends in ``# here``.
"""

import asyncio
import py_compile
import sys
import textwrap
import types

import pytest

from duality import SpecError, run
from tests.virtual import VirtualIO

HEAD = """\
import asyncio
import functools
from attrs import field
from duality import *


def hiding(function):
    @functools.wraps(function)
    async def wrapper(*args, **named):
        return await function(*args, **named)
    return wrapper


def noting(function):
    function.noted = True
    return function


class Plain:
    async def p(self, *args):
        return 1


async def helper(x):
    await yield_now()
    return x


@module
class Buffer:
    items: list = field(factory=list)

    @entry
    async def put(self, item):
        await yield_now()
        self.items.append(item)
        return item

    @procedure
    async def get(self, a, b=2, *, c=3):
        return a, b, c

    def size(self):
        return len(self.items)
"""
MAIN = """
@module
class Main:
    buffer: Buffer
    some: object = None

    async def size(self):
        pass

    async def p(self):
        pass

    @procedure
    async def main(self):
{body}


@application
def app():
    return Main(Buffer(), {some})
"""


@pytest.fixture
def file(tmp_path):
    """``file(text)``: write it, and give (path, number of the line that says ``# here``)."""

    def file(text):
        path = tmp_path / "spec.py"
        path.write_text(HEAD + text)
        lines = (HEAD + text).splitlines()
        return path, next((number for number, line in enumerate(lines, 1) if line.endswith("# here")), None)

    return file


def loaded(path):
    module = types.ModuleType("spec")
    sys.modules["spec"] = module
    exec(compile(path.read_text(), str(path), "exec"), module.__dict__)
    return module


def refused(path, on, **options):
    """The error of loading and running the spec at ``path``."""
    with pytest.raises(SpecError) as caught:
        run(loaded(path).app, on, io=VirtualIO(), **options)
    return caught.value


def place(error):
    return error.file, error.line


def main(body, some="None"):
    return MAIN.format(body=textwrap.indent(textwrap.dedent(body).strip("\n"), " " * 8), some=some)


# -- what is awaited ---------------------------------------------------------------------------------------------------

AWAITED = {
    "a future": ("future = asyncio.Future(loop=asyncio.new_event_loop())\nawait future  # here", "None", "no call"),
    "a number": ("x = 3\nawait x  # here", "None", "no call"),
    "a coroutine of Python's": ("await asyncio.sleep(1)  # here", "None", "asyncio.sleep, which is no operation"),
    "a lambda": ("f = lambda: sleep(1)\nawait f()  # here", "None", "a call of a lambda, which is no operation"),
    "a lambda from a field": ("await self.some()  # here", "lambda: sleep(1)", "has no procedure `some`"),
    "a lambda in a list": ("await self.some[0]()  # here", "[lambda: sleep(1)]", "a call of a lambda"),
    "a method that is no procedure": ("b = self.some\nawait b.size()  # here", "Buffer()", "which is no procedure of"),
    "an object that is no module": ("await self.some.p()  # here", "Plain()", "`p` of a Plain, which is no operation"),
    "one in a variable": ("x = self.some\nawait x.p(1)  # here", "Plain()", "`p` of a Plain, which is no operation"),
    "its bound method": ("f = self.some.p\nawait f()  # here", "Plain()", "a call of `Plain.p`, which is no operation"),
    "a function of Python's": ("f = len\nawait f([])  # here", "None", "a call of `len`, which is no operation"),
}


@pytest.mark.parametrize("crossing", ["direct", "queued"])
@pytest.mark.parametrize("case", AWAITED)
def test_what_is_awaited_and_is_no_operation_is_refused_at_its_line(file, on, case, crossing):
    body, some, said = AWAITED[case]
    path, line = file(main(body, some))
    # Untraced, the oracle is CPython's own coroutines and nothing else: what is foreign is then CPython's business.
    error = refused(path, on, crossing=crossing, trace=on == "oracle")
    assert said in error.message
    assert place(error) == (str(path), line)
    assert error.source.rstrip().endswith("# here")
    assert error.advice


TAKEN = {
    "a helper in a variable": ("f = helper\nreturn await f(7)", "None"),
    "a helper in a list": ("return await self.some[0](7)", "[helper]"),
    "a procedure in a variable": ("f = self.buffer.put\nreturn await f(7)", "None"),
    "a procedure of a module nobody has declared": ("b = self.some\nreturn await b.put(7)", "Buffer()"),
    "the same, twice": ("b = self.some\nawait b.put(7)\nreturn await b.put(7)", "Buffer()"),
    "one of several kinds": ("for b in (Buffer(), self.buffer):\n    x = await b.put(7)\nreturn x", "None"),
    "a verb in a variable": ("pause = sleep\nawait pause(1)\nreturn 7", "None"),
    "a verb in a table": ("await self.some['a'](1)\nreturn 7", "{'a': sleep}"),
}


@pytest.mark.parametrize("trace", [False, True])
@pytest.mark.parametrize("case", TAKEN)
def test_what_is_awaited_and_is_an_operation_after_all_is_done(file, on, case, trace):
    body, some = TAKEN[case]
    path, _ = file(main(body, some))
    assert run(loaded(path).app, on, io=VirtualIO(), trace=trace).value == 7


def test_a_rest_of_another_kind_deep_in_a_foreign_object_is_refused(on):
    """An object of Python's whose method has the name of an operation is none of ours for that."""
    with pytest.raises(SpecError, match="no operation of duality"):
        run(loaded_with_foreign(), on, io=VirtualIO())


def loaded_with_foreign():
    from duality import application, module, procedure

    @module
    class Foreign:
        thing: object

        @procedure
        async def main(self):
            thing = self.thing
            await thing.recv()

    @application
    def foreign():
        return Foreign(Awaitable())

    return foreign


class Awaitable:
    def recv(self):
        loop = asyncio.new_event_loop()
        loop.close()
        return asyncio.Future(loop=loop)


# -- arguments ---------------------------------------------------------------------------------------------------------

WRONG = {
    "too many": ("put(1, 2)", "Buffer.put() takes 2 positional arguments but 3 were given"),
    "too few": ("put()", "Buffer.put() missing 1 required positional argument: 'item'"),
    "another name": ("put(itm=1)", "Buffer.put() got an unexpected keyword argument 'itm'"),
    "one twice": ("put(1, item=2)", "Buffer.put() got multiple values for argument 'item'"),
    "far too many": ("get(1, 2, 3)", "Buffer.get() takes from 2 to 3 positional arguments but 4 were given"),
    "and a word": (
        "get(1, 2, 3, c=4)",
        "Buffer.get() takes from 2 to 3 positional arguments "
        "but 4 positional arguments (and 1 keyword-only argument) were given",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_call_that_its_procedure_could_not_take_is_refused_when_it_is_compiled(file, on, case):
    call, said = WRONG[case]
    path, line = file(main(f"if self.some:\n    await self.buffer.{call}  # here"))
    error = refused(path, on)
    assert error.message == f"{said}."
    assert place(error) == (str(path), line)
    assert error.advice == f"Its parameters: {'item' if call.startswith('put') else 'a, b=2, c=3'}."


@pytest.mark.parametrize("verb", ["fork", "send", "s.fork"])
@pytest.mark.parametrize("case", WRONG)
def test_so_is_a_fork_where_it_stands(file, on, case, verb):
    call, said = WRONG[case]
    name, _, rest = call.partition("(")
    arguments = f", {rest}" if rest != ")" else ")"
    fork = f"{verb}(self.buffer.{name}{arguments}  # here"
    if verb == "s.fork":
        fork = f"async with scope() as s:\n    {fork}"
    path, line = file(main(f"{fork}\nawait yield_now()"))
    error = refused(path, on)
    assert (error.message, error.line) == (f"{said}.", line)


@pytest.mark.parametrize("case", WRONG)
def test_where_only_the_run_can_know_it_is_cpythons_error_at_the_call(file, on, case):
    call, said = WRONG[case]
    path, line = file(main(f"b = self.some\nawait b.{call}  # here", "Buffer()"))
    with pytest.raises(TypeError) as caught:
        run(loaded(path).app, on, io=VirtualIO())
    assert str(caught.value) == said
    assert (caught.traceback[-1].path, caught.traceback[-1].lineno + 1) == (path, line)


@pytest.mark.parametrize("case", WRONG)
def test_and_at_the_fork_not_at_the_join(file, on, case):
    call, said = WRONG[case]
    name, _, rest = call.partition("(")
    arguments = f", {rest}" if rest != ")" else ")"
    path, line = file(main(f"b = self.some\nt = fork(b.{name}{arguments}  # here\nawait join(t)", "Buffer()"))
    with pytest.raises(TypeError) as caught:
        run(loaded(path).app, on, io=VirtualIO())
    assert str(caught.value) == said
    assert [entry.lineno + 1 for entry in caught.traceback if entry.path == path] == [line]


def test_a_call_that_an_override_takes_is_none_of_our_business(file, on):
    path, _ = file(
        """
@module
class Wider(Buffer):
    @entry
    async def put(self, item, more=0):
        return item + more
"""
        + main("return await self.buffer.put(3, 4)").replace("Main(Buffer(), None)", "Main(Wider())")
    )
    assert run(loaded(path).app, on, io=VirtualIO()).value == 7


def test_an_argument_error_of_the_procedures_own_making_is_left_alone(file, on):
    own = "takes 9 positional arguments but 10 were given"
    path, _ = file(
        f"""
async def complains():
    raise TypeError("f() {own}")
"""
        + main("f = complains\nawait f()")
    )
    with pytest.raises(TypeError, match=own):
        run(loaded(path).app, on, io=VirtualIO())


@pytest.mark.parametrize("what", ["lambda: 1", "len", "3", "self.buffer.size", "Plain().p"])
@pytest.mark.parametrize("verb", ["fork", "send"])
def test_what_is_forked_and_is_no_procedure_is_refused_at_the_fork(file, on, what, verb):
    path, line = file(main(f"what = {what}\n{verb}(what)  # here"))
    error = refused(path, on)
    assert error.message.startswith("fork or send of ")
    assert error.message.endswith(", which is no procedure.")
    assert place(error) == (str(path), line)


def test_a_lambda_that_is_forked_is_refused_when_it_is_compiled(file, on):
    path, line = file(main("if self.some:\n    fork(lambda: sleep(0))  # here"))
    error = refused(path, on)
    assert (error.message, error.line) == ("`fork` of a lambda, which is no procedure.", line)


# -- procedures that are not what their source says --------------------------------------------------------------------

BODIES = {
    "a lambda": (
        "@module\nclass M:\n    p = procedure(lambda self: 1)  # here\n",
        "@procedure on a lambda, which is not an `async def`.",
    ),
    "a wrapper above": (
        "@module\nclass M:\n    @hiding  # here\n    @procedure\n    async def p(self): pass\n",
        "M.p is hidden: a decorator puts a wrapper in its place.",
    ),
    "a wrapper below": (
        "@module\nclass M:\n    @procedure  # here\n    @hiding\n    async def p(self): pass\n",
        "@procedure on M.p, which a decorator hides behind a wrapper.",
    ),
    "a wrapper of one that bears no mark": (
        "@module\nclass M:\n    @hiding  # here\n    async def p(self): pass\n",
        "M.p is hidden: a decorator puts a wrapper in its place.",
    ),
    "a wrapper that forgets the mark": (
        "def bare(f):\n    async def p(self): return await f(self)\n    return p\n"
        "@module\nclass M:\n    @bare  # here\n    @entry\n    async def p(self): pass\n",
        "M.p is hidden: a decorator puts a wrapper in its place.",
    ),
    "a yield": (
        "@module\nclass M:\n    @procedure  # here\n    async def p(self): yield 1\n",
        "@procedure on M.p, which has a `yield` (an async generator): a procedure gives one value.",
    ),
    "no async": (
        "@module\nclass M:\n    @entry  # here\n    def p(self): pass\n",
        "@entry on M.p, which is not an `async def`.",
    ),
    "a plain override": (
        "@module\nclass M(Buffer):\n    def put(self, item): pass  # here\n",
        "M.put hides the procedure Buffer.put and is no `async def`.",
    ),
}


@pytest.mark.parametrize("case", BODIES)
def test_a_body_that_is_not_what_would_run_is_refused_when_it_is_declared(file, case):
    text, said = BODIES[case]
    path, line = file(text)
    with pytest.raises(SpecError) as caught:
        loaded(path)
    assert caught.value.message == said
    assert place(caught.value) == (str(path), line)
    assert caught.value.advice


def test_a_decorator_that_only_annotates_is_welcome(file, on):
    path, _ = file(
        "@module\nclass Main:\n    @noting\n    @procedure\n    @noting\n    async def main(self): return 7\n"
        "@application\ndef app(): return Main()\n"
    )
    assert run(loaded(path).app, on, io=VirtualIO()).value == 7


CHANGED = {
    "replaced": ("async def other(self, item): return 2  # here\nBuffer.put = other\n", "Buffer.put was replaced"),
    "added": ("async def other(self): return 2  # here\nBuffer.more = other\n", "Buffer.more was added"),
    "replaced by what is none": ("Buffer.put = lambda self, item: 3\n", "Buffer.put was replaced"),
    "taken away": ("del Buffer.put\n", "Buffer.put was replaced"),
}


@pytest.mark.parametrize("case", CHANGED)
def test_a_class_that_was_changed_after_it_was_declared_is_refused_when_it_is_built(file, on, case):
    text, said = CHANGED[case]
    path, line = file(text + main("return 7"))
    error = refused(path, on)
    assert error.message == f"{said} after @module had read the class."
    assert error.file == str(path)
    assert line is None or error.line == line


def test_a_class_that_a_run_changes_is_told_of_when_it_ends(file, on):
    path, _ = file(
        "async def other(self, item): return 2\ndef change(cls):\n    cls.put = other\n" + main("change(Buffer)")
    )
    assert refused(path, on).message == "Buffer.put was replaced after @module had read the class."


@pytest.mark.parametrize(
    "statement",
    ["self.p = self.size", "Buffer.put = self.size", "setattr(self, 'p', None)", "self.buffer.put = 1", "del self.p"],
)
def test_a_procedure_that_a_procedure_replaces_is_refused_when_it_is_compiled(file, on, statement):
    path, line = file(main(f"if self.some:\n    {statement}  # here"))
    error = refused(path, on)
    assert "is given another value, and is a procedure of" in error.message
    assert place(error) == (str(path), line)


@pytest.mark.parametrize("how", ["instance.__dict__['put'] = 1", "instance.put = 1"])
def test_an_instance_whose_attribute_hides_a_procedure_is_refused(file, on, how):
    before = f"def change(instance):\n    {how}\n"
    said = "the procedure Buffer.put is hidden by an attribute of an instance."
    path, _ = file(before + main("return 7").replace("return Main", "b = Buffer()\n    change(b)\n    return Main"))
    path.write_text(path.read_text().replace("Main(Buffer(), None)", "Main(b, None)"))
    assert refused(path, on).message == said
    path, _ = file(before + main("change(self.buffer)"))
    assert refused(path, on).message == said


# -- a source that is not there ----------------------------------------------------------------------------------------


def built_from(text, name, on):
    namespace = {"__name__": "somewhere"}
    sys.modules["somewhere"] = types.ModuleType("somewhere")
    exec(compile(text, name, "exec"), namespace)
    with pytest.raises(SpecError) as caught:
        run(namespace["app"], on, io=VirtualIO())
    return caught.value


@pytest.mark.parametrize("name", ["<string>", "<stdin>", "<frozen spec>", "/nowhere/spec.py"])
def test_a_source_that_is_not_there_is_told_with_its_place(on, name):
    text = HEAD + main("return 7")
    error = built_from(text, name, on)
    assert error.message.endswith(f" is not there: {name} cannot be read.")
    assert error.file == name
    assert text.splitlines()[error.line - 1].lstrip().startswith(("async def", "@"))
    assert error.advice == "A spec is compiled from its own source: keep it in a file."


def test_so_is_one_of_which_only_the_bytecode_was_kept(file, on, tmp_path, monkeypatch):
    path, _ = file(main("return 7"))
    py_compile.compile(str(path), cfile=str(tmp_path / "only_code.pyc"), dfile=str(tmp_path / "only_code.py"))
    path.unlink()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "only_code", raising=False)
    import only_code

    with pytest.raises(SpecError, match=r"is not there: .*only_code\.py cannot be read\.") as caught:
        run(only_code.app, on, io=VirtualIO())
    assert caught.value.line
