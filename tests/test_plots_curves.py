"""Compatibility curves and bands over splits: what is drawn is what was computed."""

from __future__ import annotations

import numpy as np

import ketastats as ks


def test_curves_share_one_axis_of_bits():
    d = ks.effects.smd_from_t(0.567, 37, 46)
    curve = ks.evidence.compatibility(d, np.linspace(-0.5, 0.5, 5))
    ax = ks.plots.plot_compatibility(curve)
    ks.plots.plot_compatibility({"value": curve.value, "pvalue": curve.pvalue}, ax=ax, linestyle="--")
    assert len(ax.child_axes) == 1
    for line in ax.lines:
        assert np.array_equal(line.get_xdata(), curve.value)
        assert np.array_equal(line.get_ydata(), curve.pvalue)
    # The right axis reads the same heights in bits.
    bits = ax.child_axes[0]
    labels = [float(label.get_text()) for label in bits.get_yticklabels()]
    assert np.allclose(-np.log2(bits.get_yticks()), labels)


def test_band_runs_between_the_outermost_limits():
    limits = ks.reconstruct.means(n=83, p="0.572").intervals(0.90)
    band = ks.plots.plot_limits(limits).collections[0].get_paths()[0].vertices
    for n1, low, high in zip(limits.n1, limits.low_min, limits.high_max, strict=True):
        heights = band[band[:, 0] == n1, 1]
        assert {low, high} <= set(heights)
