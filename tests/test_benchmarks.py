"""The benchmarks run, compare like with like, and their table is the one that a run produced."""

from __future__ import annotations

import contextlib
import importlib
import io
import math
import re
import subprocess
import sys
import tracemalloc
from pathlib import Path

import _timing
import bench
import numpy as np
import power_designs
import pytest

import ketastats as ks

ROOT = Path(__file__).resolve().parent.parent
STORED, WHERE = bench.read(ROOT / "benchmarks" / "results.json")


def test_the_table_in_the_readme_is_that_of_the_stored_run() -> None:
    readme = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    table = readme.split("<!-- The table is written by bench.py. -->\n")[1].split("<!-- End of the table. -->")[0]
    assert table == bench.markdown(STORED, WHERE)


def test_the_stored_run_reached_every_aim_and_says_on_what() -> None:
    assert [row.job for row in STORED if not row.met] == []
    assert sum(row.least_ratio > 0 or row.most_seconds < math.inf for row in STORED) >= 12
    assert set(WHERE) == {"processors", "machine", "python", "numpy", "scipy", "statsmodels", "pingouin"}
    assert "not installed" not in WHERE.values()


def run_here(command: list[str], **settings: object) -> subprocess.CompletedProcess[str]:
    """Run what is meant for a Python of its own in this one: most of such a process is its start."""
    assert command[:2] == [sys.executable, "-c"]
    with contextlib.redirect_stdout(io.StringIO()) as printed, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["-c", *command[3:]])
        patch.setattr(tracemalloc, "start", lambda: None)  # slow, and the bytes of small runs say nothing
        exec(command[2], {"__name__": "__main__"})
    return subprocess.CompletedProcess(command, 0, printed.getvalue(), "")


@pytest.mark.parametrize("name", bench.MODULES)
def test_a_small_run_gives_times_and_answers(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", run_here)
    with _timing.quiet():
        rows = list(importlib.import_module(name).rows(share=0.001))
    assert rows
    known = {(row.peer, row.least_ratio, row.most_seconds) for row in STORED}
    for row in rows:
        assert row.mine >= 0.0
        assert row.items > 0
        # A small run asks the same of the same peers as the stored one; pingouin need not be there.
        assert (row.peer, row.least_ratio, row.most_seconds) in known or "pingouin is not installed" in row.note


def test_the_peer_of_equivalence_power_computes_the_same_power() -> None:
    rng = np.random.default_rng(5)
    n, margin = rng.integers(3, 300, 30), rng.uniform(0.2, 1.0, 30)
    effect = margin * rng.uniform(-0.5, 0.5, 30)
    mine = ks.power.means_equivalence(n1=n, n2=n, margin=(-margin, margin), effect=effect).power
    theirs = _timing.each(power_designs.tost_power_by_quadrature, zip(n.tolist(), margin, effect, strict=True))
    np.testing.assert_allclose(mine, theirs, rtol=0.0, atol=1e-9)


def test_ratios_are_per_item_and_aims_are_judged() -> None:
    row = _timing.Row(job="j", items=1000, mine=0.002, peer="p", sampled=10, theirs=0.004, least_ratio=150.0)
    # 2 microseconds against 400.
    assert row.ratio == pytest.approx(200.0)
    assert row.met
    assert bench.cells(row)[2:6] == ["2 µs", "400 µs", "200", "150 times"]
    slow = _timing.Row(job="j", items=1, mine=0.5, most_seconds=0.3)
    assert slow.ratio is None
    assert bench.cells(slow)[2:6] == ["500 ms", "", "", "at most 300 ms (missed)"]


def test_a_peer_that_raises_has_no_answer() -> None:
    assert _timing.each(lambda x: 1 / x, [(2,), (0,)]) == [0.5, None]


def test_a_run_is_stored_and_read_back(tmp_path: Path) -> None:
    bench._write(STORED, WHERE, tmp_path)
    assert bench.read(tmp_path / "results.json") == (STORED, WHERE)
    assert (tmp_path / "results.json").read_bytes() == (ROOT / "benchmarks" / "results.json").read_bytes()


@pytest.mark.parametrize("arguments", [["no-such"], ["--write", "tests_2x2"]])
def test_what_cannot_be_run_or_stored_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(arguments)
    assert "tests_2x2" in capsys.readouterr().err or "--write" in arguments


def test_what_is_only_timed_against_is_imported_in_one_place() -> None:
    imported = re.compile(r"^ *(?:import|from) pingouin\b|import_module\([\"']pingouin", re.MULTILINE)
    folders = ("src", "tests", "analyses", "benchmarks")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    assert [path.name for path in files if imported.search(path.read_text(encoding="utf-8"))] == ["bayes_factors.py"]
