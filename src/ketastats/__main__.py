"""The command line: `ketastats tables`, `judge` and `check`, and every question of `reconstruct` and `consistency`."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from . import __version__
from ._shell import VERBS, call, joined, question_parser
from .claims import Claim
from .errors import BudgetExceeded, InvalidArgument, KetastatsError
from .numerics.table_sides import TESTS
from .regions import Region, within
from .reported import Rounding

__all__ = ["main"]

EXIT_OK, EXIT_NOTHING, EXIT_USAGE, EXIT_BUDGET, EXIT_INTERRUPTED = 0, 1, 2, 3, 130
#: With --exit-code, `judge` says its ruling by the exit status.
EXIT_OF_RULING = {"established": 0, "impossible": 1, "not established": 10, "refuted": 11, "depends": 12}
_ROWS = 40
# Larger sets are listed on demand only.
_LISTED = 10_000

_EXITS = """exit status:
  0  done                       1  no data set prints these digits, or they are not consistent
  2  the question is not usable 3  the search is larger than --budget
"""
_DESCRIPTION = """Does a reported null result support the conclusion drawn from it?

ketastats finds every data set that would print the reported digits and rules on the claim over all of them.
It judges printed numbers; it gives no medical advice."""
_EPILOG = f"""examples:
  ketastats tables --n 83 --p 0.230 --test pearson
  ketastats judge --n 83 --p 0.230 --test pearson --margin 0.10
  ketastats judge --n 83 --p 0.572 --test student --margin 0.5
  ketastats reconstruct means --n 83 --p 0.572
  ketastats consistency grim 5.18 --n 28
  ketastats check data/

{_EXITS}"""
_TABLES_EPILOG = f"""examples:
  every 2x2 table of 83 people with an uncorrected chi-square p of 0.230:
    ketastats tables --n 83 --p 0.230 --test pearson
  the same when the test is not named, and up to eight outcomes may be missing:
    ketastats tables --n 75-83 --p 0.230 --test pearson --test yates --test fisher
  with printed percentages, as JSON:
    ketastats tables --n1 37 --n2 46 --rate1 18.9% --p 0.230 --test pearson --json

{_EXITS}"""
_JUDGE_EPILOG = f"""examples:
  response rates, margin of 10 percentage points:
    ketastats judge --n 83 --p 0.230 --test pearson --margin 0.10
  means compared by Student's t, margin of half a standard deviation:
    ketastats judge --n 83 --p 0.572 --test student --margin 0.5
  noninferiority: group 1 at most 10 points below group 2:
    ketastats judge --n1 37 --n2 46 --p 0.230 --test pearson --margin=-0.10,inf
  odds ratios between 1/1.43 and 1.43, in one line:
    ketastats judge --n 83 --p 0.230 --test pearson --estimand odds_ratio --margin 1.43 --short

{_EXITS}With --exit-code the status is the ruling: 0 established, 10 not established, 11 refuted, 12 depends,
1 impossible."""
_CHECK_EPILOG = """examples:
  ketastats check data/

exit status:
  0  sound    1  faults    2  unreadable"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments; those of the process if not given.

    Returns
    -------
    int
        Exit status.

    Examples
    --------
    >>> from ketastats.__main__ import main
    >>> main(["judge", "--n", "83", "--p", "0.230", "--test", "pearson", "--margin", "0.10", "--short"])
    not established (threshold margin 0.1675 to 0.4202)
    0
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What the terminal cannot show is shown as its code, never as a traceback.
            stream.reconfigure(errors="backslashreplace")
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        status = _run(words)
        sys.stdout.flush()
        return status
    except BudgetExceeded as error:
        return _complain(error, EXIT_BUDGET)
    except KetastatsError as error:
        return _complain(error, EXIT_USAGE)
    except KeyboardInterrupt:
        return _complain("interrupted", EXIT_INTERRUPTED)
    except BrokenPipeError:
        # The reader (head, less) has seen enough; a further flush at exit would complain again.
        sys.stdout = None
        return EXIT_OK


def _run(words: list[str]) -> int:
    """Read a command line and do what it says."""
    if words[:1] and words[0] in VERBS:
        return _run_question(words[0], question_parser(words[0]).parse_args(joined(words[1:])))
    parser = _parser()
    arguments = parser.parse_args(words)
    if arguments.command is None:
        parser.print_help()
        return EXIT_OK
    return int(arguments.run(arguments))


def _complain(message: object, status: int) -> int:
    print(f"ketastats: {message}", file=sys.stderr)
    return status


# --- the commands ---------------------------------------------------------------------------------------------


def _run_tables(arguments: argparse.Namespace) -> int:
    found = _tables(arguments)
    frame = found.to_frame()
    if arguments.json:
        record = {
            "count": len(found),
            "splits": found.splits.tolist(),
            "identifiability": found.identifiability,
            "assumptions": list(found.assumptions),
            "exhaustive": found.exhaustive,
            "tables": frame.to_dict(orient="records"),
        }
        _print_json(record)
    elif arguments.csv:
        print(frame.to_csv(index=False), end="")
    else:
        print(found.summary())
        _print_frame(frame, "--csv or --json")
    return EXIT_OK if found else EXIT_NOTHING


