"""The comparison behind `make check-figures` finds what moved, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import _check_figures
import pytest


def figure(folder: Path, numbers: dict[str, object], picture: bytes = b"picture", version: str = "3.11.2") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "power.json").write_text(json.dumps({"matplotlib": version, **numbers}), encoding="utf-8")
    (folder / "power.svg").write_bytes(picture)
    return folder


@pytest.mark.parametrize(
    ("old", "new", "agree"),
    [
        ({"x": [1.0, 2.0]}, {"x": [1.0, 2.0 + 1e-10]}, True),
        ({"x": [1.0, 2.0]}, {"x": [1.0, 2.0 + 1e-8]}, False),
        ({"x": 1e-30}, {"x": 2e-30}, True),
        ({"x": 1e12}, {"x": 1e12 + 1}, True),
        ({"x": 1e6}, {"x": 1e6 + 1}, False),
        ({"x": [1.0]}, {"x": [1.0, 1.0]}, False),
        ({"x": 1.0}, {"y": 1.0}, False),
        ({"x": "DEPENDS"}, {"x": "REFUTED"}, False),
        ({"x": None}, {"x": 0.0}, False),
        ({"x": True}, {"x": 1}, False),
    ],
)
def test_numbers_agree_to_the_tolerance(
    tmp_path: Path, old: dict[str, object], new: dict[str, object], agree: bool
) -> None:
    folders = [str(figure(tmp_path / "old", old)), str(figure(tmp_path / "new", new))]
    assert _check_figures.main(folders) == (0 if agree else 1)


@pytest.mark.parametrize(("version", "code"), [("3.11.9", 1), ("3.12.0", 0)])
def test_bytes_matter_within_one_minor_version(tmp_path: Path, version: str, code: int) -> None:
    old = figure(tmp_path / "old", {"x": 1.0}, b"one", "3.11.2")
    new = figure(tmp_path / "new", {"x": 1.0}, b"two", version)
    assert _check_figures.main([str(old), str(new)]) == code


def test_texts_are_compared_whatever_drew_the_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = figure(tmp_path / "old", {"x": 1.0}, version="3.11.2")
    new = figure(tmp_path / "new", {"x": 1.0}, version="3.12.0")
    (old / "rulings.txt").write_text("DEPENDS", encoding="utf-8")
    (new / "rulings.txt").write_text("REFUTED", encoding="utf-8")
    assert _check_figures.main([str(old), str(new)]) == 1
    assert "rulings.txt: the bytes differ" in capsys.readouterr().out


def test_a_figure_that_is_missing_or_extra_is_a_difference(tmp_path: Path) -> None:
    old = figure(tmp_path / "old", {"x": 1.0})
    new = figure(tmp_path / "new", {"x": 1.0})
    (new / "power.svg").unlink()
    assert _check_figures.main([str(old), str(new)]) == 1
    assert _check_figures.main([str(new), str(old)]) == 1


def test_two_empty_folders_prove_nothing(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    assert _check_figures.main([str(tmp_path / "old"), str(tmp_path / "new")]) == 1
