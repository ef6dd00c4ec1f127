"""Plant faults in the numerical core and see whether the tests notice: ``python tests/mutate.py``.

Each mutant is a module with one change, such as ``<`` for ``<=``. All tests are collected once, and run once to see
which lines each of them passes. Then, for each mutant, a copy of that process puts the change in the place of what is
loaded and runs the tests that pass it, the quickest first, until one fails: the mutant is killed. A mutant that no test
kills has survived. Either a test is missing, or no test could tell: such a change stands in
``tests/mutation_equivalent.txt``, one a line, as ``module function: before -> after | reason``, and is left out of the
score; ``*`` after the arrow means any change of that expression.

The sample of each module depends on the seed and on that module alone. Needs a system that can fork.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from mutate_operators import Mutant, mutants
from mutate_runner import Reach, Runner, digests

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path("src/ketastats")
EQUIVALENT = Path("tests/mutation_equivalent.txt")
#: What is mutated.
CORE = (
    "numerics/*.py",
    "reported.py",
    "regions.py",
    "reconstruct/_constraints.py",
    "reconstruct/_tables/search.py",
    "reconstruct/_outcomes/splits.py",
    "verdict/_single.py",
    "verdict/_decide.py",
)
#: Tests of something else: what they compute passes through the core, but it takes them long.
ELSEWHERE = (
    "test_analyses_*",
    "test_architecture*",
    "test_benchmarks*",
    "test_calibration*",
    "test_cli*",
    "test_mutate*",
    "test_packaging*",
    "test_plots_*",
    "test_readme*",
    "test_register*",
    "test_strange_*",
    "test_truth*",
)
#: One thread, and no plug-in but the one that the project's settings name.
SETTINGS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
OPTIONS = ("-qq", "-s", "-p", "no:cacheprovider", "-p", "pytest_timeout", "--tb=no", "--no-summary")


@dataclass(kw_only=True)
class Tally:
    """What became of the mutants of one module."""

    module: str
    killed: int = 0
    equivalent: int = 0
    survivors: list[Mutant] = field(default_factory=list)

    @property
    def tried(self) -> int:
        """How many mutants there were that a test can kill."""
        return self.killed + len(self.survivors)

    @property
    def score(self) -> float:
        """The share killed of those that can be."""
        return self.killed / self.tried if self.tried else 1.0


def core(root: Path, names: Sequence[str] = ()) -> list[str]:
    """The modules to mutate, as paths in the package; those whose path contains one of the names, if any are given."""
    paths = sorted(path for pattern in CORE for path in (root / PACKAGE).glob(pattern) if path.name != "__init__.py")
    modules = [path.relative_to(root / PACKAGE).as_posix() for path in paths]
    return [module for module in modules if not names or any(name in module for name in names)]


def equivalents(root: Path) -> dict[str, str]:
    """The reason of each change that no test can tell."""
    lines = (root / EQUIVALENT).read_text(encoding="utf-8").splitlines()
    entries = (line.rpartition(" | ") for line in lines if line.strip() and not line.startswith("#"))
    return {key.strip(): reason.strip() for key, _, reason in entries}


def sample(root: Path, module: str, options: argparse.Namespace) -> list[Mutant]:
    """Some of the mutants of one module, or all."""
    every = list(mutants((root / PACKAGE / module).read_text(encoding="utf-8")))
    generator = random.Random(f"{options.seed} {module}")
    return generator.sample(every, min(options.sample or len(every), len(every)))


def examine(root: Path, module: str, options: argparse.Namespace, notices: Callable[[Mutant], bool]) -> Tally:
    """Try a sample of the mutants of one module."""
    known = equivalents(root)
    tally = Tally(module=module)
    for mutant in sample(root, module, options):
        if any(f"{module} {name}" in known for name in mutant.names):
            tally.equivalent += 1
        elif notices(mutant):
            tally.killed += 1
        else:
            tally.survivors.append(mutant)
    return tally


def stale(root: Path, modules: Sequence[str]) -> Iterator[str]:
    """The entries of the list that match no mutant of these modules any more."""
    names: set[str] = set()
    for module in modules:
        every = mutants((root / PACKAGE / module).read_text(encoding="utf-8"))
        names.update(f"{module} {name}" for mutant in every for name in mutant.names)
    yield from (entry for entry in equivalents(root) if entry.split()[0] in modules and entry not in names)


class Examination:
    """What pytest does instead of running every test once."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.tallies: list[Tally] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Find out which tests pass which lines, then try the mutants of each module."""
        root = self.options.root
        runner = Runner(session, self.options.budget)
        reach = self.reach(runner, root)
        modules = core(root, self.options.module)
        print(f"{'module':<36}{'killed':>7}{'survived':>10}{'equivalent':>12}{'score':>8}", flush=True)
        for module in modules:
            tally = examine(root, module, self.options, lambda mutant, at=module: runner.notices(at, mutant, reach))
            self.tallies.append(tally)
            report(tally)
        return True

    def reach(self, runner: Runner, root: Path) -> Reach:
        """Which test passes which lines, kept for the next run."""
        modules = {module: root / PACKAGE / module for module in core(root)}
        found = runner.reach(modules, Reach.read(root / self.options.reach), digests(root))
        found.write(root / self.options.reach)
        for name in runner.items.keys() - found.seconds.keys():
            print(f"left out, it fails without any mutant: {name}", file=sys.stderr)
        return found


