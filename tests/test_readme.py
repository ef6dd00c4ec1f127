"""Every number in the README equals a number in a figure's JSON file, or is recomputed here."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import ketastats as ks

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROSE = " ".join(README.split())


@cache
def _twin(name: str) -> dict[str, Any]:
    return dict(json.loads((ROOT / "figures" / f"{name}.json").read_text(encoding="utf-8")))


def number(path: str) -> Any:
    """Return a number of a figure by a path such as ``margins/outcomes/response/count``."""
    name, *keys = path.split("/")
    value: Any = _twin(name)
    for key in keys:
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def points(path: str) -> tuple[str, ...]:
    """Return the ends of a range of proportions in percentage points."""
    return tuple(f"{100 * end:.1f}" for end in number(path))


def _splits() -> str:
    pairs = [f"{n1}/{n2}" for n1, n2 in number("compatible_tables/pairs/splits")]
    return f"{', '.join(pairs[:-1])} and {pairs[-1]}"


def _best_chance(margin: str) -> float:
    designs = _twin("what_could_be_seen")["response"].values()
    return max(design["equivalence"]["at_margins"][margin] for design in designs)


def _detectable() -> tuple[float, float]:
    values = [design["difference"]["detectable"] for design in _twin("what_could_be_seen")["symptoms"].values()]
    return min(values), max(values)


def _evidence(*paths: str) -> str:
    return ", ".join(
        f"{low:.1f} to {high:.1f} for {name}"
        for (low, high), name in zip(map(number, paths), ("symptoms", "response", "remission"), strict=True)
    )


def _margin_list() -> str:
    sizes = [
        number(f"what_could_be_seen/margins/{key}/printed") for key in ("half-melander-8", "elekt-d-10", "melander-16")
    ]
    return f"{sizes[0]}, {sizes[1]} or {sizes[2]} points"


def _ruled() -> int:
    rulings = ("established", "refuted", "not established", "depends")
    return sum(number("articles/by_outcome").get(ruling, 0) for ruling in rulings)


def _printed(name: str) -> str:
    register = ks.register.load(ROOT / "data")
    return register.study("johnson-2025").outcome(name).p.text


# What the README says, made anew from the numbers: each must stand there word for word.
SENTENCES = {
    "printed": lambda: (
        f"symptoms p = {_printed('symptoms')}, response p = {_printed('response')}, "
        f"remission p = {_printed('remission')}"
    ),
    "adults": lambda: f"{number('what_could_be_seen/n')} adults",
    "tables": lambda: (
        f"response leaves {number('compatible_tables/outcomes/response/count')} tables and remission "
        f"{number('compatible_tables/outcomes/remission/count')}"
    ),
    "splits": lambda: f"on the splits {_splits()}",
    "sixteen": lambda: f"a difference of {number('what_could_be_seen/margins/melander-16/printed')} percentage points",
    "thresholds": lambda: "they exclude {} to {} points".format(
        *points("margins/outcomes/response/threshold_margin/joint")
    ),
    "chance": lambda: f"at most a {100 * _best_chance('melander-16'):.0f} % chance to rule out 16 points",
    "people": lambda: "ruling out 10 points takes {} to {} people".format(
        *number("what_could_be_seen/needed/response/elekt-d-10/people/0.8")
    ),
    "specifications": lambda: f"over {number('multiverse/specifications/count')} combinations",
    "depends": lambda: f"in {number('multiverse/specifications/by_ruling/depends')} it depends",
    "call": lambda: "the threshold margin ({:.4f} to {:.4f}:".format(
        *number("margins/outcomes/response/threshold_margin/all")
    ),
    "half an sd": lambda: (
        f"within {number('symptoms/margins_sd/cuijpers-0.24/printed')} SD: "
        f"{number('symptoms/margins_sd/cuijpers-0.24/ruling')}; "
        f"within {number('symptoms/margins_sd/cuijpers-0.50/printed')} SD: "
        f"{number('symptoms/margins_sd/cuijpers-0.50/ruling')}, only if the smaller group has at least "
        f"{number('symptoms/margins_sd/cuijpers-0.50/smallest_group')} people"
    ),
    "points": lambda: f"within {_margin_list()}: not established",
    "kinds": lambda: (
        f"within {_margin_list()}: not established in any of {number('trauma_types/outcomes/response/count'):,} tables"
    ),
    "detectable": lambda: "with 80 % power, differences of {:.2f} to {:.2f} SD in symptoms".format(*_detectable()),
    "evidence": lambda: (
        "Bayes factors "
        + _evidence(
            "evidence/jzs/medium/surviving", "evidence/tables/response/surviving", "evidence/tables/remission/surviving"
        )
    ),
    "alt": lambda: (
        f"against margins of {_margin_list().replace('or', 'and')}. All "
        f"{sum(number(f'margins/outcomes/{name}/count') for name in ('response', 'remission'))} reach beyond 16 points."
    ),
    "fall": lambda: f"as response, {number('response_and_change/title').split(' points, ')[1]}",
    "printed fall": lambda: "A success rate of {} (A1.11), while the study prints a mean fall of {} points".format(
        number("response_and_change/claimed/printed").replace("%", " %"), number("response_and_change/mean_fall")
    ),
    "articles": lambda: (
        f"of {number('articles/claims_in_all')} claims {_ruled()} can be ruled on and none is established; "
        f"{number('articles/by_outcome/source differs')} misquote their source, "
        f"{number('articles/by_outcome/no ruling')} print nothing to rule on"
    ),
    "level": lambda: f"the {100 * number('margins/level'):.0f} % interval lies inside",
}

# Numbers that no run produces, each with what it is.
FIXED = {
    "Python 3.11": "the oldest Python",
    "A1.4": "a claim",
    "A1.5": "a claim",
    "A1.6": "a claim",
    "A1.7": "a claim",
    "A1.8": "a claim",
    "at 5 %": "the conventional one-sided level",
    "BSD-3-Clause": "the licence",
    'because `"0.230"` and `"0.23"` stand': "an example of digits",
    "p = 0.572 tests": "the printed p-value",
}


@pytest.mark.parametrize("name", SENTENCES)
def test_the_sentence_stands_in_the_readme(name: str) -> None:
    assert SENTENCES[name]() in PROSE


def test_no_number_in_the_readme_is_without_a_source() -> None:
    text = re.sub(r"```.*?```", " ", README, flags=re.DOTALL)
    # Calls stand for themselves: tests/test_readme_calls.py runs each.
    text = re.sub(r"`ks\.[^`]*`", " ", text)
    text = re.sub(r"\]\([^)]*\)", "] ", text)
    text = " ".join(text.split())
    for known in sorted([*(make() for make in SENTENCES.values()), *FIXED], key=len, reverse=True):
        text = text.replace(known, " ")
    left = re.findall(r".{0,30}\d[\d.,]*.{0,20}", text)
    assert left == []


def test_rulings_named_in_the_readme_are_those_of_the_analyses() -> None:
    for outcome in ("response", "remission"):
        rulings = {row["ruling"] for row in number(f"margins/outcomes/{outcome}/rulings").values()}
        assert rulings == {"not established"}
    kinds = number("trauma_types/outcomes/response/rulings").values()
    assert {row["ruling"] for row in kinds} == {"not established"}
    tests = number("multiverse/headline")
    possible = {row["ruling"] for test in tests.values() for row in test["rows"].values()} - {"impossible"}
    assert possible == {"not established"}
    counts = number("multiverse/specifications/by_ruling")
    assert counts["established"] == counts["refuted"] == 0
    assert number("compatible_tables/pairs/count") == 6
    assert number("articles/by_outcome").get("established", 0) == 0


def test_the_five_lines_run_and_print_what_the_readme_says(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "Ruling: not established" in printed
    assert "0.1675 to 0.4202" in printed


def test_every_file_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"\]\(([^)#:]+)\)", README))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_commands_of_the_readme_are_those_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^test:", makefile, flags=re.MULTILINE)
    assert re.search(r"^\.DEFAULT_GOAL := all", makefile, flags=re.MULTILINE)
