"""Standard deviations before, after and of the change: by samples, and by draws from the rounding intervals."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import ketastats as ks
from ketastats.errors import InvalidArgument, InvalidType

RULES = ("half", "half_up", "truncate", "up")


def test_published_cases() -> None:
    """Cases of the package recalc: the change is smaller than the difference, larger than the sum, and possible."""
    found = ks.consistency.change_sd(["8.0", "8.0", "5.0"], ["5.0", "5.0", "8.0"], ["2.0", "13.5", "6.0"])
    assert found["failed"].tolist() == ["r > 1", "r < -1", ""]
    assert found.label.tolist() == ["impossible", "impossible", "consistent"]
    implied = ks.consistency.change_sd("14.58", "7.79", "13.01")
    assert implied["r_low"][0] < 0.458 < implied["r_high"][0]
    assert (implied["r_low"][0] + implied["r_high"][0]) / 2 == pytest.approx(0.458, abs=0.0005)


@pytest.mark.parametrize("seed", range(20))
def test_deviations_of_samples_are_always_consistent(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pre = rng.normal(size=12)
    # Nearly parallel and nearly opposite changes lie at the ends.
    post = rng.choice([-1.0, 0.5, 1.0]) * pre + rng.choice([0.0, 1e-9, 1.0]) * rng.normal(size=12)
    texts = [f"{np.std(values, ddof=1):.3f}" for values in (pre, post, post - pre)]
    found = ks.consistency.change_sd(*texts)
    assert found.agrees.all()
    r = np.corrcoef(pre, post)[0, 1]
    assert found["r_low"][0] - 1e-12 <= r <= found["r_high"][0] + 1e-12
    # Before and after may be swapped.
    swapped = ks.consistency.change_sd(texts[1], texts[0], texts[2])
    assert swapped.label.tolist() == found.label.tolist()
    assert swapped["r_low"][0] == pytest.approx(found["r_low"][0], rel=1e-13)


@pytest.mark.parametrize("rounding", RULES)
def test_the_edges_are_exact(rounding: str) -> None:
    """A triangle exists when a, b and c can be taken from their intervals with |a - b| <= c <= a + b."""
    texts = [f"{k / 10:.1f}" for k in range(1, 12, 2)]
    cells = [(a, b, c) for a in texts for b in texts for c in ["0.0", *texts, "2.2"]]
    found = ks.consistency.change_sd(*(list(column) for column in zip(*cells, strict=True)), rounding=rounding)

    def inner(text: str) -> list[Fraction]:
        # The ends where they belong, and points close to them where they do not.
        interval = ks.Reported(text, rounding=rounding).interval
        low, high = max(Fraction(interval.low), Fraction(0)), Fraction(interval.high)
        near = Fraction(1, 10**6)
        ends = [low if low in interval else low + near, high if high in interval else high - near]
        return [*ends, *(end for end in (low + near, high - near) if end in interval)]

    points = {text: inner(text) for text in {*texts, "0.0", "2.2"}}
    for row, (first, second, third) in enumerate(cells):
        a, b, c = points[first], points[second], points[third]
        gap = max(min(a) - max(b), min(b) - max(a), Fraction(0))
        assert found.agrees[row] == (gap <= max(c) and min(c) <= max(a) + max(b)), cells[row]


def test_draws_never_leave_the_range() -> None:
    found = ks.consistency.change_sd("2.1", "3.3", "2.4")
    rng = np.random.default_rng(4)
    a, b, c = (value + rng.uniform(-0.05, 0.05, 300_000) for value in (2.1, 3.3, 2.4))
    r = (a**2 + b**2 - c**2) / (2 * a * b)
    assert found["r_low"][0] <= r.min() < found["r_low"][0] + 0.01
    assert found["r_high"][0] - 0.01 < r.max() <= found["r_high"][0]


def test_labels_and_sentences() -> None:
    found = ks.consistency.change_sd("8", "5", ["1.9", "14.5", "13.9"])
    assert found.label.tolist() == ["impossible", "only if truncated", "consistent"]
    assert found.explanation[1].endswith("It agrees only if truncated.")
    assert found.summary()
    assert found.to_frame().shape[0] == 3
    zero = ks.consistency.change_sd("0.1", "0.1", "0.0")
    assert zero.agrees.all()
    assert np.isfinite(zero["r_low"]).all()


@pytest.mark.parametrize(
    ("cells", "error", "match"),
    [
        (("0.0", "5.0", "2.0"), InvalidArgument, "sd_pre is '0'"),
        (("8.0", "-5.0", "2.0"), InvalidArgument, "sd_post is '-5.0'"),
        (("8.0", "5.0", 2.0), InvalidType, "sd_change is 2.0"),
    ],
)
def test_what_cannot_be_asked_is_refused(cells: Any, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        ks.consistency.change_sd(*cells)
