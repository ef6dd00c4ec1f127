"""The polynomials by which the largest probability over all rates is bounded, in whole numbers."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from ketastats.numerics import binomial_supremum as bs

NODES = range(-2, 4)


def polynomial(powers, x):
    return sum((power * x**k for k, power in enumerate(powers)), Fraction(0))


def bernstein(coefficients, x):
    degree = len(coefficients) - 1
    terms = (c * comb(degree, k) * x**k * (1 - x) ** (degree - k) for k, c in enumerate(coefficients))
    return sum(terms, Fraction(0))


@pytest.mark.parametrize("node", NODES)
def test_a_lagrange_polynomial_is_one_at_its_node_and_zero_at_the_others(node):
    powers = bs._lagrange(node, NODES)
    assert [polynomial(powers, Fraction(other)) for other in NODES] == [int(other == node) for other in NODES]
    for x in (Fraction(1, 3), Fraction(5, 7)):
        assert bernstein(bs._bernstein(powers), x) == polynomial(powers, x)


def test_halves_and_parts_are_the_same_polynomial():
    coefficients = np.random.default_rng(3).normal(size=(1, bs._NODES))
    exact = [Fraction(float(value)) for value in coefficients[0]]
    x = Fraction(3, 8)

    def value(part, at):
        return float(bernstein([Fraction(float(c)) for c in part], at))

    left, right = (coefficients[0] @ matrix for matrix in bs._halving())
    assert value(left, x) == pytest.approx(float(bernstein(exact, x / 2)), rel=1e-12)
    assert value(right, x) == pytest.approx(float(bernstein(exact, (1 + x) / 2)), rel=1e-12)
    first, last = Fraction(1, 4), Fraction(5, 8)
    (part,) = bs._restrict(coefficients, np.array([0.25]), np.array([0.625]))
    assert value(part, x) == pytest.approx(float(bernstein(exact, first + (last - first) * x)), rel=1e-12)
