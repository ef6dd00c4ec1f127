"""Every question of `reconstruct` and `consistency` from a shell: the options are the keywords of the functions."""

from __future__ import annotations

import argparse
import inspect
import json
import re
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from textwrap import dedent
from typing import Any

from .errors import InvalidArgument, KetastatsError

__all__ = ["VERBS", "call", "question_parser"]

#: What can be asked.
VERBS = {
    "reconstruct": "every data set that would print as reported",
    "consistency": "are printed numbers possible together, and under which assumptions",
}
# Whole numbers or ranges of them; what is left is text as it was printed.
_WHOLE = {
    "n",
    "n1",
    "n2",
    "events",
    "x1",
    "x2",
    "total",
    "items",
    "missing",
    "ddof",
    "budget",
    "least",
    "x",
    "nonevents",
    "y1",
    "y2",
}
_WHOLE |= {"positives", "negatives", "predicted", "tp", "fn", "fp", "tn"}
_WHOLE_LISTS = {"scale", "sizes", "rows", "columns"}
_TEXT_LISTS = {"ci", "ci1", "ci2", "means", "sds", "ses", "numbers"}
_NAMES = {"test", "alternative", "rounding", "definition", "method", "measure"}
_VALUE = """A value is text as it was printed. Whole numbers may be ranges (75-83); several values are separated by
commas (--scale 1,7); what starts with [ or { is read as JSON, in which printed numbers are texts."""
_EXAMPLES = {
    "reconstruct": (
        "reconstruct means --n 83 --p 0.572 --test student,welch",
        "reconstruct samples --mean 3.50 --sd 1.20 --n 40 --scale 1,7",
        'reconstruct tables --n1 352 --n2 376 --risk-ratio \'{"value": "0.6", "ci": ["0.4", "0.9"], "method": "log"}\'',
        'reconstruct outcomes \'{"response": "0.230", "remission": "0.397"}\' --n 83 --test pearson',
    ),
    "consistency": (
        "consistency grim 5.19 --n 28",
        "consistency grimmer 4.2 2.9 --n 20 --scale 1,7",
        "consistency pvalue t -2.00 .04 --df 101",
        'consistency pvalue t \'["2.20", "-2.00"]\' \'[".018", ".04"]\' --df 28,101',
    ),
}


def question_parser(verb: str) -> argparse.ArgumentParser:
    """Return the parser of all questions of a verb.

    Parameters
    ----------
    verb : str
        One of `VERBS`.

    Returns
    -------
    ArgumentParser
        One command for each function of the verb.
    """
    shape = argparse.RawDescriptionHelpFormatter
    examples = "\n".join(f"  ketastats {line}" for line in _EXAMPLES[verb])
    parser = argparse.ArgumentParser(
        f"ketastats {verb}",
        description=f"{VERBS[verb].capitalize()}.\n\n{_VALUE}",
        epilog=f"examples:\n{examples}",
        formatter_class=shape,
    )
    commands = parser.add_subparsers(dest="question", metavar="question", required=True)
    for name, function in _questions(verb).items():
        lines = inspect.getdoc(function) or ""
        summary = lines.partition("\n")[0].rstrip(".").replace("%", "%%")
        command = commands.add_parser(name, help=summary, description=f"{summary}.\n\n{_VALUE}", formatter_class=shape)
        _add_options(command, function)
        output = command.add_argument_group("output").add_mutually_exclusive_group()
        output.add_argument("--json", action="store_true", help="print JSON")
        output.add_argument("--csv", action="store_true", help="print every row as CSV")
    return parser


def _questions(verb: str) -> dict[str, Callable[..., Any]]:
    module = import_module(f"ketastats.{verb}")
    return {name: getattr(module, name) for name in module.__all__ if inspect.isfunction(getattr(module, name))}


