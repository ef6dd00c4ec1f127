"""Registers that were written to do harm: each gets a clear fault, quickly, and never a traceback.

No test is timed: whatever would take long is refused before it is parsed, and that is what is asserted. A case that got
through would meet the limit of the test runner.
"""

from __future__ import annotations

import os
import shutil
import sys
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ketastats as ks
from ketastats import register as rg
from ketastats.register import _faults, _files, _text

DATA = Path(__file__).resolve().parent.parent / "data"

FILES = ("studies/johnson-2025.toml", "articles/trd.toml", "margins.toml")
UNREADABLE = {
    # raw bytes, part of the problem
    "a megabyte of brackets": (b"a = " + b"[" * 1_000_000, "larger than 256 KiB"),
    "brackets on a long line": (b"a = " + b"[" * 100_000, "longer than 4000"),
    "brackets on one line": (b"a = " + b"[" * 3_000, "nested deeper"),
    "brackets over many lines": (b"a = [\n" * 40_000, "nested deeper"),
    "braces": (b"a = " + b"{a = " * 700, "nested deeper"),
    "brackets after a quote in a comment": (b'# "\na = ' + b"[" * 3_000, "nested deeper"),
    "brackets after a bracket in a text": (b"b = ']]]]]]]]]]]]]]]]]]'\na = " + b"[" * 3_000, "nested deeper"),
    "brackets after an escaped quote": (b'b = "\\""\na = ' + b"[" * 3_000, "nested deeper"),
    "a deep dotted key": (b"a" + b".a" * 1_900 + b' = ""', "dots outside quotes"),
    "a deep quoted key": (b'"a"' + b'."a"' * 900 + b' = ""', "dots outside quotes"),
    "tables ever deeper": (b"".join(b"[a%s]\n" % (b".a" * depth) for depth in range(300)), "dots outside quotes"),
    "a long integer": (b"n = " + b"9" * 3_900, "word or number of more than 100"),
    "a very long integer": (b"n = " + b"9" * 200_000, "longer than 4000"),
    "an integer with separators": (b"n = " + b"9_" * 60 + b"9", "word or number of more than 100"),
    "text over several lines": (b'a = """\n[[[[[[[\n"""', "several lines"),
    "literal text over several lines": (b"a = '''\n'''", "several lines"),
    "an open quote": (b'a = "b\n', "closing quote"),
    "an open literal": (b"a = 'b\n", "closing quote"),
    "an escape at the end of a line": (b'a = "b\\\n', "closing quote"),
    "a key twice": (b'key = "a"\nkey = "b"\n', "not TOML"),
    "a table twice": (b"[a]\n[a]\n", "not TOML"),
    "no value": (b"key = \n", "not TOML"),
    "a lone surrogate": (b'a = "\\ud800"', "not TOML"),
    "not UTF-8": (b'key = "\xff"', "byte 7 is not UTF-8"),
    "UTF-16": ('key = "a"'.encode("utf-16"), "not UTF-8"),
    "a byte order mark": (b'\xef\xbb\xbfkey = "a"', "U+FEFF"),
    "a NUL byte": (b'key = "a\x00"', "U+0000"),
    "a carriage return": (b'key = "a"\rb = "c"', "U+000D"),
    "an escape sequence for the terminal": (b'key = "\x1b[2J"', "U+001B"),
    "a file too large": (b"# a\n" * 70_000, "larger than 256 KiB"),
}
FAULTY = {
    "not a number": (b"n = nan\n", "not text"),
    "infinite": (b"year = -inf\n", "not text"),
    "a large hexadecimal": (b"n = 0x" + b"f" * 90, "not text"),
    "a date": (b"year = 2020-01-01\n", "not text"),
    "an override in a comment": ("# \u202e a\n".encode(), "U+202E"),
    "an override in a text": ('key = "\u202ea"\n'.encode(), "U+202E"),
    "an isolate in a text": ('key = "\u2066a"\n'.encode(), "U+2066"),
    "an escaped override": (b'key = "\\u202ea"\n', "U+202E"),
    "a zero width space": ('key = "\u200ba"\n'.encode(), "U+200B"),
    "a line separator": ('key = "\u2028a"\n'.encode(), "U+2028"),
    "private use": ('key = "\ue000a"\n'.encode(), "U+E000"),
    "an override in a key": (b'"\\u202e" = "a"\n', "unknown key"),
    "a letter that looks like another": ('key = "\u0430-2020"\n'.encode(), "malformed"),
    "nothing": (b"", "missing"),
    "empty lines": (b"\n" * 200_000, "missing"),
    "many tables": (b"".join(b"[t%d]\n" % i for i in range(4_000)), "more than 100 faults"),
    "many tables in a row": (b"[[figure]]\n" * 4_000, "more than 100 faults"),
    "many keys": (b"".join(b"k%d = ''\n" % i for i in range(3_000)), "more than 100 faults"),
    "many entries": (b"population = [\n" + b"'abcdefghijk',\n" * 3_000 + b"]\n", "more than 100 faults"),
    "a path for a reference": (b'key = "../../../../etc/passwd"\n', "malformed"),
}


