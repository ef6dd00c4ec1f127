"""Secant steps in a bracket that widens until it holds the root."""

from __future__ import annotations

import numpy as np
import pytest

from ketastats.numerics.rootfinding import increasing_root


@pytest.mark.parametrize("start", [-3.0, 0.0, 0.3, 5.0])
@pytest.mark.parametrize(
    "function",
    [
        lambda x: x - 0.3,
        lambda x: np.tanh(1e6 * (x - 0.3)),  # a step
        lambda x: np.cbrt(x - 0.3),  # vertical at the root
        lambda x: np.arcsinh(1e3 * (x - 0.3)),
    ],
)
def test_a_root_is_found_from_either_side(function, start) -> None:
    root = increasing_root(lambda x, at: function(x), np.array([start]), np.array([1.0]))
    assert root[0] == pytest.approx(0.3, abs=1e-12)


def test_secants_that_stop_gaining_give_way_to_halving() -> None:
    # Steep on one side and level on the other: secants alone creep, and are not there after 200 rounds.
    looks = []

    def function(x, at):
        looks.append(x)
        return -np.expm1(np.minimum(-50.0 * (x - 0.3), 600.0))

    root = increasing_root(function, np.array([0.0]), np.array([1.0]))
    assert root[0] == pytest.approx(0.3, abs=1e-13)
    assert len(looks) < 30


def test_each_function_is_asked_only_until_its_own_root_is_found() -> None:
    roots = np.array([-2.0, 0.5, 30.0])
    asked = np.zeros(3, dtype=int)

    def function(x, at):
        asked[at] += 1
        return np.where(at == 1, x - roots[at], np.arcsinh(1e3 * (x - roots[at])))

    found = increasing_root(function, np.zeros(3), np.ones(3))
    np.testing.assert_allclose(found, roots, rtol=1e-12)
    assert asked[1] < 5 < asked[0]
