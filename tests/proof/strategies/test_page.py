"""The examples of the page about strategies are tests, and pass."""

import importlib.util
import re

import pytest
from hypothesis import seed


def examples(root):
    """The programs on the page, in order."""
    return re.findall(r"^```python\n(.*?)^```", (root / "docs/reference/strategies.md").read_text(), re.M | re.S)


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.filterwarnings("ignore::SyntaxWarning")  # waits without a loop: wrong on purpose
def test_an_example_of_the_page_passes(number, pytestconfig, tmp_path):
    file = tmp_path / f"example_{number}.py"
    file.write_text(examples(pytestconfig.rootpath)[number])
    found = importlib.util.spec_from_file_location(file.stem, file)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    (test,) = (value for name, value in vars(module).items() if name.startswith("test_"))
    seed(1)(test)()


def test_these_are_all(pytestconfig):
    assert len(examples(pytestconfig.rootpath)) == 2
