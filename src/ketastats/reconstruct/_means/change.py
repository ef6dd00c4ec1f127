"""Every change score and pre-post correlation that would print as reported."""

from __future__ import annotations

from typing import Any

from ... import _validate
from ...reported import Reported, Rounding
from .._words import equation
from .change_find import DEFAULT_BUDGET, find, people
from .change_set import CompatibleChange
from .printed import read_change, words

__all__ = ["CompatibleChange", "change"]


def change(
    *,
    n: object = None,
    mean_pre: str | Reported | None = None,
    mean_post: str | Reported | None = None,
    sd_pre: str | Reported | None = None,
    sd_post: str | Reported | None = None,
    mean_change: str | Reported | None = None,
    sd_change: str | Reported | None = None,
    se_change: str | Reported | None = None,
    ci: tuple[str | Reported, str | Reported] | None = None,
    level: float | None = None,
    t: str | Reported | None = None,
    p: str | Reported | None = None,
    r: str | Reported | None = None,
    rounding: str = "half",
    budget: int = DEFAULT_BUDGET,
) -> CompatibleChange:
    """Return every change of one group between two measurements that would print as reported.

    The standard deviations before and after, that of the change and the correlation between both measurements determine
    each other; so do the mean change, its standard deviation, t and p. The function says what is left of each, and
    whether the printed numbers are possible together at all.

    Parameters
    ----------
    n : int or range, optional
        People measured twice. With `se_change`, `ci`, `t` or `p` it is found when the other numbers bound it: by the
        standard deviation of the change and its standard error, or what tells of them.
    mean_pre, mean_post : str or Reported, optional
        Means before and after, as printed.
    sd_pre, sd_post : str or Reported, optional
        Standard deviations before and after (divisor n - 1), above zero.
    mean_change : str or Reported, optional
        Mean change, after minus before. Without a printed sign it is the size of the change, in either direction; the
        same holds for `t`.
    sd_change, se_change : str or Reported, optional
        Standard deviation of the changes; standard error of the mean change.
    ci : pair of str or Reported, optional
        Limits of Student's confidence interval of the mean change; needs `level`.
    level : float, optional
        Confidence level of `ci`.
    t, p : str or Reported, optional
        The paired t statistic and its two-sided p-value, with n - 1 degrees of freedom.
    r : str or Reported, optional
        Pearson's correlation between the measurements.
    rounding : {"half", "half_up", "half_even", "truncate", "up", ...}
        How the digits were cut; see `Rounding`.
    budget : int
        Most numbers of people that are tried.

    Returns
    -------
    CompatibleChange
        One row for each number of people; empty (and false) when nothing prints so, with its `label` saying why.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used, nothing was printed, or n is missing where nothing bounds it.
    BudgetExceeded
        If more numbers of people are to be tried than `budget`.

    Notes
    -----
    With a, b and c for the standard deviations before, after and of the change, r = (a^2 + b^2 - c^2) / (2 a b). It
    falls and rises again in a and in b, so that its smallest value over the rounding intervals need not lie at their
    ends. Given the correlation and one of a and b, the other one has two values or none: all that print so are found.

    References
    ----------
    .. [1] Higgins JPT, Li T, Deeks JJ (2019). Choosing effect measures and computing estimates of effect. In: Cochrane
       Handbook for Systematic Reviews of Interventions, chapter 6. doi:10.1002/9781119536604.ch6

    Examples
    --------
    >>> import ketastats as ks
    >>> ks.reconstruct.change(sd_pre="8.0", sd_post="5.0", sd_change="2.0").label
    'r > 1'
    >>> found = ks.reconstruct.change(n=83, mean_change="-5.7", p="< .001", sd_pre="4.1", sd_post="5.2")
    >>> print(f"SD of the change from {found.sd_change_low[0]:.2f} to {found.sd_change_high[0]:.2f}")
    SD of the change from 1.00 to 9.40
    """
    rule = _validate.choice(rounding, "rounding", tuple(Rounding))
    given: dict[str, Any] = {
        "mean_pre": mean_pre,
        "mean_post": mean_post,
        "sd_pre": sd_pre,
        "sd_post": sd_post,
        "mean_change": mean_change,
        "sd_change": sd_change,
        "se_change": se_change,
        "ci": ci,
        "t": t,
        "p": p,
        "r": r,
    }
    numbers = read_change(given, level, rule)
    most = _validate.integer(budget, "budget", low=1)
    sizes = people(n, numbers, most)
    labels = {name: words(name, given[name], numbers.level) for name in numbers.names()}
    labels = ({} if n is None else {"n": equation(n)}) | labels
    return find(sizes, numbers, labels)
