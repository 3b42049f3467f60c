"""What is alive by the bytecode, against a judge of its own: the equations of liveness, on the source tree."""

import dis
import sys
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duality.proof.alive import alive_after, can_fail, following, locals_read, locals_set, read_before, unpacked

NAMES = ("a", "b", "c")


def made(text, name="program"):
    namespace = {}
    exec(compile(textwrap.dedent(text), "alive.py", "exec", dont_inherit=True), namespace)
    return namespace[name]


def calls(code, line=None):
    """The offsets of the calls, on one line or all."""
    found = (one for one in dis.get_instructions(code) if one.opname == "CALL")
    return [one.offset for one in found if line in (None, one.positions.lineno)]


# -- alive -------------------------------------------------------------------------------------------------------------

simple = st.one_of(
    st.just(("rest",)),
    st.tuples(st.sampled_from(["use", "set", "del"]), st.sampled_from(NAMES)),
)


def bodies(inner, loop):
    ends = [st.just(("break",))] if loop else []
    return st.lists(st.one_of(simple, simple, inner, *ends), min_size=1, max_size=4)


def guarded(body):
    """What a `try` is about: something in it may fail, so that its handler stands in the bytecode."""
    return body.map(lambda one: [("rest",), *one])


def compound(depth, loop=False):
    """A statement with others in it. loop: inside one that a `break` leaves."""
    if depth == 0:
        return simple
    free, looped = (bodies(compound(depth - 1, inside), inside) for inside in (loop, True))
    # A `break` in a `finally` forgets the error: Python itself advises against it.
    never = bodies(compound(depth - 1, False), False)
    return st.one_of(
        st.tuples(st.just("if"), free, free),
        st.tuples(st.just("while"), looped),
        st.tuples(st.just("for"), st.sampled_from(NAMES), looped),
        st.tuples(st.just("with"), guarded(free)),
        st.tuples(st.just("try"), guarded(free), free),
        st.tuples(st.just("finally"), guarded(free), never),
    )


def ways(body):
    """How a body may be left, errors apart: by its end (``on``), by a `break`."""
    found = {"on"}
    for one in body:
        found -= {"on"}
        match one:
            case ("break",):
                found.add("break")
            case ("if" | "try", some, other):
                found |= ways(some) | ways(other)
            case ("finally", some, _):
                found |= ways(some)
            case ("with", some):  # which may keep an error for itself
                found |= ways(some) | {"on"}
            case _:
                found.add("on")
        if "on" not in found:
            break
    return found


LOOPS = {"while": "while choose():", "for": "for {} in one():", "with": "with one():"}
HEADS = {"if": ("if choose()", "else"), "try": ("try", "except"), "finally": ("try", "finally")}


def written(body, lines, indent=1):
    """Write the lines of a body; the same statements, each rest with its line, and none that is never reached."""
    kept, blank = [], "    " * indent
    for one in body:
        match one:
            case ("while" | "for" | "with", *names, inner):
                lines.append(blank + LOOPS[one[0]].format(*names))
                one = *one[:-1], written(inner, lines, indent + 1)
            case (("if" | "try" | "finally") as kind, *both):
                inner = []
                for head, part in zip(HEADS[kind], both, strict=True):
                    lines.append(f"{blank}{head}:")
                    inner.append(written(part, lines, indent + 1))
                one = kind, *inner
            case (kind, *names):
                told = {"rest": "rest()", "use": "use({})", "set": "{} = one()", "del": "del {}", "break": "break"}
                lines.append(blank + told[kind].format(*names))
                one = ("rest", len(lines)) if kind == "rest" else one
        kept.append(one)
        if "on" not in ways(kept):
            break
    return kept


def before(body, out, left, fails, rests):
    """What is alive before a body. out, left, fails: behind it, behind its loop, and where an error goes."""
    for one in reversed(body):
        out = _before(one, out, left, fails, rests)
    return out


def _before(one, out, left, fails, rests):
    match one:
        case ("rest", line):
            rests[line] = rests.get(line, frozenset()) | out | fails
            return out | fails
        case ("use", name):
            return out | fails | {name}
        case ("set", name):
            return out - {name} | fails
        case ("del", name):
            return (out | fails) - {name}
        case ("break",):
            return left
        case ("if", body, other):
            return before(body, out, left, fails, rests) | before(other, out, left, fails, rests) | fails
        case ("while", body):
            again = out | fails
            while (more := again | before(body, again, out, fails, rests)) != again:
                again = more
            return again
        case ("for", name, body):
            again = out | fails
            while (more := again | before(body, again, out, fails, rests) - {name}) != again:
                again = more
            return again
        case ("with", body):
            return fails | before(body, out | fails, left | fails, out | fails, rests)
        case ("try", body, handler):
            return before(body, out, left, before(handler, out, left, fails, rests), rests)
        case ("finally", body, last):
            taken = ways(body)
            on, breaks = (
                before(last, behind, NOTHING, fails, rests) if way in taken else NOTHING
                for way, behind in (("on", out), ("break", left))
            )
            return before(body, on, breaks, before(last, fails, NOTHING, fails, rests), rests)
    raise AssertionError(one)


