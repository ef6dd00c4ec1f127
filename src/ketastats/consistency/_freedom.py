"""Columns of degrees of freedom, exact or printed with decimals."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _validate
from ..errors import InvalidArgument
from ..reported import Reported, Rounding
from ._columns import distinct
from ._printed import read_number

__all__ = ["read_freedom"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_FREEDOM = "degrees of freedom, above 0"


def read_freedom(rows: list[Any], name: str, number: int) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return the least and the most degrees of freedom of each row, and whether none were given.

    Numbers and whole numbers in text are exact; decimals in text were rounded.
    """
    found, code = distinct(rows, number)
    low, high = np.zeros(len(found)), np.zeros(len(found))
    missing = np.zeros(len(found), dtype=bool)
    for place, cell in enumerate(found):
        if cell is None or cell == "" or (isinstance(cell, float) and np.isnan(cell)):
            missing[place] = True
        elif isinstance(cell, (str, Reported)):
            low[place], high[place] = _printed_freedom(cell, name)
        else:
            low[place] = high[place] = _validate.real(cell, name, low=0.0, infinite=True)
            if not low[place] > 0:
                raise InvalidArgument(name, cell, _FREEDOM)
    return low[code], high[code], missing[code]


def _printed_freedom(cell: str | Reported, name: str) -> tuple[float, float]:
    reported = cell if isinstance(cell, Reported) else read_number(cell, name, Rounding.HALF)
    if reported.relation != "=" or reported.percent or not reported.value > 0:
        raise InvalidArgument(name, reported.text, _FREEDOM)
    if reported.decimals == 0:
        return float(reported.value), float(reported.value)
    return float(reported.interval.low), float(reported.interval.high)
