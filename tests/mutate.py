"""Plant faults in the numerical core and see whether the tests notice: ``python tests/mutate.py``.

Each mutant is a module with one change, such as ``<`` for ``<=``. It is written to a copy of the source in a temporary
folder, and the tests of that module run there until one fails: the mutant is killed. A mutant that no test kills has
survived. Either a test is missing, or no test could tell: such a change stands in ``tests/mutation_equivalent.txt``,
one a line, as ``module function: before -> after | reason``, and is left out of the score; ``*`` after the arrow means
any change of that expression.

The sample of each module depends on the seed and on that module alone.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from queue import SimpleQueue

from mutate_operators import Mutant, mutants

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path("src/ketastats")
EQUIVALENT = Path("tests/mutation_equivalent.txt")
#: What is mutated.
CORE = (
    "numerics/*.py",
    "reported.py",
    "regions.py",
    "reconstruct/_constraints.py",
    "reconstruct/_search.py",
    "reconstruct/_join.py",
    "verdict/_single.py",
    "verdict/_decide.py",
)
#: Tests of something else: what they compute passes through the core, but it takes them long.
ELSEWHERE = (
    "test_analyses_",
    "test_plots_",
    "test_calibration",
    "test_cli",
    "test_readme",
    "test_register",
    "test_truth",
)
COPIED = ("src", "tests", "analyses", "data", "pyproject.toml")
#: One thread, and no plug-in but the one that the project's settings name: they load for longer than most tests run.
SETTINGS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-p", "pytest_timeout", "--tb=no")
#: Seconds of tests, nearest first, that one mutant may face.
BUDGET = 25.0
#: A mutant that runs this many times as long as the tests do, and these seconds more, never ends.
SLACK, GRACE = 5.0, 20.0
#: Bytes that a mutant may ask for, where the system lets us say so: some ask for arrays of any size.
MEMORY = 6 * 2**30


@dataclass(kw_only=True)
class Tally:
    """What became of the mutants of one module."""

    module: str
    killed: int = 0
    equivalent: int = 0
    survivors: list[Mutant] = field(default_factory=list)

    @property
    def score(self) -> float:
        """The share killed of those that can be."""
        tried = self.killed + len(self.survivors)
        return self.killed / tried if tried else 1.0


def core(names: Sequence[str] = ()) -> list[str]:
    """The modules to mutate, as paths in the package; those whose path contains one of the names, if any are given."""
    paths = sorted(path for pattern in CORE for path in (ROOT / PACKAGE).glob(pattern) if path.name != "__init__.py")
    modules = [path.relative_to(ROOT / PACKAGE).as_posix() for path in paths]
    return [module for module in modules if not names or any(name in module for name in names)]


def equivalents() -> dict[str, str]:
    """The reason of each change that no test can tell."""
    lines = (ROOT / EQUIVALENT).read_text(encoding="utf-8").splitlines()
    entries = (line.rpartition(" | ") for line in lines if line.strip() and not line.startswith("#"))
    return {key.strip(): reason.strip() for key, _, reason in entries}


# -------------------------------------------------------------------------------------------- which tests face a mutant
@cache
def imported(path: Path, package: str) -> set[str]:
    """The modules of this package that a file imports, as paths in the package."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            above = package.split("/")[: -node.level] if node.level else []
            stem = "/".join([*above, *(node.module or "").split(".")]).strip("/").removeprefix("ketastats/")
            found |= {f"{stem}.py", *(f"{stem}/{alias.name}.py".lstrip("/") for alias in node.names)}
    return found


@cache
def importers(module: str) -> tuple[str, ...]:
    """The modules that import the module."""
    others = sorted((ROOT / PACKAGE).rglob("*.py"))
    names = [(path, path.relative_to(ROOT / PACKAGE).as_posix()) for path in others]
    return tuple(name for path, name in names if module in imported(path, name))


