"""Coverage of pooled estimates and of prediction intervals: simulated, one pooling at a time, so fewer of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from calibrate_rows import Cell, Row, Sample, event_rows, generator, row

import ketastats as ks

METHODS: dict[str, dict[str, Any]] = {
    "fixed": {"method": "fixed"},
    "dersimonian_laird": {"method": "dersimonian_laird"},
    "dersimonian_laird, Knapp-Hartung": {"method": "dersimonian_laird", "knapp_hartung": True},
    "paule_mandel": {"method": "paule_mandel"},
    "paule_mandel, Knapp-Hartung": {"method": "paule_mandel", "knapp_hartung": True},
    "reml": {"method": "reml"},
    "reml, Knapp-Hartung": {"method": "reml", "knapp_hartung": True},
}
_EFFECT = 0.3


def pooled(design: dict[str, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield coverage of the mean effect, and of the effect of a further study, by every method."""
    count, tau, (first, last) = design["studies"], design["tau"], design["se"]
    size = min(setting["replicates"], setting["replicates_pooled"])
    name = f"{count} studies, SE {first:g} to {last:g}, SD between studies {tau:g}"
    error = np.geomspace(first, last, count)
    # The same studies for every method.
    rng = generator(setting["seed"], Cell("effects.pool", "studies", name))
    effects = _EFFECT + rng.standard_normal((size, count)) * np.hypot(error, tau)
    further = _EFFECT + tau * rng.standard_normal(size)
    for method, choice in METHODS.items():
        found = np.array([_pool(y, error, choice, setting) for y in effects])
        low, high, p, ahead_low, ahead_high = found.T
        events = low > _EFFECT, high < _EFFECT, p < setting["alpha"]
        yield from event_rows(Cell("effects.pool", method, name), Sample(size), events, setting)
        if method != "fixed":
            holds = (ahead_low <= further) & (further <= ahead_high)
            cell = Cell("effects.pool, prediction", method, name)
            yield row(cell, "coverage", setting["level"], Sample(size).rate(holds))


def _pool(y: Any, error: Any, choice: dict[str, Any], setting: dict[str, Any]) -> tuple[float, ...]:
    """Return both ends of the interval, p at the true effect, and both ends of the prediction."""
    estimate = ks.effects.pool(y, error, **choice)
    interval = estimate.confidence_interval(setting["level"])
    found = float(interval.low), float(interval.high), float(estimate.pvalue(_EFFECT))
    if choice["method"] == "fixed":
        return *found, -np.inf, np.inf
    ahead = estimate.prediction_interval(setting["level"])
    return *found, ahead.low, ahead.high
