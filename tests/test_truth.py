"""The script that looks for true tables, run on files made here."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import truth
from scipy import stats

TESTS = ("pearson", "yates", "lr", "fisher")
COLUMNS = ["row_id", "trial", "x1", "n1", "x2", "n2", "p_text"]
COLUMNS += [f"{kind}_{test}" for test in TESTS for kind in ("p", "prints")]


def scipy_p(test: str, x1: int, n1: int, x2: int, n2: int) -> float:
    table = [[x1, n1 - x1], [x2, n2 - x2]]
    if test == "fisher":
        return float(stats.fisher_exact(table).pvalue)
    if test == "lr":
        return float(stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").pvalue)
    return float(stats.chi2_contingency(table, correction=test == "yates").pvalue)


def prints(p: float, text: str) -> bool:
    half = 0.5 * 10.0 ** -len(text.partition(".")[2])
    return abs(p - float(text)) <= half


@pytest.fixture(scope="module")
def rows() -> list[dict[str, object]]:
    rng = np.random.default_rng(20)
    result: list[dict[str, object]] = []
    while len(result) < 24:
        n1, n2 = (int(v) for v in rng.integers(5, 40, 2))
        x1, x2 = int(rng.integers(0, n1 + 1)), int(rng.integers(0, n2 + 1))
        if x1 + x2 in (0, n1 + n2):
            continue
        p = {test: scipy_p(test, x1, n1, x2, n2) for test in TESTS}
        decimals = 2 + len(result) % 2
        text = f"{p[TESTS[len(result) % 4]]:.{decimals}f}"
        row = {"row_id": f"r{len(result)}", "trial": "made", "x1": x1, "n1": n1, "x2": x2, "n2": n2, "p_text": text}
        for test in TESTS:
            row |= {f"p_{test}": f"{p[test]:.12g}", f"prints_{test}": int(prints(p[test], text))}
        result.append(row)
    return result


def write(path: Path, rows: list[dict[str, object]], columns: list[str] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_true_tables_are_found_and_counted(
    tmp_path: Path, rows: list[dict[str, object]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert truth.main([str(write(tmp_path / "tables.csv", rows)), "--max-unknown", "60"]) == 0
    report = capsys.readouterr().out
    assert report.startswith("24 rows\n")
    assert report.rstrip().endswith("Every table is where it must be.")
    lines = {line.split()[0]: line.split() for line in report.splitlines() if line.split()[:1] in [[t] for t in TESTS]}
    for test in TESTS:
        printing = sum(int(row[f"prints_{test}"]) for row in rows)  # type: ignore[call-overload]
        small = [row for row in rows if int(row["n1"]) + int(row["n2"]) <= 60]  # type: ignore[call-overload]
        printing_small = sum(int(row[f"prints_{test}"]) for row in small)  # type: ignore[call-overload]
        cells = lines[test]
        assert cells[1:4] == [str(printing), "100.00", "%"]
        assert cells[4:7] == [str(24 - printing), "0.00", "%"]
        assert cells[7:10] == [str(printing_small), "100.00", "%"]
        assert cells[13:16] == ["24", "of", "24"]
        assert 0 < float(cells[16]) <= 100
    for name in ("rate1", "risk_difference", "all at once"):
        line = next(line for line in report.splitlines() if line.startswith(f"{name}, known group sizes"))
        assert line.split("sizes")[1].split()[:4] == ["100.00", "%", "of", "24,"]
    assert f"all at once, unknown split          100.00 % of {len(small)}" in report


def test_a_table_that_its_own_numbers_do_not_give_is_a_fault(
    tmp_path: Path, rows: list[dict[str, object]], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(truth, "printed_numbers", lambda x1, n1, x2, n2: {"rate1": f"{100 * x1 / n1 + 5:.1f}%"})
    few = [row for row in rows if int(row["x1"]) + 1 < 0.9 * int(row["n1"])][:2]  # type: ignore[call-overload]
    assert truth.main([str(write(tmp_path / "few.csv", few)), "--max-unknown", "1"]) == 1
    report = capsys.readouterr().out
    assert f"{few[0]['row_id']} rate1: missed with known group sizes" in report
    assert "rate1, known group sizes          0.00 % of 2" in report


@pytest.mark.parametrize("prints_p", [0, 1])
def test_a_table_where_it_must_not_be_is_a_fault(
    tmp_path: Path, rows: list[dict[str, object]], capsys: pytest.CaptureFixture[str], prints_p: int
) -> None:
    wrong = [dict(row) for row in rows if row["prints_pearson"] == prints_p][:1]
    wrong[0]["prints_pearson"] = 1 - prints_p
    assert truth.main([str(write(tmp_path / "wrong.csv", wrong))]) == 1
    report = capsys.readouterr().out
    assert f"{wrong[0]['row_id']} pearson: {'wrongly found' if prints_p else 'missed'} with known group sizes" in report
    assert f"{wrong[0]['row_id']} pearson: {'wrongly found' if prints_p else 'missed'} with unknown split" in report
    assert "2 faults" in report


def test_a_p_that_differs_in_the_ninth_digit_is_a_fault(
    tmp_path: Path, rows: list[dict[str, object]], capsys: pytest.CaptureFixture[str]
) -> None:
    row = dict(rows[0])
    row["p_lr"] = f"{float(str(row['p_lr'])) * (1 + 3e-9):.15g}"
    assert truth.main([str(write(tmp_path / "p.csv", [row])), "--max-unknown", "0"]) == 1
    report = capsys.readouterr().out
    assert f"{row['row_id']} lr: p is" in report
    assert "1 faults" in report


def test_groups_in_either_order_and_columns_left_out(tmp_path: Path, rows: list[dict[str, object]]) -> None:
    turned = [row | {"x1": row["x2"], "n1": row["n2"], "x2": row["x1"], "n2": row["n1"]} for row in rows[:8]]
    columns = [*COLUMNS[:1], *COLUMNS[2:7], "prints_pearson"]
    assert truth.main([str(write(tmp_path / "turned.csv", turned, columns))]) == 0


HEAD = "row_id,x1,n1,x2,n2,p_text,p_pearson,prints_pearson\n"
GOOD = "a,3,10,5,11,0.47,0.46625,1\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: no column row_id"),
        (HEAD, "no rows"),
        ("row_id,x1,n1,x2,n2,prints_pearson\n", "no column p_text"),
        ("row_id,x1,n1,x2,n2,p_text\n", "no column prints_TEST"),
        (HEAD + "a,3,10,5,11,0.47,0.46625\n", "line 2: not as many fields"),
        (HEAD + "a,3,10,5,11,0.47,0.46625,1,7\n", "line 2: not as many fields"),
        (HEAD + "a,3.0,10,5,11,0.47,0.46625,1\n", "line 2: x1 is '3.0'"),
        (HEAD + "a,-3,10,5,11,0.47,0.46625,1\n", "line 2: x1 is '-3'"),
        (HEAD + "a,\u0663,10,5,11,0.47,0.46625,1\n", "line 2: x1 is"),
        (HEAD + "a,3," + "9" * 300 + ",5,11,0.47,0.46625,1\n", "line 2: n1 is '9999"),
        (HEAD + "a,30,10,5,11,0.47,0.46625,1\n", "line 2: 30/10 and 5/11"),
        (HEAD + "a,0,0,5,11,0.47,0.46625,1\n", "line 2: 0/0 and 5/11"),
        (HEAD + "a,3,10,5,11,0.47,0.46625,yes\n", "line 2: prints_pearson is 'yes'"),
        (HEAD + "a,3,10,5,11,0.47,1.46625,1\n", "line 2: p_pearson is '1.46625'"),
        (HEAD + "a,3,10,5,11,0.47,nan,1\n", "line 2: p_pearson is 'nan'"),
        (HEAD + "a,3,10,5,11,about a half,0.46625,1\n", "row 'a': p is 'about a half'"),
        (HEAD + 'a,3,10,5,11,"0.47,0.46625,1\n', "line 2"),
        (HEAD + "a,3,10,5,11," + "0" * 5000 + ",0.46625,1\n", "line 2"),
        (HEAD + "a\x00,3,10,5,11,0.47,0.46625,1,1\n", "line 2"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    limit = csv.field_size_limit()
    assert truth.main([str(path)]) == 2
    output = capsys.readouterr()
    assert message in output.err
    assert "bad.csv: " in output.err
    assert len(output.err) < 1000
    assert output.out == ""
    assert csv.field_size_limit() == limit


def test_bytes_that_are_no_text_and_a_file_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bytes.csv"
    path.write_bytes(HEAD.encode() + GOOD.encode() + b"\xff\xfe\n")
    assert truth.main([str(path)]) == 2
    assert "UTF-8" in capsys.readouterr().err
    assert truth.main([str(tmp_path / "none.csv")]) == 2
    assert "none.csv" in capsys.readouterr().err


def test_the_script_runs_on_its_own(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("\ufeff" + HEAD + GOOD.replace("0.46625", ""), encoding="utf-8")
    command = [sys.executable, str(Path(truth.__file__)), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stdout.startswith("1 rows")
    assert "the file says None" in done.stdout
