"""A path leads where the kernel says it leads: random trees, held against the same trees on the real disk."""

import errno
import os
import tempfile

from hypothesis import given, settings
from hypothesis import strategies as st

from duality.core.io.simulated.tree import Tree

NAMES = st.sampled_from(["a", "b", "c"])
PATHS = st.lists(st.one_of(NAMES, NAMES, st.sampled_from([".", "..", ""])), min_size=1, max_size=5).map("/".join)
CONTENTS = st.one_of(st.none(), st.just(b"content"), PATHS.filter(bool).map(lambda path: path.lstrip("/") or "."))


@st.composite
def trees(draw):
    """What is on a disk, by path: files, directories and links whose target is a relative path."""
    files, taken = {}, set()
    for _ in range(draw(st.integers(0, 8))):
        path = "/".join(draw(st.lists(NAMES, min_size=1, max_size=3)))
        above = {path[:cut] for cut in range(len(path)) if path[cut] == "/"}
        if path not in taken and not above & {name for name, what in files.items() if what is not None}:
            files[path] = draw(CONTENTS)
            taken |= above | {path}
    return files


def outcome(operation, *args):
    try:
        return operation(*args)
    except OSError as error:
        return errno.errorcode[error.errno]


def real_kind(path):
    status = os.stat(path)
    return status.st_mode & 0o170000, status.st_size if os.path.isfile(path) else None


def kind(tree, path):
    status = tree.status(path)
    return status.st_mode & 0o170000, status.st_size if status.st_mode & 0o100000 else None


def real_names(path):
    return sorted(os.listdir(path))


@settings(max_examples=200)
@given(files=trees(), paths=st.lists(PATHS, min_size=1, max_size=6))
def test_a_path_leads_where_the_kernel_says(files, paths):
    with tempfile.TemporaryDirectory() as place:
        root = os.path.join(os.path.realpath(place), "disk")
        os.mkdir(root)
        for path, what in files.items():
            here = os.path.join(root, path)
            os.makedirs(here if what is None else os.path.dirname(here), exist_ok=True)
            if isinstance(what, str):
                os.symlink(what, here)
            elif what is not None:
                with open(here, "wb") as file:
                    file.write(what)
        # The same depth, so that a path which leaves the tree leaves both.
        tree = Tree({f"{root}/{path}": what for path, what in files.items()} | {root: None})
        for path in paths:
            whole = f"{root}/{path}"
            assert outcome(kind, tree, whole) == outcome(real_kind, whole), path
            if os.path.exists(whole) or not any(isinstance(what, str) for what in files.values()):
                # Of links that lead nowhere, or in circles, every version of Python thinks in its own way.
                assert tree.real(whole) == os.path.realpath(whole), path
            if os.path.realpath(whole).startswith(root):
                assert outcome(tree.names, whole) == outcome(real_names, whole), path
            if os.path.isfile(whole):
                assert tree.content(whole) == b"content"
