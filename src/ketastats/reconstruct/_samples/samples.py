"""All samples on a scale that would print a mean and a standard deviation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ... import _validate
from ...errors import InvalidArgument, InvalidType
from ...reported import Interval, Reported, Rounding
from .._words import counted, equation, rounding_words
from .compatible import CompatibleSamples
from .question import Question, read_counts, read_moment, read_people, read_scale

__all__ = ["horns", "sample_exists", "samples"]

#: Most cells of the tables that count the samples, 8 bytes each, unless the caller allows more.
DEFAULT_CELLS = 60_000_000


def samples(
    *,
    mean: str | Reported | Interval,
    sd: str | Reported | Interval,
    n: int,
    scale: tuple[int, int],
    items: int = 1,
    counts: Mapping[float, int | tuple[int, int]] | None = None,
    sd_divisor: str = "n-1",
    rounding: str = "half",
    budget: int = DEFAULT_CELLS,
) -> CompatibleSamples:
    """Return all samples on a scale that would print a mean and a standard deviation.

    The samples are counted, not listed, so that their number may be of any size: it is exact. The set can be drawn
    from uniformly, gone through in chunks, written to files, and asked for sharp bounds.

    Parameters
    ----------
    mean, sd : str, Reported or Interval
        Mean and standard deviation as printed, such as ``"3.50"``; or the exact interval that they may lie in.
    n : int
        People in the sample.
    scale : pair of int
        Smallest and largest value of one item, in whole steps.
    items : int
        How many items each person's value averages: values then lie in steps of ``1 / items``.
    counts : mapping, optional
        What is known of single values: how many people have it, or a pair (least, most). ``{7: 0}`` forbids 7.
    sd_divisor : {"n-1", "n"}
        What the standard deviation divides by.
    rounding : {"half", "half_up", "half_even", "truncate", "up", ...}
        How the digits were cut; see `Rounding`.
    budget : int
        Most cells, of 8 bytes, of the tables that count the samples. Draws and marginals take up to about
        twice as much beside them; bounds take little and fill no tables.

    Returns
    -------
    CompatibleSamples
        All of them; empty (and false) when no sample prints so.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.
    BudgetExceeded
        If the tables would be larger than `budget`; it says how large.

    Notes
    -----
    Counted by dynamic programming over count, sum and sum of squares about the mean, in two halves of the scale that
    are combined at the end. CORVIDS [1]_ solves for the same samples one by one; SPRITE [2]_ finds some of them.

    References
    ----------
    .. [1] Wilner, S., Wood, K., & Simons, D. J. (2018). Complete recovery of values in Diophantine systems (CORVIDS).
       doi:10.31234/osf.io/7shr8
    .. [2] Heathers, J. A. J., Anaya, J., van der Zee, T., & Brown, N. J. L. (2018). Recovering data from summary
       statistics: Sample Parameter Reconstruction via Iterative TEchniques (SPRITE).
       doi:10.7287/peerj.preprints.26968v1

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.reconstruct.samples(mean="3.50", sd="1.20", n=50, scale=(1, 7))
    >>> print(found.identifiability)
    843 samples with mean = 3.50, sd = 1.20, of 32,468,436 on this scale.
    >>> found.people(at_least=6)
    array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    >>> bool(ks.reconstruct.samples(mean="3.51", sd="1.20", n=50, scale=(1, 7)))
    False
    """
    question = _read(mean, sd, n, scale, items, counts, sd_divisor, rounding)
    printed = {"mean": _words(mean), "sd": _words(sd)}
    if counts:
        printed["counts"] = "of " + counted(len(counts), "value")
    limit = _validate.integer(budget, "budget", low=1)
    return build(question, printed, _assumptions(question, [mean, sd], rounding), limit)


def sample_exists(
    *,
    mean: str | Reported | Interval,
    sd: str | Reported | Interval,
    n: int,
    scale: tuple[int, int],
    items: int = 1,
    counts: Mapping[float, int | tuple[int, int]] | None = None,
    sd_divisor: str = "n-1",
    rounding: str = "half",
) -> bool:
    """Return whether any sample on a scale would print a mean and a standard deviation.

    The same question as whether `samples` is empty, answered by finding one sample, so that wide scales need no
    large tables.

    Parameters
    ----------
    mean, sd : str, Reported or Interval
        Mean and standard deviation as printed; or the exact interval that they may lie in.
    n : int
        People in the sample.
    scale : pair of int
        Smallest and largest value of one item, in whole steps.
    items : int
        How many items each person's value averages.
    counts : mapping, optional
        What is known of single values: how many people have it, or a pair (least, most).
    sd_divisor : {"n-1", "n"}
        What the standard deviation divides by.
    rounding : {"half", "half_up", "half_even", "truncate", "up", ...}
        How the digits were cut; see `Rounding`.

    Returns
    -------
    bool
        False means that no sample exists: the search is exact.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.
    BudgetExceeded
        If no sample is found at once and looking through all would take too long.

    Examples
    --------
    Possible by its mean and by the smallest and largest SD, and yet impossible:

    >>> import ketastats as ks
    >>> ks.reconstruct.sample_exists(mean="1.50", sd="0.75", n=4, scale=(1, 5))
    False
    """
    return _read(mean, sd, n, scale, items, counts, sd_divisor, rounding).exists()


def _read(mean: Any, sd: Any, n: Any, scale: Any, items: Any, counts: Any, sd_divisor: Any, rounding: Any) -> Question:
    """Return the question that the arguments ask, checked."""
    rule = _validate.choice(rounding, "rounding", tuple(Rounding))
    low, high, many = read_scale(scale, items)
    people = read_people(n)
    least, most = read_counts(counts, people, low, high, many)
    return Question(
        n=people,
        items=many,
        low=low,
        high=high,
        mean=read_moment(mean, "mean", rule),
        sd=read_moment(sd, "sd", rule),
        population=_validate.choice(sd_divisor, "sd_divisor", ("n-1", "n")) == "n",
        least=least,
        most=most,
    )


def horns(counts: Any, *, scale: tuple[float, float]) -> Any:
    """Return the horns index of samples: their variance over the largest that the scale allows.

    Parameters
    ----------
    counts : array_like of int, shape (..., values)
        How often each value of an evenly spaced scale occurs, from the lowest value to the highest.
    scale : pair of float
        Lowest and highest value.

    Returns
    -------
    float or ndarray, shape (...)
        Variance (dividing by the number of people) over half of the width of the scale squared: 0 when all people
        have one value, 1 when half of them are at either end.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used, or a sample has no people.

    Examples
    --------
    >>> import ketastats as ks
    >>> ks.reconstruct.horns([60, 60, 60, 60, 60], scale=(1, 5))
    0.5
    """
    rows = _validate.integers(counts, "counts")
    if np.ndim(rows) == 0 or rows.shape[-1] < 2:
        raise InvalidArgument("counts", counts, "one count for each of at least two values")
    _check_ends(scale)
    people = rows.sum(axis=-1)
    if np.any(people == 0):
        raise InvalidArgument("counts", 0, "samples of at least one person")
    # From -1 at the lowest value to 1 at the highest, the largest variance is 1.
    places = np.linspace(-1.0, 1.0, rows.shape[-1])
    mean = rows @ places / people
    result = (rows * (places - mean[..., None]) ** 2).sum(axis=-1) / people
    return float(result) if result.ndim == 0 else result


def _check_ends(scale: object) -> None:
    allowed = "a pair (low, high) with low < high"
    if not isinstance(scale, (tuple, list)) or len(scale) != 2:
        raise InvalidType("scale", scale, allowed, "Write scale=(1, 7).")
    low, high = (_validate.real(end, "scale") for end in scale)
    if low >= high:
        raise InvalidArgument("scale", scale, allowed)


def build(question: Question, printed: dict[str, str], assumptions: tuple[str, ...], budget: int) -> CompatibleSamples:
    """Return the set that answers a question."""
    # Planned before anything is searched: what is too large says so at once.
    halves = question.halves(budget)
    return CompatibleSamples(
        n=question.n,
        values=np.array(question.values, dtype=np.float64) / question.items,
        printed=printed,
        possible=question.possible,
        exhaustive=True,
        assumptions=assumptions,
        emptied_by=question.emptied_by(),
        _question=question,
        _halves=halves,
    )


def _words(value: Any) -> str:
    return f"in {value}" if isinstance(value, Interval) else equation(value)


def _assumptions(question: Question, printed: list[Any], rule: str) -> tuple[str, ...]:
    step = "" if question.items == 1 else f" in steps of 1/{question.items}"
    ends = f"{question.low / question.items:g} to {question.high / question.items:g}"
    sentences = [
        f"each of {question.n} people has one of the values from {ends}{step}",
        f"the standard deviation divides by {'n' if question.population else 'n - 1'}",
        "which person has which value does not matter",
    ]
    rules = dict.fromkeys(
        str(value.rounding) if isinstance(value, Reported) else rule
        for value in printed
        if not isinstance(value, Interval)
    )
    if rules:
        sentences.append("digits were " + " or ".join(rounding_words(one) for one in rules))
    return tuple(sentences)
