"""The register of articles, studies and margins: hand-typed TOML, read and checked.

Every number is the text that was printed, with its place, its source, how it came to us and how sure it is. The
records rule nothing. The folder is always an argument: `load` returns a register without faults or raises with all of
them, `check` lists them, `compare_citation` puts what an article says of a source beside what the source says, and
`assess` holds a claim against everything that the register knows.
"""

from __future__ import annotations

from ._articles import Article, ArticleClaim, Nearest, Printed, Said
from ._assess import assess
from ._assessment import NO_RULING, OUTCOMES, SOURCE_AGREES, SOURCE_DIFFERS, Assessment, Check
from ._check import CheckResult, check, load
from ._cite import Mismatch, compare_citation
from ._faults import Fault
from ._records import Register
from ._studies import Figure, Margin, Outcome, Study

__all__ = [
    "NO_RULING",
    "OUTCOMES",
    "SOURCE_AGREES",
    "SOURCE_DIFFERS",
    "Article",
    "ArticleClaim",
    "Assessment",
    "Check",
    "CheckResult",
    "Fault",
    "Figure",
    "Margin",
    "Mismatch",
    "Nearest",
    "Outcome",
    "Printed",
    "Register",
    "Said",
    "Study",
    "assess",
    "check",
    "compare_citation",
    "load",
]