@pytest.fixture(scope="module")
def left_out() -> set[str]:
    """Names of the files that one article, the margins and the studies that these refer to do not need."""
    studies = {path.stem: path.read_text(encoding="utf-8") for path in (DATA / "studies").glob("*.toml")}
    text = "".join((DATA / file).read_text(encoding="utf-8") for file in FILES)
    kept = {Path(FILES[0]).stem, "li-2016"}
    text += studies["li-2016"]
    while found := {key for key in studies.keys() - kept if key in text}:
        kept |= found
        text += "".join(studies[key] for key in found)
    articles = {path.name for path in (DATA / "articles").glob("*.toml")} - {Path(FILES[1]).name}
    return articles | {f"{key}.toml" for key in studies.keys() - kept}


@pytest.fixture
def folder(tmp_path: Path, left_out: set[str]) -> Path:
    """A part of the project's register, so that a hostile file stands among good ones."""
    return Path(shutil.copytree(DATA, tmp_path / "data", ignore=lambda _, names: left_out & set(names)))


def only(result: rg.CheckResult, file: str) -> list[rg.Fault]:
    """The faults of one file."""
    return [fault for fault in result.faults if fault.file == file]


def printable(result: rg.CheckResult) -> bool:
    """Whether nothing that the check says could move or hide text on a screen."""
    return all(line.isprintable() for line in result.summary().splitlines())


@pytest.mark.parametrize(("file", "name"), list(zip(cycle(FILES), UNREADABLE, strict=False)))
def test_what_cannot_be_read_is_one_fault_and_exit_2(folder: Path, file: str, name: str) -> None:
    raw, problem = UNREADABLE[name]
    (folder / file).write_bytes(raw)
    result = rg.check(folder)
    assert any(problem in fault.problem and fault.unreadable for fault in only(result, file)), result.summary()
    # References to names in the broken file are not held against the good files.
    assert {fault.file for fault in result.faults} == {file}
    assert result.exit_code == 2
    assert printable(result)


@pytest.mark.parametrize("name", FAULTY)
def test_what_can_be_read_but_is_wrong_is_exit_1(folder: Path, name: str) -> None:
    raw, problem = FAULTY[name]
    (folder / "studies" / "x.toml").write_bytes(raw)
    result = rg.check(folder)
    found = only(result, "studies/x.toml")
    assert any(problem in fault.problem for fault in found), result.summary()
    assert len(found) <= 101
    assert result.exit_code == 1
    assert printable(result)
    with pytest.raises(ks.RegisterError):
        rg.load(folder)


def test_a_forbidden_character_is_reported_once_with_its_line(folder: Path) -> None:
    file = folder / "studies" / "li-2016.toml"
    text = file.read_text(encoding="utf-8").replace("Li, D'Arcy", "Li\u202e, D'Arcy")
    file.write_text(text, encoding="utf-8")
    assert [(fault.key, fault.value) for fault in rg.check(folder).faults] == [
        ("line 2", 'authors = "Li\\u202e, D\'Arcy, Meng"')
    ]


def test_windows_line_ends_and_tabs_are_fine(folder: Path) -> None:
    file = folder / "studies" / "li-2016.toml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n").replace(b" = ", b"\t=\t"))
    assert rg.check(folder).exit_code == 0


# ------------------------------------------------------------ the folder
@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("no/such/folder", "no such file"),
        (__file__, "not a folder"),
        ("", "not a folder"),
        ("a\x00b", "not a path"),
        ("a\ud800b", "not a path"),
        ("x" * 5_000, "file name too long"),
    ],
)
def test_a_path_that_is_no_register(path: str, problem: str) -> None:
    result = rg.check(path)
    assert [fault.problem for fault in result.faults] == [problem] or problem in result.faults[0].problem
    assert result.exit_code == 2
    assert printable(result)
    with pytest.raises(ks.RegisterError, match="1 fault"):
        rg.load(path)


