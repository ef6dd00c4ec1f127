"""The rows of golden/means.csv, and which test module serves which."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "golden" / "means.csv"

SERVED_BY = {
    "test_effects_estimate": ["EQP-422", "EQP-424"],
    "test_effects_means": ["ES-006"],
    "test_equivalence_estimate": ["TOST-001", "TOST-006", "TOST-008", "TOST-012", "TOST-014", "TOST-024", "EQP-421"],
    "test_equivalence_means": ["TOST-003", "TOST-010", "TOST-017", "TOST-020", "TOST-021", "TOST-025"],
    "test_numerics_noncentral_f": ["ES-001", "ES-002", "EQP-501", "EQP-503"],
    "test_numerics_noncentral_t": ["NCT-001", "MDE-002", "OBS-001", "PWR-003", "PWR-019", "PWR-031", "PWR-033"],
    "test_numerics_tost": ["EQP-230", "EQP-250", "EQP-300", "EQP-305", "EQP-331", "EQP-413", "EQP-430"],
    "test_power_means": [
        *("EQP-003", "EQP-050", "EQP-350", "EQP-400", "EQP-403", "EQP-404", "EQP-426"),
        *("PWR-004", "PWR-005", "PWR-006", "PWR-007", "PWR-035"),
        *("PWR-012", "PWR-014", "PWR-016", "PWR-037", "PWR-050", "PWR-052", "MDE-001"),
    ],
    "test_power_solve": [
        *("EQP-100", "EQP-103", "EQP-340", "EQP-341", "EQP-345", "EQP-412", "EQP-427"),
        *("EQP-450", "EQP-452", "EQP-453", "PWR-034"),
    ],
}


def rows() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Inputs and expected values by id."""
    with FILE.open(newline="") as file:
        return {
            row["id"]: (json.loads(row["inputs_json"]), json.loads(row["expected_json"]))
            for row in csv.DictReader(file)
        }


def log_sd(cv: float) -> float:
    """Standard deviation on the log scale behind a coefficient of variation."""
    return math.sqrt(math.log1p(cv * cv))
