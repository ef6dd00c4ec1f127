"""Long lists of samples in files: whole parts, and on from where an interrupt stopped."""

from __future__ import annotations

import importlib
import json
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from pyarrow import parquet

import ketastats as ks


@pytest.fixture(scope="module")
def found() -> ks.reconstruct.CompatibleSamples:
    return ks.reconstruct.samples(mean="3.50", sd="1.20", n=40, scale=(1, 7))


def read(paths: tuple[Path, ...]) -> Any:
    return np.concatenate([np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.int64, ndmin=2) for path in paths])


def test_the_files_hold_the_list(tmp_path: Path, found: ks.reconstruct.CompatibleSamples) -> None:
    paths = found.write(tmp_path / "new" / "list", size=100, progress=True)
    assert [path.name for path in paths] == [f"part-{at:06d}.csv" for at in range(4)]
    assert paths[0].read_text(encoding="utf-8").splitlines()[0] == "1,2,3,4,5,6,7"
    np.testing.assert_array_equal(read(paths), found.counts())
    record = json.loads((tmp_path / "new" / "list" / "samples.json").read_text(encoding="utf-8"))
    assert (record["samples"], record["n"]) == (393, 40)


def test_an_interrupted_list_goes_on_where_it_stopped(
    tmp_path: Path, found: ks.reconstruct.CompatibleSamples, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = importlib.import_module("ketastats.reconstruct._samples.files")
    savetxt, written = np.savetxt, []

    def interrupted(stream: Any, rows: Any, **options: Any) -> None:
        written.append(len(rows))
        if len(written) == 3:
            stream.write("half a line")
            raise KeyboardInterrupt
        savetxt(stream, rows, **options)

    monkeypatch.setattr(files.np, "savetxt", interrupted)
    with pytest.raises(KeyboardInterrupt):
        found.write(tmp_path, size=100)
    whole = sorted(path.name for path in tmp_path.glob("part-*"))
    assert whole == ["part-000000.csv", "part-000001.csv"]
    np.testing.assert_array_equal(read(tuple(tmp_path / name for name in whole)), found.counts(0, 200))
    paths = found.write(tmp_path, size=100)
    assert len(written) == 5  # two whole parts, the interrupted one, and the two that were missing
    np.testing.assert_array_equal(read(paths), found.counts())
    assert list(tmp_path.glob(".part-*")) == []


def test_a_folder_with_something_else_is_refused(tmp_path: Path, found: ks.reconstruct.CompatibleSamples) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    other = ks.reconstruct.samples(mean="3.50", sd="1.20", n=50, scale=(1, 7))
    full = tmp_path / "full"
    other.write(full)
    for folder, options in (
        (tmp_path, {}),
        (full, {}),
        (tmp_path / "notes.txt", {}),
        (3, {}),
    ):
        with pytest.raises((ks.InvalidArgument, ks.InvalidType)) as caught:
            found.write(folder, **options)  # type: ignore[arg-type]
        assert caught.value.argument == "folder"
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("options", "argument"),
    [({"form": "xlsx"}, "form"), ({"size": 0}, "size"), ({"progress": 1}, "progress")],
)
def test_arguments_that_cannot_be_used_are_named(
    tmp_path: Path, found: ks.reconstruct.CompatibleSamples, options: dict[str, Any], argument: str
) -> None:
    with pytest.raises((ks.InvalidArgument, ks.InvalidType)) as caught:
        found.write(tmp_path, **options)
    assert caught.value.argument == argument
    assert list(tmp_path.iterdir()) == []


def test_a_list_that_no_disk_holds_is_refused(tmp_path: Path) -> None:
    many = ks.reconstruct.samples(mean="14.1", sd="5.3", n=30, scale=(0, 27))
    with pytest.raises(ks.InvalidArgument, match="Draw from the set") as caught:
        many.write(tmp_path, size=1000)
    assert caught.value.argument == "size"


def test_an_empty_set_writes_no_part(tmp_path: Path) -> None:
    assert ks.reconstruct.samples(mean="3.51", sd="1.20", n=50, scale=(1, 7)).write(tmp_path) == ()


def test_parquet_needs_pyarrow(
    tmp_path: Path, found: ks.reconstruct.CompatibleSamples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ks.InvalidArgument, match="Install pyarrow"):
        found.write(tmp_path, form="parquet")
    tables: list[dict[str, Any]] = []
    arrow, parquet = ModuleType("pyarrow"), ModuleType("pyarrow.parquet")
    vars(arrow).update(table=lambda columns: columns, parquet=parquet)
    vars(parquet).update(write_table=lambda table, path: (tables.append(table), Path(path).touch()))
    monkeypatch.setitem(sys.modules, "pyarrow", arrow)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", parquet)
    paths = found.write(tmp_path, form="parquet", size=200)
    assert [path.name for path in paths] == ["part-000000.parquet", "part-000001.parquet"]
    rows = np.concatenate([np.stack(list(table.values()), axis=1) for table in tables])
    np.testing.assert_array_equal(rows, found.counts())


def test_parquet_is_read_back(tmp_path: Path, found: ks.reconstruct.CompatibleSamples) -> None:
    paths = found.write(tmp_path, form="parquet", size=200)
    rows = [np.stack([column.to_numpy() for column in parquet.read_table(path).columns], axis=1) for path in paths]
    np.testing.assert_array_equal(np.concatenate(rows), found.counts())


# Where a shell started this in the background, interrupts are ignored unless asked for.
_CHILD = """
import signal, sys, time
from pathlib import Path
import ketastats as ks

signal.signal(signal.SIGINT, signal.default_int_handler)
replace, written = Path.replace, []

def told(self, target):
    # The description of the list and three parts are finished; the fourth part stands there under its first name.
    written.append(target)
    if len(written) == 5:
        print("now", flush=True)
        time.sleep(60)
    return replace(self, target)

Path.replace = told
ks.reconstruct.samples(mean="3.50", sd="1.20", n=40, scale=(1, 7)).write(sys.argv[1], form=sys.argv[2], size=20)
"""


@pytest.mark.parametrize(("form", "stop"), [("csv", "SIGKILL"), ("parquet", "SIGINT")])
def test_a_list_whose_process_was_stopped_goes_on(
    tmp_path: Path, found: ks.reconstruct.CompatibleSamples, form: str, stop: str
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(tmp_path), form], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "now\n"
    child.send_signal(getattr(signal, stop))
    _, told = child.communicate()
    assert child.returncode != 0
    assert stop == "SIGKILL" or "KeyboardInterrupt" in told
    whole = sorted(tmp_path.glob("part-*"))
    assert len(whole) == 3
    before = {path: path.stat().st_mtime_ns for path in whole}
    paths = found.write(tmp_path, form=form, size=20)
    assert len(paths) == 20
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())
    if form == "csv":
        rows = read(paths)
    else:
        tables = [parquet.read_table(path) for path in paths]
        assert tables[0].column_names == ["1", "2", "3", "4", "5", "6", "7"]
        rows = np.concatenate([np.stack([column.to_numpy() for column in each.columns], axis=1) for each in tables])
    np.testing.assert_array_equal(rows, found.counts())
    assert list(tmp_path.glob(".part-*")) == []


def test_the_progress_bar_counts_samples_on_standard_error(
    tmp_path: Path, found: ks.reconstruct.CompatibleSamples, capsys: pytest.CaptureFixture[str]
) -> None:
    found.write(tmp_path, size=100, progress=True)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "samples" in shown.err
    assert "/393" in shown.err
    found.write(tmp_path, size=100)
    assert capsys.readouterr() == ("", "")
