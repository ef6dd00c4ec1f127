"""Claims: an estimand, a region, and where it was printed."""

from __future__ import annotations

import pytest

import ketastats as ks
from ketastats.claims import ESTIMANDS


@pytest.mark.parametrize("estimand", ESTIMANDS)
def test_every_estimand_can_be_claimed(estimand):
    claim = ks.Claim(estimand=estimand, region=ks.above(0.5))
    assert claim.ratio == (estimand in {"risk_ratio", "odds_ratio"})
    assert str(claim) == f"{estimand} above 0.5"
    assert ESTIMANDS[estimand]


def test_the_words_come_first():
    claim = ks.Claim(estimand="smd", region=~ks.within(0.5), text="a large effect", where="abstract")
    assert str(claim) == "a large effect: smd outside -0.5 to 0.5"
    assert claim.where == "abstract"


def test_claims_are_values():
    one, two = (ks.Claim(estimand="smd", region=ks.within(0.5), text="same") for _ in range(2))
    assert one == two
    assert len({one, two}) == 1
    with pytest.raises(AttributeError):
        one.text = "other"


def test_what_is_no_claim():
    with pytest.raises(ks.InvalidArgument, match="estimand is 'median'; allowed: one of risk_difference"):
        ks.Claim(estimand="median", region=ks.above(0))
    with pytest.raises(ks.InvalidType, match=r"region is \(0, 1\); allowed: a Region"):
        ks.Claim(estimand="smd", region=(0, 1))
    with pytest.raises(ks.InvalidType, match="text is 3"):
        ks.Claim(estimand="smd", region=ks.above(0), text=3)
    with pytest.raises(ks.InvalidType, match="where is None"):
        ks.Claim(estimand="smd", region=ks.above(0), where=None)


@pytest.mark.parametrize(
    ("estimand", "region", "remedy"),
    [
        ("risk_difference", ks.within(10), "percentage points"),
        ("risk_difference", ks.within(-10, 0.1), "percentage points"),
        ("risk_difference", ~ks.within(16), "percentage points"),
        ("proportion", ks.within(69.5, 70.5), "percentage points"),
        ("proportion", ks.within(0.1), "percentage points"),
        ("odds_ratio", ks.within(0.5), r"within\(1 / m, m\)"),
        ("risk_ratio", ks.above(-1), r"within\(1 / m, m\)"),
    ],
)
def test_a_region_where_the_estimand_never_lies_is_a_slip(estimand, region, remedy):
    # Such a claim would be established, or refuted, whatever the data.
    with pytest.raises(ks.InvalidArgument, match=f"^region is .*; allowed: a region between .*{remedy}"):
        ks.Claim(estimand=estimand, region=region)


def test_regions_that_reach_the_ends_of_the_scale():
    for estimand, region in (
        ("risk_difference", ks.within(1)),
        ("risk_difference", ks.below(0.1)),
        ("proportion", ks.within(0, 1)),
        ("odds_ratio", ks.within(0, 1.43)),
        ("smd", ks.within(10)),
        ("mean_difference", ks.within(-300, 2)),
    ):
        assert ks.Claim(estimand=estimand, region=region).region == region