def _add_options(parser: argparse.ArgumentParser, function: Callable[..., Any]) -> None:
    told = _documented(function)
    parameters = inspect.signature(function).parameters.values()
    first = [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
    if first:
        names = " ".join(first)
        parser.add_argument("values", nargs="*", help=f"in this order: {names}; or by their names")
    given = parser.add_argument_group("printed numbers and what is known")
    for each in parameters:
        if each.kind is not each.VAR_KEYWORD:
            _add_option(given, each, told.get(each.name, ""))
        else:
            # What holds for every part unless it says something else.
            common = inspect.signature(import_module("ketastats.reconstruct").tables).parameters.values()
            for other in common:
                if other.name not in {one.name for one in parameters}:
                    _add_option(given, other, "as in the question tables, for all parts")


def _add_option(group: Any, each: inspect.Parameter, told: str) -> None:
    flag = "--" + each.name.replace("_", "-")
    if isinstance(each.default, bool):
        group.add_argument(flag, action=argparse.BooleanOptionalAction, default=None, help=told)
    else:
        group.add_argument(flag, metavar="VALUE", help=told)


def _documented(function: Callable[..., Any]) -> dict[str, str]:
    """Return what the documentation says of each parameter."""
    text = inspect.getdoc(function) or ""
    part = re.search(r"^Parameters\n-+\n(.*?)(?:\n\n\w[^\n]*\n-+\n|\Z)", text, re.DOTALL | re.MULTILINE)
    found: dict[str, str] = {}
    entry = re.compile(r"^(\w[^\n]*?) :[^\n]*\n((?:[ ]{4}[^\n]*\n?)+)", re.MULTILINE)
    for names, body in entry.findall(part[1] + "\n" if part else ""):
        words = " ".join(dedent(body).split()).replace("%", "%%").replace("``", "")
        found |= dict.fromkeys(re.split(r",\s*", names), words)
    return found


def call(verb: str, arguments: argparse.Namespace) -> Any:
    """Ask the question that was parsed.

    Parameters
    ----------
    verb : str
        One of `VERBS`.
    arguments : Namespace
        What `question_parser` has read.

    Returns
    -------
    Any
        What the function returns.

    Raises
    ------
    InvalidArgument
        If a value cannot be read, or is given twice.
    KetastatsError
        What the function raises.
    """
    function = _questions(verb)[arguments.question]
    parameters = inspect.signature(function).parameters
    given = {name: value for name, value in vars(arguments).items() if value is not None}
    for word in ("question", "values", "json", "csv"):
        given.pop(word, None)
    values = getattr(arguments, "values", [])
    first = [name for name, each in parameters.items() if each.kind is each.POSITIONAL_OR_KEYWORD]
    if len(values) > len(first):
        raise InvalidArgument("values", " ".join(values), f"at most {len(first)} values: {', '.join(first)}")
    for name, value in zip(first, values, strict=False):
        if name in given:
            raise InvalidArgument(f"--{name}", given[name], "one value; it was given by its place already")
        given[name] = value
    missing = [name for name in parameters if parameters[name].default is inspect.Parameter.empty and name not in given]
    missing = [name for name in missing if parameters[name].kind is not inspect.Parameter.VAR_KEYWORD]
    if missing:
        raise KetastatsError(f"--{missing[0].replace('_', '-')} is missing: {_documented(function)[missing[0]]}")
    ready = {name: _read(name, value, parameters.get(name)) for name, value in given.items()}
    return function(**_made(function.__name__, ready))


def _made(question: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments, with the sets that a question joins made from their keywords."""
    if question == "sample_groups" and isinstance(given["groups"], Mapping):
        samples = import_module("ketastats.reconstruct").samples
        given["groups"] = {name: samples(**_plain_keywords(one)) for name, one in given["groups"].items()}
    return given


def _plain_keywords(one: Any) -> dict[str, Any]:
    if not isinstance(one, Mapping):
        raise InvalidArgument("groups", one, "for each group the keywords of samples, as JSON")
    return {name: tuple(value) if name == "scale" else value for name, value in one.items()}


def _read(name: str, value: Any, parameter: inspect.Parameter | None) -> Any:
    """Return a value as the function takes it."""
    if isinstance(value, bool):
        return value
    text = value.strip()
    if text[:1] in ("[", "{"):
        return _from_json(name, text)
    kind = str(parameter.annotation) if parameter is not None else ""
    if name == "counts":
        parts = text.split(",")
        return (
            dict(_count(name, part) for part in parts) if "Mapping" in kind else [_whole(name, part) for part in parts]
        )
    if name == "nested":
        return [tuple(part.strip() for part in pair.split("<")) for pair in text.split(",")]
    if name in _WHOLE:
        return [_whole(name, part) for part in text.split(",")] if "," in text else _whole(name, text)
    if name in _WHOLE_LISTS:
        parts = [None if part.strip() in ("", "?") else _whole(name, part) for part in text.split(",")]
        return parts[0] if len(parts) == 1 and name != "sizes" else tuple(parts)
    if name in _TEXT_LISTS or (name in _NAMES and "," in text):
        return tuple(part.strip() or None for part in text.split(","))
    if kind.startswith(("float", "ArrayLike")):
        return _numbers(name, text)
    return value if name not in ("df", "df1") or "," not in text else [part.strip() for part in text.split(",")]


def _from_json(name: str, text: str) -> Any:
    try:
        found = json.loads(text, object_hook=_with_ranges)
    except json.JSONDecodeError as error:
        raise InvalidArgument(f"--{name}", text, "JSON where it starts with [ or {", f"{error}.") from None
    if name == "counts" and isinstance(found, dict):
        return {_number(name, key): tuple(many) if isinstance(many, list) else many for key, many in found.items()}
    return found


def _with_ranges(record: dict[str, Any]) -> dict[str, Any]:
    """Return a part of JSON, which has no ranges of its own."""
    return {
        name: _whole(name, value) if name in _WHOLE and isinstance(value, str) else value
        for name, value in record.items()
    }


def _count(name: str, part: str) -> tuple[float, Any]:
    value, equals, many = part.partition("=")
    if not equals:
        raise InvalidArgument(f"--{name}", part, "value=people, such as 7=0, or value=least-most")
    found = _whole(name, many)
    return _number(name, value), (found[0], found[-1]) if isinstance(found, range) else found


def _whole(name: str, text: str) -> int | range:
    found = re.fullmatch(r"\s*(-?\d+)(?:-(\d+))?\s*", text, re.ASCII)
    if found is None or (found[2] and int(found[2]) < int(found[1])):
        raise InvalidArgument(f"--{name}", text, "a whole number, or a range such as 75-83")
    return range(int(found[1]), int(found[2]) + 1) if found[2] else int(found[1])


def _numbers(name: str, text: str) -> Any:
    found = [_number(name, part) for part in text.split(",")]
    return found[0] if len(found) == 1 else found


def _number(name: str, text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        raise InvalidArgument(f"--{name}", text, "a number") from None
    return int(found) if found.is_integer() else found


def joined(words: Sequence[str]) -> list[str]:
    """Return the words of a command line with each negative value tied to its option.

    Parameters
    ----------
    words : sequence of str
        As the shell gives them.

    Returns
    -------
    list of str
        ``--ci -0.5,1.2`` as one word, because a word with a minus sign reads like an option otherwise.
    """
    found: list[str] = []
    for word in words:
        negative = re.match(r"-[\d.]", word) and found and re.fullmatch(r"--[a-z][a-z0-9-]*", found[-1])
        if negative:
            found[-1] += f"={word}"
        else:
            found.append(word)
    return found
