"""Every call that the README names for a question runs as it stands, and no public question is left out."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ketastats as ks

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
SECTION = README.split("## Which function for my question\n")[1].split("\n## ")[0]
ROWS = [line.strip("| ").split(" | ") for line in SECTION.splitlines() if line.startswith("| ")]
CALLS = [call for row in ROWS for call in re.findall(r"`(ks\.[^`]+\))`", row[-1])]
ROOMS = ("consistency", "effects", "equivalence", "power", "evidence", "reconstruct")


def numbers(result: Any) -> list[Any]:
    """The numbers that a result holds."""
    if dataclasses.is_dataclass(result):
        return [number for field in dataclasses.fields(result) for number in numbers(getattr(result, field.name))]
    values = np.asarray(result) if isinstance(result, (int, float, np.number, np.ndarray)) else np.array([])
    return [values] if values.dtype.kind == "f" else []


@pytest.mark.parametrize("call", CALLS)
def test_the_call_runs_and_answers(call: str) -> None:
    result = eval(compile(call, "README.md", "eval"), {"ks": ks})
    assert result is not None
    assert not any(np.isnan(values).any() for values in numbers(result))


def test_every_line_is_a_question_and_its_calls() -> None:
    heads = [row for row in ROWS if row[-1] == "Call"]
    questions = [row for row in ROWS if row[-1] != "Call"]
    assert len(heads) == SECTION.count("\n### ")
    # Nothing but calls and commas on the right, and no call cut short by a bar.
    assert [row for row in questions if len(row) != 2 or re.sub(r"`ks\.[^`]+\)`", "", row[1]).strip(", ")] == []
    assert len(CALLS) >= len(questions)


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_question_has_a_line(room: str) -> None:
    module = getattr(ks, room)
    public = {name for name in module.__all__ if inspect.isfunction(getattr(module, name))}
    named = set(re.findall(rf"\bks\.{room}\.(\w+)", SECTION))
    assert public - named == set(), "give each a line under 'Which function for my question' in the README"
    assert named - public == set()


def test_every_drawing_has_a_line() -> None:
    drawings = {name for name in ks.plots.__all__ if name.startswith("plot_")}
    assert drawings == set(re.findall(r"\bks\.plots\.(plot_\w+)", SECTION))


def test_observed_power_is_refused_as_the_section_says() -> None:
    with pytest.raises(ks.InvalidArgument):
        ks.power.observed(0.23)
