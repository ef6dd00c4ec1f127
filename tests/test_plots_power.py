"""Curves of power and people needed: what is drawn is what was computed."""

from __future__ import annotations

import numpy as np

import ketastats as ks


def test_curve_is_the_power_of_the_result():
    result = ks.power.means(n1=37, n2=46, effect=[0.0, 0.24, 0.5])
    ax = ks.plots.plot_power(result, scale=100.0, target=0.9, linestyle="--")
    target, curve = ax.lines
    assert set(target.get_ydata()) == {0.9}
    assert np.array_equal(curve.get_xdata(), [0.0, 24.0, 50.0])
    assert np.array_equal(curve.get_ydata(), result.power)
    assert curve.get_linestyle() == "--"


def test_plain_columns_and_no_target():
    ax = ks.plots.plot_power({"margin": [0.1, 0.2], "power": [0.0, 0.3]}, x="margin", target=None)
    assert len(ax.lines) == 1
    assert ax.get_ylim() == (0.0, 1.0)


def test_every_sample_size_stands_beside_its_mark():
    rows = {"±10 points": {"80 %": (648, 814), "90 %": (818, 818)}, "±$16$ points": {"80 %": (254, 314)}}
    ax = ks.plots.plot_sample_sizes(rows, have=83)
    assert [text.get_text() for text in ax.texts] == ["648 to 814 for 80 %", "818 for 90 %", "254 to 314 for 80 %"]
    assert [label.get_text() for label in ax.get_yticklabels()] == list(rows)
    assert not any(text.get_parse_math() for text in [*ax.texts, *ax.get_yticklabels()])
    assert ax.get_xscale() == "log"
    assert list(ax.lines[0].get_xdata()) == [83, 83]
