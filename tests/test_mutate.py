"""The planted faults themselves: that they are what they say, and that the list of equivalent ones is kept up."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from types import ModuleType

import mutate
import pytest
from mutate_graft import plant
from mutate_operators import mutants


def changes(source):
    return [f"{mutant.before} -> {mutant.after}" for mutant in mutants(source)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("alpha < beta < gamma", {"alpha <= beta < gamma", "alpha >= beta < gamma", "alpha < beta >= gamma"}),
        ("first_one + second_one", {"first_one - second_one"}),
        ("first_one // second_one", {"first_one * second_one"}),
        ("first_one and second_one", {"first_one or second_one"}),
        ("not something_else", {"something_else"}),
        ("-something_or_other", {"something_or_other"}),
        ("something[12] + 0", {"something[13] + 0", "something[11] + 0", "something[12] + 1", "something[12] - 0"}),
        ("something(2.5, keep=True)", {"something(3.75, keep=True)", "something(2.5, keep=False)"}),
        ("np.minimum(floor(x), np.log(y))", {"np.maximum(floor(x), np.log(y))", "np.minimum(ceil(x), np.log(y))"}),
    ],
)
def test_what_becomes_of_an_expression(expression, expected):
    every = list(mutants(f"def f():\n    {expression}"))
    assert {ast.unparse(ast.parse(mutant.text).body[0].body[0]) for mutant in every} >= expected
    assert all(mutant.line == 2 and mutant.function == "f" for mutant in every)


def test_each_mutant_is_one_change_to_the_whole_module():
    source = (mutate.ROOT / mutate.PACKAGE / "regions.py").read_text(encoding="utf-8")
    plain = ast.unparse(ast.parse(source)).splitlines()
    every = list(mutants(source))
    assert len(every) > 20
    for mutant in every:
        changed = ast.unparse(ast.parse(mutant.text)).splitlines()
        assert len(changed) == len(plain)
        assert sum(ours != theirs for ours, theirs in zip(changed, plain, strict=True)) == 1, mutant.name


@pytest.mark.parametrize(
    "source",
    [
        "def f(x: int | None = None) -> float | int: ...",
        "Number = float | int",
        "@dataclass(frozen=True)\nclass A: ...",
        "if TYPE_CHECKING:\n    flag = True",
        "def f():\n    raise ValueError(f'not {1 + 2}')",
        "def f(a, b):\n    return zip(a, b, strict=True)",
    ],
)
def test_what_no_run_could_tell_is_left_alone(source):
    assert changes(source) == []


def test_a_lone_constant_is_shown_where_it_stands():
    assert changes("def f():\n    return x[1]") == ["return x[1] -> return x[2]", "return x[1] -> return x[0]"]


def test_what_is_said_of_the_core():
    modules = set(mutate.core(mutate.ROOT))
    assert {"numerics/rates.py", "reported.py", "regions.py", "verdict/_single.py"} <= modules
    for entry, reason in mutate.equivalents(mutate.ROOT).items():
        assert entry.split()[0] in modules, entry
        assert " -> " in entry
        assert len(reason) > 10, entry


def test_a_mutant_knows_the_lines_of_its_statement():
    source = "def f(x):\n    if (\n        x\n        > 2\n    ):\n        return (1,\n                x)\n"
    assert {mutant.lines for mutant in mutants(source)} == {range(2, 5), range(6, 7)}


MODULE = """
from functools import cache, partial

LIMIT = 30
POINTS = [("few", 3.5), ("many", 8.5)]

def small(x, shift=1):
    return x + shift < LIMIT

@cache
def twice(x):
    return 2 * x

class Box:
    @property
    def size(self):
        return 5 - 3

