"""The drawing of compatible tables shows the numbers that it is given."""

from __future__ import annotations

import numpy as np

import ketastats as ks

FOUND = ks.reconstruct.tables(n=83, p="0.230", test="pearson")


def test_every_table_is_one_point_in_percentage_points() -> None:
    ax = ks.plots.plot_tables(FOUND)
    sizes, points = ax.lines[1].get_data()
    assert np.array_equal(sizes, FOUND.n1)
    np.testing.assert_allclose(points, 100 * FOUND.risk_difference)
    assert "percentage points" in ax.get_ylabel()


def test_marked_tables_are_drawn_apart_and_carry_their_counts() -> None:
    marked = FOUND.n1 == 37
    ax = ks.plots.plot_tables(FOUND, marked=marked, color="black")
    assert np.array_equal(ax.lines[1].get_xdata(), FOUND.n1[~marked])
    assert np.array_equal(ax.lines[2].get_xdata(), FOUND.n1[marked])
    assert ax.lines[2].get_color() == "black"
    assert [text.get_text() for text in ax.texts] == ["7/37 v 14/46", "30/37 v 32/46"]


def test_labels_of_neighbours_stand_on_different_sides() -> None:
    ax = ks.plots.plot_tables(FOUND, marked=(FOUND.n1 >= 28) & (FOUND.risk_difference > 0))
    sides = {text.get_text(): text.get_ha() for text in ax.texts}
    assert sides["21/28 v 34/55"] == "center"
    assert sides["30/37 v 32/46"] == "right"
    assert sides["26/38 v 25/45"] == "left"


def test_columns_serve_as_well_as_the_result() -> None:
    columns = {name: list(column) for name, column in FOUND.to_frame().items()}
    drawn, again = ks.plots.plot_tables(FOUND), ks.plots.plot_tables(columns)
    np.testing.assert_array_equal(drawn.lines[1].get_xydata(), again.lines[1].get_xydata())
