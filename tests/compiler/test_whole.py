"""A file is there whole or not at all."""

import os
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duality.compiler import whole


@settings(max_examples=30)
@given(before=st.none() | st.binary(max_size=40), data=st.binary(max_size=40), mode=st.sampled_from([0o600, 0o644]))
def test_what_is_written_is_there_and_nothing_beside_it(tmp_path_factory, before, data, mode):
    folder = tmp_path_factory.mktemp("whole")
    path = folder / "some.json"
    if before is not None:
        path.write_bytes(before)
    whole.write(path, data, mode)
    assert path.read_bytes() == data
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert os.listdir(folder) == ["some.json"]


@pytest.mark.parametrize("step", ["chmod", "replace"])
@pytest.mark.parametrize("error", [OSError("no"), KeyboardInterrupt()])
def test_what_fails_leaves_everything_as_it_was(tmp_path, monkeypatch, step, error):
    path = tmp_path / "some.json"
    path.write_bytes(b"before")

    def fail(*_):
        assert path.read_bytes() == b"before"
        assert len(os.listdir(tmp_path)) == 2  # what is half done lies beside
        raise error

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(type(error)):
        whole.write(path, b"after")
    assert path.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["some.json"]


def test_where_there_is_no_folder_the_system_says_so(tmp_path):
    with pytest.raises(FileNotFoundError):
        whole.write(tmp_path / "none" / "some.json", b"")
