"""Second-generation p-values, S-values, severity, and robustness regions."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ketastats as ks
from ketastats.evidence import robustness_region, severity, sgpv, svalue

GOLDEN = Path(__file__).parent / "golden" / "evidence_more.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}
INF = np.inf

ends = st.floats(-5, 5).map(lambda value: round(value, 3))


def test_every_golden_row_is_served() -> None:
    served = {"BF-020", "BF-022", "BF-023", "BF-024", "BF-027", "BF-051", "BF-052", "BF-054"}
    assert set(ROWS) == served | {"SEV-001", "SMT-001", "SMT-004"}


# ----------------------------------------------------------------------------------------------- second-generation p
@settings(max_examples=100)
@given(a=ends, b=ends, c=ends, d=ends)
def test_share_of_the_interval(a, b, c, d) -> None:
    low, high = sorted((a, b))
    bottom, top = sorted((c, d))
    top = top + 0.001 if bottom == top else top
    value = sgpv(low, high, margin=(bottom, top)).sgpv
    assert 0 <= value <= 1
    if low >= bottom and high <= top:
        assert value == 1
    elif high < bottom or low > top:
        assert value == 0
    elif low < high:
        common = max(0.0, min(high, top) - max(low, bottom))
        # Blume et al. 2018, equation 2.
        want = common / (high - low) * max((high - low) / (2 * (top - bottom)), 1)
        assert value == pytest.approx(want, rel=1e-12, abs=1e-15)
    assert sgpv(-high, -low, margin=(-top, -bottom)).sgpv == pytest.approx(value, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(
    ("low", "high", "margin", "expected"),
    [
        (4.9, 5.1, (-INF, 0.1), 0.0),  # parameters 982 accepts this
        (-INF, 1.0, (-INF, 0.0), 1.0),
        (-INF, 0.0, (-INF, 1.0), 1.0),
        (-INF, INF, (-INF, 0.0), 0.5),
        (-INF, INF, 1.0, 0.5),
        (0.0, INF, 1.0, 0.25),
        (0.0, INF, (-INF, 3.0), 0.0),
        (-5.0, 0.05, (-INF, 0.0), 5 / 5.05),
        (0.0, 1.0, 0.5, 0.5),  # just one half, not .475
        (-5.0, 5.0, 1.0, 0.5),
        (0.3, 0.3, 1.0, 1.0),
        (1.0, 1.0, 1.0, 1.0),
        (1.1, 1.1, 1.0, 0.0),
        (1.0, 2.0, 1.0, 0.0),
    ],
)
def test_infinite_ends_and_points(low, high, margin, expected) -> None:
    assert sgpv(low, high, margin=margin).sgpv == pytest.approx(expected, rel=1e-14)


def test_infinite_ends_are_limits() -> None:
    far = 1e9
    for low, high, margin in [
        (-INF, 1.0, (-2.0, 3.0)),
        (-INF, INF, (-2.0, 3.0)),
        (-1.0, INF, (0.0, INF)),
        (-INF, 2.0, (0.0, INF)),
    ]:
        near = tuple(np.clip(margin, -far, far))
        limit = sgpv(max(low, -far), min(high, far), margin=near).sgpv
        assert sgpv(low, high, margin=margin).sgpv == pytest.approx(limit, abs=1e-8)


def test_gap_and_shapes() -> None:
    result = sgpv([[4.9], [0.0]], 5.1, margin=([-INF, -1.0, 0.0], [0.1, 1.0, 6.0]))
    assert result.sgpv.shape == (2, 3)
    assert result.gap[0] == pytest.approx([4.8, 3.9, 0.0])
    assert len(result.to_frame()) == 6
    assert isinstance(sgpv(0, 1, margin=1).sgpv, float)


def test_bad_intervals_are_refused() -> None:
    with pytest.raises(ks.InvalidArgument, match="high is 1"):
        sgpv(2, 1, margin=1)
    with pytest.raises(ks.InvalidArgument, match="high"):
        sgpv(INF, INF, margin=1)
    with pytest.raises(ks.InvalidArgument, match="outside it"):
        sgpv(0, 1, margin=INF)
    with pytest.raises(ks.InvalidType, match="margin"):
        sgpv(0, 1, margin=None)


def test_svalue() -> None:
    np.testing.assert_array_equal(svalue([1.0, 0.5, 0.25, 0.0]), [0, 1, 2, INF])
    assert svalue(1e-300) == pytest.approx(300 * np.log2(10), rel=1e-14)
    assert not np.signbit(svalue(1.0))
    with pytest.raises(ks.InvalidArgument, match="pvalue"):
        svalue(1.2)


# ------------------------------------------------------------------------------------------------------------- severity
def test_golden_severity() -> None:
    # The mean that just rejects is the one with which "above mu0" has passed with severity 1 - alpha.
    inputs, expected = (json.loads(ROWS["SEV-001"][key]) for key in ("inputs_json", "expected_json"))
    se = inputs["sigma"] / np.sqrt(inputs["n"])
    cutoff = np.array([expected["mean_cutoff"] - 5e-5, expected["mean_cutoff"] + 5e-5])
    bounds = severity(ks.effects.estimate(cutoff, se=se), inputs["mu0"], claim="greater").severity
    assert bounds[0] < 1 - inputs["alpha"] < bounds[1]


def test_severity_of_the_water_plant() -> None:
    # Mayo & Spanos 2006: mean 151 of 100, sigma 10: "mu <= 153" passes with .977, "mu <= 152" with .841.
    estimate = ks.effects.estimate(151.0, se=1.0)
    curve = severity(estimate, [151.0, 152.0, 153.0], claim="less")
    np.testing.assert_allclose(curve.severity, [0.5, 0.8413447460685429, 0.9772498680518208], rtol=1e-12)
    other = severity(estimate, [151.0, 152.0, 153.0], claim="greater")
    np.testing.assert_allclose(curve.severity + other.severity, 1, rtol=1e-14)


def test_severity_takes_arrays_and_every_estimate() -> None:
    many = ks.effects.means([17.9, 17.0], 4.6, 37, 18.4, 5.1, 46)
    curve = severity(many, np.linspace(-3, 3, 7), claim="less")
    assert curve.severity.shape == (2, 7)
    assert np.all(np.diff(curve.severity, axis=1) > 0)
    one = severity(ks.effects.means(17.9, 4.6, 37, 18.4, 5.1, 46), 1.0, claim="less")
    assert isinstance(one.severity, float)
    assert one.severity == pytest.approx(curve.severity[0, 4], rel=1e-14)
    rates = ks.effects.proportions(7, 37, 14, 46)
    low = rates.confidence_interval(0.90).low
    assert severity(rates, low, claim="greater").severity == pytest.approx(0.95, abs=1e-9)


def test_severity_refuses() -> None:
    with pytest.raises(ks.InvalidType, match="estimate"):
        severity(0.1, 0.0, claim="less")
    with pytest.raises(ks.InvalidArgument, match="claim"):
        severity(ks.effects.estimate(0.1, se=1), 0.0, claim="equal")


# ---------------------------------------------------------------------------------------------------- robustness region
def factor_of(t, n1=37, n2=46):
    def factor(scale):
        return ks.evidence.means(t=t, n1=n1, n2=n2, scale=scale)

    return factor


def test_conclusion_changes_at_the_ends_and_only_there() -> None:
    t = np.array([0.0, 0.567, 2.2, 2.6, 3.0, 6.0])
    region = robustness_region(factor_of(t), 0.707, threshold=3)
    assert list(region.conclusion) == ["null", "null", "neither", "alternative", "alternative", "alternative"]
    for i, value in enumerate(t):
        for end, really, out in (
            (region.low[i], region.ends_low[i], 0.999),
            (region.high[i], region.ends_high[i], 1.001),
        ):
            if not really:
                assert end in (pytest.approx(0.707e-3), pytest.approx(707))
                continue
            at = factor_of(value)(end).log_bf10
            assert abs(at) == pytest.approx(np.log(3), rel=1e-10)
            beyond, within = factor_of(value)([end * out, end / out]).log_bf10
            kind = {"null": lambda b: b <= -np.log(3), "alternative": lambda b: b >= np.log(3)}.get(
                region.conclusion[i], lambda b: abs(b) < np.log(3)
            )
            assert kind(within)
            assert not kind(beyond)


def test_region_is_that_of_a_closed_form() -> None:
    # For z = 0 and a normal prior BF01 = sqrt(1 + (sd/se)^2): above 3 from sd = se sqrt(8) on.
    region = robustness_region(
        lambda sd: ks.evidence.estimate(0.0, se=0.5, prior="normal", prior_sd=sd), 2.0, threshold=3
    )
    assert region.low == pytest.approx(0.5 * np.sqrt(8), rel=1e-12)
    assert (region.ends_low, region.ends_high) == (True, False)
    assert region.high == pytest.approx(2000)
    reverse = ks.evidence.reverse_bayes(0.0, se=0.5, bf10=1 / 3)
    assert reverse.prior_sd_high == pytest.approx(region.low, rel=1e-12)


def test_region_takes_a_scale_for_each_set_of_data() -> None:
    both = robustness_region(factor_of(np.array([[0.5], [3.0]])), [0.5, 1.0], threshold=3)
    assert both.low.shape == (2, 2)
    for i, t in enumerate((0.5, 3.0)):
        for j, scale in enumerate((0.5, 1.0)):
            one = robustness_region(factor_of(t), scale, threshold=3)
            assert one.conclusion == both.conclusion[i, j]
            # The grids differ by where they start only.
            assert one.low == pytest.approx(both.low[i, j], rel=1e-9)
            assert one.high == pytest.approx(both.high[i, j], rel=1e-9)
    assert isinstance(one.low, float)
    assert len(both.to_frame()) == 4
    assert "alternative, neither, null" in both.summary()


def test_region_of_a_correlation() -> None:
    region = robustness_region(lambda kappa: ks.evidence.correlation(0.3, 60, kappa=kappa), 1.0, threshold=2, reach=100)
    assert region.ends_low
    assert region.conclusion == "alternative"
    assert ks.evidence.correlation(0.3, 60, kappa=region.low).bf10 == pytest.approx(2, rel=1e-9)


def test_region_refuses() -> None:
    with pytest.raises(ks.InvalidType, match="factor"):
        robustness_region(3.0, 0.707, threshold=3)
    with pytest.raises(ks.InvalidType, match="factor"):
        robustness_region(lambda scale: scale, 0.707, threshold=3)
    with pytest.raises(ks.InvalidArgument, match="threshold"):
        robustness_region(factor_of(1.0), 0.707, threshold=1)
    with pytest.raises(ks.InvalidArgument, match="scale"):
        robustness_region(factor_of(1.0), 0.0, threshold=3)
    with pytest.raises(ks.InvalidArgument, match="reach"):
        robustness_region(factor_of(1.0), 1.0, threshold=3, reach=1)


def test_evidence_beyond_floats_has_a_region() -> None:
    region = robustness_region(
        lambda kappa: ks.evidence.correlation([1.0, 0.9], 50, kappa=kappa), 1.0, threshold=10, reach=10
    )
    assert list(region.conclusion) == ["alternative", "alternative"]
    assert not region.ends_low.any()
