"""Columns of what is joined outcome by outcome: its members and their effects."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import InvalidArgument
from .._means.means import CompatibleMeans
from .._sizes import IntArray
from .._tables.figures import quantity
from .._tables.tables import CompatibleTables
from .._taken import taken
from .splits import BoolArray, CompatiblePart, oriented

if TYPE_CHECKING:
    import pandas as pd

    from .compatible import CompatibleOutcomes

__all__ = ["column_of", "distinct", "effects_frame", "members_frame", "up_to_exchange"]

_TABLE = ("x1", "n1", "x2", "n2")
_RANGED = ("t", "d", "g", "difference", "p", "sd", "se")


def members_frame(joint: CompatibleOutcomes, at: Any) -> pd.DataFrame:
    """Return some members, one row each."""
    import pandas as pd

    columns: dict[str, Any] = {"n1": joint.n1[at], "n2": joint.n2[at]}
    for name, part in joint.sets.items():
        found = _columns(part, joint.index[name][at], joint.swapped[name][at])
        columns |= {f"{name}_{key}": column for key, column in found.items()}
    return pd.DataFrame(columns)


def _columns(part: CompatiblePart, at: IntArray, swapped: BoolArray) -> dict[str, Any]:
    """Return rows of one outcome's set, with the two groups exchanged where asked."""
    if isinstance(part, CompatibleTables):
        return dict(zip(_TABLE, oriented(part, at, swapped), strict=True))
    frame = part.to_frame()
    listed = {key: frame[key].to_numpy()[at] for key in frame.columns}
    turned = {key: listed.get(_of_other_group(key), column) for key, column in listed.items()}
    return {key: np.where(swapped, turned[key], column) for key, column in listed.items()}


def _of_other_group(name: str) -> str:
    """Return the same column of the other group: sd2_low for sd1_low."""
    return re.sub(r"(?<=[a-z])[12](?=_|$)", lambda found: "21"[int(found.group()) - 1], name)


def column_of(joint: CompatibleOutcomes, name: str) -> Any:
    """Return one unknown of every member, such as ``n1``, ``response_x1`` or ``response_risk_difference``."""
    sizes = {"n1": joint.n1, "n2": joint.n2, "n": joint.n1 + joint.n2}
    if name in sizes:
        return sizes[name]
    for each, part in joint.sets.items():
        if str(name).startswith(f"{each}_"):
            rest = name.removeprefix(f"{each}_")
            if isinstance(part, CompatibleTables):
                found = quantity(rest, joint.table(each))
            else:
                found = _columns(part, joint.index[each], joint.swapped[each]).get(rest)
            if found is not None:
                return found
    known = [*sizes, *(f"{each}_{key}" for each, part in joint.sets.items() for key in _names(part))]
    raise InvalidArgument("name", name, "one of " + ", ".join(known))


def _names(part: CompatiblePart) -> list[str]:
    if isinstance(part, CompatibleTables):
        return [*_TABLE, "events", "rate1", "rate2", "risk_difference"]
    return [str(name) for name in part.to_frame().columns]


def effects_frame(joint: CompatibleOutcomes) -> pd.DataFrame:
    """Return the range of every effect of every outcome."""
    import pandas as pd

    frames = [pd.DataFrame({"outcome": [], "effect": [], "low": [], "high": [], "distinct": [], "undefined": []})]
    for name, part in joint.sets.items():
        at, swapped, _ = distinct(joint, name)
        left = taken(part, at)
        if isinstance(part, CompatibleTables):
            columns = dict(zip(_TABLE, oriented(part, at, swapped), strict=True))
            found = replace(left, **columns).effects()
        else:
            found = _ranges(left)
        frames.append(found.assign(outcome=name))
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)[frames[0].columns]


def distinct(joint: CompatibleOutcomes, name: str) -> tuple[IntArray, BoolArray, IntArray]:
    """Return what one outcome can be, each once: the row of its set, its direction, and how many members have it."""
    members = np.bincount(2 * joint.index[name] + joint.swapped[name])
    code = np.nonzero(members)[0]
    return code // 2, code % 2 == 1, members[code]


def _ranges(left: CompatibleMeans) -> pd.DataFrame:
    """Return the range of every quantity of two means that is bounded on one side at least."""
    import pandas as pd

    rows = []
    for name in _RANGED:
        low, high = getattr(left, f"{name}_low"), getattr(left, f"{name}_high")
        # From zero or minus infinity to infinity is no range.
        if len(left) and (np.isfinite(high.max()) or (np.isfinite(low.min()) and low.min() != 0)):
            distinct = np.unique(np.round(np.stack([low, high]), 12), axis=1).shape[1]
            rows.append((name, float(low.min()), float(high.max()), distinct, 0))
    return pd.DataFrame(rows, columns=["effect", "low", "high", "distinct", "undefined"])


def up_to_exchange(joint: CompatibleOutcomes) -> int:
    """Return how many members there are when a member and the same with its groups exchanged count once."""
    straight, turned = [joint.n1], [joint.n2]
    for name, part in joint.sets.items():
        at, swapped = joint.index[name], joint.swapped[name]
        columns = _columns(part, at, swapped)
        if isinstance(part, CompatibleTables):
            straight += [columns[key] for key in _TABLE]
            turned += [columns[_of_other_group(key)] for key in _TABLE]
        else:
            # A mean of a set without labels is the same row in either direction.
            values = [np.unique(columns[key], return_inverse=True)[1] for key in ("t_low", "t_high")]
            straight += [columns["n1"], *values]
            turned += [columns["n2"], *values]
    both = _coded([np.concatenate(pair) for pair in zip(straight, turned, strict=True)])
    code = np.sort(np.minimum(both[: len(joint)], both[len(joint) :]))
    return int(np.count_nonzero(np.diff(code))) + bool(len(joint))


def _coded(columns: list[IntArray]) -> IntArray:
    """Return one whole number for each row, the same for the same rows."""
    code = np.zeros(columns[0].size, dtype=np.int64)
    for column in columns:
        width = int(column.max(initial=0)) + 1
        if (int(code.max(initial=0)) + 1) * width >= 2**62:
            code = np.unique(code, return_inverse=True)[1]
        code = code * width + column
    return code
