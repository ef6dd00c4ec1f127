"""Find error rates and coverage of every method, and store them: ``python tests/calibrate.py``.

Rates of proportions are exact, by enumerating every table; the others are simulated. The same designs, seed and number
of replicates give the same results, in any order and with any number of workers.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import calibrate_correlations
import calibrate_counts
import calibrate_means
import calibrate_nouns
import calibrate_pool
import calibrate_power
import calibrate_proportions
import calibrate_questions
import calibrate_rulings
import numpy as np
from calibrate_rows import COLUMNS, DESIGNS, FOLDER, RECORD, RESULTS, Row, designs, digest

#: What is run for each design of a name: the longest first, so that no worker is left with it at the end. No two parts
#: share a method of an area, so that one may be run without the others.
PARTS = {
    "standardised_intervals": (calibrate_nouns.standardised_intervals, "standardised"),
    "questions_standardised": (calibrate_nouns.standardised_questions, "standardised_margins"),
    "paired_intervals": (calibrate_nouns.paired_intervals, "pairs"),
    "questions_pairs": (calibrate_nouns.paired_questions, "pair_margins"),
    "smd_equivalence": (calibrate_means.standardised_equivalence, "smd_margins"),
    "pooled": (calibrate_pool.pooled, "studies"),
    "standardised_equivalence": (calibrate_nouns.standardised_equivalence, "standardised_margins"),
    "paired_equivalence": (calibrate_nouns.paired_equivalence, "pair_margins"),
    "f_intervals": (calibrate_means.variance, "f"),
    "smd_intervals": (calibrate_means.standardised, "smd"),
    "questions_one_sample": (calibrate_nouns.one_sample_questions, "one_mean_margins"),
    "one_sample_intervals": (calibrate_nouns.one_sample_intervals, "one_mean"),
    "questions_smd": (calibrate_nouns.smd_questions, "smd_margins"),
    "reconstructed_means": (calibrate_rulings.after_means, "printed_means"),
    "reconstructed_tables": (calibrate_rulings.after_tables, "printed_rates"),
    "power_f": (calibrate_power.f_test, "power_f"),
    "rate_rulings": (calibrate_proportions.rulings, "rate_margins"),
    "rate_equivalence": (calibrate_proportions.equivalence, "rate_margins"),
    "rate_intervals": (calibrate_proportions.intervals, "two_rates"),
    "single_rate_intervals": (calibrate_proportions.single_intervals, "one_rate"),
    "table_tests": (calibrate_proportions.tests_of_no_difference, "equal_rates"),
    "mean_intervals": (calibrate_means.intervals, "two_means"),
    "mean_equivalence": (calibrate_means.equivalence, "mean_margins"),
    "estimates": (calibrate_means.estimates, "estimates"),
    "estimate_equivalence": (calibrate_means.estimate_equivalence, "estimates"),
    "power_means": (calibrate_power.means, "power_means"),
    "power_proportions": (calibrate_power.proportions, "power_rates"),
    "sample_sizes": (calibrate_power.sample_sizes, "plans"),
    "detectable": (calibrate_power.detectable, "power_rates"),
    "evidence_means": (calibrate_means.evidence, "null_evidence"),
    "evidence_proportions": (calibrate_proportions.evidence, "null_evidence"),
    "exact_intervals": (calibrate_counts.exact_intervals, "small_rates"),
    "exact_equivalence": (calibrate_counts.exact_equivalence, "small_margins"),
    "no_difference": (calibrate_counts.tests_of_no_difference, "equal_rates"),
    "pair_intervals": (calibrate_counts.pair_intervals, "changes"),
    "pair_equivalence": (calibrate_counts.pair_equivalence, "change_margins"),
    "poisson_intervals": (calibrate_counts.rate_intervals, "poisson"),
    "poisson_equivalence": (calibrate_counts.rate_equivalence, "poisson_margins"),
    "one_sample_equivalence": (calibrate_nouns.one_sample_equivalence, "one_mean_margins"),
    "ratio_intervals": (calibrate_nouns.ratio_intervals, "mean_ratios"),
    "ratio_equivalence": (calibrate_nouns.ratio_equivalence, "mean_ratio_margins"),
    "correlation_intervals": (calibrate_correlations.intervals, "correlations"),
    "correlation_equivalence": (calibrate_correlations.correlation_equivalence, "correlation_margins"),
    "numbers_needed": (calibrate_counts.numbers_needed, "two_rates"),
    "variance_margins": (calibrate_questions.variance, "f_margins"),
    "conditional_means": (calibrate_questions.conditional_means, "mean_margins"),
    "conditional_proportions": (calibrate_questions.conditional_proportions, "rate_margins"),
    "telescopes": (calibrate_questions.telescopes, "telescopes"),
    "questions_means": (calibrate_questions.means, "mean_margins"),
    "questions_proportions": (calibrate_questions.proportions, "rate_margins"),
    "questions_estimates": (calibrate_questions.estimates, "mean_margins"),
    "questions_ratios": (calibrate_nouns.ratio_questions, "mean_ratio_margins"),
    "questions_correlations": (calibrate_correlations.correlation_questions, "correlation_margins"),
    "questions_paired_proportions": (calibrate_questions.paired_proportions, "change_margins"),
    "questions_rates": (calibrate_questions.rates, "poisson_margins"),
}
_DIGITS = ".10g"


def run(part: str, index: int, **changes: Any) -> list[Row]:
    """Return the rows of one part at one design, with other settings than those of the file if given."""
    setting = designs() | {"share_f": 1.0} | changes
    function, name = PARTS[part]
    return list(function(setting[name][index], setting))


def tasks() -> list[tuple[str, int]]:
    """Return every part with the number of each of its designs."""
    read = designs()
    return [(part, index) for part, (_, name) in PARTS.items() for index in range(len(read[name]))]


def part_digest(part: str) -> str:
    """Return the SHA-256 of all that a part takes from the design file."""
    setting = designs()
    shared = {name: setting[name] for name in ("seed", "replicates", "replicates_pooled", "level", "alpha")}
    told = json.dumps([part, shared, setting[PARTS[part][1]]], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def stale(record: dict[str, Any], but: Iterable[str] = ()) -> list[str]:
    """Return the parts whose designs are not those that their stored results came from."""
    known = record.get("parts", {})
    return [part for part in PARTS if part not in but and known.get(part) != part_digest(part)]


def merge(stored: Iterable[Row], found: Iterable[Row]) -> list[Row]:
    """Return the stored rows with those of each method that was run again in place of its old ones."""
    new = list(found)
    again = {(one.area, one.method) for one in new}
    return [one for one in stored if (one.area, one.method) not in again] + new


def write(rows: Iterable[Row], folder: Path) -> None:
    """Write the results, and a record of what they came from."""
    with (folder / RESULTS.name).open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for found in rows:
            table.writerow(
                [
                    format(x, _DIGITS) if isinstance(x, float) else str(x).lower() if isinstance(x, bool) else x
                    for x in found
                ]
            )
    setting = designs()
    record = {
        "designs_sha256": digest(DESIGNS),
        "results_sha256": digest(folder / RESULTS.name),
        "seed": setting["seed"],
        "replicates": setting["replicates"],
        "numpy": np.__version__,
        "parts": {part: part_digest(part) for part in sorted(PARTS)},
    }
    (folder / RECORD.name).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def read() -> list[Row]:
    """Read the stored results."""
    with RESULTS.open(newline="", encoding="utf-8") as file:
        return [_row(line) for line in csv.DictReader(file)]


def _row(line: dict[str, str]) -> Row:
    kinds = {"nominal": float, "estimate": float, "mc_error": float, "replicates": int, "exact": "true".__eq__}
    return Row(**{name: kinds.get(name, str)(text) for name, text in line.items()})  # type: ignore[operator]


def brief(rows: Iterable[Row]) -> str:
    """Return, for each method, how many of its rates have which status."""
    tally: dict[tuple[str, str], dict[str, int]] = {}
    for found in rows:
        counts = tally.setdefault((found.area, found.method), {})
        counts[found.status] = counts.get(found.status, 0) + 1
    lines = [
        f"{area:42s} {method:26s} " + ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
        for (area, method), counts in tally.items()
    ]
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> None:
    """Run everything, or some of it, and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder to write to (default: tests/calibration)")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1), help="processes (default: 2)")
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help="run these parts and keep the others")
    chosen = parser.parse_args(argv)
    if chosen.only and (old := stale(json.loads(RECORD.read_text(encoding="utf-8")), chosen.only)):
        parser.error(f"run these too, their designs have changed: {' '.join(old)}")
    chosen.out.mkdir(parents=True, exist_ok=True)
    todo = [task for task in tasks() if not chosen.only or task[0] in chosen.only]
    names, numbers = zip(*todo, strict=True)
    with ProcessPoolExecutor(chosen.workers) as pool:
        parts = []
        for (part, index), rows in zip(todo, pool.map(run, names, numbers), strict=True):
            print(f"{part} {index + 1}", file=sys.stderr, flush=True)
            parts.append(rows)
    found = [one for part in parts for one in part]
    rows = sorted(merge(read() if chosen.only else [], found), key=lambda one: (one.area, one.method))
    write(rows, chosen.out)
    print(brief(rows))


if __name__ == "__main__":
    main()