@pytest.mark.parametrize("path", [None, 0, 3.5, b"data", ["data"]])
def test_a_path_is_text_or_a_path(path: object) -> None:
    with pytest.raises(ks.InvalidType, match="path is"):
        rg.check(path)  # type: ignore[arg-type]
    with pytest.raises(ks.InvalidType, match="path is"):
        rg.load(path)  # type: ignore[arg-type]


def test_an_empty_folder_lacks_its_margins(tmp_path: Path) -> None:
    result = rg.check(tmp_path)
    assert [(fault.file, fault.problem) for fault in result.faults] == [("margins.toml", "the file is missing")]
    assert result.exit_code == 1


@pytest.mark.parametrize(
    "name", ["notes.txt", "studies/notes.txt", "studies/.hidden.toml.swp", "extra.toml", "articles/a.TOML"]
)
def test_a_file_that_does_not_belong(folder: Path, name: str) -> None:
    (folder / name).write_text("x", encoding="utf-8")
    assert [(fault.file, fault.problem) for fault in rg.check(folder).faults] == [(name, "not a register file")]


def test_a_folder_that_does_not_belong(folder: Path) -> None:
    (folder / "studies" / "a.toml").mkdir()
    (folder / "more").mkdir()
    (folder / "more" / "a.toml").write_text("x", encoding="utf-8")
    found = [(fault.file, fault.problem) for fault in rg.check(folder).faults]
    assert found == [("more", "not a register file"), ("studies/a.toml", "not a register file")]


def test_a_file_in_place_of_a_folder(folder: Path) -> None:
    shutil.rmtree(folder / "articles")
    (folder / "articles").write_text("x", encoding="utf-8")
    assert [(fault.file, fault.problem) for fault in rg.check(folder).faults] == [("articles", "not a folder")]


def test_a_name_with_an_override_is_shown_escaped(folder: Path) -> None:
    (folder / "studies" / "a\u202elmot.toml").write_text("", encoding="utf-8")
    result = rg.check(folder)
    assert {fault.file for fault in result.faults} == {"studies/a\\u202elmot.toml"}
    assert printable(result)


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")
class TestLinksAndPipes:
    def test_a_link_to_a_file_outside_is_not_followed(self, folder: Path, tmp_path: Path) -> None:
        secret = tmp_path / "secret.toml"
        secret.write_text('key = "secret"\n', encoding="utf-8")
        (folder / "studies" / "secret.toml").symlink_to(secret)
        result = rg.check(folder)
        assert [(fault.file, fault.problem) for fault in result.faults] == [("studies/secret.toml", "a link")]
        assert "key" not in result.summary().rsplit("1 fault:", 1)[1]
        assert result.exit_code == 1

    def test_a_link_to_a_folder_outside_is_not_followed(self, folder: Path, tmp_path: Path) -> None:
        shutil.move(folder / "articles", tmp_path / "elsewhere")
        (folder / "articles").symlink_to(tmp_path / "elsewhere")
        result = rg.check(folder)
        assert [(fault.file, fault.problem) for fault in result.faults] == [("articles", "a link")]
        assert result.claims == ()

    @pytest.mark.parametrize("target", ["loop.toml", "/dev/zero", "/dev/stdin", "../studies", "nowhere"])
    def test_loops_devices_and_dangling_links(self, folder: Path, target: str) -> None:
        (folder / "studies" / "loop.toml").symlink_to(target)
        assert [fault.problem for fault in rg.check(folder).faults] == ["a link"]

    def test_a_folder_that_links_to_itself(self, tmp_path: Path) -> None:
        (tmp_path / "data").symlink_to(tmp_path / "data")
        result = rg.check(tmp_path / "data")
        assert result.exit_code == 2
        assert "symbolic links" in result.faults[0].problem

    @pytest.mark.parametrize("name", ["studies/pipe.toml", "margins.toml", "articles", "pipe"])
    def test_a_pipe_is_never_opened(self, folder: Path, name: str) -> None:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        os.mkfifo(path)  # to open it for reading would wait for a writer for ever
        found = [fault for fault in rg.check(folder).faults if fault.file == name]
        assert found[0].problem == "neither a file nor a folder"

    def test_a_pipe_put_in_place_after_the_folder_was_listed(self, folder: Path) -> None:
        path = folder / "studies" / "pipe.toml"
        os.mkfifo(path)
        faults = _faults.Faults()
        assert _files._bytes("studies/pipe.toml", path, _files.Files(), faults) is None
        assert [fault.problem for fault in faults] == ["not a regular file"]

    def test_a_link_put_in_place_after_the_folder_was_listed(self, folder: Path) -> None:
        path = folder / "studies" / "link.toml"
        path.symlink_to("li-2016.toml")
        faults = _faults.Faults()
        assert _files._bytes("studies/link.toml", path, _files.Files(), faults) is None
        assert all(fault.unreadable for fault in faults)
        assert len(list(faults)) == 1


