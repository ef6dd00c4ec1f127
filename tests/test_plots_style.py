"""Figures that do not move."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import pytest

import ketastats as ks


def written(folder: Path, shift: float) -> tuple[bytes, bytes]:
    """Save two axes whose layout is off by `shift`, and return the files."""
    folder.mkdir()
    with ks.plots.figure(2, 1, title="A finding") as (fig, axes):
        for ax in axes:
            ax.plot([0, 1], [0, 1])
        engine = fig.get_layout_engine()
        execute = engine.execute

        def jitter(figure):
            execute(figure)
            for ax in figure.axes:
                low, bottom, width, height = ax.get_position().bounds
                # As the engine does it, not by set_position, which would take the axes out of the layout.
                ax._set_position([low + shift, bottom, width, height])

        engine.execute = jitter
        ks.plots.save(fig, folder / "figure", alt="Two lines.")
    return (folder / "figure.svg").read_bytes(), (folder / "figure.png").read_bytes()


def test_the_last_bit_of_the_layout_does_not_show(tmp_path):
    plain = written(tmp_path / "a", 0.0)
    assert plain == written(tmp_path / "b", 1e-15)
    # A shift that can be seen is seen.
    assert plain != written(tmp_path / "c", 1e-2)


def test_the_style_does_not_leak():
    before = dict(mpl.rcParams)
    with ks.plots.figure():
        pass
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("name", ["svg", "png"])
def test_the_alt_text_is_in_the_file_and_no_date(tmp_path, name):
    with ks.plots.figure() as (fig, ax):
        ax.plot([0, 1], [0, 1])
        ks.plots.save(fig, tmp_path / "figure", alt="One rising line.")
    content = (tmp_path / f"figure.{name}").read_bytes()
    assert b"One rising line." in content
    assert b"<dc:date>" not in content
    assert b"Creation Time" not in content
