"""The rows of golden/nouns.csv, and which test module serves which."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "golden" / "nouns.csv"

SERVED_BY = {
    "test_effects_convert": ["ES-006", "es_F_to_d", "es_z_to_d", "es_or_to_d", "es_or_rr_arr", "es_chen_0.01"],
    "test_effects_nouns": ["escalc_smd_normand", "recalc_prepost_2", "recalc_prepost_bad"],
    "test_equivalence_nouns": [
        *("TOST-001", "TOST-003", "TOST-006", "TOST-012", "TOST-014"),
        *("TOST-017", "TOST-020", "TOST-021", "TOST-024", "DEC-012"),
    ],
    "test_power_nouns": [
        *("EQP-230", "EQP-250", "EQP-300", "EQP-305", "EQP-331", "EQP-500"),
        *("PWR-003", "PWR-019", "PWR-031", "PWR-033", "PWR-038", "SMT-001", "SMT-004"),
    ],
}


def rows() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Inputs and expected values by id."""
    with FILE.open(newline="") as file:
        return {
            row["id"]: (json.loads(row["inputs_json"]), json.loads(row["expected_json"]))
            for row in csv.DictReader(file)
        }
