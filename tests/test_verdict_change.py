"""Rulings on a mean change of one group, against values that print the same numbers."""

from __future__ import annotations

import numpy as np
import pytest
from rulings import claim, word
from scipy import stats

import ketastats as ks
from ketastats.errors import InvalidArgument

REGIONS = [
    ks.within(1.0), ks.within(-0.4, 2.6), ks.within(-7.2, -4.1), ks.above(-1.5), ks.below(0.6), ~ks.within(-0.2, 0.5),
    ks.within(0.2, 4.1), ks.above(0.3),
]  # fmt: skip


def changes(region: ks.Region) -> ks.Claim:
    return claim(region, "mean_difference")


def values(n: int, mean: tuple[float, float], sd: tuple[float, float], keep=None) -> tuple[np.ndarray, np.ndarray]:
    """A grid of means and SDs, its edges too, of which those are kept that print the other numbers."""
    grid = [part.ravel() for part in np.meshgrid(np.linspace(*mean, 121), np.linspace(*sd, 121))]
    if keep is not None:
        inside = keep(grid[0] * np.sqrt(n) / grid[1])
        grid = [part[inside] for part in grid]
    return grid[0], grid[1]


def p_rounds(low: float, high: float, df: int):
    return lambda t: (2 * stats.t.sf(np.abs(t), df) >= low) & (2 * stats.t.sf(np.abs(t), df) <= high)


CASES = {
    "mean and SD": (
        {"n": 83, "mean_change": "-5.7", "sd_change": "5.9"},
        83, values(83, (-5.75, -5.65), (5.85, 5.95)),
    ),
    "size and p": (
        {"n": 20, "mean_change": "1", "p": "0.04"},
        20, values(20, (0.5, 1.5), (0.5, 6.0), p_rounds(0.035, 0.045, 19)),
    ),
    "signed and p": (
        {"n": 12, "mean_change": "+1.2", "p": "0.3", "sd_change": "4"},
        12, values(12, (1.15, 1.25), (3.5, 4.5), p_rounds(0.25, 0.35, 11)),
    ),
    "p and SD": (
        {"n": 9, "p": "ns", "sd_change": "2.0"},
        9, values(9, (0.0, 3.0), (1.95, 2.05), p_rounds(0.05, 1.0, 8)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_change_is_ruled_as_the_values_that_print_so_are(case: str) -> None:
    printed, n, (mean, sd) = CASES[case]
    found = ks.reconstruct.change(**printed)
    half = stats.t.isf(0.05, n - 1) * sd / np.sqrt(n)
    limits = found.intervals(0.90)
    for name, value in (("low", mean - half), ("high", mean + half)):
        ends = getattr(limits, f"{name}_min")[0], getattr(limits, f"{name}_max")[0]
        assert ends == pytest.approx((value.min(), value.max()), abs=0.03)
        assert ends[0] <= value.min() + 1e-9
        assert ends[1] >= value.max() - 1e-9
    for region in REGIONS:
        verdict = ks.judge(changes(region), found)
        ways = [1] if found.sign_known or region.symmetric else [1, -1]
        rulings = verdict.members["ruling"].tolist()
        assert len(rulings) == len(ways)
        for way, ruling in zip(ways, rulings, strict=True):
            low, high = (mean - half, mean + half) if way == 1 else (-mean - half, half - mean)
            seen = {word(a, b, region) for a, b in zip(low, high, strict=True)}
            assert ruling == (seen.pop() if len(seen) == 1 else "depends"), region


def test_both_limits_must_lie_in_the_region_at_once() -> None:
    """Of values that leave each limit inside, none may bring both there."""
    found = ks.reconstruct.change(n=10, mean_change="+1", sd_change="2.0")
    low, high = found.intervals(0.90).low_max[0], found.intervals(0.90).high_min[0]
    # Wide enough for each limit at its best, too narrow for the interval itself.
    narrow = ks.within(float(low) - 0.02, float(high) + 0.02)
    assert found.distance_outside(narrow.low, narrow.high, 0.90)[0] > 0
    assert ks.judge(changes(narrow), found).ruling is ks.Ruling.NOT_ESTABLISHED
    wide = ks.within(-0.4, 2.4)
    assert found.distance_outside(wide.low, wide.high, 0.90)[0] < 0
    assert ks.judge(changes(wide), found).ruling is ks.Ruling.DEPENDS
    assert found.distance_outside(-np.inf, 1.0, 0.90)[0] == pytest.approx(found.intervals(0.90).high_min[0] - 1.0)


def test_the_number_of_people_may_decide() -> None:
    found = ks.reconstruct.change(n=range(5, 40), mean_change="+0.10", sd_change="1.50")
    verdict = ks.judge(changes(ks.within(0.6)), found)
    assert verdict.ruling is ks.Ruling.DEPENDS
    assert verdict.decides[0] == "the number analysed"
    many = verdict.to_frame().query("ruling == 'established'")["n"]
    half = 1.5 / np.sqrt(many) * stats.t.isf(0.05, many - 1)
    assert (0.10 + half < 0.62).all()


def test_a_change_is_a_mean_difference_of_known_people() -> None:
    found = ks.reconstruct.change(n=83, mean_change="-5.7", sd_change="5.9")
    with pytest.raises(InvalidArgument, match="mean_difference for a change"):
        ks.judge(ks.Claim(estimand="smd", region=ks.within(0.5)), found)
    with pytest.raises(InvalidArgument, match="number of people"):
        ks.judge(changes(ks.within(1)), ks.reconstruct.change(mean_change="-5.7", sd_change="5.9"))
    with pytest.raises(InvalidArgument, match="mean and SD are bounded"):
        ks.judge(changes(ks.within(1)), ks.reconstruct.change(n=83, sd_change="5.9"))
    nothing = ks.reconstruct.change(n=83, mean_change="-5.7", sd_change="5.9", p="0.5")
    assert ks.judge(changes(ks.within(1)), nothing).ruling is ks.Ruling.IMPOSSIBLE
