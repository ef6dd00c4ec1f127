"""Each rule about an argument, once: check, and return the clean value.

Every function takes the value and the name under which the caller knows it, so that the message can name it.
"""

from __future__ import annotations

import difflib
import math
import numbers
import operator
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import InvalidArgument, InvalidType

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Beyond 2**53 a float no longer holds every integer, so counts stop there.
LARGEST_COUNT = 2**53
# Between these, quotients, squares and products with counts still are floats.
SMALLEST, LARGEST = 1e-40, 1e40
# A message names the options one by one up to this many letters.
LONG = 500


def integer(value: object, name: str, *, low: int = 0, high: int = LARGEST_COUNT) -> int:
    """Return one whole number between `low` and `high`, both included."""
    allowed = _between("a whole number", low, high)
    if isinstance(value, (bool, np.bool_, str, bytes)):
        raise InvalidType(name, value, allowed, f"Give {name} as an int.")
    if isinstance(value, float) and value.is_integer():
        raise InvalidType(name, value, allowed, f"Write {name}={int(value)}.")
    try:
        clean = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise InvalidType(name, value, allowed, f"Give {name} as an int.") from None
    if not low <= clean <= high:
        raise InvalidArgument(name, value, allowed)
    return clean


def real(
    value: object,
    name: str,
    *,
    low: float = -math.inf,
    high: float = math.inf,
    open_low: bool = False,
    open_high: bool = False,
    infinite: bool = False,
) -> float:
    """Return one finite number in the stated range (infinite ones only when `infinite`)."""
    allowed = _between("a number", low, high, open_low, open_high)
    if isinstance(value, (bool, np.bool_, str, bytes)) or not isinstance(value, (numbers.Real, np.number)):
        raise InvalidType(name, value, allowed, f"Give {name} as a number.")
    try:
        clean = float(value)
    except OverflowError:
        raise InvalidArgument(name, value, allowed, "No float is that large.") from None
    if math.isnan(clean) or (math.isinf(clean) and not infinite):
        raise InvalidArgument(name, value, allowed)
    too_low = clean <= low if open_low else clean < low
    too_high = clean >= high if open_high else clean > high
    if (too_low and not (infinite and clean == low)) or (too_high and not (infinite and clean == high)):
        raise InvalidArgument(name, value, allowed)
    return clean


def array(
    value: Any,
    name: str,
    *,
    low: float = -math.inf,
    high: float = math.inf,
    open_low: bool = False,
    open_high: bool = False,
    infinite: bool = False,
    wide: bool = False,
) -> FloatArray:
    """Return an array of numbers, each in the stated range and finite (unless `infinite`).

    Where the range ends nowhere, nothing is read that no study measures: numbers beyond 1e40 in size and, of those that
    are not negative, between 0 and 1e-40. With `wide` every float is.
    """
    allowed = _between("numbers", low, high, open_low, open_high)
    raw = _numeric(value, name, allowed)
    clean = raw.astype(np.float64)
    bad = np.isnan(clean)
    if not infinite:
        bad |= np.isinf(clean)
    bad |= (clean <= low) if open_low else (clean < low)
    bad |= (clean >= high) if open_high else (clean > high)
    if infinite:
        # Infinity lies beyond every number, so only an end that is open without limit admits it.
        bad &= ~((np.isposinf(clean) & (high == math.inf)) | (np.isneginf(clean) & (low == -math.inf)))
    _refuse(bad, clean, name, allowed)
    if not wide and high == math.inf:
        sizes = np.abs(clean)
        odd = np.isfinite(sizes) & (sizes > LARGEST)
        if low >= 0.0:
            odd |= (sizes > 0) & (sizes < SMALLEST)
        sizes_allowed = f"at most {LARGEST:g}" if low < 0.0 else f"{SMALLEST:g} to {LARGEST:g}"
        _refuse(odd, clean, name, f"{allowed}, {'0 or ' if low == 0.0 and not open_low else ''}{sizes_allowed} in size")
    return clean


def moderate(value: Any, name: str, *, positive: bool = False) -> FloatArray:
    """Return an array of numbers of at most 1e40 in size; when `positive`, of at least 1e-40."""
    return array(value, name, low=SMALLEST if positive else -LARGEST, high=LARGEST)


