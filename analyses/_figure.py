"""What every analysis shares: where its files go, and the JSON twin with every number drawn."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

import ketastats as ks

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"


def output_folder(argv: Sequence[str] | None = None, description: str = "") -> Path:
    """Read ``--out DIR`` from the command line; the folder of the committed figures if it is not given."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--out", type=Path, default=ROOT / "figures", help="folder to write to (default: figures)")
    folder: Path = parser.parse_args(argv).out
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write(folder: Path, name: str, figure: Any, numbers: dict[str, Any], *, alt: str) -> None:
    """Write NAME.svg, NAME.png and the twin NAME.json, which holds every number drawn and the alt text."""
    ks.plots.save(figure, folder / name, alt=alt)
    record = {"matplotlib": mpl.__version__, "alt": alt} | numbers
    text = json.dumps(plain(record), indent=1, allow_nan=False, ensure_ascii=False)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def plain(value: Any) -> Any:
    """Return a value that JSON can hold: arrays as lists, whole numbers as such, infinities as text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and np.isinf(value):
        return "infinity" if value > 0 else "-infinity"
    return value
