"""The planted faults themselves: that they are what they say, and that the list of equivalent ones is kept up."""

from __future__ import annotations

import ast

import mutate
import pytest
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


@pytest.mark.parametrize(
    ("module", "nearest"),
    [
        ("numerics/score.py", "tests/test_numerics_score.py"),
        ("reported.py", "tests/test_reported.py"),
        ("reconstruct/_join.py", "tests/test_reconstruct_outcomes.py"),
        ("verdict/_decide.py", "tests/test_verdict.py"),
    ],
)
def test_a_module_faces_its_own_tests_first(module, nearest):
    assert mutate.facing(module)[:2] == [f"src/ketastats/{module}", nearest]


def test_every_module_of_the_core_faces_tests():
    modules = mutate.core()
    assert {"numerics/rates.py", "reported.py", "regions.py", "verdict/_single.py"} <= set(modules)
    assert all(len(mutate.facing(module)) > 1 for module in modules)


def test_each_equivalent_mutant_has_its_reason_and_its_module():
    modules = set(mutate.core())
    for entry, reason in mutate.equivalents().items():
        assert entry.split()[0] in modules, entry
        assert " -> " in entry
        assert len(reason) > 10, entry


def test_a_small_project_from_end_to_end(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(mutate, "ROOT", tmp_path)
    monkeypatch.setattr(mutate, "COPIED", ("src", "tests"))
    package = tmp_path / mutate.PACKAGE
    for folder in (package, tmp_path / "tests"):
        folder.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "regions.py").write_text("def small(x):\n    return x < 30\n")
    (tmp_path / "tests" / "test_regions.py").write_text(
        "from ketastats.regions import small\n\n\ndef test_small():\n    assert small(29) and not small(31)\n"
    )
    listed = (
        "# why\n\nregions.py small: return x < 30 -> return x < 31 | not so\nregions.py small: x > 30 -> * | gone\n"
    )
    (tmp_path / mutate.EQUIVALENT).write_text(listed)
    for cached in (mutate.imported, mutate.importers, mutate.tests_importing):
        cached.cache_clear()
    try:
        assert mutate.main(["--sample", "0", "--workers", "1"]) == 1
    finally:
        for cached in (mutate.imported, mutate.importers, mutate.tests_importing):
            cached.cache_clear()
    printed = capsys.readouterr()
    rows = printed.out.splitlines()
    # `>=` and `< 29` are noticed; nothing is tested at 30, and `< 31` is taken to be equivalent.
    assert rows[1].split() == ["regions.py", "2", "1", "1", "67%"]
    assert rows[2].strip() == "src/ketastats/regions.py:2  small: return x < 30 -> return x <= 30"
    assert rows[3].split() == ["all", "2", "1", "1", "67%"]
    assert "no longer there: regions.py small: x > 30 -> *" in printed.err
