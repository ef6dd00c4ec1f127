"""What a fresh clone relies on: the lock, the targets of make, the metadata, and files that fit every machine."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import ketastats

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Where the package, its tests and its linters are locked, and where its peers in the benchmarks are.
LOCKS = {
    name: (ROOT / name).read_text(encoding="utf-8") for name in ("requirements.lock", "benchmarks/requirements.lock")
}


def requirements(lock: str) -> list[str]:
    """One logical line per requirement: name==version ; marker --hash=... --hash=..."""
    joined = re.sub(r"\s*\\\n\s*", " ", re.sub(r"(?m)^\s*#.*\n?", "", lock))
    return [line for line in joined.splitlines() if line and not line[0].isspace()]


each_lock = pytest.mark.parametrize("name", LOCKS)
# Put together here, so that this file does not hold what it looks for.
INDEX = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "--index" + "-url",
    "--extra-index" + "-url",
    "--find" + "-links",
    "trusted" + "-host",
]
PLACE = re.compile(r"(?<![\w.~:/\\])/(?:home|Users|root|work|tmp|opt|mnt|srv)/\w|[A-Z]:\\Users")


def normalized(requirement: str) -> str:
    """The package that a requirement names, as PEP 503 spells it."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", name.group() if name else "").lower()


# ------------------------------------------------------------------------------------------------------------- the lock
@each_lock
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    pinned = re.compile(r"[a-z0-9-]+==[0-9][\w.]*( ; [^#]+?)?( --hash=sha256:[0-9a-f]{64})+")
    assert requirements(LOCKS[name])
    assert [line for line in requirements(LOCKS[name]) if not pinned.fullmatch(line)] == []


@each_lock
def test_the_lock_names_no_address(name: str) -> None:
    lines = LOCKS[name].splitlines()
    assert [line for line in lines if re.search(r"://|@|\bfile:|^-", line.strip().replace("--hash", ""))] == []


@each_lock
def test_the_lock_holds_everything_that_the_project_asks_for(name: str) -> None:
    locked = {normalized(line) for line in requirements(LOCKS[name])}
    extras = PROJECT["optional-dependencies"]
    here = {"bench", "build"} if name.startswith("benchmarks") else extras.keys() - {"bench"}
    groups = [PROJECT["dependencies"], *(extras[extra] for extra in here)]
    assert {normalized(requirement) for group in groups for requirement in group} - locked == set()


def test_peers_are_timed_with_the_versions_that_the_tests_run_with() -> None:
    versions = [dict(line.split(" ", 1)[0].split("==") for line in requirements(lock)) for lock in LOCKS.values()]
    assert {name for name in versions[0].keys() & versions[1].keys() if versions[0][name] != versions[1][name]} == set()
    # What is only timed against is not there when the tests run.
    assert "pingouin" in versions[1].keys() - versions[0].keys()


def test_the_project_caps_no_version() -> None:
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    assert [name for group in groups for name in group if re.search(r"<|==|~=|!=", name)] == []


# ---------------------------------------------------------------------------------------------------------- the targets
def makefile_targets() -> list[str]:
    """The targets that a person may name, as .PHONY lists them."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.findall(r"(?m)^\.PHONY: (.*)$", text)[0].split()
    return [name for name in phony if name.islower()]


def test_make_help_lists_every_target() -> None:
    run = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = re.findall(r"(?m)^make ([a-z-]+) +\S", run.stdout)
    assert listed == makefile_targets()


def test_continuous_integration_runs_the_command_that_the_readme_names() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    lines = [line for line in script.splitlines() if line and not line.startswith("#")]
    assert lines[:-1] == ["set -euo pipefail", 'cd "$(dirname "${BASH_SOURCE[0]}")/.."']
    assert lines[-1] == "make test"
    readme = ROOT / "README.md"
    if readme.exists():
        assert re.search(r"(?m)^(\$ )?make test\b|`make test`", readme.read_text(encoding="utf-8"))


# --------------------------------------------------------------------------------------------------------- the metadata
def test_the_version_is_the_same_everywhere() -> None:
    citation = re.findall(r"(?m)^version: (\S+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changes = re.findall(r"(?m)^## \[(\d\S*)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert [PROJECT["version"]] == citation == changes[:1]
    assert ketastats.__version__ == PROJECT["version"]


def test_the_types_are_published() -> None:
    assert (ROOT / "src" / "ketastats" / "py.typed").read_bytes() == b""


# ------------------------------------------------------------------------------------------------------- on any machine
def tracked_texts() -> dict[str, str]:
    """The text files of the project by name."""
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode:
        pytest.skip("not a clone: there is no list of tracked files")
    texts = {}
    for name in filter(None, run.stdout.split("\0")):
        path = ROOT / name
        if path.is_file() and path.suffix not in {".png", ".pdf"}:
            texts[name] = path.read_text(encoding="utf-8")
    return texts


def test_no_file_names_a_package_index() -> None:
    assert [(name, word) for name, text in tracked_texts().items() for word in INDEX if word in text] == []


def test_no_file_holds_a_path_of_one_machine() -> None:
    found = {name: match.group() for name, text in tracked_texts().items() if (match := PLACE.search(text))}
    assert found == {}


def test_paths_of_one_machine_are_recognised() -> None:
    home = "/" + "home/someone/x"
    assert PLACE.search(f"open('{home}')")
    assert not PLACE.search("https://example.org/" + "work/x and 1/tmp and build/" + "tmp/x")
