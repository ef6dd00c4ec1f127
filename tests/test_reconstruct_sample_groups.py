"""Samples of several groups that together make up a total."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product
from math import sqrt
from typing import Any

import numpy as np
import pytest
from scipy import stats

import ketastats as ks

GROUPS = {
    "high": {"mean": "3.2", "sd": "1.1", "n": 12, "scale": (1, 5)},
    "low": {"mean": "2.6", "sd": "1.0", "n": 15, "scale": (1, 5)},
}


def parts(**more: Any) -> dict[str, ks.reconstruct.CompatibleSamples]:
    return {name: ks.reconstruct.samples(**{**options, **more}) for name, options in GROUPS.items()}  # type: ignore[arg-type]


def prints(rows: tuple[np.ndarray, ...], mean: str | None, sd: str | None) -> bool:
    """Whether samples of the scale 1 to 5 together print a mean and a standard deviation, half either way."""
    counts = sum(rows)
    values = range(1, 6)
    n = int(counts.sum())  # type: ignore[union-attr]
    total = sum(int(c) * v for c, v in zip(counts, values, strict=True))  # type: ignore[arg-type]
    square = sum(int(c) * v * v for c, v in zip(counts, values, strict=True))  # type: ignore[arg-type]
    fits = mean is None or abs(Fraction(total, n) - Fraction(mean)) <= Fraction(1, 200)
    variance = (square - Fraction(total * total, n)) / (n - 1)
    low, high = (Fraction(sd or 0) + side * Fraction(1, 200) for side in (-1, 1))
    return fits and (sd is None or low**2 <= variance <= high**2)


@pytest.mark.parametrize(("mean", "sd"), [("2.85", "1.06"), ("2.89", None), (None, "1.06"), (None, None)])
def test_combinations_are_those_of_all_pairs(mean: str | None, sd: str | None) -> None:
    groups = parts()
    both = ks.reconstruct.sample_groups(groups, mean=mean, sd=sd)
    pairs = list(product(*(part.counts() for part in groups.values())))
    expected = [pair for pair in pairs if prints(pair, mean, sd)]
    assert 0 < len(both) == both.count == len(expected) <= both.alone == len(pairs)
    frame = both.to_frame()
    assert frame["samples"].sum() == both.count
    rows = both.draw(300, rng=2)
    assert all(prints((a, b), mean, sd) for a, b in zip(rows["high"], rows["low"], strict=True))
    assert both.identifiability in both.summary()
    for name, part in groups.items():
        moments = part.moments()
        assert sum(moments.values()) == part.count
        assert Counter(moments) == Counter(
            (int(row @ np.arange(1, 6)), int(row @ np.arange(1, 6) ** 2)) for row in part.counts()
        )
        step = {
            (round(m * part.n), round(s, 9)) for m, s in zip(frame[f"{name}_mean"], frame[f"{name}_sd"], strict=True)
        }
        assert step <= {(t, round(sqrt((q - t * t / part.n) / (part.n - 1)), 9)) for t, q in moments}


def test_draws_are_uniform_over_the_combinations() -> None:
    both = ks.reconstruct.sample_groups(parts(), mean="2.85", sd="1.06")
    rows = both.draw(20_000, rng=5)
    times = Counter((tuple(a), tuple(b)) for a, b in zip(rows["high"].tolist(), rows["low"].tolist(), strict=True))
    assert len(times) == both.count
    expected = 20_000 / both.count
    statistic = sum((many - expected) ** 2 / expected for many in times.values())
    assert statistic < stats.chi2.ppf(0.999, both.count - 1)


def test_an_empty_set_names_what_emptied_it() -> None:
    groups = parts()
    empty = groups | {"none": ks.reconstruct.samples(mean="3.3", sd="0.1", n=12, scale=(1, 5))}
    assert ks.reconstruct.sample_groups(empty).emptied_by == "group none"
    assert ks.reconstruct.sample_groups(groups, mean="3.30").emptied_by == "mean"
    found = ks.reconstruct.sample_groups(groups, mean="2.85", sd="2.00")
    assert found.emptied_by == "sd"
    assert (bool(found), len(found), len(found.to_frame())) == (False, 0, 0)
    assert "sd leaves nothing" in found.summary()
    with pytest.raises(ks.NoSolution):
        found.draw(1)


def test_arguments_that_cannot_be_used_are_named() -> None:
    groups = parts()
    halves = {"high": groups["high"], "low": ks.reconstruct.samples(mean="2.6", sd="1.0", n=15, scale=(1, 5), items=2)}
    for given in ({}, [1], {"a": 3}, {1: groups["high"]}, halves):
        with pytest.raises((ks.InvalidArgument, ks.InvalidType)) as caught:
            ks.reconstruct.sample_groups(given)  # type: ignore[arg-type]
        assert caught.value.argument == "groups"
    for options in ({"mean": 2.85}, {"sd": "-1"}, {"rounding": "odd"}):
        with pytest.raises((ks.InvalidArgument, ks.InvalidType)) as caught:
            ks.reconstruct.sample_groups(groups, **options)  # type: ignore[arg-type]
        assert caught.value.argument == next(iter(options))


def test_joining_narrows_and_order_does_not_matter() -> None:
    groups = parts()
    both = ks.reconstruct.sample_groups(groups, mean="2.85", sd="1.06")
    turned = ks.reconstruct.sample_groups(dict(reversed(groups.items())), mean="2.85", sd="1.06")
    assert both.count == turned.count
    wider = ks.reconstruct.sample_groups(groups, mean="2.9", sd="1.1")
    assert both.count <= ks.reconstruct.sample_groups(groups, mean="2.85").count <= both.alone
    assert wider.count >= both.count


def test_further_numbers_leave_what_all_at_once_leave() -> None:
    groups = parts()
    both = ks.reconstruct.sample_groups(groups, mean="2.9")
    left = both.where(mean="2.85", sd="1.06", groups={"high": {"maximum": 4}})
    narrowed = groups | {"high": groups["high"].where(maximum=4)}
    direct = ks.reconstruct.sample_groups(narrowed, mean="2.85", sd="1.06")
    assert 0 < left.count == direct.count < both.count
    assert left.to_frame().equals(direct.to_frame())
    assert left.steps[0] in left.summary()
    assert "maximum = 4 removed" in left.steps[0]
    assert left.steps[0].endswith(f"left: {left.count} of {both.count:,} combinations")
    assert left.where(mean="3.30").emptied_by == "mean"
    for options in (
        {},
        {"groups": 3},
        {"groups": {"none": {}}},
        {"groups": {"high": 3}},
        {"mean": "2.85", "rounding": "odd"},
    ):
        with pytest.raises((ks.InvalidArgument, ks.InvalidType)) as caught:
            both.where(**options)  # type: ignore[arg-type]
        expected = next(reversed(options), "where")
        assert caught.value.argument in (expected, "groups['high']")


def test_summaries_are_exact() -> None:
    both = ks.reconstruct.sample_groups(parts(sd_divisor="n"), mean="2.85")
    found = both.summaries()
    frame = both.to_frame()
    for name, group in both.groups.items():
        n, total, square = group.n, found[f"{name}_sum"], found[f"{name}_squares"]
        np.testing.assert_allclose(found[f"{name}_mean"], total / n, rtol=1e-15)
        np.testing.assert_allclose(found[f"{name}_sd"] ** 2, (square - total**2 / n) / (n - 1), rtol=1e-12)
        np.testing.assert_allclose(frame[f"{name}_sd"] ** 2, (square - total**2 / n) / n, rtol=1e-12)
    assert frame["samples"].sum() == both.count
