"""The command line, by subprocess where the process matters and by its main function elsewhere."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import ketastats as ks
from ketastats.__main__ import EXIT_OF_RULING, main

ROOT = Path(__file__).resolve().parent.parent
QUESTION = ["--n", "83", "--p", "0.230", "--test", "pearson"]


# As `make test` has it, and also where the package is not installed.
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT / "src")}


def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ketastats", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, cwd=ROOT, env=ENVIRONMENT | more, check=False
    )


def help_text(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        main([*command, "--help"])
    assert stopped.value.code == 0
    return capsys.readouterr().out


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


def read_json(text: str) -> dict[str, object]:
    return json.loads(text, parse_constant=refuse)


# -------------------------------------------------------------------------------------------------------- by subprocess
def test_judge_prints_the_ruling_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judge", *QUESTION, "--margin", "0.10", "--claim", "response does not differ"]) == 0
    done = capsys.readouterr()
    assert done.err == ""
    lines = done.out.splitlines()
    assert lines[0].startswith("14 tables with n = 83, unknown split, p = 0.230 on 7 splits of 41")
    assert "Claim: response does not differ: risk_difference within -0.1 to 0.1" in lines
    assert "Ruling: not established" in lines
    assert any(line.startswith("Threshold margin: 0.1675 to 0.4202") for line in lines)
    # The heading and one row for each table, aligned.
    rows = lines[-15:]
    assert rows[0].split()[:5] == ["x1", "n1", "x2", "n2", "estimate"]
    assert len({len(row) for row in rows}) == 1


def test_a_wrong_question_gets_one_line_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judge", "--n", "83", "--p", "0.23x", "--test", "pearson", "--margin", "0.10"]) == 2
    done = capsys.readouterr()
    assert done.out == ""
    assert done.err.splitlines() == [
        'ketastats: p is \'0.23x\'; allowed: a printed number such as "0.230", "< .001", "70%" or "ns".'
    ]


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{shlex.quote(sys.executable)} -m ketastats tables --n 200 --p 0.23 --test pearson --csv | head -n 2"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        env=ENVIRONMENT,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "x1,n1,x2,n2,risk1,risk2,risk_difference,tests"
    assert len(done.stdout.splitlines()) == 2


def test_an_interrupt_ends_with_one_line() -> None:
    # A search that never ends, and says when it has begun.
    program = (
        "import signal, time, ketastats.reconstruct as r, ketastats.__main__ as m\n"
        # A shell that runs the tests in the background has it ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "def endless(**given):\n    print('begun', flush=True)\n    time.sleep(60)\n"
        "r.tables = endless\n"
        "raise SystemExit(m.main(['tables', '--n', '83', '--p', '0.230', '--test', 'pearson']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=ENVIRONMENT,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=30)
    assert stderr == "ketastats: interrupted\n"
    assert process.returncode == 130


def test_a_terminal_without_the_characters_shows_codes() -> None:
    words = ["--claim", "\N{GREEK SMALL LETTER ALPHA} \udcff"]
    done = run("judge", *QUESTION, "--margin", "0.5", *words, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "Claim: \\u03b1 \\udcff: risk_difference" in done.stdout


def test_the_register_of_this_repository_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["check", str(ROOT / "data")])
    shown = capsys.readouterr().out
    assert status == 0, shown
    assert shown.rstrip().endswith("No faults.")
    assert re.search(r"^A1\.4 +trauma-link +null +p = 0\.572 ", shown, re.MULTILINE)


# ------------------------------------------------------------------------------------------------ what the help teaches
@pytest.mark.parametrize("command", [(), ("tables",), ("judge",), ("check",)], ids=["top", "tables", "judge", "check"])
def test_every_example_in_the_help_runs(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    text = help_text(capsys, *command)
    examples = re.findall(r"^ +ketastats (.*)$", text.partition("examples:")[2], re.MULTILINE)
    assert len(examples) >= (1 if command == ("check",) else 3)
    for example in examples:
        status = main(shlex.split(example))
        captured = capsys.readouterr()
        assert (status, captured.err) == (0, ""), example
        assert captured.out


@pytest.mark.parametrize("command", [(), ("tables",), ("judge",), ("check",)], ids=["top", "tables", "judge", "check"])
def test_the_help_names_every_exit_status(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    said = help_text(capsys, *command).partition("exit status:")[2]
    for status in (0, 1, 2) if command == ("check",) else (0, 1, 2, 3):
        assert re.search(rf"\b{status}  \w", said), f"{status} is not explained"
    if command == ("judge",):
        for ruling, status in EXIT_OF_RULING.items():
            assert re.search(rf"\b{status}\s+{ruling}", said), f"{ruling} is not explained"


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "examples:" in capsys.readouterr().out


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"ketastats {ks.__version__}\n"


# ------------------------------------------------------------------------------------------------------------- machines
def test_judge_as_json_holds_what_the_library_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judge", *QUESTION, "--margin", "0.10", "--json"]) == 0
    record = read_json(capsys.readouterr().out)
    claim = ks.Claim(estimand="risk_difference", region=ks.within(0.10))
    verdict = ks.judge(claim, ks.reconstruct.tables(n=83, p="0.230", test="pearson"))
    assert record["ruling"] == str(verdict.ruling) == "not established"
    assert record["threshold_margin"] == list(verdict.threshold_margin)
    assert record["because"] == verdict.because
    assert record["exhaustive"] is True
    assert record["members"] == verdict.to_frame().to_dict(orient="records")


@pytest.mark.parametrize(
    "arguments",
    [
        ["judge", "--n", "30", "--p", "<0.001", "--test", "student", "--margin", "0.5"],
        ["judge", "--n", "12", "--p", "0.2", "--test", "pearson", "--margin", "3", "--estimand", "odds_ratio"],
        ["judge", "--n", "83", "--p", "0.2300000", "--test", "pearson", "--margin", "0.1"],
        ["tables", "--n", "83", "--p", "0.2300000", "--test", "pearson"],
        ["tables", "--n", "6-9", "--p", "1.00", "--test", "fisher", "--test", "yates"],
    ],
    ids=["infinite t", "infinite odds", "impossible", "no table", "several tests"],
)
def test_json_is_json_whatever_the_numbers(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    status = main([*arguments, "--json"])
    out = capsys.readouterr().out
    record = read_json(out)
    assert "NaN" not in out
    assert status == (0 if record.get("members") or record.get("tables") else 1)


def test_csv_has_one_row_per_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tables", *QUESTION, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    found = ks.reconstruct.tables(n=83, p="0.230", test="pearson")
    assert [int(row["x1"]) for row in rows] == found.x1.tolist()
    assert [float(row["risk_difference"]) for row in rows] == found.risk_difference.tolist()
    assert main(["judge", *QUESTION, "--margin", "0.1", "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == 14
    assert {row["ruling"] for row in rows} == {"not established"}


def test_a_long_list_is_cut_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tables", "--n", "83", "--p", "0.23", "--test", "lr"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    rest = len(ks.reconstruct.tables(n=83, p="0.23", test="lr")) - 40
    assert last == f"... and {rest:,} more rows; --csv or --json prints all of them."


# -------------------------------------------------------------------------------------------------------- the arguments
def test_a_range_of_n_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tables", "--n", "75-83", "--p", "0.230", "--test", "pearson", "--json"]) == 0
    record = read_json(capsys.readouterr().out)
    assert record["count"] == len(ks.reconstruct.tables(n=range(75, 84), p="0.230", test="pearson"))


def test_every_constraint_reaches_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    constraints = ["--n1", "37", "--n2", "46", "--rate1", "18.9%", "--rate2", "0.304", "--events", "21"]
    arguments = [*constraints, "--p", "0.23", "--statistic", "1.44", "--test", "pearson", "--rounding", "half_even"]
    assert main(["tables", *arguments, "--json"]) == 0
    record = read_json(capsys.readouterr().out)
    (table,) = record["tables"]
    assert (table["x1"], table["n1"], table["x2"], table["n2"]) == (7, 37, 14, 46)
    assert main(["tables", *arguments[:-1], "truncate"]) == 1


@pytest.mark.parametrize(
    ("margin", "estimand", "region"),
    [
        ("0.10", "risk_difference", ks.within(0.10)),
        ("-0.10,inf", "risk_difference", ks.within(-0.10, float("inf"))),
        ("1.43", "odds_ratio", ks.within(1 / 1.43, 1.43)),
        ("0.8,1.25", "risk_ratio", ks.within(0.8, 1.25)),
    ],
)
def test_a_margin_is_read_on_its_scale(
    margin: str, estimand: str, region: ks.Region, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["judge", *QUESTION, f"--margin={margin}", "--estimand", estimand, "--json"]) == 0
    record = read_json(capsys.readouterr().out)
    verdict = ks.judge(
        ks.Claim(estimand=estimand, region=region), ks.reconstruct.tables(n=83, p="0.230", test="pearson")
    )
    assert record["claim"] == str(verdict.claim)
    assert record["threshold_margin"] == list(verdict.threshold_margin)


@pytest.mark.parametrize(
    ("arguments", "ruling"),
    [
        ([*QUESTION, "--margin", "0.5"], "established"),
        ([*QUESTION, "--margin", "0.10"], "not established"),
        ([*QUESTION, "--margin", "0.3"], "depends"),
        (["--n1", "40", "--n2", "40", "--rate1", "90%", "--rate2", "10%", "--margin", "0.1"], "refuted"),
        (["--n", "83", "--p", "0.2300000", "--test", "pearson", "--margin", "0.5"], "impossible"),
    ],
)
def test_the_exit_status_can_be_the_ruling(
    arguments: list[str], ruling: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["judge", *arguments, "--short", "--exit-code"]) == EXIT_OF_RULING[ruling]
    out = capsys.readouterr().out
    assert out.startswith(ruling)
    assert ("threshold margin" in out) == (ruling != "impossible")
    assert len(out.splitlines()) == 1
    assert main(["judge", *arguments]) == (1 if ruling == "impossible" else 0)


def test_the_alpha_and_the_means_reach_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--n1", "40", "--n2", "43", "--statistic", "0.57", "--test", "student", "--alpha", "0.1"]
    assert main(["judge", *arguments, "--margin", "0.5", "--json"]) == 0
    record = read_json(capsys.readouterr().out)
    verdict = ks.judge(
        ks.Claim(estimand="smd", region=ks.within(0.5)), ks.reconstruct.means(n1=40, n2=43, t="0.57"), alpha=0.1
    )
    assert record["threshold_margin"] == list(verdict.threshold_margin)
    assert record["alpha"] == 0.1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["judge", "--n", "83", "--p", "0.230", "--margin", "0.1"], "test is None; allowed: one or several of"),
        (["judge", *QUESTION, "--margin", "nan"], "--margin is nan; allowed: a positive number"),
        (["judge", *QUESTION, "--margin=-0.1"], "--margin is -0.1; allowed: a positive number"),
        (["judge", *QUESTION, "--margin", "0.2,0.1"], r"--margin is \(0.2, 0.1\); allowed: .* in this order"),
        (["judge", *QUESTION, "--margin", "0.7", "--estimand", "odds_ratio"], "--margin is 0.7; allowed: above 1"),
        (["judge", *QUESTION, "--margin", "0.1", "--alpha", "2"], "alpha is 2.0; allowed: a number above 0"),
        (["judge", *QUESTION, "--margin", "0.1", "--estimand", "smd"], "claim is 'smd'; allowed: one of risk"),
        (["judge", *QUESTION, "--test", "student", "--margin", "1"], r"--test is \['pearson', 'student'\]"),
        (["judge", "--n", "9", "--p", "1", "--test", "student", "--events", "3", "--margin", "1"], "--events is 3"),
        (["tables", "--n", "83", "--p", "1.2", "--test", "yates"], "p is '1.2'; allowed: a probability"),
        (["tables", "--n", "83"], "p is None; allowed: a printed p-value"),
        (["tables", "--p", "0.2", "--test", "yates"], "n is None"),
        (["tables", "--n", "99999999999999999999", "--p", "0.3", "--test", "yates"], "n is 99999999999999999999"),
    ],
)
def test_a_question_that_cannot_be_used_names_the_argument(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert re.match(f"ketastats: {message}", captured.err), captured.err
    assert len(captured.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tables", "--n", "83-75"], "'83-75' runs backwards; write 75-83"),
        (["tables", "--n", "many"], "'many' is not a whole number or a range such as 75-83"),
        (["judge", *QUESTION, "--margin", "ten"], "'ten' is not a margin such as 0.10"),
        (["judge", *QUESTION, "--margin", "1,2,3"], "'1,2,3' is not a margin such as 0.10"),
        (["judge", *QUESTION], "the following arguments are required: --margin"),
        (["tables", "--test", "chi2"], "invalid choice: 'chi2'"),
        (["tables", "--json", "--csv"], "not allowed with argument"),
    ],
)
def test_arguments_that_cannot_be_read_show_the_usage(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("usage: ")
    assert message in error.splitlines()[-1]


def test_a_search_beyond_the_budget_has_its_own_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tables", "--n", "400", "--p", "0.23", "--test", "pearson", "--budget", "10"]) == 3
    error = capsys.readouterr().err
    assert error.startswith("ketastats: the search holds ")
    assert "budget=10" in error


# ---------------------------------------------------------------------------------------------------------------- check
def test_check_lists_the_faults_of_a_register(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in ("articles", "studies"):
        (tmp_path / folder).mkdir()
    (tmp_path / "margins.toml").write_text("", encoding="utf-8")
    (tmp_path / "studies" / "a-2020.toml").write_text('key = "a-2020"\nn = 83\n', encoding="utf-8")
    assert main(["check", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "studies/a-2020.toml" in out
    assert "not text" in out
    assert main(["check", str(tmp_path), "--json"]) == 1
    record = read_json(capsys.readouterr().out)
    assert record["exit_code"] == 1
    assert len(record["faults"]) > 1


def test_check_of_nothing_is_unreadable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / "nowhere")]) == 2
    assert "no such file or directory" in capsys.readouterr().out
