"""Claims about samples of two groups: ruled on over every pair of samples."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

import ketastats as ks

GROUPS = {
    "high": {"mean": "3.2", "sd": "1.1", "n": 12, "scale": (1, 5)},
    "low": {"mean": "2.6", "sd": "1.0", "n": 15, "scale": (1, 5)},
}


def joined(**total: Any) -> ks.reconstruct.CompatibleSampleGroups:
    parts = {name: ks.reconstruct.samples(**options) for name, options in GROUPS.items()}  # type: ignore[arg-type]
    return ks.reconstruct.sample_groups(parts, **total)


def limits_of_all_pairs(both: ks.reconstruct.CompatibleSampleGroups, measure: str, total_mean: float) -> Any:
    """The 90 % limits of every pair of listed samples whose common mean is within 0.05 of the one printed."""
    pairs = list(product(*(group.expand(group.counts()) for group in both.groups.values())))
    kept = [pair for pair in pairs if abs(np.concatenate(pair).mean() - total_mean) <= 0.05 + 1e-12]
    one, two = (np.array(side) for side in zip(*kept, strict=True))
    summaries = [(side.mean(axis=1), side.std(axis=1, ddof=1), side.shape[1]) for side in (one, two)]
    interval = ks.effects.means(*summaries[0], *summaries[1], measure=measure).confidence_interval(0.90)
    return np.stack([interval.low, interval.high], axis=1)


@pytest.mark.parametrize(("estimand", "measure"), [("mean_difference", "difference"), ("smd", "smd")])
def test_the_ruling_is_that_of_every_pair_of_samples(estimand: str, measure: str) -> None:
    both = joined(mean="2.9")
    limits = limits_of_all_pairs(both, measure, 2.9)
    assert len(limits) == both.count
    low, high = np.unique(limits[:, 0].round(9)), np.unique(limits[:, 1].round(9))
    for region in (ks.within(limits[:, 1].max() + 0.01), ks.within(0.3), ks.above(low[len(low) // 2]), ks.below(-1.0)):
        verdict = ks.judge(ks.Claim(estimand=estimand, region=region), both)
        inside = (limits[:, 0] >= region.low) & (limits[:, 1] <= region.high)
        outside = (limits[:, 0] > region.high) | (limits[:, 1] < region.low)
        # No data set lies on the edge of a region but that of `above`, which is decided by the library's own digits.
        kinds = {
            "established" if a else "refuted" if b else "not established" for a, b in zip(inside, outside, strict=True)
        }
        if region.low in low:
            assert verdict.ruling == "depends"
        else:
            assert verdict.ruling == (kinds.pop() if len(kinds) == 1 else "depends")
        np.testing.assert_allclose(np.unique(verdict.members["low"].round(9)), low, atol=2e-9)
        np.testing.assert_allclose(np.unique(verdict.members["high"].round(9)), high, atol=2e-9)
        assert "summary pair" in verdict.because


def test_what_decides_is_named() -> None:
    both = joined()
    low = np.unique(ks.judge(ks.Claim(estimand="mean_difference", region=ks.within(1.0)), both).members["low"])
    verdict = ks.judge(ks.Claim(estimand="mean_difference", region=ks.above(float(low.mean()))), both)
    assert verdict.ruling == "depends"
    assert verdict.decides
    assert all(name.startswith("further digits of the") for name in verdict.decides)


def test_a_claim_on_an_empty_set_is_impossible() -> None:
    verdict = ks.judge(ks.Claim(estimand="mean_difference", region=ks.within(1.0)), joined(mean="3.30"))
    assert verdict.ruling == "impossible"


def test_claims_that_do_not_fit_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    both = joined()
    claim = ks.Claim(estimand="mean_difference", region=ks.within(1.0))
    with pytest.raises(ks.InvalidArgument) as caught:
        ks.judge(ks.Claim(estimand="risk_difference", region=ks.within(0.1)), both)
    assert caught.value.argument == "claim"
    alone = ks.reconstruct.sample_groups({"high": both.groups["high"]})
    with pytest.raises(ks.InvalidArgument, match="two groups"):
        ks.judge(claim, alone)
    with pytest.raises(ks.InvalidType, match="sample_groups"):
        ks.judge(claim, both.groups["high"])  # type: ignore[arg-type]
    monkeypatch.setattr("ketastats.verdict._samples._MOST", 1)
    with pytest.raises(ks.BudgetExceeded, match="pairs of means and SDs"):
        ks.judge(claim, both)
