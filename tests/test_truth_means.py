"""The check against a file of real comparisons finds what is true, and says what is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from truth_means import NEEDED, main

HEAD = [*NEEDED, *(f"p_{test}_{end}" for test in ("student", "welch") for end in ("low", "high"))]
# The first row of a baseline table; the ends of p by hand from the rounding intervals.
ROW = {
    "row_id": "one", "mean1": "42.25", "sd1": "12.49", "n1": "16", "mean2": "38.21", "sd2": "16.13", "n2": "28",
    "p_text": "0.393", "possible_student": "1", "possible_welch": "0", "p_student_low": "0.391550718805",
    "p_student_high": "0.394185095182", "p_welch_low": "0.359036071142", "p_welch_high": "0.361726731634",
}  # fmt: skip


def write(path: Path, **change: str) -> Path:
    row = ROW | change
    path.write_text(",".join(HEAD) + "\n" + ",".join(row[name] for name in HEAD) + "\n", encoding="utf-8")
    return path


def test_true_numbers_are_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(write(tmp_path / "rows.csv")), "--max-unknown", "5"]) == 0
    shown = capsys.readouterr().out
    assert "1  student: found with known sizes" in shown
    assert "4  student: numbers left out and found" in shown
    assert "Every comparison is where it must be." in shown


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"p_text": "0.9"}, "missed"),
        ({"possible_student": "0", "p_student_high": "0.392"}, "found, although p runs"),
        ({"p_student_low": "0.38"}, "leaves out what the file has"),
    ],
)
def test_what_is_not_true_is_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, str], words: str
) -> None:
    assert main([str(write(tmp_path / "rows.csv", **change)), "--max-unknown", "5", "--left-out"]) == 1
    assert words in capsys.readouterr().out


@pytest.mark.parametrize("change", [{"mean1": "x"}, {"n1": "1.5"}, {"p_text": "2"}])
def test_a_file_that_cannot_be_used_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, str]
) -> None:
    assert main([str(write(tmp_path / "rows.csv", **change))]) == 2
    assert "rows.csv: row 'one'" in capsys.readouterr().err
    (tmp_path / "empty.csv").write_text("row_id\n", encoding="utf-8")
    assert main([str(tmp_path / "empty.csv")]) == 2