def integers(value: Any, name: str, *, low: int = 0, high: int = LARGEST_COUNT) -> IntArray:
    """Return an array of whole numbers between `low` and `high`, both included."""
    allowed = _between("whole numbers", low, high)
    raw = _numeric(value, name, allowed)
    if not np.issubdtype(raw.dtype, np.integer):
        clean = raw.astype(np.float64)
        _refuse(~np.isfinite(clean) | (clean != np.floor(clean)), clean, name, allowed)
        raw = clean
    _refuse((raw < low) | (raw > high), raw, name, allowed)
    return raw.astype(np.int64)


def counts(x1: Any, n1: Any, x2: Any, n2: Any) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return the four counts of 2x2 tables, broadcast together, with `0 <= x <= n` and `n >= 1`."""
    size1, size2 = integers(n1, "n1", low=1), integers(n2, "n2", low=1)
    events1, events2 = integers(x1, "x1"), integers(x2, "x2")
    events1, size1, events2, size2 = broadcast(x1=events1, n1=size1, x2=events2, n2=size2)
    for events, size, label in ((events1, size1, "1"), (events2, size2, "2")):
        bad = events > size
        if bad.any():
            at = np.unravel_index(int(np.argmax(bad)), bad.shape)
            raise InvalidArgument(
                f"x{label}",
                int(events[at]),
                f"at most n{label}, here {int(size[at])}",
                f"x{label} counts the events among the n{label} people of group {label}.",
            )
    return events1, size1, events2, size2


def broadcast(**values: NDArray[Any]) -> list[NDArray[Any]]:
    """Broadcast named arrays together, or say which shapes do not fit."""
    try:
        return [np.asarray(value) for value in np.broadcast_arrays(*values.values())]
    except ValueError:
        shapes = ", ".join(f"{name} {np.shape(value)}" for name, value in values.items())
        raise InvalidArgument("shapes", shapes, "shapes that broadcast together, as in NumPy") from None


def choice(value: object, name: str, options: Iterable[str]) -> str:
    """Return one of the named options."""
    known = tuple(options)
    allowed = "one of " + ", ".join(known)
    if len(allowed) > LONG:
        near = difflib.get_close_matches(str(value)[:100], known) if isinstance(value, str) else []
        allowed = f"one of {len(known)} names, such as {', '.join(near or known[:3])}"
    if not isinstance(value, str):
        raise InvalidType(name, value, allowed)
    if value not in known:
        raise InvalidArgument(name, value, allowed)
    return str(value)


def choices(value: object, name: str, options: Iterable[str]) -> tuple[str, ...]:
    """Return one or several of the named options, each once, in the order given."""
    known = tuple(options)
    allowed = "one or several of " + ", ".join(known)
    if isinstance(value, str):
        return (choice(value, name, known),)
    if not isinstance(value, Sequence) and not isinstance(value, (set, frozenset)):
        raise InvalidType(name, value, allowed)
    given = [value] if isinstance(value, str) else list(value)
    if not given:
        raise InvalidArgument(name, value, allowed)
    return tuple(dict.fromkeys(choice(item, name, known) for item in given))


def level(value: object, name: str = "level") -> float:
    """Return a confidence level, strictly between 0 and 1."""
    return real(value, name, low=0.0, high=1.0, open_low=True, open_high=True)


def alpha(value: object, name: str = "alpha") -> float:
    """Return a one-sided error rate, above 0 and at most 0.5 (beyond it the interval turns inside out)."""
    clean = real(value, name, low=0.0, high=0.5, open_low=True)
    # Of smaller tails no float keeps all digits.
    return real(clean, name, low=1e-300, high=0.5)


def margin(value: Any, name: str = "margin", *, reach: float = math.inf) -> tuple[float, float]:
    """Return the lower and upper end of a margin: a positive number is symmetric, a pair is taken as it is.

    `reach` is the largest size that the scale knows: 1 for differences of proportions.
    """
    allowed = "one positive number (symmetric) or a pair (low, high) with low < high"
    if isinstance(value, (str, bytes)) or value is None:
        raise InvalidType(name, value, allowed, "A margin is a scientific claim: there is no default.")
    if not isinstance(value, (tuple, list)) and np.ndim(value) == 0:
        half = real(value, name, infinite=True)
        if half <= 0:
            raise InvalidArgument(name, value, allowed)
        _moderate_ends(half, name, reach)
        return -half, half
    pair = list(value)
    if len(pair) != 2:
        raise InvalidArgument(name, value, allowed)
    low, high = (real(item, name, infinite=True) for item in pair)
    if not low < high:
        raise InvalidArgument(name, value, allowed)
    _moderate_ends([low, high], name, reach)
    return low, high


def margins(
    value: Any, name: str = "margin", *, ratio: bool = False, reach: float = math.inf
) -> tuple[FloatArray, FloatArray]:
    """Return the ends of one margin or of many: a number is symmetric, the ends of a pair may be arrays.

    With `ratio` the ends are ratios, and one number above 1 stands for ``(1 / number, number)``; `reach` as above.
    """
    rule = "above 1" if ratio else "positive"
    allowed = f"one {rule} number (symmetric) or a pair (low, high) with low < high"
    if isinstance(value, (str, bytes)) or value is None:
        raise InvalidType(name, value, allowed, "A margin is a scientific claim: there is no default.")
    if not isinstance(value, (tuple, list)) and np.ndim(value) == 0:
        half = real(value, name, infinite=True)
        if half <= (1.0 if ratio else 0.0):
            raise InvalidArgument(name, value, allowed)
        _moderate_ends(half, name, reach)
        return np.asarray(1.0 / half if ratio else -half), np.asarray(half)
    if len(value) != 2:
        raise InvalidArgument(name, value, allowed, "For many margins give (low, high), each an array.")
    low, high = (array(item, name, infinite=True, wide=True) for item in value)
    low, high = broadcast(low=low, high=high)
    if np.any(low >= high) or (ratio and np.any(low < 0)):
        raise InvalidArgument(name, value, allowed)
    _moderate_ends([low, high], name, reach)
    return low, high


def _moderate_ends(ends: Any, name: str, reach: float) -> None:
    """Refuse ends of a margin that are no scientific claim, and whose squares would be no floats."""
    sizes = np.abs(np.asarray(ends, dtype=np.float64))
    beyond = sizes[np.isfinite(sizes) & (sizes > reach)]
    if beyond.size:
        allowed = f"at most {reach:g} in size, or infinite"
        raise InvalidArgument(name, float(beyond[0]), allowed, "Ten percentage points are 0.10.")
    bad = np.isfinite(sizes) & (sizes > 0) & ((sizes < SMALLEST) | (sizes > LARGEST))
    _refuse(bad, np.asarray(ends, dtype=np.float64), name, f"0, {SMALLEST:g} to {LARGEST:g} in size, or infinite")


def flag(value: object, name: str) -> bool:
    """Return a choice between yes and no."""
    if not isinstance(value, (bool, np.bool_)):
        raise InvalidType(name, value, "True or False")
    return bool(value)


def rng(value: Any, name: str = "rng") -> np.random.Generator:
    """Return a random generator from whatever `numpy.random.default_rng` accepts."""
    try:
        return np.random.default_rng(value)
    except (TypeError, ValueError):
        raise InvalidType(name, value, "None, an int seed, or a numpy.random.Generator") from None


def _numeric(value: Any, name: str, allowed: str) -> NDArray[Any]:
    try:
        raw = np.asarray(value)
    except ValueError:
        raise InvalidType(name, value, allowed, "Rows of different lengths do not form an array.") from None
    if raw.dtype == np.bool_ or not (np.issubdtype(raw.dtype, np.integer) or np.issubdtype(raw.dtype, np.floating)):
        raise InvalidType(name, value, allowed, f"Give {name} as a number or an array of numbers.")
    return raw


def _refuse(bad: NDArray[np.bool_], values: NDArray[Any], name: str, allowed: str) -> None:
    if np.any(bad):
        first = np.asarray(values)[bad].reshape(-1)[0]
        raise InvalidArgument(name, first.item(), allowed)


def _between(noun: str, low: float, high: float, open_low: bool = False, open_high: bool = False) -> str:
    parts = []
    if low > -math.inf:
        parts.append(f"{'above' if open_low else 'at least'} {low:g}")
    if high < math.inf and high != LARGEST_COUNT:
        parts.append(f"{'below' if open_high else 'at most'} {high:g}")
    return noun + (" " + " and ".join(parts) if parts else "")
