"""Every 2x2 table that would print as reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...reported import Reported
from .._words import DEFAULT_BUDGET
from .compatible import CompatibleTables
from .find import find_tables
from .read import in_order, remembers_order

__all__ = ["DEFAULT_BUDGET", "CompatibleTables", "tables"]

Printed = str | Reported | Mapping[str, Any] | list[Any]


@remembers_order
def tables(
    *,
    n: object = None,
    n1: object = None,
    n2: object = None,
    p: Printed | None = None,
    test: str | Sequence[str] | None = None,
    statistic: Printed | None = None,
    z: Printed | None = None,
    alternative: str | Sequence[str] = "two-sided",
    events: object = None,
    x1: object = None,
    x2: object = None,
    nonevents: object = None,
    y1: object = None,
    y2: object = None,
    rate1: Printed | None = None,
    rate2: Printed | None = None,
    rate: Printed | None = None,
    risk_difference: Printed | None = None,
    risk_ratio: Printed | None = None,
    odds_ratio: Printed | None = None,
    phi: Printed | None = None,
    yule_q: Printed | None = None,
    yule_y: Printed | None = None,
    rounding: str | Sequence[str] = "half",
    budget: int = DEFAULT_BUDGET,
    progress: bool = False,
) -> CompatibleTables:
    """Return every 2x2 table that would print the reported numbers.

    A table belongs to the set when its own forward computation prints the digits, decided exactly. Tables for which a
    test or a measure is not defined (no events at all, or only events) print nothing of it, except that the p of exact
    tests is then 1, and mid-p one half.

    What was printed is text, or a `Reported`, or a mapping that holds the text under ``value`` and says more: ``test``
    and ``alternative`` (of this number alone), ``rounding``, for ``"ns"`` the level ``alpha`` (0.05); for measures and
    rates also the printed confidence limits ``ci`` (a pair, None for an end that was not printed), their ``level``
    (0.95) and ``method``; ``signed=False`` for a difference or phi that was printed without its sign;
    ``of="nonevents"`` for a rate of the people without the event. Where a name is asked for, several are alternatives.
    A list of these is several numbers that were all printed. Measures compare group 1 with group 2, and tell the groups
    apart.

    Parameters
    ----------
    n : int or range, optional
        People in both groups together; a range when outcomes may be missing.
    n1, n2 : int or range, optional
        People in each group, if printed. Knowing one tells the groups apart.
    p : str, Reported or mapping, optional
        The p-value as printed, such as ``"0.230"``, ``"< .001"`` or ``"ns"`` (p > 0.05).
    test : str or sequence of str, optional
        The test behind `p`, `statistic` and `z`, or several that are possible. Named, never guessed. By a statistic:
        ``pearson``, ``yates``, ``n_minus_1``, ``lr``, ``wald`` (the unpooled difference), ``log_risk_ratio``,
        ``log_odds_ratio`` (as of logistic regression). Exact given the margins: ``fisher``, ``fisher_central``,
        ``blaker``, ``midp``. Exact whatever the common rate: ``barnard``, ``barnard_unpooled``, ``boschloo``.
    statistic : str, Reported or mapping, optional
        Chi-square as printed; for ``wald`` and the logs the z, whose sign is ignored. Exact tests have none.
    z : str, Reported or mapping, optional
        The root of the statistic as printed. With a printed sign (``"-1.20"``, ``"+1.20"``) it is positive when group 1
        has the higher rate.
    alternative : str or sequence of str
        What p speaks against: ``two-sided``; ``greater`` (group 1 has the higher rate) or ``less``, which tell the
        groups apart; or several that are possible.
    events : int or range, optional
        Events in both groups together.
    x1, x2 : int or range, optional
        Events in each group.
    nonevents, y1, y2 : int or range, optional
        People without the event: in both groups together, and in each.
    rate1, rate2, rate : str, Reported or mapping, optional
        Share of events in each group, and in both together, as printed: a percentage (``"18.9%"``) or a proportion
        (``"0.189"``). Methods of their limits: ``wilson``, ``clopper_pearson``, ``wald``.
    risk_difference, risk_ratio, odds_ratio : str, Reported or mapping, optional
        Group 1 minus or over group 2. The methods of their limits are those of `ketastats.effects.proportions`.
    phi, yule_q, yule_y : str, Reported or mapping, optional
        The phi coefficient, and Yule's coefficients of association and of colligation.
    rounding : str or sequence of str
        How the digits were cut, or several ways that are possible for each number; see `Rounding`.
    budget : int
        Most tables to return. Searches that must try every table may try fifty times as many; twice as many with limits
        that are not of closed form (score, MOVER, exact).
    progress : bool
        Whether to show a progress bar on standard error.

    Returns
    -------
    CompatibleTables
        All of them; empty (and false) when nothing prints so.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.
    BudgetExceeded
        If there are more tables than `budget`.

    Notes
    -----
    Under a chi-square or Wald test the statistic grows with the distance of `x1` from its expectation, so that each
    pair of margins is solved for the counts, in time proportional to n^2 [1]_; a measure is solved for `x2` in the same
    way. What falls next to a rounding edge is decided by whole numbers, fractions, or as many decimals as it takes: a
    limit that has no closed form by the test that it inverts, held at the edge itself. The unconditional p falls as its
    statistic grows, so that a few p-values of each design place all of its tables. Fisher's test sums the tables that
    are no likelier than the one at hand, with ties within a relative 1e-7; mid-p takes off half its own probability
    [2]_.

    References
    ----------
    .. [1] Campbell I (2007). Chi-squared and Fisher-Irwin tests of two-by-two tables with small sample recommendations.
       Statistics in Medicine 26, 3661-3675. doi:10.1002/sim.2832
    .. [2] Fagerland MW, Lydersen S, Laake P (2015). Recommended confidence intervals for two independent binomial
       proportions. Statistical Methods in Medical Research 24, 224-254. doi:10.1177/0962280211415469

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.reconstruct.tables(n=83, p="0.397", test="pearson")
    >>> len(found)
    16
    >>> ks.reconstruct.tables(n1=37, n2=46, p="0.230", test="pearson", rate1="18.9%").to_frame()[["x1", "x2"]]
       x1  x2
    0   7  14
    >>> ratio = {"value": "0.6", "ci": ("0.4", "0.9"), "method": "log"}
    >>> len(ks.reconstruct.tables(n1=352, n2=376, risk_ratio=ratio))
    122
    """
    given = in_order(
        {
            "p": p,
            "statistic": statistic,
            "z": z,
            "events": events,
            "x1": x1,
            "x2": x2,
            "nonevents": nonevents,
            "y1": y1,
            "y2": y2,
            "rate1": rate1,
            "rate2": rate2,
            "rate": rate,
            "risk_difference": risk_difference,
            "risk_ratio": risk_ratio,
            "odds_ratio": odds_ratio,
            "phi": phi,
            "yule_q": yule_q,
            "yule_y": yule_y,
        }
    )
    return find_tables(
        given, (n, n1, n2), test=test, alternative=alternative, rounding=rounding, budget=budget, progress=progress
    )
