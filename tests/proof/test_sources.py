"""The files of a spec."""

import sys

from duality.proof.sources import compiler, digest, files_of, load

from . import samples

NEIGHBOUR = """
from duality import module, procedure
@module
class Other:
    @procedure
    async def main(self):
        return 1
"""
SPEC = """
from duality import application
from neighbour_of_a_spec import Other
@application
def app():
    return Other()
"""


def test_the_spec_and_those_it_takes_modules_from(tmp_path):
    (tmp_path / "neighbour_of_a_spec.py").write_text(NEIGHBOUR)
    (tmp_path / "spec.py").write_text(SPEC)
    app = load(str(tmp_path / "spec.py"), "app")
    assert app.build()
    assert files_of(app) == [str(tmp_path / "spec.py"), str(tmp_path / "neighbour_of_a_spec.py")]
    assert load(str(tmp_path / "spec.py"), "nobody") is None
    assert load(str(tmp_path / "spec.py"), "Other") is None
    sys.path.remove(str(tmp_path))


def test_dualitys_own_are_not_among_them():
    assert files_of(samples.sound) == [samples.__file__]


def test_a_digest_tells_one_content_from_another(tmp_path):
    file = tmp_path / "x"
    assert digest(str(file)) is None
    file.write_text("a")
    first = digest(str(file))
    file.write_text("b")
    assert digest(str(file)) != first
    assert len(compiler()) == 16
