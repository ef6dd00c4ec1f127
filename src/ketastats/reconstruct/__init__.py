"""Every data set that would print as reported."""

from ._base import CompatibleSet
from ._tables import CompatibleTables, tables

__all__ = ["CompatibleSet", "CompatibleTables", "tables"]
