"""A file of JSON reads as it was written, and a bad one is told of in one sentence."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duality.proof import sheet

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


class Wrong(ValueError):
    """What whoever reads wants to raise."""


@given(st.dictionaries(st.text(max_size=5).filter(str.isprintable), values))
def test_what_is_written_is_read(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("sheet") / "it.json"
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a pair of surrogates is no text
        with pytest.raises(UnicodeEncodeError):
            sheet.write(path, data)
        assert not path.exists()
        return
    sheet.write(path, data)
    assert sheet.read(path, Wrong) == data
    assert path.read_bytes().endswith(b"}\n")
    assert os.listdir(path.parent) == ["it.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"{}{}"])
def test_what_is_no_json_is_told(tmp_path, content):
    path = tmp_path / "it.json"
    path.write_bytes(content)
    with pytest.raises(Wrong, match=r"it\.json: this is no replay file: it is no JSON"):
        sheet.read(path, Wrong)


def test_what_is_not_there_is_told(tmp_path):
    with pytest.raises(Wrong, match=r"it\.json: cannot be read: No such file or directory"):
        sheet.read(tmp_path / "it.json", Wrong)