# ------------------------------------------------------------ what the system may refuse
def test_a_file_that_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Whoever runs the tests as root may read everything, so the refusal is staged.
    plain = os.open

    def refuse(path: Path, *rest: int, **more: int) -> int:
        if Path(path).name == "li-2016.toml":
            raise PermissionError(13, "Permission denied", str(path))
        return plain(path, *rest, **more)

    monkeypatch.setattr(_files.os, "open", refuse)
    result = rg.check(folder)
    assert [str(fault) for fault in result.faults] == [
        "studies/li-2016.toml: permission denied. Make the file readable."
    ]
    assert result.exit_code == 2


def test_a_folder_that_may_not_be_listed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "studies":
            raise PermissionError(13, "Permission denied", str(path))
        return plain(path)

    monkeypatch.setattr(_files.os, "scandir", refuse)
    found = [fault for fault in rg.check(folder).faults if fault.unreadable]
    assert [(fault.file, fault.problem) for fault in found] == [("studies/", "permission denied")]


def test_a_folder_that_may_not_be_entered(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Path.lstat

    def refuse(path: Path) -> os.stat_result:
        if path.name == "li-2016.toml":
            raise PermissionError(13, "Permission denied", str(path))
        return plain(path)

    monkeypatch.setattr(Path, "lstat", refuse)
    assert ("studies/li-2016.toml", "permission denied") in [(f.file, f.problem) for f in rg.check(folder).faults]


@pytest.mark.parametrize("error", [RecursionError("deep"), MemoryError(), ValueError("many\nlines")])
def test_whatever_the_parser_raises_is_a_fault(folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(_: str) -> dict[str, object]:
        raise error

    monkeypatch.setattr(_files.tomllib, "loads", fail)
    result = rg.check(folder)
    assert all(fault.problem.startswith("not TOML") for fault in result.faults)
    assert result.exit_code == 2


# ------------------------------------------------------------ limits of the whole
def test_all_files_together_are_bounded(folder: Path) -> None:
    for number in range(10):
        (folder / "articles" / f"big-{number}.toml").write_bytes(b"# a comment of some length\n" * 9_000)
    problems = {fault.problem for fault in rg.check(folder).faults if fault.unreadable}
    assert problems == {"the register is larger than 2048 KiB"}


def test_the_number_of_files_is_bounded(folder: Path) -> None:
    for number in range(1_050):
        (folder / "studies" / f"many-{number}.toml").touch()
    result = rg.check(folder)
    assert "more than 1000 files" in [fault.problem for fault in result.faults]
    assert result.exit_code == 2


def test_a_long_value_is_shortened() -> None:
    assert _faults.shown("x" * 1_000) == "x" * 60 + "..."
    assert _faults.shown({}) == "a table"
    assert _faults.shown([]) == "a list"


# ------------------------------------------------------------ whatever comes
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    faults = _faults.Faults()
    text = _files._decoded("a.toml", raw, _files.Files(), faults)
    assert (text is None) <= (len(list(faults)) > 0)
    assert all(fault.problem.isprintable() and fault.value.isprintable() for fault in faults)


@given(text=st.text(alphabet="[]{}.\"'#\\\n= ab1", max_size=120))
def test_what_passes_the_scan_is_not_deep(text: str) -> None:
    if not any(problem.fatal for problem in _text.problems_in(text)):
        # Without quotes and comments, brackets can be counted by eye.
        if not set("\"'#") & set(text):
            depth = deepest = 0
            for character in text:
                depth += (character in "[{") - (character in "]}")
                deepest = max(deepest, depth)
            assert deepest <= 6
        assert max(map(len, text.split("\n"))) <= 4_000
