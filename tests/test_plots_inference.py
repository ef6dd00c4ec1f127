"""The drawings of inference hold the numbers that they are given, on the axes that they are given, and nothing else."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes

import ketastats as ks
from ketastats.errors import InvalidArgument, InvalidType

SIZES = np.array([[20], [40], [80]])
EFFECTS = np.array([0.2, 0.5, 0.8])
POWER = ks.power.means(n1=SIZES, n2=SIZES, effect=EFFECTS)
MARGINS = np.array([0.3, 0.4, 0.5])
PLAN = ks.power.sample_size("means_equivalence", margin=(-MARGINS, MARGINS), power=0.90)
SCALES = np.geomspace(0.1, 2.0, 9)
TESTED = ks.equivalence.means([9.8, 13.4], 4.5, 37, 13.7, 5.8, 46, margin=(-2.0, 3.0))


def factor(scale):
    return ks.evidence.means(t=0.567, n1=37, n2=46, scale=scale)


FACTORS = factor(SCALES)
REGION = ks.evidence.robustness_region(factor, 0.707, threshold=3)
CURVE = ks.evidence.compatibility(ks.effects.smd_from_t([0.567, 2.0], 37, 46), [-0.5, 0.0, 0.5])

DRAWINGS = {
    "forest": lambda ax: ks.plots.plot_forest(TESTED, ax=ax),
    "power": lambda ax: ks.plots.plot_power(ks.power.means(n1=20, n2=20, effect=EFFECTS), ax=ax),
    "surface": lambda ax: ks.plots.plot_power_surface(POWER, ax=ax),
    "compatibility": lambda ax: ks.plots.plot_compatibility(CURVE, ax=ax),
    "robustness": lambda ax: ks.plots.plot_robustness(FACTORS, scale=SCALES, region=REGION, ax=ax),
    "sizes": lambda ax: ks.plots.plot_sample_size_curve(PLAN, at=MARGINS, have=83, ax=ax),
    "people": lambda ax: ks.plots.plot_sample_sizes({"a": {"80 %": (648, 814)}}, ax=ax),
}
each_drawing = pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)


@each_drawing
def test_a_drawing_returns_the_axes_that_it_was_given_and_leaves_the_settings_alone(draw) -> None:
    with ks.plots.figure(1, 2) as (_, (left, right)):
        before = dict(mpl.rcParams)
        assert draw(left) is left
        assert dict(mpl.rcParams) == before
        assert not right.lines
        assert not right.collections


@each_drawing
def test_a_drawing_makes_its_own_axes_and_opens_no_window(draw) -> None:
    before = dict(mpl.rcParams)
    drawn = draw(None)
    assert isinstance(drawn, Axes)
    assert dict(mpl.rcParams) == before
    drawn.figure.draw_without_rendering()
    assert not hasattr(drawn.figure.canvas.manager, "show")


@each_drawing
def test_no_text_from_data_is_read_as_mathematics(draw) -> None:
    labels = [label for label in draw(None).get_yticklabels() if "$" in label.get_text()]
    assert not any(label.get_parse_math() for label in labels)


@each_drawing
def test_axes_of_something_else_are_refused(draw) -> None:
    with pytest.raises(InvalidType, match="ax is 'here'; allowed: Axes of Matplotlib"):
        draw("here")


# -------------------------------------------------------------------------------------------------------------- forest
def vertical_lines(ax) -> list[float]:
    """Places of the lines from top to bottom."""
    return sorted(
        line.get_xdata()[0] for line in ax.lines if len(set(line.get_xdata())) == 1 and line.get_marker() == "None"
    )


def test_an_equivalence_test_is_drawn_with_its_margin() -> None:
    ax = ks.plots.plot_forest(TESTED, labels=["week $1", "week $2"])
    (intervals,) = ax.collections
    np.testing.assert_allclose([segment[:, 0] for segment in intervals.get_segments()], np.c_[TESTED.low, TESTED.high])
    assert vertical_lines(ax) == [-2.0, 0.0, 3.0]
    texts = [text.get_text() for text in ax.texts]
    assert texts == ["-2", "3", *(f"{size:.3g}" for size in TESTED.threshold_margin)]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["week $1", "week $2"]
    assert not any(label.get_parse_math() for label in ax.get_yticklabels())
    np.testing.assert_array_equal(np.concatenate([line.get_xdata() for line in ax.lines[3:]]), TESTED.estimate)


def test_one_scalar_test_is_one_row() -> None:
    result = ks.equivalence.proportions(7, 37, 14, 46, margin=0.10)
    ax = ks.plots.plot_forest(result, scale=100.0)
    # tests/golden/score_intervals.csv: the 90 % interval of 7/37 against 14/46 is -0.26614 to 0.04541.
    np.testing.assert_allclose(ax.collections[0].get_segments()[0][:, 0], [-26.614, 4.541], atol=6e-4)
    assert vertical_lines(ax) == [-10.0, 0.0, 10.0]
    assert [text.get_text() for text in ax.texts] == ["10", "10", "26.6"]


def test_margins_that_differ_by_row_are_ticks_on_their_rows() -> None:
    low, high = [-0.2, -0.3], [0.2, 0.4]
    ax = ks.plots.plot_forest(ks.equivalence.estimate([0.1, 0.2], se=0.1, df=40, margin=(low, high)))
    assert vertical_lines(ax) == [0.0]
    for ticks, ends in zip(ax.collections[:2], (low, high), strict=True):
        places = np.array(ticks.get_segments())
        np.testing.assert_allclose(places[:, 0, 0], ends)
        np.testing.assert_allclose(places.mean(axis=1)[:, 1], [0, 1])


def test_plain_numbers_need_only_their_ends() -> None:
    ax = ks.plots.plot_forest({"low": [-0.3, -0.1], "high": [0.1, 0.2]}, margins=[(-0.2, 0.15), 0.1])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["1", "2"]
    assert vertical_lines(ax) == [-0.2, -0.1, 0.0, 0.1, 0.15]
    assert [text.get_text() for text in ax.texts] == ["0.1", "0.1", "-0.2", "0.15"]


def test_a_ratio_has_its_own_line_of_no_difference() -> None:
    claim = ks.Claim(estimand="odds_ratio", region=ks.within(0.5, 2.0))
    verdict = ks.judge(claim, ks.reconstruct.tables(n=83, p="0.230", test="pearson"))
    ax = ks.plots.plot_forest(verdict, margins=[2.0])
    assert vertical_lines(ax) == [0.5, 1.0, 2.0]
    assert ax.get_xscale() == "log"
    np.testing.assert_array_equal(
        ax.collections[0].get_segments()[0][:, 0],
        verdict.members["low"][0:1].tolist() + verdict.members["high"][0:1].tolist(),
    )


@pytest.mark.parametrize("ratio", [False, True])
def test_an_end_at_infinity_is_an_arrow_at_the_edge(ratio) -> None:
    low, high = ([0.0, 0.5], [2.0, np.inf]) if ratio else ([-np.inf, 0.5], [2.0, np.inf])
    ax = ks.plots.plot_forest({"low": low, "high": high}, ratio=ratio)
    left, right = ax.get_xlim()
    assert left < 0.5
    assert right > 2.0
    ends = np.array([segment[:, 0] for segment in ax.collections[0].get_segments()])
    np.testing.assert_array_equal(ends, [[left, 2.0], [0.5, right]])
    arrows = {line.get_marker(): line.get_xydata().tolist() for line in ax.lines if line.get_marker() in "<>"}
    assert arrows == {"<": [[left, 0.0]], ">": [[right, 1.0]]}


def test_a_verdict_on_means_shows_the_outermost_limits() -> None:
    claim = ks.Claim(estimand="smd", region=ks.within(0.5))
    verdict = ks.judge(claim, ks.reconstruct.means(n=83, p="0.572", n1=range(35, 41)))
    ax = ks.plots.plot_forest(verdict)
    ends = np.array([segment[:, 0] for segment in ax.collections[0].get_segments()])
    np.testing.assert_array_equal(ends, np.c_[verdict.members["low_min"], verdict.members["high_max"]])
    assert ax.get_yticklabels()[2].get_text() == "37 v 46"


# --------------------------------------------------------------------------------------------------------------- power
def test_the_surface_has_one_cell_for_each_power() -> None:
    ax = ks.plots.plot_power_surface(POWER, levels=(0.8, 0.999999))
    mesh, lines = ax.collections
    np.testing.assert_array_equal(mesh.get_array(), POWER.power.T)
    # A line for a level that the grid does not reach is not drawn.
    np.testing.assert_array_equal(lines.levels, [0.8])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("People in group 1", "True effect")
    assert ax.figure.axes[-1].get_ylabel() == "Power"


def test_lines_of_equal_power_run_where_the_power_is() -> None:
    # Power that is linear in both directions: the line of 0.5 is where x + y = 1.
    x, y = np.linspace(0.0, 1.0, 5), np.linspace(0.0, 1.0, 4)[:, None]
    ax = ks.plots.plot_power_surface({"n": x, "margin": 100 * y, "power": (x + y) / 2}, x="n", y="margin", scale=0.01)
    fifty = ax.collections[1].get_paths()[0].vertices
    np.testing.assert_allclose(fifty.sum(axis=1), 1.0)


def test_a_grid_is_drawn_the_same_whichever_way_it_runs() -> None:
    turned = ks.power.means(n1=SIZES.T, n2=SIZES.T, effect=EFFECTS[::-1, None])
    first, second = (ks.plots.plot_power_surface(power).collections[0] for power in (POWER, turned))
    np.testing.assert_allclose(first.get_array(), second.get_array(), rtol=1e-12)
    np.testing.assert_array_equal(first.get_coordinates(), second.get_coordinates())


def test_sizes_are_drawn_at_what_they_were_asked_for() -> None:
    ax = ks.plots.plot_sample_size_curve(PLAN, at=MARGINS, have=83, scale=100.0)
    there, curve = ax.lines
    assert set(there.get_ydata()) == {83}
    np.testing.assert_allclose(curve.get_xdata(), 100 * MARGINS)
    np.testing.assert_array_equal(curve.get_ydata(), PLAN.n1 + PLAN.n2)
    assert ax.get_yscale() == "log"
    assert ax.get_ylabel() == "People needed in both groups together"
    one = ks.plots.plot_sample_size_curve({"r": [0.1, 0.3], "n": [782, 85]}, x="r")
    np.testing.assert_array_equal(one.lines[0].get_ydata(), [782, 85])
    assert one.get_ylabel() == "People needed"


# ------------------------------------------------------------------------------------------------------------ evidence
def test_several_estimates_are_several_curves() -> None:
    ax = ks.plots.plot_compatibility(CURVE)
    np.testing.assert_array_equal([line.get_ydata() for line in ax.lines], CURVE.pvalue)


def test_factors_stand_at_their_logarithms() -> None:
    ax = ks.plots.plot_robustness(FACTORS, scale=SCALES, region=REGION)
    even, below, above, curve, stated = ax.lines
    assert set(even.get_ydata()) == {0.0}
    np.testing.assert_allclose([*below.get_ydata(), *above.get_ydata()], np.log10([1 / 3, 1 / 3, 3, 3]))
    np.testing.assert_array_equal(curve.get_xdata(), SCALES)
    np.testing.assert_allclose(10.0 ** curve.get_ydata(), FACTORS.bf10, rtol=1e-12)
    np.testing.assert_allclose([stated.get_xdata()[0], 10.0 ** stated.get_ydata()[0]], [0.707, np.exp(REGION.log_bf10)])
    shade = ax.patches[0].get_extents().transformed(ax.transData.inverted())
    np.testing.assert_allclose([shade.x0, shade.x1], [REGION.low, min(REGION.high, SCALES[-1])])


@pytest.mark.parametrize("size", [2.0, 1e4, -1e6])
def test_the_ticks_say_the_factors_however_large(size) -> None:
    ax = ks.plots.plot_robustness({"scale": [0.5, 1.0], "log_bf10": [0.1 * size, size]})
    ticks = zip(ax.get_yticks(), (label.get_text() for label in ax.get_yticklabels()), strict=True)
    for place, text in ticks:
        top, _, bottom = text.replace(",", "").partition("/")
        # In logarithms, since the largest are beyond floats.
        exponent = [np.log10(float(part)) if "e" not in part else int(part[2:]) for part in (top, bottom or "1")]
        assert exponent[0] - exponent[1] == pytest.approx(place, abs=1e-9)
    low, high = ax.get_ylim()
    assert low < min(0.0, size / np.log(10)) < max(0.0, size / np.log(10)) < high


# ----------------------------------------------------------------------------------------------------------- bad input
P = ks.plots
BAD = {
    "forest of a number": (lambda: P.plot_forest(3), InvalidType, "members is 3; allowed: an EquivalenceResult"),
    "forest of power": (lambda: P.plot_forest(POWER), InvalidArgument, "There is no low and no high"),
    "forest with NaN": (lambda: P.plot_forest({"low": [np.nan], "high": 1.0}), InvalidArgument, r"members\['low'\]"),
    "labels": (lambda: P.plot_forest(TESTED, labels=["one"]), InvalidArgument, "labels is .*2 texts"),
    "marked": (lambda: P.plot_forest(TESTED, marked=[True]), InvalidArgument, "marked is .*2 truth values"),
    "margin": (lambda: P.plot_forest(TESTED, margins=[-0.1]), InvalidArgument, r"margins\[0\] is -0.1"),
    "power without effect": (lambda: P.plot_power({"power": [0.5]}), InvalidArgument, "There is no effect"),
    "power of 80": (lambda: P.plot_power({"effect": [1], "power": [80]}), InvalidArgument, "80"),
    "target": (lambda: P.plot_power(POWER, target=80), InvalidArgument, "target is 80"),
    "lengths": (lambda: P.plot_power({"effect": [1, 2, 3], "power": [0.1, 0.2]}), InvalidArgument, "broadcast"),
    "no grid": (lambda: P.plot_power_surface({"n1": [1, 2], "effect": 1, "power": 0.5}), InvalidArgument, "two values"),
    "no lattice": (lambda: P.plot_power_surface(CROOKED), InvalidArgument, "as a column"),
    "curve": (lambda: P.plot_compatibility({"value": [1.0], "pvalue": [1.5]}), InvalidArgument, "pvalue"),
    "no scale": (lambda: P.plot_robustness(FACTORS), InvalidArgument, "the scales of the prior that the"),
    "scale twice": (lambda: P.plot_robustness({"scale": 1.0, "log_bf10": 1.0}, scale=1.0), InvalidArgument, "beside"),
    "scale 0": (lambda: P.plot_robustness(factor(1.0), scale=0.0), InvalidArgument, "scale is 0.0"),
    "threshold": (lambda: P.plot_robustness(FACTORS, scale=SCALES, threshold=0.3), InvalidArgument, "threshold is 0.3"),
    "regions": (lambda: P.plot_robustness(FACTORS, scale=SCALES, region=TWO), InvalidArgument, "one set of data"),
    "no at": (lambda: P.plot_sample_size_curve(PLAN), InvalidArgument, "at is None"),
    "at twice": (
        lambda: P.plot_sample_size_curve({"effect": 1.0, "n": 5}, at=1.0),
        InvalidArgument,
        "beside a mapping",
    ),
    "rows": (lambda: P.plot_sample_sizes([1, 2]), InvalidType, "a mapping from labels"),
    "no pair": (lambda: P.plot_sample_sizes({"a": {"80 %": 5}}), InvalidArgument, "smallest and the largest"),
    "downwards": (lambda: P.plot_sample_sizes({"a": {"80 %": (9, 5)}}), InvalidArgument, "the smaller number"),
}
CROOKED = {"n1": [[1, 2], [3, 4]], "effect": [[1, 1], [2, 2]], "power": 0.5}
TWO = ks.evidence.robustness_region(factor, [0.5, 0.707], threshold=3)


@pytest.mark.parametrize(("call", "error", "message"), BAD.values(), ids=BAD)
def test_what_cannot_be_drawn_is_refused_with_a_reason(call, error, message) -> None:
    with pytest.raises(error, match=message):
        call()


def test_a_verdict_on_several_claims_is_drawn_part_by_part() -> None:
    claim = ks.Claim(estimand="risk_difference", region=ks.within(0.10))
    printed = {name: {"p": p, "test": "pearson"} for name, p in (("response", "0.230"), ("remission", "0.397"))}
    verdict = ks.judge(dict.fromkeys(printed, claim), ks.reconstruct.outcomes(printed, n=83))
    with pytest.raises(InvalidArgument, match="Draw each of its `parts`"):
        ks.plots.plot_forest(verdict)
    part = verdict.parts["response"]
    assert len(ks.plots.plot_forest(part).get_yticks()) == len(part)


def test_a_data_frame_serves_as_well_as_a_result() -> None:
    power = ks.power.means(n1=20, n2=20, effect=EFFECTS)
    first, second = (ks.plots.plot_power(source).lines[1].get_xydata() for source in (power, power.to_frame()))
    np.testing.assert_array_equal(first, second)
