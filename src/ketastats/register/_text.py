"""What the text of a file must not hold, found before a parser sees it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Problem", "forbidden", "name_of", "problems_in"]

_DEEPEST = 6
_MOST_DOTS = 6
_LONGEST_LINE = 4000
_LONGEST_WORD = 100

# Quoted text and comments are stepped over whole; an unclosed quote runs to the end of the line. Possessive, so linear.
_TOKENS = re.compile(
    r"""(?P<many>\"{3}|'{3}) | (?P<basic>"(?:[^"\\]++|\\.)*+(?P<end>"?)) | (?P<literal>'[^']*+(?P<stop>'?))
        | (?P<comment>\#.*+) | (?P<open>[\[{]) | (?P<close>[\]}]) | (?P<dot>\.) | (?P<word>[^\s\[\]{}.,="'\#]++)""",
    re.VERBOSE | re.DOTALL,
)
# Controls, invisible formatting (which can reorder what is read), surrogates, private use, unassigned, line separators.
_FORBIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_VISIBLE = "Delete it; only visible characters are allowed."


def forbidden(text: str) -> str:
    """Return the first character that has no place in a text, or nothing."""
    if text.isprintable():
        return ""
    return next((c for c in text if unicodedata.category(c) in _FORBIDDEN), "")


def _breaks(character: str) -> bool:
    # TOML allows no control character and no byte order mark; its parser would stop there with a message of its own.
    return character == "\ufeff" or unicodedata.category(character) == "Cc"


def name_of(character: str) -> str:
    """Return a character as its code point and name."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'control character').lower()}"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line; a `fatal` one keeps the file from the parser."""

    line: int
    text: str
    what: str
    remedy: str
    fatal: bool


def problems_in(text: str) -> Iterator[Problem]:
    """Yield every line with a forbidden character, and the first that no register file needs."""
    depth = 0
    for number, line in enumerate(text.split("\n"), 1):
        plain = line.removesuffix("\r")
        character = forbidden(plain.replace("\t", " "))
        if character:
            yield Problem(
                number, plain, f"holds the character {name_of(character)}", _VISIBLE, fatal=_breaks(character)
            )
        if len(plain) > _LONGEST_LINE:
            yield Problem(number, plain, f"longer than {_LONGEST_LINE} characters", "Break the line.", fatal=True)
            return
        depth, what = _scan(plain, depth)
        if what:
            yield Problem(number, plain, what, "Write it as the other files of the register do.", fatal=True)
            return


def _scan(line: str, depth: int) -> tuple[int, str]:
    """Return the depth of brackets after a line, and what is wrong with it, if anything."""
    dots = 0
    for token in _TOKENS.finditer(line):
        if token["many"]:
            return depth, "a text over several lines"
        if (token["basic"] and not token["end"]) or (token["literal"] and not token["stop"]):
            return depth, "a text without its closing quote"
        if token["word"] and len(token["word"]) > _LONGEST_WORD:
            return depth, f"a word or number of more than {_LONGEST_WORD} characters"
        depth += bool(token["open"]) - bool(token["close"])
        dots += bool(token["dot"])
        if depth > _DEEPEST:
            return depth, f"brackets nested deeper than {_DEEPEST}"
        if dots > _MOST_DOTS:
            return depth, f"more than {_MOST_DOTS} dots outside quotes"
    return depth, ""