@cache
def tests_importing(module: str) -> tuple[str, ...]:
    """The test modules that import the module by its path."""
    return tuple(path.name for path in sorted((ROOT / "tests").glob("test_*.py")) if module in imported(path, ""))


def mirrors(module: str) -> Iterator[str]:
    """The test modules named for the module: ``test_power_solve.py`` for ``power/_solve_means.py``."""
    *room, stem = module.removesuffix(".py").split("/")
    name = "_".join(["test", *room, stem.strip("_")])
    stems = [path.stem for path in sorted((ROOT / "tests").glob("test_*.py"))]
    if name in stems:
        yield f"{name}.py"
    yield from (f"{s}.py" for s in stems if s.startswith(f"{name}_") or (room and name.startswith(f"{s}_")))


def facing(module: str) -> list[str]:
    """The tests that a mutant of the module faces, nearest first: its own, then those of the modules that import it.

    Through modules of its own room the search goes on to those that import them. A kernel that no test module names
    faces all those of the rooms that use it.
    """
    found: list[str] = []
    room = module.split("/", maxsplit=1)[0]
    queue, seen = deque([module]), {module: None}
    while queue:
        nearest = queue.popleft()
        found += [*mirrors(nearest), *tests_importing(nearest)]
        if nearest.split("/")[0] == room:
            further = [name for name in importers(nearest) if name not in seen and not name.endswith("__.py")]
            seen.update(dict.fromkeys(further))
            queue.extend(further)
    found = [name for name in found if not name.startswith(ELSEWHERE)]
    rooms = () if found else dict.fromkeys(name.split("/")[0] for name in seen if name.split("/")[0] != room)
    found += [path.name for name in rooms for path in sorted((ROOT / "tests").glob(f"test_{name}_*.py"))]
    tests = [name for name in dict.fromkeys(found) if not name.startswith(ELSEWHERE)]
    return [f"{PACKAGE}/{module}", *(f"tests/{name}" for name in tests)]


# ------------------------------------------------------------------------------------------------------ running mutants
class Workshop:
    """A copy of the source and the tests, where one mutant at a time replaces its module."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        ignore = shutil.ignore_patterns("__pycache__", "*.svg", "*.png")
        for name in COPIED:
            source, target = ROOT / name, folder / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=ignore)
            else:
                shutil.copy2(source, target)

    def run(self, tests: Sequence[str], timeout: float | None = None, *, keep_bytecode: bool = False) -> int | None:
        """Return the exit code of pytest, or None when time ran out."""
        environment = dict(os.environ, PYTHONPATH=str(self.folder / "src"), **SETTINGS)
        if not keep_bytecode:  # bytecode is told from its source by the second, and mutants take turns faster than that
            environment["PYTHONDONTWRITEBYTECODE"] = "1"
        command = [sys.executable, "-m", "pytest", *OPTIONS, *tests]
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        if sys.platform == "linux":
            import resource

            resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
        try:
            return process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def kills(self, module: str, mutant: Mutant, tests: Sequence[str], timeout: float) -> bool:
        """Whether a test fails, or never ends, with the mutant in place of its module."""
        path = self.folder / PACKAGE / module
        original = path.read_bytes()
        for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
            compiled.unlink()
        try:
            path.write_text(mutant.text, encoding="utf-8")
            return self.run(tests, timeout) != 0
        finally:
            path.write_bytes(original)


class Timings:
    """How long each test module takes on the source as it is; those that fail there are left out."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.seconds: dict[str, float | None] = {}

    def of(self, test: str) -> float | None:
        """Seconds, or None for a test module that fails or holds no test."""
        if test not in self.seconds:
            start = time.monotonic()
            code = self.workshop.run([test], keep_bytecode=True)
            self.seconds[test] = time.monotonic() - start if code == 0 else None
            if code not in (0, 5):  # 5: nothing to run
                print(f"left out, it fails without any mutant: {test}", file=sys.stderr)
        return self.seconds[test]

    def choose(self, module: str) -> tuple[list[str], float]:
        """The tests that fit the budget, nearest first, and their seconds."""
        chosen: list[str] = []
        total = 0.0
        for test in facing(module):
            seconds = self.of(test) if total < BUDGET else None
            if seconds is not None and total + seconds <= BUDGET:
                chosen.append(test)
                total += seconds
        return chosen, total


