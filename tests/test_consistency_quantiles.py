"""Mean and SD against median, quartiles and range."""

from __future__ import annotations

import math

import numpy as np
import pytest

import ketastats as ks
from ketastats.consistency import quantiles

FIVE = {"minimum": "2", "q1": "4", "median": "6", "q3": "10", "maximum": "14"}


def test_every_row_agrees_with_the_set_that_is_reconstructed():
    means, sds = ["4.5", "7.0", "7.0"], ["3.1", "3.1", "5.3"]
    found = quantiles(means, sds, n=20, **FIVE, definition=["linear"])
    for row, (mean, sd) in enumerate(zip(means, sds, strict=True)):
        for definitions, label in (
            (["linear"], "consistent"),
            ("weibull", "only if the quartiles are weibull"),
        ):
            expected = bool(ks.reconstruct.quantiles(n=20, **FIVE, mean=mean, sd=sd, definition=definitions))
            assert bool(found.holds[label][row]) is expected
    assert 0 < found.agrees.sum() < 3
    alone = ks.reconstruct.quantiles(n=20, **FIVE, definition=["linear"])
    for name, pick in (("mean_low", np.min), ("mean_high", np.max), ("sd_low", np.min), ("sd_high", np.max)):
        assert found[name] == pytest.approx(np.full(3, pick(getattr(alone, name))), rel=1e-12)


def test_the_truth_is_consistent():
    rng = np.random.default_rng(5)
    for _ in range(2):
        n = int(rng.integers(2, 25))
        values = rng.choice([rng.normal(10, 4, n), rng.exponential(5, n), rng.integers(0, 9, n)])
        lower, middle, upper = np.quantile(values, [0.25, 0.5, 0.75], method="weibull")
        numbers = {"minimum": values.min(), "q1": lower, "median": middle, "q3": upper, "maximum": values.max()}
        texts = {name: f"{number:.1f}" for name, number in numbers.items()}
        found = quantiles(f"{values.mean():.1f}", f"{values.std(ddof=1):.2f}", n=n, **texts, definition="weibull")
        assert found.label.tolist() == ["consistent"]
        spread = values.std(ddof=1) / math.sqrt(n)
        called = quantiles(f"{values.mean():.1f}", f"{spread:.3f}", n=n, **texts, definition="weibull")
        assert called.holds["only if the SD is a standard error"].tolist() == [True]


def test_labels_say_what_would_explain_it():
    # Of 20 values from 2 to 14 with the median at 6 the SD is at least 1.84.
    known = {"n": 20, "median": "6", "minimum": "2", "maximum": "14"}
    found = quantiles("6.9", ["1.1", "0.1", "9.9"], **known)
    assert found.label.tolist() == ["only if the SD is a standard error", "impossible", "impossible"]
    assert "It agrees only if the SD is a standard error" in found.explanation[0]
    assert "leave a mean of 4.1 to 9.9" in found.explanation[1]
    # With half a unit more room to the upper side the largest mean is 10.4.
    cut = quantiles(["10.1"], **known)
    assert cut.label.tolist() == ["only if truncated"]
    first = quantiles(n=5, minimum="2", q1="4", median="6", maximum="14", definition="closest_observation")
    assert first.label.tolist() == ["only if the quartiles are inverted_cdf"]
    nothing = quantiles(n=5, minimum="8", median="6")
    assert nothing.label.tolist() == ["impossible"]
    assert nothing.explanation == ["No values have these quantiles."]
    assert nothing["mean_low"].tolist() == [math.inf]


def test_columns_stand_beside_single_values_and_no_quartile_needs_no_definition():
    found = quantiles(mean=["5.0", "6.0"], n=[10, 30], median="5.5", range_width="8", scale=(0, 27))
    assert len(found) == 2
    assert not any("quartiles" in label for label in found.holds)
    assert not any("the SD" in label for label in found.holds)
    assert found["n"].tolist() == [10, 30]
    frame = found.to_frame()
    assert list(frame.columns[:4]) == ["mean", "median", "range_width", "n"]
    assert "consistent: 2" in found.summary()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"median": None}, "median"),
        ({"median": 6}, "median"),
        ({"mean": 6.0}, "mean"),
        ({"sd": "-1"}, "sd"),
        ({"n": 1}, "n"),
        ({"n": [20, 30], "median": ["5", "6", "7"]}, "rows"),
        ({"scale": (5, 1)}, "scale"),
        ({"scale": 5}, "scale"),
        ({"definition": "tukey"}, "definition"),
        ({"rounding": "odd"}, "rounding"),
    ],
)
def test_bad_arguments_are_named(change, name):
    with pytest.raises((ks.errors.InvalidArgument, ks.errors.InvalidType), match=f"^{name} is "):
        quantiles(**({"n": 20, "median": "6"} | change))
