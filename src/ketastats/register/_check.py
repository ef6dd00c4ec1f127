"""Load a register, or list everything that is wrong with it."""

from __future__ import annotations

import html
import os
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import RegisterError
from . import _files
from ._articles import ArticleClaim
from ._build import Built, build
from ._faults import Fault, Faults
from ._records import Register

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CheckResult", "check", "load"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """Every claim and every fault of a register.

    Parameters
    ----------
    path : str
        The folder that was checked.
    claims : tuple of ArticleClaim
        The claims that could be read.
    faults : tuple of Fault
        Everything that is wrong; empty for a sound register.
    articles, studies, figures, outcomes, margins : int
        How many of each could be read.

    Examples
    --------
    >>> from ketastats.register import check
    >>> result = check("no/such/folder")
    >>> result.exit_code
    2
    >>> print(result.faults[0])
    no/such/folder: no such file or directory. Give the folder that holds margins.toml, articles and studies.
    """

    path: str
    claims: tuple[ArticleClaim, ...]
    faults: tuple[Fault, ...]
    articles: int
    studies: int
    figures: int
    outcomes: int
    margins: int

    def __bool__(self) -> bool:
        return not self.faults

    @property
    def exit_code(self) -> int:
        """0 if sound, 1 if there are faults, 2 if something could not be read, so that more faults may follow."""
        return 2 if any(fault.unreadable for fault in self.faults) else int(bool(self.faults))

    def to_frame(self) -> pd.DataFrame:
        """Return one row per claim and one per fault.

        Returns
        -------
        pandas.DataFrame
            Columns ``row`` (claim or fault), ``file``, ``key``, ``kind``, ``text`` (the claim, or the problem),
            ``value`` (what is printed, or what stands there) and ``remedy``.
        """
        import pandas as pd

        rows = [("claim", f"articles/{c.article}.toml", c.id, c.kind, c.text, _printed(c), "") for c in self.claims] + [
            ("fault", f.file, f.key, "", f.problem, f.value, f.remedy) for f in self.faults
        ]
        return pd.DataFrame(rows, columns=["row", "file", "key", "kind", "text", "value", "remedy"])

    def summary(self) -> str:
        """Return a table of the claims, the counts, and each fault with its remedy.

        Returns
        -------
        str
            Text of at most 120 columns, except where a fault is longer.
        """
        rows = [("id", "article", "kind", "printed", "claim")]
        rows += [(c.id, c.article, c.kind, _printed(c) or "-", c.text) for c in self.claims]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        room = max(30, 120 - sum(widths) - 8)
        lines = [
            "  ".join([*(cell.ljust(width) for cell, width in zip(row[:4], widths, strict=True)), _cut(row[4], room)])
            for row in rows
        ]
        counts = ", ".join(
            f"{count} {noun}"
            for noun, count in (
                ("articles", self.articles),
                ("claims", len(self.claims)),
                ("studies", self.studies),
                ("outcomes", self.outcomes),
                ("figures", self.figures),
                ("margins", self.margins),
            )
        )
        found = len(self.faults)
        verdict = f"{found} fault{'' if found == 1 else 's'}:" if found else "No faults."
        return "\n".join([*lines, "", f"{counts}. {verdict}", *(f"  {fault}" for fault in self.faults)])

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.summary())}</pre>"


def _printed(claim: ArticleClaim) -> str:
    return "; ".join(printed.text for printed in claim.printed)


def _cut(text: str, room: int) -> str:
    return textwrap.shorten(text, room, placeholder=" ...")


def _read(path: str | os.PathLike[str]) -> tuple[Built, tuple[Fault, ...]]:
    faults = Faults()
    files = _files.read(_files.path_text(path), faults)
    built = build(files, faults)
    return built, tuple(faults)


def check(path: str | os.PathLike[str]) -> CheckResult:
    """Return every claim of a register and everything that is wrong with it, without raising.

    Parameters
    ----------
    path : str or path-like
        The folder of the register.

    Returns
    -------
    CheckResult
        With `faults`, `exit_code`, `summary` and `to_frame`.

    Raises
    ------
    InvalidType
        If `path` is neither text nor a path.

    Examples
    --------
    >>> from ketastats.register import check
    >>> bool(check("no/such/folder"))
    False
    """
    built, faults = _read(path)
    return CheckResult(
        path=_files.path_text(path),
        claims=tuple(claim for claim in sorted(built.claims, key=_order)),
        faults=faults,
        articles=len(built.articles),
        studies=len(built.studies),
        figures=sum(len(study.figures) for study in built.studies),
        outcomes=sum(len(study.outcomes) for study in built.studies),
        margins=len(built.margins),
    )


def _order(claim: ArticleClaim) -> tuple[int, int]:
    article, _, number = claim.id[1:].partition(".")
    return int(article), int(number)


def load(path: str | os.PathLike[str]) -> Register:
    """Return the register in a folder.

    Parameters
    ----------
    path : str or path-like
        The folder of the register; it is never guessed.

    Returns
    -------
    Register
        All articles, studies and margins.

    Raises
    ------
    RegisterError
        If anything is wrong with it; `faults` lists all of it.
    InvalidType
        If `path` is neither text nor a path.

    Examples
    --------
    >>> import ketastats as ks
    >>> try:
    ...     ks.register.load("no/such/folder")
    ... except ks.RegisterError as error:
    ...     print(error.faults[0].problem)
    no such file or directory
    """
    built, faults = _read(path)
    if faults:
        raise RegisterError(faults)
    return Register(articles=tuple(built.articles), studies=tuple(built.studies), margins=tuple(built.margins))