RULES = {"small": small, "never": lambda x: x > 99, "less": partial(small, shift=7)}
"""


@pytest.fixture
def planted():
    """A module by a name that the tools take for one of the package, and another that imports from it."""
    modules = ModuleType("ketastats_planted"), ModuleType("ketastats_importer")
    for module in modules:
        module.__file__ = "planted.py"
        sys.modules[module.__name__] = module
    exec(MODULE, vars(modules[0]))
    exec("from ketastats_planted import *", vars(modules[1]))
    yield modules[1]
    for module in modules:
        del sys.modules[module.__name__]


@pytest.mark.parametrize(
    ("before", "after", "question", "answers"),
    [
        ("x + shift", "x - shift", "small(29), RULES['small'](29)", ((False, False), (True, True))),
        ("shift=1", "shift=2", "small(28)", (True, False)),
        ("LIMIT = 30", "LIMIT = 29", "LIMIT, small(28)", ((30, True), (29, False))),
        ("8.5", "9.5", "POINTS[1]", (("many", 8.5), ("many", 9.5))),
        ("2 * x", "3 * x", "twice(5)", (10, 15)),
        ("5 - 3", "5 + 3", "Box().size, isinstance(box, Box)", ((2, True), (8, True))),
        ("x > 99", "x >= 99", "RULES['never'](99)", (False, True)),
    ],
)
def test_a_change_reaches_whoever_holds_the_module(planted, before, after, question, answers):
    vars(planted)["box"] = planted.Box()
    assert eval(question, vars(planted)) == answers[0]
    assert plant("ketastats_planted", MODULE.replace(before, after)) == 1
    assert eval(question, vars(planted)) == answers[1]


def test_the_same_text_changes_nothing(planted):
    assert plant("ketastats_planted", ast.unparse(ast.parse(MODULE))) == 0


def test_the_page_keeps_the_rows_of_other_modules(tmp_path):
    page = tmp_path / "page.md"
    options = mutate.parse([])
    mutant = next(mutants("def f():\n    return 1"))
    first = [
        mutate.Tally(module="regions.py", killed=9, survivors=[mutant]),
        mutate.Tally(module="reported.py", killed=4),
    ]
    page.write_text(mutate.table(first, options, page))
    page.write_text(mutate.table([mutate.Tally(module="regions.py", killed=12, equivalent=2)], options, page))
    rows = [line for line in page.read_text().splitlines() if line.startswith("|")][2:]
    assert rows == [
        "| regions.py | 12 | 12 | 2 | 100% |",
        "| reported.py | 4 | 4 | 0 | 100% |",
        "| all | 16 | 16 | 2 | 100% |",
    ]


def test_a_small_project_from_end_to_end(tmp_path):
    package = tmp_path / mutate.PACKAGE
    for folder in (package, tmp_path / "tests"):
        folder.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "regions.py").write_text("def small(x):\n    return x < 30\n")
    (tmp_path / "tests" / "test_regions.py").write_text(
        "from ketastats.regions import small\n\n\ndef test_small():\n    assert small(29) and not small(31)\n\n\n"
        "def test_elsewhere():\n    assert True\n"
    )
    listed = (
        "# why\n\nregions.py small: return x < 30 -> return x < 31 | not so\nregions.py small: x > 30 -> * | gone\n"
    )
    (tmp_path / mutate.EQUIVALENT).write_text(listed)
    script = mutate.ROOT / "tests/mutate.py"
    command = [sys.executable, str(script), "--root", str(tmp_path), "--sample", "0", "--write"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    rows = done.stdout.splitlines()
    # Whether 30 itself is small is not tested, and `< 31` is taken to be equivalent.
    assert done.returncode == 1, done.stderr
    assert rows[1].split() == ["regions.py", "2", "1", "1", "67%"]
    assert rows[2].strip() == "src/ketastats/regions.py:2  small: return x < 30 -> return x <= 30"
    assert rows[-1].split() == ["all", "2", "1", "1", "67%"]
    assert "no longer there: regions.py small: x > 30 -> *" in done.stderr
    assert (
        (tmp_path / "tests/mutation.md")
        .read_text()
        .endswith("| regions.py | 3 | 2 | 1 | 67% |\n| all | 3 | 2 | 1 | 67% |\n")
    )
    kept = json.loads((tmp_path / "build/mutation/reach.json").read_text())
    assert kept["tests"]["regions.py"]["2"] == ["tests/test_regions.py::test_small"]
