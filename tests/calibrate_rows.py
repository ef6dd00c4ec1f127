"""What every part of the calibration shares: the designs, a sample that is exact or simulated, and a row of results."""

from __future__ import annotations

import hashlib
import math
import tomllib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.stats import binom

FOLDER = Path(__file__).resolve().parent / "calibration"
DESIGNS, RESULTS, RECORD = (FOLDER / name for name in ("designs.toml", "results.csv", "results.json"))
COLUMNS = (
    "area",
    "method",
    "design",
    "quantity",
    "nominal",
    "estimate",
    "mc_error",
    "replicates",
    "exact",
    "status",
)
# A simulated rate may lie this many Monte Carlo errors from its nominal value by chance.
CHANCE = 4.0
# Bradley (1978), British Journal of Mathematical and Statistical Psychology 31, 144-152: his stringent and his liberal
# criterion for calling an error rate close to its level, doi:10.1111/j.2044-8317.1978.tb00581.x.
STRINGENT, LIBERAL = 1.1, 1.5


def designs() -> dict[str, Any]:
    """Read the designs, the seed and the number of replicates."""
    with DESIGNS.open("rb") as file:
        return tomllib.load(file)


def digest(path: Path) -> str:
    """Return the SHA-256 of a text file, whatever its line ends."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


@dataclass(frozen=True, slots=True)
class Cell:
    """One method at one design."""

    area: str
    method: str
    design: str


class Row(NamedTuple):
    """One rate: what it should be and what it is. `replicates` is 0 where it is exact."""

    area: str
    method: str
    design: str
    quantity: str
    nominal: float
    estimate: float
    mc_error: float
    replicates: int
    exact: bool
    status: str


@dataclass(frozen=True, slots=True)
class Sample:
    """Data sets with their probabilities, or, without them, simulated ones that count alike."""

    size: int
    weights: Any = None

    def rate(self, hits: Any) -> tuple[float, float, int, bool]:
        """Return the probability of an event, its Monte Carlo error, the replicates and whether it is exact."""
        seen = np.broadcast_to(np.asarray(hits, dtype=bool), (self.size,))
        if self.weights is not None:
            return math.fsum(self.weights[seen]), 0.0, 0, True
        share = float(np.mean(seen))
        return share, math.sqrt(share * (1.0 - share) / self.size), self.size, False


def row(cell: Cell, quantity: str, nominal: float, found: tuple[float, float, int, bool]) -> Row:
    """Return a row with its status."""
    estimate, error, replicates, exact = found
    if not exact and 0.0 < nominal < 1.0:
        # What would be seen by chance at the nominal rate: an event so rare that it never came has no error of its own.
        error = max(error, math.sqrt(nominal * (1.0 - nominal) / replicates))
    status = _status(quantity, nominal, estimate, error)
    return Row(cell.area, cell.method, cell.design, quantity, nominal, *found, status)


def _status(quantity: str, nominal: float, estimate: float, error: float) -> str:
    slack = CHANCE * error + 1e-9
    if quantity.startswith(("power", "mean")):
        return "agrees" if abs(estimate - nominal) <= slack else "differs"
    if quantity == "at least this power":
        return "agrees" if estimate >= nominal - slack else "differs"
    if quantity == "coverage":
        nominal, estimate = 1.0 - nominal, 1.0 - estimate
    if estimate <= nominal + slack:
        return "conservative" if estimate < 0.5 * nominal else "holds"
    if estimate <= STRINGENT * nominal + slack:
        return "near"
    return "above" if estimate <= LIBERAL * nominal + slack else "misses"


def tables(n: list[int], p: list[float], least: float = 1e-15) -> tuple[Sample, Any, Any]:
    """Return every table whose margins are not rarer than `least`, with its probability: sample, x1, x2."""
    counts, masses = zip(*(_binomial(size, rate, least) for size, rate in zip(n, p, strict=True)), strict=True)
    x1, x2 = (grid.ravel() for grid in np.meshgrid(*counts, indexing="ij"))
    return Sample(x1.size, np.outer(*masses).ravel()), x1, x2


def _binomial(n: int, p: float, least: float) -> tuple[Any, Any]:
    count = np.arange(n + 1)
    mass = binom.pmf(count, n, p)
    return count[mass > least], mass[mass > least]


def generator(seed: int, cell: Cell) -> np.random.Generator:
    """Return the cell's own stream of random numbers, whatever else is run."""
    return np.random.default_rng([seed, zlib.crc32(f"{cell.area}|{cell.method}|{cell.design}".encode())])


def coverage_rows(cell: Cell, sample: Sample, estimate: Any, truth: float, setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the coverage of an interval, its two tails, and the error rate of its test of the true value."""
    interval = estimate.confidence_interval(setting["level"])
    events = interval.low > truth, interval.high < truth, estimate.pvalue(truth) < setting["alpha"]
    yield from event_rows(cell, sample, events, setting)


def event_rows(cell: Cell, sample: Sample, events: tuple[Any, Any, Any], setting: dict[str, Any]) -> Iterator[Row]:
    """Yield the rows of `coverage_rows` from where the truth lies below the interval, above it, or is rejected."""
    below, above, rejected = events
    level = setting["level"]
    tail = round(0.5 * (1.0 - level), 12)
    yield row(cell, "coverage", level, sample.rate(~below & ~above))
    yield row(cell, "true value below the interval", tail, sample.rate(below))
    yield row(cell, "true value above the interval", tail, sample.rate(above))
    yield row(cell, "type I error", setting["alpha"], sample.rate(rejected))


def equivalence_rows(cell: Cell, ends: list[tuple[Sample, Any]], alpha: float) -> Iterator[Row]:
    """Yield the error rates of each one-sided test and of both together, with the truth at either end."""
    for (sample, result), end in zip(ends, ("low", "high"), strict=True):
        one = result.p_lower if end == "low" else result.p_upper
        yield row(cell, f"one-sided error at the {end} end", alpha, sample.rate(one < alpha))
        yield row(cell, f"equivalence error at the {end} end", alpha, sample.rate(result.established))


def ruling_rows(cell: Cell, ends: list[tuple[Sample, Any]], alpha: float) -> Iterator[Row]:
    """Yield how often a single data set rules wrongly, with the truth at either end of the claimed region."""
    for (sample, verdict), end in zip(ends, ("low", "high"), strict=True):
        for word in ("established", "refuted"):
            found = sample.rate(verdict.members["ruling"] == word)
            yield row(cell, f"{word} at the {end} end", alpha, found)
