"""Counts behind a printed share, against brute force in exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import ketastats as ks


@pytest.mark.parametrize("rounding", ["half", "half_up", "half_even", "truncate", "up"])
@pytest.mark.parametrize("rate", ["27%", "0.5", "70.8%", "0%", "100%", "12.5%", "<10%", "0.13", "33%"])
def test_every_count_that_prints_so_is_there_and_no_other(rate: str, rounding: str) -> None:
    sizes = range(1, 60)
    found = ks.reconstruct.counts(n=sizes, rate=rate, rounding=rounding)
    allowed = ks.Reported(rate, rounding=rounding).proportion
    expected = [(x, n) for n in sizes for x in range(n + 1) if Fraction(x, n) in allowed]
    assert list(zip(found.x.tolist(), found.n.tolist(), strict=True)) == expected
    assert found.possible == sum(n + 1 for n in sizes)
    assert bool(found) == bool(expected)


def test_mcintyre_2020_had_51_or_52_responders() -> None:
    # 51/190 = 26.8 % and 52/190 = 27.4 % print 27 %; 50/190 = 26.3 % and 53/190 = 27.9 % do not.
    found = ks.reconstruct.counts(n=190, rate="27%")
    assert found.x.tolist() == [51, 52]
    assert "2 counts with n = 190, rate = 27%" in found.identifiability
    frame = found.to_frame()
    assert list(frame.columns) == ["x", "n", "share"]
    assert frame["share"].tolist() == [51 / 190, 52 / 190]
    assert "rounded half either way" in found.summary()


def test_no_count_of_18_prints_71_percent() -> None:
    found = ks.reconstruct.counts(n=18, rate="71%")
    assert not found
    assert found.emptied_by == "rate"
    assert found.identifiability == "No count with n = 18, rate = 71% exists: rate leaves nothing of 19 counts."


def test_a_claim_on_one_proportion_is_ruled_over_all_counts() -> None:
    claim = ks.Claim(estimand="proportion", region=ks.within(0.695, 0.705))
    known = ks.judge(claim, ks.reconstruct.counts(n=190, rate="27%"))
    assert known.ruling is ks.Ruling.REFUTED
    assert known.to_frame()["x"].tolist() == [51, 52]
    unknown = ks.judge(claim, ks.reconstruct.counts(n=range(1, 425), rate="50%"))
    assert unknown.ruling is ks.Ruling.DEPENDS
    assert unknown.decides == ("the number analysed",)
    open_ = unknown.members["n"][unknown.members["ruling"] == "not established"]
    # Half of a dozen people or more lies clear of 70 % by the 90 % Wilson interval; fewer do not.
    limits = [ks.effects.proportion(n // 2, n).confidence_interval(0.90).high for n in range(2, 30, 2)]
    assert open_.max() == max(n for n, high in zip(range(2, 30, 2), limits, strict=True) if high >= 0.695)
    assert ks.judge(claim, ks.reconstruct.counts(n=18, rate="71%")).ruling is ks.Ruling.IMPOSSIBLE
    with pytest.raises(ks.InvalidArgument, match="claim is 'risk_difference'"):
        ks.judge(ks.Claim(estimand="risk_difference", region=ks.within(0.1)), ks.reconstruct.counts(n=9, rate="33%"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 0, "rate": "27%"}, "n is 0"),
        ({"n": "190", "rate": "27%"}, "n is '190'"),
        ({"n": 190, "rate": 0.27}, "rate is 0.27; allowed: the text that was printed"),
        ({"n": 190, "rate": "270%"}, "rate is '270%'; allowed: a percentage"),
        ({"n": 190, "rate": "27"}, 'Write rate="27%" if it is a percentage'),
        ({"n": 190, "rate": "27%", "rounding": "down"}, "rounding is 'down'"),
    ],
)
def test_arguments_that_cannot_be_used_are_named(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ks.KetastatsError, match=message):
        ks.reconstruct.counts(**arguments)


def test_more_counts_than_the_budget_are_refused() -> None:
    with pytest.raises(ks.BudgetExceeded, match="holds 901 counts, more than budget=10"):
        ks.reconstruct.counts(n=1000, rate="<90.05%", budget=10)
    assert np.array_equal(ks.reconstruct.counts(n=10, rate="<100%", budget=10).x, np.arange(10))