def report(tally: Tally, *, detailed: bool = True) -> None:
    """Print the row of one module, and its survivors."""
    counts = f"{tally.killed:>7}{len(tally.survivors):>10}{tally.equivalent:>12}"
    print(f"{tally.module:<36}{counts}{tally.score:>8.0%}", flush=True)
    for mutant in sorted(tally.survivors if detailed else (), key=lambda m: m.line):
        print(f"    {PACKAGE}/{tally.module}:{mutant.line}  {mutant.name}", flush=True)


def total(tallies: Sequence[Tally]) -> Tally:
    """All modules together."""
    survivors = [mutant for tally in tallies for mutant in tally.survivors]
    killed, equivalent = sum(t.killed for t in tallies), sum(t.equivalent for t in tallies)
    return Tally(module="all", killed=killed, equivalent=equivalent, survivors=survivors)


PAGE = """# Faults planted in the numerical core, and how many of them the tests notice

`python tests/mutate.py --sample {sample} --seed {seed} --write` writes this page: so many mutants of each module, with
seed and operators fixed (with `--module` the rows of other modules stay as they are). Those that no test could tell
from the original are left out of the score; `mutation_equivalent.txt` lists them with the reason of each.

| module | mutants | killed | equivalent | score |
| --- | ---: | ---: | ---: | ---: |
{rows}
"""


def table(tallies: Sequence[Tally], options: argparse.Namespace, page: Path) -> str:
    """The scores as a page, with those that it already had of other modules."""
    kept: dict[str, tuple[int, int, int]] = {}
    for line in page.read_text(encoding="utf-8").splitlines() if page.exists() else ():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0].endswith(".py"):
            kept[cells[0]] = int(cells[1]), int(cells[2]), int(cells[3])
    kept |= {tally.module: (tally.tried, tally.killed, tally.equivalent) for tally in tallies}
    counts = {module: kept[module] for module in core(options.root) if module in kept}
    counts["all"] = tuple(map(sum, zip(*counts.values(), strict=True)))
    rows = [f"| {name} | {n} | {k} | {e} | {k / n if n else 1.0:.0%} |" for name, (n, k, e) in counts.items()]
    return PAGE.format(sample=options.sample, seed=options.seed, rows="\n".join(rows))


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sample", type=int, default=30, help="mutants per module; 0 for all (default 30)")
    parser.add_argument(
        "--module", action="append", default=[], help="only modules whose path contains this; repeatable"
    )
    parser.add_argument("--seed", type=int, default=1, help="another sample (default 1)")
    parser.add_argument("--budget", type=float, default=10.0, help="seconds of tests that each may face (default 10)")
    parser.add_argument("--target", type=float, default=0.9, help="the least score that passes (default 0.9)")
    parser.add_argument("--write", action="store_true", help="store the scores in tests/mutation.md")
    parser.add_argument("--root", type=Path, default=ROOT, help="the project (default: this one)")
    parser.add_argument("--reach", default="build/mutation/reach.json", help="where to keep which test passes what")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Mutate, run, and print a table; return 1 when too many mutants survive."""
    options = parse(arguments)
    os.environ.update(SETTINGS)
    os.chdir(options.root)
    sys.path.insert(0, str(options.root / "src"))
    examination = Examination(options)
    ignored = [f"--ignore-glob=*/{pattern}.py" for pattern in ELSEWHERE]
    pytest.main([*OPTIONS, *ignored, "tests", "src"], plugins=[examination])
    everything = total(examination.tallies)
    report(everything, detailed=False)
    if options.write:
        page = options.root / "tests/mutation.md"
        page.write_text(table(examination.tallies, options, page), encoding="utf-8")
    for entry in stale(options.root, core(options.root, options.module)):
        print(f"no longer there: {entry}", file=sys.stderr)
    return int(everything.score < options.target)


if __name__ == "__main__":
    raise SystemExit(main())
