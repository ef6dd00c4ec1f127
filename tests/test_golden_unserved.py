"""The reasons why golden rows are not served are true, where a call can show it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import ketastats as ks

_FILE = Path(__file__).parent / "golden" / "unserved_reconstruction.csv"
REASONS = {row["id"]: row["reason"] for row in csv.DictReader(_FILE.read_text(encoding="utf-8").splitlines())}


def test_no_table_prints_the_statistic_under_the_wrong_correction() -> None:
    given = {"n": 72, "n1": 42, "events": 40}
    assert "5.04 under Yates" in REASONS["conv2x2_wrong_correct"]
    assert not ks.reconstruct.tables(**given, statistic="5.04", test="yates")
    for statistic, x1 in (("6.18", 29), ("4.02", 28)):
        found = ks.reconstruct.tables(**given, statistic=statistic, test="yates").to_frame()
        assert (42, x1) in set(zip(found["n1"], found["x1"], strict=True)) | set(
            zip(found["n2"], found["x2"], strict=True)
        )
    right = ks.reconstruct.tables(**given, statistic="5.04", test="pearson").to_frame()
    assert {28, 12} <= set(right["x1"]) | set(right["x2"])


@pytest.mark.parametrize(
    ("mean", "sd", "n", "scale", "exists"),
    [
        ("37.21", "20.01", 39, (-2, 76), True),
        ("1.98", "2.02", 41, (-1, 6), True),
        ("3.1", "4.86", 21, (-3, 13), True),
        ("3.02", "2.14", 20, (1, 7), False),
    ],
)
def test_three_of_four_samples_exist(mean: str, sd: str, n: int, scale: tuple[int, int], exists: bool) -> None:
    assert "true, true, true, false" in REASONS["pysprite_ok"]
    assert bool(ks.reconstruct.sample_exists(mean=mean, sd=sd, n=n, scale=scale)) is exists
    # No sum of 20 is 60.4, so that the mean alone rules the last one out.
    assert bool(ks.consistency.grim(mean, n)) is exists


def test_results_in_running_text_are_not_read() -> None:
    rows = [name for name in REASONS if name.startswith("statcheck_ext")]
    assert rows
    assert all("reads results out of running text" in REASONS[name] for name in rows)
    with pytest.raises(ks.InvalidArgument, match="statistic"):
        ks.consistency.pvalue("t", "t(28) = 2.20, p = .036", ".036", df=28)