def _run_judge(arguments: argparse.Namespace) -> int:
    from .verdict import judge

    means = "student" in arguments.test
    data = _means(arguments) if means else _tables(arguments)
    estimand = arguments.estimand or ("smd" if means else "risk_difference")
    claim = Claim(estimand=estimand, region=_region(arguments.margin, estimand), text=arguments.claim)
    verdict = judge(claim, data, alpha=arguments.alpha)
    if arguments.json:
        record = {
            "claim": str(claim),
            "ruling": str(verdict.ruling),
            "because": verdict.because,
            "threshold_margin": list(verdict.threshold_margin) if len(verdict) else None,
            "decides": list(verdict.decides),
            "alpha": verdict.alpha,
            "method": verdict.method,
            "exhaustive": verdict.exhaustive,
            "assumptions": list(verdict.assumptions),
            "identifiability": data.identifiability,
            "members": verdict.to_frame().to_dict(orient="records"),
        }
        _print_json(record)
    elif arguments.csv:
        print(verdict.to_frame().to_csv(index=False), end="")
    elif arguments.short:
        margins = "".join(f" (threshold margin {low:.4g} to {high:.4g})" for low, high in verdict.thresholds.values())
        print(f"{verdict.ruling}{margins}")
    else:
        print(data.identifiability)
        print(verdict.summary())
        _print_frame(verdict.to_frame(), "--csv or --json")
    if arguments.exit_code:
        return EXIT_OF_RULING[str(verdict.ruling)]
    return EXIT_OK if len(verdict) else EXIT_NOTHING


def _run_check(arguments: argparse.Namespace) -> int:
    from .register import check

    result = check(arguments.path)
    if arguments.json:
        _print_json(
            {
                "exit_code": result.exit_code,
                "claims": result.to_frame().to_dict(orient="records"),
                "faults": [str(fault) for fault in result.faults],
            }
        )
    else:
        print(result.summary())
    return int(result.exit_code)


def _run_question(verb: str, arguments: argparse.Namespace) -> int:
    found = call(verb, arguments)
    if not hasattr(found, "to_frame"):
        print(json.dumps(_plain(found)) if arguments.json else found)
        return EXIT_OK if found is not False else EXIT_NOTHING
    if arguments.csv:
        print(found.to_frame().to_csv(index=False), end="")
        return EXIT_OK if found else EXIT_NOTHING
    # A set may be counted though it is too large to list.
    frame = found.to_frame() if getattr(found, "count", 0) <= _LISTED else None
    if arguments.json:
        words = {
            name: getattr(found, name, None) for name in ("identifiability", "method", "emptied_by", "assumptions")
        }
        record = {name: value for name, value in words.items() if value}
        if hasattr(found, "count"):
            record["count"] = found.count
        _print_json(record | {"rows": None if frame is None else frame.to_dict(orient="records")})
    else:
        print(found.summary())
        if frame is not None and not (verb == "consistency" and len(frame) == 1):
            # Whether each assumption holds is in the label.
            shown = [name for name in frame if name not in getattr(found, "holds", {}) and name != "explanation"]
            _print_frame(frame[shown], "--csv or --json")
    return EXIT_OK if found else EXIT_NOTHING


def _tables(arguments: argparse.Namespace) -> Any:
    from .reconstruct import tables

    return tables(
        n=arguments.n,
        n1=arguments.n1,
        n2=arguments.n2,
        p=arguments.p,
        test=arguments.test or None,
        events=arguments.events,
        rate1=arguments.rate1,
        rate2=arguments.rate2,
        statistic=arguments.statistic,
        rounding=arguments.rounding,
        budget=arguments.budget,
        progress=sys.stderr.isatty(),
    )


def _means(arguments: argparse.Namespace) -> Any:
    from .reconstruct import means

    if arguments.test != ["student"]:
        raise InvalidArgument("--test", arguments.test, "student alone, or tests of 2x2 tables")
    for name in ("events", "rate1", "rate2"):
        if getattr(arguments, name) is not None:
            raise InvalidArgument(f"--{name}", getattr(arguments, name), "nothing when means are compared")
    return means(
        n=arguments.n,
        n1=arguments.n1,
        n2=arguments.n2,
        p=arguments.p,
        t=arguments.statistic,
        rounding=arguments.rounding,
    )


