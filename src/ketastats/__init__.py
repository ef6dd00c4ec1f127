"""Does a reported null result support the conclusion drawn from it?

The public names load when they are first used, so that ``import ketastats`` stays fast.

Examples
--------
>>> import ketastats as ks
>>> len(ks.reconstruct.tables(n=83, p="0.230", test="pearson"))
14
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_MODULES = ("consistency", "effects", "equivalence", "evidence", "plots", "power", "reconstruct", "register")
_NAMES = {
    "BudgetExceeded": "errors",
    "Claim": "claims",
    "Interval": "reported",
    "InvalidArgument": "errors",
    "InvalidType": "errors",
    "KetastatsError": "errors",
    "NoSolution": "errors",
    "Region": "regions",
    "RegisterError": "errors",
    "Reported": "reported",
    "Rounding": "reported",
    "Ruling": "verdict",
    "Verdict": "verdict",
    "above": "regions",
    "below": "regions",
    "judge": "verdict",
    "within": "regions",
}

__all__ = [
    "BudgetExceeded",
    "Claim",
    "Interval",
    "InvalidArgument",
    "InvalidType",
    "KetastatsError",
    "NoSolution",
    "Region",
    "RegisterError",
    "Reported",
    "Rounding",
    "Ruling",
    "Verdict",
    "above",
    "below",
    "consistency",
    "effects",
    "equivalence",
    "evidence",
    "judge",
    "plots",
    "power",
    "reconstruct",
    "register",
    "within",
]

if TYPE_CHECKING:
    from . import consistency, effects, equivalence, evidence, plots, power, reconstruct, register
    from .claims import Claim
    from .errors import BudgetExceeded, InvalidArgument, InvalidType, KetastatsError, NoSolution, RegisterError
    from .regions import Region, above, below, within
    from .reported import Interval, Reported, Rounding
    from .verdict import Ruling, Verdict, judge


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    if name in _NAMES:
        value = getattr(import_module(f".{_NAMES[name]}", __name__), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