def examine(module: str, options: argparse.Namespace, timings: Timings, workshops: SimpleQueue[Workshop]) -> Tally:
    """Try a sample of the mutants of one module."""
    every = list(mutants((timings.workshop.folder / PACKAGE / module).read_text(encoding="utf-8")))
    generator = random.Random(f"{options.seed} {module}")
    sample = generator.sample(every, min(options.sample or len(every), len(every)))
    known = equivalents()
    tried = [mutant for mutant in sample if not any(f"{module} {name}" in known for name in mutant.names)]
    tally = Tally(module=module, equivalent=len(sample) - len(tried))
    tests, seconds = timings.choose(module)

    def attempt(mutant: Mutant) -> bool:
        workshop = workshops.get()
        try:
            return workshop.kills(module, mutant, tests, SLACK * seconds + GRACE)
        finally:
            workshops.put(workshop)

    with ThreadPoolExecutor(options.workers) as pool:
        for mutant, killed in zip(tried, pool.map(attempt, tried), strict=True):
            if killed:
                tally.killed += 1
            else:
                tally.survivors.append(mutant)
    return tally


def stale(modules: Sequence[str]) -> Iterator[str]:
    """The entries of the list that match no mutant of these modules any more."""
    names: set[str] = set()
    for module in modules:
        every = mutants((ROOT / PACKAGE / module).read_text(encoding="utf-8"))
        names.update(f"{module} {name}" for mutant in every for name in mutant.names)
    yield from (entry for entry in equivalents() if entry.split()[0] in modules and entry not in names)


def report(tally: Tally, options: argparse.Namespace) -> None:
    """Print the row of one module, and its survivors."""
    counts = f"{tally.killed:>7}{len(tally.survivors):>10}{tally.equivalent:>12}"
    print(f"{tally.module:<36}{counts}{tally.score:>8.0%}", flush=True)
    for mutant in sorted(tally.survivors, key=lambda m: m.line):
        print(f"    {PACKAGE}/{tally.module}:{mutant.line}  {mutant.name}", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Mutate, run, and print a table; return 1 when too many mutants survive."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sample", type=int, default=20, help="mutants per module; 0 for all (default 20)")
    parser.add_argument(
        "--module", action="append", default=[], help="only modules whose path contains this; repeatable"
    )
    parser.add_argument("--workers", type=int, default=2, help="mutants tried at a time (default 2)")
    parser.add_argument("--seed", type=int, default=1, help="another sample (default 1)")
    parser.add_argument("--target", type=float, default=0.9, help="the least score that passes (default 0.9)")
    options = parser.parse_args(arguments)
    modules = core(options.module)
    print(f"{'module':<36}{'killed':>7}{'survived':>10}{'equivalent':>12}{'score':>8}", flush=True)
    tallies = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        workshops: SimpleQueue[Workshop] = SimpleQueue()
        copies = [Workshop(Path(folder) / str(index)) for index in range(options.workers)]
        for workshop in copies:
            workshops.put(workshop)
        timings = Timings(copies[0])
        for module in modules:
            tallies.append(examine(module, options, timings, workshops))
            report(tallies[-1], options)
    total = Tally(module="all", killed=sum(t.killed for t in tallies), equivalent=sum(t.equivalent for t in tallies))
    total.survivors = [mutant for tally in tallies for mutant in tally.survivors]
    print(f"{total.module:<36}{total.killed:>7}{len(total.survivors):>10}{total.equivalent:>12}{total.score:>8.0%}")
    for entry in stale(modules):
        print(f"no longer there: {entry}", file=sys.stderr)
    return int(total.score < options.target)


if __name__ == "__main__":
    raise SystemExit(main())
