"""What may be said of faults, how it is read, and what is said to whoever says something else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duality.core.io.simulated import FORMS, Faults, FaultsError, Sentence

SECONDS = st.floats(0, 1e6)
NAME = st.from_regex(r"[a-z][a-z0-9.-]{0,8}", fullmatch=True)
ARGUMENTS = {
    "number": st.integers(1, 99), "port": st.integers(1, 65535), "seconds": SECONDS, "chance": st.floats(0, 1),
    "error": st.sampled_from(["EIO", "ENOSPC", "ETIMEDOUT"]), "path": st.from_regex(r"/[a-z/.]{0,9}", fullmatch=True),
    "host": NAME, "hosts": st.sets(NAME, min_size=1, max_size=3).map(lambda names: tuple(sorted(names))),
    "others": st.sets(NAME.map("z-".__add__), min_size=1, max_size=3).map(lambda names: tuple(sorted(names))),
    "disk_verb": st.sampled_from(["open", "read", "read_file", "stat"]),
    "stream_verb": st.sampled_from(["recv", "recv_exactly", "send"]),
}  # fmt: skip


@st.composite
def sentences(draw):
    form = draw(st.sampled_from(list(FORMS.values())))
    arguments = tuple(draw(ARGUMENTS[name]) for name in form.arguments)
    return Sentence(form.name, draw(SECONDS) if form.begins else None, arguments)


FAULTS = st.lists(sentences(), max_size=6).map(lambda some: Faults(tuple(some)))


@given(FAULTS)
def test_what_is_printed_is_read_as_the_same(faults):
    assert Faults.parse(str(faults)) == faults
    assert eval(repr(faults), {"Faults": Faults}) == faults
    assert hash(Faults.parse(str(faults))) == hash(faults)


@given(FAULTS.filter(bool), st.data())
def test_one_fault_less(faults, data):
    place = data.draw(st.integers(0, len(faults.script) - 1))
    fewer = faults.without(place)
    assert len(fewer.script) == len(faults.script) - 1
    assert fewer.script[:place] + (faults.script[place],) + fewer.script[place:] == faults.script


@pytest.mark.parametrize("place", [-1, 1])
def test_there_is_no_such_fault_to_leave_out(place):
    with pytest.raises(IndexError, match=f"no fault {place}"):
        Faults.parse("at 1 s: heal").without(place)


def test_a_script_as_people_write_it():
    faults = Faults.parse("""
        at 3.2 s: reset connection 4      # the fourth that anybody makes
        at 1 s: partition bob,alice | server;at 5s :heal
        # nothing on this line
        from 2 s:  fill  the disk
        reset 0.01
        """)
    assert str(faults).splitlines() == [
        "at 3.2 s: reset connection 4", "at 1 s: partition alice, bob | server", "at 5 s: heal",
        "from 2 s: fill the disk", "reset 0.01",
    ]  # fmt: skip
    assert Faults.parse("at 2 s: fill the disk") == Faults.parse("from 2 s: fill the disk")


def test_no_faults_are_false():
    assert not Faults()
    assert not Faults.parse("# none\n\n")
    assert Faults.parse("reset 0")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("at 1 s: heal\nat 2 s: explode", "line 2: 'at 2 s: explode': no such sentence"),
        ("reset connection 4", "line 1: 'reset connection 4': it needs a time"),
        ("at 1 s: reset 0.5", "line 1: 'at 1 s: reset 0.5': it holds from the beginning to the end and takes no time"),
        ("\n\nreset 2", "line 3: 'reset 2': 2 is no chance"),
        ("at -1 s: heal", "-1 is no number of seconds"),
        ("at 1e999 s: heal", "1e999 is no number of seconds"),
        ("at soon s: heal", "soon is no number of seconds"),
        ("at 1 s: fail read of /x with EGAL", "the system has no error EGAL"),
        ("at 1 s: partition a, b | b", "b cannot be on both sides"),
        ("at 1 s: refuse server:70000", "70000 is no port"),
        ("late 0.5 by -1 s", "-1 is no number of seconds"),
    ],
)
def test_what_cannot_be_said_is_refused_with_its_line_and_what_can_be(text, said):
    with pytest.raises(FaultsError) as refused:
        Faults.parse(text)
    assert isinstance(refused.value, ValueError)
    assert said in str(refused.value)
    for form in FORMS.values():
        assert re.sub(r"{(\w+)}", lambda it: it[1].upper(), form.text) in str(refused.value)
    assert "{" not in str(refused.value).partition("what may be said")[2]


def table():
    """The table of the documentation."""
    rows = ["| sentence | what happens |", "|---|---|"]
    for form in FORMS.values():
        begins = f"{form.begins} SECONDS s: " if form.begins else ""
        text = re.sub(r"{(\w+)}", lambda found: found[1].upper(), form.text).replace("|", r"\|")
        rows.append(f"| `{begins}{text}` | {form.meaning} |")
    return "\n".join(rows)


def test_the_documentation_has_the_whole_table(pytestconfig):
    page = (pytestconfig.rootpath / "docs" / "reference" / "simulated.md").read_text(encoding="utf-8")
    assert f"<!-- forms -->\n{table()}\n<!-- /forms -->" in page, table()
