"""Printed numbers: the text, and exactly which values would print so."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from numbers import Rational

from . import _validate
from .errors import InvalidArgument, InvalidType

__all__ = ["Interval", "Reported", "Rounding"]

_INFINITY = Decimal("Infinity")
_LONGEST_TEXT = 64
_LARGEST_EXPONENT = 400
# Enough for the ends of any number that `_read` lets pass: decimal arithmetic below is exact.
_EXACT_DIGITS = 1000
_RELATIONS = {"≤": "<=", "≥": ">=", "⩽": "<=", "⩾": ">=", "==": "="}
_PATTERN = re.compile(
    r"""(?:(?P<name>[A-Za-z]\w*)\s*(?=[=<>≤≥⩽⩾]))?
        (?P<relation><=|>=|==|[=<>≤≥⩽⩾])?\s*
        (?P<number>[+-]?(?:[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?)
        \s*(?P<percent>%|percent|per\ cent)?""",
    re.VERBOSE | re.ASCII,
)
_NOT_SIGNIFICANT = re.compile(r"(?:[A-Za-z]\w*\s*=?\s*)?(?:ns|n\.s\.?)", re.IGNORECASE | re.ASCII)


class Rounding(StrEnum):
    """How printed digits were cut.

    ``half`` accepts a tie in either direction and is the default: the interval is closed at both ends. ``half_up``
    sends ties away from zero, ``half_even`` to the even digit; ``truncate`` drops digits; ``up`` cuts away from zero.

    Examples
    --------
    >>> import ketastats as ks
    >>> print(ks.Reported("0.230", rounding="truncate").interval)
    [0.230, 0.231)
    """

    HALF = "half"
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    TRUNCATE = "truncate"
    UP = "up"


@dataclass(frozen=True, slots=True)
class Interval:
    """A set of values between two exact ends.

    Parameters
    ----------
    low, high : Decimal
        Ends; infinite ends are open.
    closed_low, closed_high : bool
        Whether each end belongs to the set.

    Examples
    --------
    >>> import ketastats as ks
    >>> interval = ks.Reported("0.230").interval
    >>> print(interval)
    [0.2295, 0.2305]
    >>> from fractions import Fraction
    >>> Fraction(461, 2000) in interval
    True
    """

    low: Decimal
    high: Decimal
    closed_low: bool = True
    closed_high: bool = True

    def __contains__(self, value: int | Fraction | Decimal) -> bool:
        if not isinstance(value, (Rational, Decimal)) or value != value:  # noqa: PLR0124 - only NaN differs from itself
            raise InvalidType("value", value, "an int, a Fraction or a Decimal", "A float cannot decide a digit.")
        if isinstance(value, Decimal) and value.is_infinite():
            # Infinite ends are open.
            return False
        exact = Fraction(value)
        return self._above_low(exact) and self._below_high(exact)

    def __str__(self) -> str:
        left = "[" if self.closed_low else "("
        right = "]" if self.closed_high else ")"
        return f"{left}{self.low}, {self.high}{right}"

    @property
    def empty(self) -> bool:
        """Whether no value lies between the ends."""
        return self.low > self.high or (self.low == self.high and not (self.closed_low and self.closed_high))

    def intersect(self, other: Interval) -> Interval:
        """Return the values that both intervals hold.

        Parameters
        ----------
        other : Interval
            The other interval.

        Returns
        -------
        Interval
            The common part, which may be empty.

        Examples
        --------
        >>> import ketastats as ks
        >>> print(ks.Reported("0.23").interval.intersect(ks.Reported("0.230").interval))
        [0.2295, 0.2305]
        """
        low = max((self.low, not self.closed_low), (other.low, not other.closed_low))
        high = min((self.high, self.closed_high), (other.high, other.closed_high))
        return Interval(low[0], high[0], not low[1], high[1])

    def scaled(self, factor: Decimal) -> Interval:
        """Return the interval times a positive factor.

        Parameters
        ----------
        factor : Decimal
            Positive factor, such as ``Decimal("0.01")`` from percentages to proportions.

        Returns
        -------
        Interval
            The scaled interval.

        Examples
        --------
        >>> from decimal import Decimal, localcontext
        >>> import ketastats as ks
        >>> print(ks.Reported("70%").interval.scaled(Decimal("0.01")))
        [0.695, 0.705]
        """
        with localcontext(prec=_EXACT_DIGITS):
            return Interval(self.low * factor, self.high * factor, self.closed_low, self.closed_high)

    def _above_low(self, exact: Fraction) -> bool:
        if not self.low.is_finite():
            return self.low < 0
        low = Fraction(self.low)
        return exact > low or (self.closed_low and exact == low)

    def _below_high(self, exact: Fraction) -> bool:
        if not self.high.is_finite():
            return self.high > 0
        high = Fraction(self.high)
        return exact < high or (self.closed_high and exact == high)


@dataclass(frozen=True, slots=True)
class Reported:
    """A number as it was printed.

    The digits are kept: ``"0.230"`` and ``"0.23"`` are different numbers, because they stand for rounding intervals
    of different width.

    Parameters
    ----------
    text : str
        What was printed, such as ``"0.230"``, ``"p = 0.572"``, ``"< .001"``, ``"70%"``, ``"1.2e-5"`` or ``"ns"``
        (read as p > 0.05).
    rounding : str
        How the digits were cut, one of `Rounding`.

    Attributes
    ----------
    text : str
        The text as given.
    value : Decimal
        The number in the printed unit (70 for ``"70%"``).
    relation : str
        One of ``=``, ``<``, ``>``, ``<=``, ``>=``.
    percent : bool
        Whether a per cent sign was printed.
    interval : Interval
        Exactly the values that print so, in the printed unit.

    Raises
    ------
    InvalidType
        If `text` is a number: a float has lost the digits that were printed.
    InvalidArgument
        If the text is not a number.

    Examples
    --------
    >>> import ketastats as ks
    >>> p = ks.Reported("0.230")
    >>> p.value, str(p.interval)
    (Decimal('0.230'), '[0.2295, 0.2305]')
    >>> ks.Reported("< .001").relation
    '<'
    >>> ks.Reported(0.23)
    Traceback (most recent call last):
    ...
    ketastats.errors.InvalidType: text is 0.23; allowed: the text that was printed. A number has lost its printed \
digits: write Reported("0.230") with all of them.
    """

    text: str
    rounding: Rounding = Rounding.HALF
    value: Decimal = field(init=False, compare=False)
    relation: str = field(init=False, compare=False)
    percent: bool = field(init=False, compare=False)
    interval: Interval = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        rounding = Rounding(_validate.choice(self.rounding, "rounding", tuple(Rounding)))
        number, relation, percent = _read(self.text)
        object.__setattr__(self, "rounding", rounding)
        object.__setattr__(self, "value", Decimal(number))
        object.__setattr__(self, "relation", relation)
        object.__setattr__(self, "percent", percent)
        object.__setattr__(self, "interval", _interval(Decimal(number), relation, rounding))

    def __str__(self) -> str:
        return self.text

    @property
    def decimals(self) -> int:
        """How many decimals were printed."""
        return max(0, -int(self.value.as_tuple().exponent))

    @property
    def proportion(self) -> Interval:
        """Exactly the proportions that print so: the interval, divided by 100 where a per cent sign was printed."""
        return self.interval.scaled(Decimal("0.01")) if self.percent else self.interval


def _read(text: object) -> tuple[str, str, bool]:
    allowed = "the text that was printed"
    if not isinstance(text, str):
        remedy = 'A number has lost its printed digits: write Reported("0.230") with all of them.'
        raise InvalidType("text", text, allowed, remedy)
    plain = text.strip().replace("\u2212", "-").replace("\u00b7", ".").replace("\u00a0", " ")
    if len(plain) <= _LONGEST_TEXT:
        if _NOT_SIGNIFICANT.fullmatch(plain):
            return "0.05", ">", False
        match = _PATTERN.fullmatch(plain)
        if match:
            number = match["number"].replace(",", "")
            if abs(Decimal(number).adjusted()) <= _LARGEST_EXPONENT:
                relation = match["relation"] or "="
                return number, _RELATIONS.get(relation, relation), match["percent"] is not None
    hint = "Write a decimal point, not a comma. " if re.search(r"\d,\d", plain[:_LONGEST_TEXT]) else ""
    raise InvalidArgument("text", text, 'a printed number such as "0.230", "< .001", "70%" or "ns"', hint.strip())


def _interval(value: Decimal, relation: str, rounding: Rounding) -> Interval:
    if relation == "<":
        return Interval(-_INFINITY, value, False, False)
    if relation == "<=":
        return Interval(-_INFINITY, value, False, True)
    if relation == ">":
        return Interval(value, _INFINITY, False, False)
    if relation == ">=":
        return Interval(value, _INFINITY, True, False)
    with localcontext(prec=_EXACT_DIGITS):
        magnitude = _magnitude_interval(value.copy_abs(), rounding)
    if value.is_signed():
        low, high = magnitude.high.copy_negate(), magnitude.low.copy_negate()
        return Interval(low, high, magnitude.closed_high, magnitude.closed_low)
    if value == 0:
        return Interval(magnitude.high.copy_negate(), magnitude.high, magnitude.closed_high, magnitude.closed_high)
    return magnitude


def _magnitude_interval(value: Decimal, rounding: Rounding) -> Interval:
    """Return the non-negative numbers that print as the non-negative `value`."""
    digits = value.as_tuple()
    unit = Decimal((0, (1,), int(digits.exponent)))
    half = unit / 2
    zero = Decimal(0)
    if rounding is Rounding.TRUNCATE:
        return Interval(value, value + unit, True, False)
    if rounding is Rounding.UP:
        return Interval(max(value - unit, zero), value, value == 0, True)
    even = digits.digits[-1] % 2 == 0
    low_closed = {Rounding.HALF: True, Rounding.HALF_UP: True, Rounding.HALF_EVEN: even}[rounding]
    high_closed = {Rounding.HALF: True, Rounding.HALF_UP: False, Rounding.HALF_EVEN: even}[rounding]
    if value == 0:
        return Interval(zero, half, True, high_closed)
    return Interval(value - half, value + half, low_closed, high_closed)
