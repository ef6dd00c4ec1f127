"""The forest plot shows the intervals, margins and thresholds that it is given."""

from __future__ import annotations

import numpy as np

import ketastats as ks

CLAIM = ks.Claim(estimand="risk_difference", region=ks.within(0.10))
VERDICT = ks.judge(CLAIM, ks.reconstruct.tables(n=83, p="0.230", test="pearson"))


def test_each_interval_is_a_line_from_end_to_end() -> None:
    ax = ks.plots.plot_forest(VERDICT)
    segments = np.array(ax.collections[0].get_segments())
    np.testing.assert_allclose(segments[:, 0, 0], 100 * VERDICT.members["low"])
    np.testing.assert_allclose(segments[:, 1, 0], 100 * VERDICT.members["high"])
    np.testing.assert_allclose(segments[:, 0, 1], np.arange(14))


def test_rows_say_which_table_and_at_which_margin() -> None:
    ax = ks.plots.plot_forest(VERDICT)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    row = labels.index("7/37 v 14/46")
    # tests/golden/score_intervals.csv: the 90 % interval of 7/37 against 14/46 begins at -0.26614.
    assert [text.get_text() for text in ax.texts][row] == "26.6"
    assert ax.get_ylim()[0] > ax.get_ylim()[1]


def test_margins_are_drawn_on_both_sides() -> None:
    ax = ks.plots.plot_forest(VERDICT, margins=[0.16, 0.08])
    places = sorted(line.get_xdata()[0] for line in ax.lines if len(set(line.get_xdata())) == 1)
    np.testing.assert_allclose(places, [-16, -8, 0, 8, 16])
    shown = [text.get_text() for text in ax.texts]
    assert shown.count("8") == shown.count("16") == 2


def test_marked_rows_stand_out() -> None:
    marked = VERDICT.members["n1"] == 37
    ax = ks.plots.plot_forest(dict(VERDICT.members), marked=marked)
    weights = np.array([label.get_fontweight() for label in ax.get_yticklabels()])
    assert np.array_equal(weights == "bold", marked)
    assert np.array_equal(ax.lines[1].get_ydata(), np.nonzero(marked)[0])
