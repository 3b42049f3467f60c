"""The project's own papers agree: what the README promises, the Makefile does; what the source imports, we declare."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from duality import SpecError
from duality.compiler import program

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
MAKEFILE = (ROOT / "Makefile").read_text()
README = (ROOT / "README.md").read_text()
CI = (ROOT / ".ci" / "run").read_text()
PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md")),
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "tutorials").glob("*.md"),
]


# ---- make, README and CI


def rules() -> dict[str, list[str]]:
    """Every rule of the Makefile: its target and what that needs first."""
    found = re.findall(r"^([a-z]+|\$\(STAMP\)):(?!=)(.*)$", MAKEFILE, re.MULTILINE)
    return {target: needs.split() for target, needs in found}


def makes(text: str) -> list[str]:
    """The targets of every line that says ``make TARGET``."""
    return re.findall(r"^\s*make ([a-z]+)", text, re.MULTILINE)


def test_the_two_commands_of_the_readme_are_make_targets() -> None:
    assert makes(README) == ["demo", "test"]
    assert set(makes(README)) <= set(rules())


@pytest.mark.parametrize("target", ["demo", "test", "check", "docs", "bench"])
def test_every_job_installs_what_it_needs_by_itself(target: str) -> None:
    assert rules()[target] == ["$(STAMP)"]


def test_a_changed_project_file_installs_anew() -> None:
    assert rules()["$(STAMP)"] == ["pyproject.toml"]


def test_make_help_names_every_target() -> None:
    told = set(re.findall(r'@echo "make ([a-z]+) ', MAKEFILE))
    assert told == set(rules()) - {"$(STAMP)", "help"}


def test_ci_checks_then_builds_the_pages_then_tests_and_hides_nothing() -> None:
    assert makes(CI) == ["check", "docs", "test"]
    assert CI.rstrip().endswith("make test")
    assert "set -euo pipefail" in CI
    assert "||" not in CI
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_every_tool_make_calls_is_declared() -> None:
    packages = {it: it for it in ("ruff", "mypy", "mutmut", "duality")}
    packages |= {"lint-imports": "import-linter", "sphinx-build": "sphinx"}
    called = set(re.findall(r"^\t@?\$\(BIN\)/([a-z-]+) ", MAKEFILE, re.MULTILINE)) - {"python"}
    extras = {name_of(one) for wanted in PROJECT["project"]["optional-dependencies"].values() for one in wanted}
    assert called <= set(packages)
    assert {packages[tool] for tool in called} <= extras


# ---- one floor version of Python, said once


def test_the_oldest_python_is_the_same_everywhere() -> None:
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=")
    major, minor = oldest.split(".")
    assert PROJECT["tool"]["mypy"]["python_version"] == oldest
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py{major}{minor}"
    assert f"sys.version_info < ({major}, {minor})" in MAKEFILE
    assert f"Python {oldest} or newer" in README


# ---- dependencies


def name_of(requirement: str) -> str:
    """``attrs`` of ``attrs>=23.2``."""
    return re.split(r"[^\w-]", requirement)[0]


def third_party(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    """Every package from outside that a file imports, and whether the import runs as soon as the file does."""

    def visit(node: ast.AST, at_once: bool) -> Iterator[tuple[str, bool]]:
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], at_once) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0], at_once
        inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for child in ast.iter_child_nodes(node):
            yield from visit(child, at_once and not inside)

    return ((name, now) for name, now in visit(tree, True) if name not in sys.stdlib_module_names and name != "duality")


@pytest.mark.parametrize("path", sorted((ROOT / "duality").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_file_imports_is_declared(path: Path) -> None:
    modules = {"attr": "attrs"}
    core = {name_of(one) for one in PROJECT["project"]["dependencies"]} | {"pygments"}  # rich brings pygments
    extras = {name_of(one) for extra in ("test", "bench") for one in PROJECT["project"]["optional-dependencies"][extra]}
    # What only people who test, or measure, will import may need what they have installed for it.
    special = path.relative_to(ROOT).parts[1] in ("proof", "bench")
    for module, at_once in third_party(ast.parse(path.read_text())):
        allowed = core if at_once and not special else core | extras
        assert modules.get(module, module) in allowed, f"{module} is not a dependency"


# ---- the floors are complete


def test_every_room_of_the_package_has_its_floor() -> None:
    layers = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    placed = set(re.findall(r"\((\w+)\)", " ".join(layers)))
    rooms = {path.stem for path in (ROOT / "duality").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert {room for room in rooms if not room.startswith("__")} <= placed


# ---- the pages


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not missing


def test_the_changelog_knows_the_version() -> None:
    assert PROJECT["project"]["version"] in (ROOT / "CHANGELOG.md").read_text()


# ---- the README's spec


def readme_block(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n```python\n(.*?)```\n<!-- /{name} -->", README, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_programs_in_the_readme_are_what_the_compiler_makes() -> None:
    checked = subprocess.run(
        [sys.executable, "docs/_ext/readme.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("side", ["threads", "events", "oracle"])
def test_the_readmes_spec_runs_as_the_readme_says(side: str, tmp_path: Path) -> None:
    (tmp_path / "letterbox.py").write_text(readme_block("spec"))
    command = [sys.executable, "-m", "duality", "run", "letterbox.py", "--on", side]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "hello" in ran.stdout


REFUSED = {
    "`async def` inside a procedure": "async def inner(): pass",
    "`locals()` or `eval()` in a procedure that rests": "await self.main(); return locals()",
    "`await` of what is no call": "x = 3; await x",
}


def test_the_readme_lists_what_is_refused() -> None:
    found = re.search(r"Refused today: (.*?)\.\s", README, re.DOTALL)
    assert found is not None
    assert re.split(r",\s+", re.sub(r"\s+", " ", found[1])) == list(REFUSED)


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_what_the_readme_says_is_refused_is(body: str, tmp_path: Path) -> None:
    path = tmp_path / "refused.py"
    path.write_text(
        f"import duality\n@duality.module\nclass Main:\n    items: list\n    async def main(self):\n        {body}\n"
    )
    scope: dict[str, type] = {}
    exec(compile(path.read_text(), str(path), "exec"), scope)
    for side in ("events", "threads"):
        with pytest.raises(SpecError) as refusal:
            program(scope["Main"], on=side)
        assert (refusal.value.line, bool(refusal.value.advice)) == (6, True)


def test_what_the_readme_says_is_missing_is() -> None:
    from duality.cli import main

    planned = re.search(r"not there yet: (.*?)\.\n", README)
    assert planned is not None
    missing = re.findall(r"`([a-z]+)`", planned[1])
    assert missing
    assert not set(missing) & set(main.commands)
    assert not list((ROOT / "duality" / "lib").glob("*.py"))


def test_every_command_the_readme_shows_exists() -> None:
    from duality.cli import main

    shown = set(re.findall(r"^\.venv/bin/duality ([a-z]+)", README, re.MULTILINE))
    assert shown
    for name in shown:
        assert main.commands[name].help
