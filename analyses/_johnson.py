"""What the register holds of the study that the headline rests on, and the margins it is held against."""

from __future__ import annotations

from functools import cache
from typing import Any

from _figure import DATA

import ketastats as ks

STUDY = "johnson-2025"
PROPORTIONS = ("response", "remission")
POINTS = ("half-melander-8", "elekt-d-10", "melander-16")
SDS = ("cuijpers-0.24", "cuijpers-0.50")
SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NOT_THE_DATA = "Reconstructed from printed p-values; not the study's data."


@cache
def register() -> ks.register.Register:
    """Return the register, read once."""
    return ks.register.load(DATA)


def outcome(name: str) -> ks.register.Outcome:
    """Return what the study prints of one outcome."""
    return register().study(STUDY).outcome(name)


def printed(name: str, **options: Any) -> dict[str, Any]:
    """Return the keywords of `tables` for one outcome, with what the options put in their place."""
    record = outcome(name)
    return {"n": record.n, "p": record.p.text, "test": record.test} | options


def tables(name: str, **options: Any) -> ks.reconstruct.CompatibleTables:
    """Return every table that prints the p-value of one outcome."""
    return ks.reconstruct.tables(**printed(name, **options))


def nested() -> list[tuple[str, str]]:
    """Return which outcome lies within which."""
    return [(name, outcome(name).nested_in) for name in PROPORTIONS if outcome(name).nested_in]


@cache
def symptoms(**options: Any) -> ks.reconstruct.CompatibleMeans:
    """Return every standardised difference that prints the p-value of the symptoms, read as a two-group t-test."""
    record = outcome("symptoms")
    return ks.reconstruct.means(**{"n": record.n, "p": record.p.text} | options)


def joint(*others: str, **options: Any) -> ks.reconstruct.CompatibleOutcomes:
    """Return every pair of tables, response and remission, on one split; with the symptoms too if they are named."""
    parts: dict[str, Any] = {name: printed(name, **options) for name in PROPORTIONS}
    return ks.reconstruct.outcomes(parts | {name: symptoms() for name in others}, nested=nested())


def survivors(found: ks.reconstruct.CompatibleOutcomes, name: str) -> list[bool]:
    """Return which tables of one outcome remain when all outcomes must share a split."""
    kept = set(found.index[name].tolist())
    return [row in kept for row in range(len(found.sets[name]))]


def margin(key: str) -> dict[str, Any]:
    """Return a published margin with its source, as plain values."""
    record = register().margin(key)
    return {
        "size": float(record.size),
        "printed": record.value.text,
        "about": record.about,
        "source": record.source,
        "study": record.study,
        "scale": record.scale,
    }


def no_difference(name: str, key: str, scale: str = "risk_difference") -> ks.Claim:
    """Return the claim that an outcome differs by less than a published margin."""
    return ks.Claim(
        estimand=scale,
        region=ks.within(margin(key)["size"]),
        text=outcome(name).about,
        where=outcome(name).where,
    )


def word(number: int) -> str:
    """Return a small number as a word."""
    return SMALL[number] if number < len(SMALL) else f"{number:,}"