NOTHING = frozenset()


@settings(max_examples=50, derandomize=True)
@given(bodies(compound(2), False))
def test_it_is_what_the_equations_of_liveness_say_of_the_source(program):
    lines = ["def program(a, b, c):"]
    tree = written(program, lines)
    after, code, expected = {}, made("\n".join(lines)).__code__, {}
    before(tree, NOTHING, NOTHING, NOTHING, expected)
    for line in expected:
        after[line] = NOTHING.union(*(alive_after(code)[one] for one in calls(code, line)))
    assert after == expected, "\n".join(lines)


# -- what may come next ------------------------------------------------------------------------------------------------


def test_an_instruction_goes_on_jumps_or_fails_and_nothing_else():
    code = made("""
        def program(a):
            try:
                if a:
                    return one(a)
            except KeyError:
                raise
            return None
        """).__code__
    by_name = {}
    for one in dis.get_instructions(code):
        by_name.setdefault(one.opname, []).append(one)
    calm, wary = following(code, lambda name: False), following(code, lambda name: name == "CALL")
    (called,) = by_name["CALL"]
    (branch,) = [one for one in by_name["POP_JUMP_FORWARD_IF_FALSE" if sys.version_info < (3, 12) else
                                        "POP_JUMP_IF_FALSE"] if one.positions.lineno == 4]  # fmt: skip
    handlers = {entry.target for entry in dis.Bytecode(code).exception_entries}
    assert wary[called.offset] - calm[called.offset] <= handlers
    assert len(wary[called.offset]) == len(calm[called.offset]) + 1 == 2
    assert len(calm[branch.offset]) == 2
    assert branch.argval in calm[branch.offset]
    assert {one: ways for one, ways in wary.items() if one != called.offset} == {
        one: ways for one, ways in calm.items() if one != called.offset
    }
    ends = [one.offset for one in dis.get_instructions(code) if one.opname in ("RETURN_VALUE", "RERAISE")]
    assert ends
    assert not any(calm[one] for one in ends)


def test_what_fails_in_a_block_goes_to_its_handler_from_its_first_instruction_to_its_last():
    code = made("""
        def program(a):
            try:
                one(a)
                del a
            except KeyError:
                two(a)
            three(a)
        """).__code__
    (outer, *_) = sorted(dis.Bytecode(code).exception_entries, key=lambda entry: entry.start)
    ways_on = following(code, lambda name: True)
    block = (one for one in dis.get_instructions(code) if one.positions.lineno in (4, 5))
    inside = [one for one in block if not one.opname.startswith("JUMP")]  # which leaves the block
    assert [one.opname for one in inside if outer.target not in ways_on[one.offset]] == []
    behind = [one for one in dis.get_instructions(code) if one.positions.lineno == 8]
    assert behind
    assert [one.opname for one in behind if outer.target in ways_on[one.offset]] == []


def test_moving_things_about_fails_nobody():
    quiet = [name for name in dis.opname if not can_fail(name)]
    assert {"STORE_FAST", "LOAD_CONST", "POP_TOP", "NOP", "SWAP", "JUMP_FORWARD"} <= {*quiet}
    assert not {one for one in quiet if "CALL" in one and one != "PRECALL"} - {"<0>"}
    for loud in ("CALL", "LOAD_GLOBAL", "LOAD_FAST", "RAISE_VARARGS", "BINARY_OP", "FOR_ITER", "RERAISE", "SEND"):
        assert can_fail(loud), loud


# -- operands and records ----------------------------------------------------------------------------------------------


def test_what_was_read_on_the_line_before_the_call_may_wait_among_the_operands():
    code = made("""
        def program(a, b, c):
            one(a)
            return b, rest(), c
        """).__code__
    first, second = calls(code)
    assert read_before(code, first) == {"a"}
    assert read_before(code, second) == {"b"}
    with pytest.raises(AssertionError, match="no instruction stands there"):
        read_before(code, -2)


@given(st.lists(st.sampled_from(["one", "two", "three", "four", "five"]), min_size=1, max_size=5, unique=True),
       st.sets(st.sampled_from(["one", "two", "three", "four", "five"])))  # fmt: skip
def test_a_handler_says_what_it_takes_out_of_its_record_also_into_cells(names, captured):
    handler = made(f"""
        def program(f):
            ({", ".join(names)},) = f.alive
            rest(lambda: ({", ".join(sorted(captured & set(names)))}))
            (later, still) = f.alive
            return {", ".join(names)}
        """)
    assert unpacked(handler.__code__) == tuple(names)


def test_what_is_taken_out_of_anything_else_is_no_record():
    assert unpacked(made("def program(f):\n    (one, two) = f.others\n    return f.alive").__code__) == ()


def test_reading_and_setting_are_told_apart_whatever_the_instruction():
    code = made("""
        def program(a, b):
            c = a
            d, e = b, c
            f = d
            del e
            return f
        """).__code__
    read, set_ = set(), set()
    for one in dis.get_instructions(code):
        read |= {*locals_read(one)}
        set_ |= {*locals_set(one)}
    assert read == {"a", "b", "c", "d", "f"}
    assert set_ == {"c", "d", "e", "f"}
