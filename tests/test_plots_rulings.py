"""Rulings are told apart by sign as well as by colour."""

from __future__ import annotations

import pytest
from matplotlib.colors import to_hex

import ketastats as ks


def test_cells_have_the_colour_of_their_ruling() -> None:
    words = [str(word) for word in ks.Ruling]
    ax = ks.plots.plot_rulings([words])
    faces = [to_hex(patch.get_facecolor()).upper() for patch in ax.patches]
    wanted = [ks.plots.RULING_COLOURS[word] if word != "impossible" else "#FFFFFF" for word in words]
    assert faces == wanted
    assert [patch.get_hatch() for patch in ax.patches] == [None, None, None, None, "//////"]


@pytest.mark.parametrize(
    ("established", "refuted", "sign"), [(1, 0, "✓"), (0, 2, "✗"), (3, 1, "✓✗")], ids=["some in", "some out", "both"]
)
def test_where_a_ruling_depends_the_sign_says_on_what_side(established: int, refuted: int, sign: str) -> None:
    ax = ks.plots.plot_rulings([["depends"]], established=[[established]], refuted=[[refuted]])
    assert [text.get_text() for text in ax.texts] == [sign]


def test_settled_rulings_have_one_sign_and_open_ones_none() -> None:
    ax = ks.plots.plot_rulings([["established", "refuted", "not established"]], established=[[5, 0, 0]])
    assert [text.get_text() for text in ax.texts] == ["✓", "✗"]


def test_the_first_row_is_on_top_and_labelled() -> None:
    ax = ks.plots.plot_rulings([["depends"], ["refuted"]], rows=["a", "b"], columns=["c"])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
    assert ax.get_ylim() == (1.5, -0.5)


def test_the_key_counts_and_shows_every_kind() -> None:
    ax = ks.plots.plot_ruling_key({"established": 0, "depends": 12, "impossible": 1234})
    assert len(ax.patches) == 3
    assert [text.get_text() for text in ax.texts] == ["✓", "established: 0", "depends: 12", "impossible: 1,234"]
