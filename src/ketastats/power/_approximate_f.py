"""Tests of times and of groups by times that F distributions approximate: traces, and corrected split-plot tests."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidArgument
from ..numerics import corrected_f
from ._repeated import Covariance

__all__ = ["approximate_test"]

Array = NDArray[np.float64]

_OBRIEN = "O'Brien and Shieh 1999, Pragmatic, unifying algorithm gives power probabilities for common F tests"
_MULLER = "Muller, Edwards, Simpson & Taylor 2007, doi:10.1002/sim.2827"
_NAMES = {
    "greenhouse_geisser": "split-plot F test with Greenhouse and Geisser's correction",
    "huynh_feldt": "split-plot F test with Huynh and Feldt's correction (Lecoutre)",
    "hotelling_lawley": "Hotelling-Lawley trace (McKeon)",
    "pillai": "Pillai-Bartlett trace",
}


def approximate_test(
    test: str, form: Covariance, delta: Array, ranks: float, groups: int, people: Array
) -> dict[str, Any]:
    """Return the F distribution of a test of times (1 rank) or of groups by times, and what to call it.

    `delta` holds the sums of squares and products of the true effects in orthonormal contrasts of the times.
    """
    sigma = np.broadcast_to(form.contrasts, delta.shape)
    count = float(sigma.shape[-1])
    free = people - groups
    kind = "hotelling_lawley" if test == "multivariate" else test
    exact = min(ranks, count) == 1.0
    text = f"{_NAMES[kind]}, {form.name}" + (
        "" if exact and kind in ("hotelling_lawley", "pillai") else ", approximate"
    )
    if kind in ("hotelling_lawley", "pillai"):
        if np.any(free < count + 3.0):
            allowed = f"at least {int(count) + groups + 3} people in all for a trace"
            raise InvalidArgument("n", f"{int(np.min(people))} people", allowed)
        if kind == "hotelling_lawley":
            df2, ncp = corrected_f.hotelling_lawley(sigma, delta, ranks, free)
        else:
            df2, ncp = corrected_f.pillai(sigma, delta, ranks, free, people)
        return {"df1": np.full(ncp.shape, ranks * count), "df2": df2, "ncp": ncp, "method": text, "reference": _OBRIEN}
    shares = corrected_f.expected_epsilon(sigma, free, kind)
    numerator = corrected_f.numerator_epsilon(sigma, delta, ranks)
    spread = np.trace(sigma, axis1=-2, axis2=-1) / count
    size = ranks * count
    return {
        "df1": size * numerator,
        "df2": count * free * corrected_f.sphericity(sigma),
        "ncp": numerator * np.trace(delta, axis1=-2, axis2=-1) / spread,
        "method": text,
        "reference": _MULLER,
        "critical": (size * shares, count * free * shares),
    }