# --- reading arguments ----------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("ketastats", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=shape)
    parser.add_argument("--version", action="version", version=f"ketastats {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="command")

    tables = commands.add_parser(
        "tables",
        help="every 2x2 table that prints the reported digits",
        description="Every 2x2 table that would print the reported digits.",
        epilog=_TABLES_EPILOG,
        formatter_class=shape,
    )
    _add_printed(tables, TESTS)
    tables.set_defaults(run=_run_tables)

    judge = commands.add_parser(
        "judge",
        help="rule on a claim over every compatible data set",
        description="Rule on a claim of no difference over every data set that prints the reported digits.",
        epilog=_JUDGE_EPILOG,
        formatter_class=shape,
    )
    _add_printed(judge, (*TESTS, "student"))
    judge.add_argument(
        "--margin",
        required=True,
        type=_margin,
        help="largest difference that does not matter, e.g. 0.10, or 1.43 for a ratio (1/1.43 to 1.43), or low,high "
        "(inf allowed; write --margin=-0.10,inf); there is no default",
    )
    judge.add_argument(
        "--estimand",
        choices=("risk_difference", "risk_ratio", "odds_ratio", "smd"),
        help="what the margin is about (default: risk_difference for tables, smd for --test student)",
    )
    judge.add_argument("--alpha", type=float, default=0.05, help="one-sided level (default 0.05: the 90 %% interval)")
    judge.add_argument("--claim", default="", help="the claim in words, for the output")
    judge.add_argument("--short", action="store_true", help="print one line")
    judge.add_argument("--exit-code", action="store_true", help="say the ruling by the exit status")
    judge.set_defaults(run=_run_judge)

    for verb, told in VERBS.items():
        commands.add_parser(verb, help=told, add_help=False)

    check = commands.add_parser(
        "check",
        help="check a register of articles and studies",
        description="Print every claim of a register, and every fault in it.",
        epilog=_CHECK_EPILOG,
        formatter_class=shape,
    )
    check.add_argument("path", help="the folder that holds articles/, studies/ and margins.toml")
    check.add_argument("--json", action="store_true", help="print JSON")
    check.set_defaults(run=_run_check)
    return parser


def _add_printed(parser: argparse.ArgumentParser, tests: Sequence[str]) -> None:
    sizes = parser.add_argument_group("sizes")
    sizes.add_argument("--n", type=_whole, help="people in both groups, e.g. 83, or 75-83 when outcomes may be missing")
    sizes.add_argument("--n1", type=_whole, help="people in group 1")
    sizes.add_argument("--n2", type=_whole, help="people in group 2")
    printed = parser.add_argument_group("printed numbers (as text: 0.230 and 0.23 are different)")
    printed.add_argument("--p", help="p-value, e.g. 0.230, '<0.001', ns")
    printed.add_argument("--test", action="append", default=[], choices=tests, help="the test; again for several")
    printed.add_argument("--statistic", help="chi-square, or the z of wald, or the t of student")
    printed.add_argument("--events", type=_whole, help="events in both groups")
    printed.add_argument("--rate1", help="share of events in group 1, e.g. 18.9%% or 0.189")
    printed.add_argument("--rate2", help="share of events in group 2")
    printed.add_argument(
        "--rounding", default="half", choices=[str(rule) for rule in Rounding], help="how digits were cut"
    )
    parser.add_argument("--budget", type=int, default=10_000_000, help="most tables to list (default 10,000,000)")
    output = parser.add_argument_group("output").add_mutually_exclusive_group()
    output.add_argument("--json", action="store_true", help="print JSON")
    output.add_argument("--csv", action="store_true", help="print every table or split, with its ruling, as CSV")


def _whole(text: str) -> int | range:
    low, dash, high = text.partition("-")
    try:
        if not dash:
            return int(low)
        first, last = int(low), int(high)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number or a range such as 75-83") from None
    if last < first:
        raise argparse.ArgumentTypeError(f"{text!r} runs backwards; write {last}-{first}")
    return range(first, last + 1)


def _margin(text: str) -> float | tuple[float, float]:
    try:
        ends = [float(part) for part in text.split(",")]
    except ValueError:
        ends = []
    if len(ends) == 1:
        return ends[0]
    if len(ends) == 2:
        return ends[0], ends[1]
    raise argparse.ArgumentTypeError(f"{text!r} is not a margin such as 0.10, or low,high such as -0.10,inf")


def _region(margin: float | tuple[float, float], estimand: str) -> Region:
    ratio = estimand in ("risk_ratio", "odds_ratio")
    try:
        if isinstance(margin, tuple):
            return within(*margin)
        if ratio and not 1 < margin < float("inf"):
            remedy = "It stands for 1/m to m; or give both ends as low,high."
            raise InvalidArgument("--margin", margin, "above 1 for a ratio", remedy)
        return within(1 / margin, margin) if ratio else within(margin)
    except InvalidArgument as error:
        allowed = error.allowed if error.argument == "--margin" else "a positive number, or low,high in this order"
        raise InvalidArgument("--margin", margin, allowed, error.remedy) from None


# --- printing -------------------------------------------------------------------------------------------------


def _print_json(record: dict[str, Any]) -> None:
    print(json.dumps(_plain(record), indent=2, allow_nan=False))


def _plain(value: Any) -> Any:
    """Return a value that JSON can hold; infinite numbers become text."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value


def _print_frame(frame: Any, everything: str) -> None:
    if len(frame) == 0:
        return
    shown = frame.head(_ROWS)
    print(shown.to_string(index=False, float_format=lambda value: f"{value:.4f}"))
    if len(frame) > _ROWS:
        print(f"... and {len(frame) - _ROWS:,} more rows; {everything} prints all of them.")


if __name__ == "__main__":
    sys.exit(main())
