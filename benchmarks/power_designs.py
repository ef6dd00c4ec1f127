"""Power and size of many designs at once."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from _timing import Row, best_of, each
from scipy import integrate, special
from statsmodels.stats.power import TTestIndPower

import ketastats as ks

__all__ = ["rows", "tost_power_by_quadrature"]


def tost_power_by_quadrature(n: int, margin: float, effect: float, alpha: float = 0.05) -> float:
    """Return the power of two one-sided t tests with `n` people in each group, by SciPy's general quadrature.

    Given the standard deviation u (in units of the true one), the tests reject where the difference is within
    ``margin - t u se`` of zero, which is a difference of two normal probabilities; u has the density of a chi
    variable over the root of its degrees of freedom.
    """
    df = 2.0 * n - 2.0
    se = math.sqrt(2.0 / n)
    critical = -float(special.stdtrit(df, alpha))
    constant = math.log(2.0) + 0.5 * df * math.log(0.5 * df) - math.lgamma(0.5 * df)

    def integrand(u: float) -> float:
        if u <= 0.0:
            return 0.0
        density = math.exp(constant + (df - 1.0) * math.log(u) - 0.5 * df * u * u)
        upper = float(special.ndtr((margin - effect) / se - critical * u))
        return density * max(0.0, upper - float(special.ndtr((-margin - effect) / se + critical * u)))

    # The mass of u lies within ten of its standard deviations, 1 / sqrt(2 df).
    width = 10.0 / math.sqrt(2.0 * df)
    end = min(margin / (se * critical), 1.0 + width)
    start = max(0.0, 1.0 - width)
    return (
        float(integrate.quad(integrand, start, end, epsabs=1e-10, epsrel=1e-10, limit=200)[0]) if start < end else 0.0
    )


def _size_by_quadrature(margin: float, effect: float, power: float = 0.8) -> int:
    """Return the smallest group that reaches a power, by doubling and halving."""
    low, high = 1, 2
    while tost_power_by_quadrature(high, margin, effect) < power:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if tost_power_by_quadrature(middle, margin, effect) >= power else (middle, high)
    return high


def rows(share: float = 1.0, seed: int = 0) -> Iterator[Row]:
    """Give the lines of equivalence, power then size, and of the size for a difference."""
    rng = np.random.default_rng(seed)
    items = max(20, round(10_000 * share))
    n = rng.integers(10, 400, items)
    margin = rng.uniform(0.2, 1.0, items)
    effect = margin * rng.uniform(0.0, 0.5, items)
    yield _power(n, margin, effect, max(5, round(500 * share)))
    yield _size(margin, effect, max(2, round(100 * share)))
    yield _difference(rng.uniform(0.1, 1.5, items), max(2, round(200 * share)))


def _power(n: np.ndarray, margin: np.ndarray, effect: np.ndarray, some: int) -> Row:
    mine, own = best_of(
        3, lambda: ks.power.means_equivalence(n1=n, n2=n, margin=(-margin, margin), effect=effect).power
    )
    cases = list(zip(n[:some].tolist(), margin[:some].tolist(), effect[:some].tolist(), strict=True))
    theirs, found = best_of(1, lambda: each(tost_power_by_quadrature, cases))
    return Row(
        job="power to show equivalence of two means, exact",
        items=n.size,
        mine=mine,
        peer="the same integral by scipy.integrate.quad",
        sampled=some,
        theirs=theirs,
        most_seconds=15e-6,
        note=f"largest difference of the two {np.abs(np.array(found) - own[:some]).max():.0e}",
    )


def _size(margin: np.ndarray, effect: np.ndarray, some: int) -> Row:
    mine, own = best_of(
        2, lambda: ks.power.sample_size("means_equivalence", margin=(-margin, margin), effect=effect, power=0.8).n1
    )
    cases = list(zip(margin[:some].tolist(), effect[:some].tolist(), strict=True))
    theirs, found = best_of(1, lambda: each(_size_by_quadrature, cases))
    return Row(
        job="people to show equivalence of two means, exact",
        items=margin.size,
        mine=mine,
        peer="halving with the integral by scipy.integrate.quad",
        sampled=some,
        theirs=theirs,
        note=f"answers differ in {int(np.sum(np.array(found) != own[:some]))} of {some}",
    )


def _difference(effect: np.ndarray, some: int) -> Row:
    mine, own = best_of(2, lambda: ks.power.sample_size("means", effect=effect, power=0.8).n1)
    solver = TTestIndPower()

    def peer(size: float) -> int:
        return math.ceil(float(np.squeeze(solver.solve_power(effect_size=size, alpha=0.05, power=0.8))))

    theirs, found = best_of(1, lambda: each(peer, [(size,) for size in effect[:some].tolist()]))
    wrong = sum(known != right for known, right in zip(found, own[:some].tolist(), strict=True))
    return Row(
        job="people to detect a difference of two means",
        items=effect.size,
        mine=mine,
        peer="statsmodels TTestIndPower.solve_power",
        sampled=some,
        theirs=theirs,
        note=f"answers differ or are missing in {wrong} of {some}",
    )
