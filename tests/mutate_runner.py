"""Run the tests that meet a fault, in a process forked after all tests were collected; for ``tests/mutate.py``."""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

import pytest
from mutate_graft import plant
from mutate_operators import Mutant

#: A test that takes this many times as long as it does without a fault, and these seconds more, never ends.
SLACK, GRACE = 5.0, 3
#: Bytes that a fault may ask for beyond what is there: some ask for arrays of any size.
MEMORY = 2 * 2**30
#: How a process ends in which a fault could not be planted; 0 and 1: no test noticed, one did.
UNPLANTED = 3


@dataclass(kw_only=True)
class Reach:
    """Which tests pass which lines of the core, and how long each of them takes."""

    #: What the rest stands for: the text of every file, that of the package and its helpers as one.
    digests: dict[str, str]
    seconds: dict[str, float] = field(default_factory=dict)
    #: The tests by the path of the module and the line.
    tests: dict[str, dict[int, list[str]]] = field(default_factory=dict)

    def facing(self, module: str, mutant: Mutant, budget: float) -> list[str]:
        """The tests that pass the lines of the mutant, quickest first, within a budget of processor seconds.

        Lines that run when the module is imported are passed by every test that uses the module.
        """
        lines = self.tests.get(module, {})
        names = {test for line in mutant.lines for test in lines.get(line, ())}
        names = names or {test for tests in lines.values() for test in tests}
        chosen, total = [], 0.0
        for test in sorted(names, key=lambda name: (self.seconds[name], name)):
            total += self.seconds[test]
            if chosen and total > budget:
                break
            chosen.append(test)
        return chosen

    def write(self, path: Path) -> None:
        """Keep it for the next run."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(vars(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Reach | None:
        """What an earlier run found, if there was one."""
        if not path.is_file():
            return None
        return cls(**json.loads(path.read_text(encoding="utf-8"))).whole()

    def whole(self) -> Reach:
        """Lines as numbers: JSON has text for keys."""
        self.tests = {m: {int(line): names for line, names in lines.items()} for m, lines in self.tests.items()}
        return self

    def without(self, files: Collection[str]) -> Reach:
        """What is known of the tests of other files."""

        def stays(test: str) -> bool:
            return test.partition("::")[0] not in files

        return Reach(
            digests={name: text for name, text in self.digests.items() if name not in files},
            seconds={test: seconds for test, seconds in self.seconds.items() if stays(test)},
            tests={
                module: {line: list(filter(stays, names)) for line, names in lines.items()}
                for module, lines in self.tests.items()
            },
        )

    def with_(self, other: Reach) -> Reach:
        """Both together."""
        tests: dict[str, dict[int, list[str]]] = {}
        for module in self.tests.keys() | other.tests.keys():
            ours, theirs = self.tests.get(module, {}), other.tests.get(module, {})
            tests[module] = {line: ours.get(line, []) + theirs.get(line, []) for line in ours.keys() | theirs.keys()}
        return Reach(digests=self.digests | other.digests, seconds=self.seconds | other.seconds, tests=tests)


def digests(root: Path) -> dict[str, str]:
    """A number for the text of each file of tests, and one for all the rest."""
    files = sorted((root / "tests").glob("test_*.py"))
    rest = sorted({*(root / "src").rglob("*.py"), *(root / "tests").rglob("*.py")} - set(files))
    texts = {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
    texts["the rest"] = b"".join(path.read_bytes() for path in rest)
    return {name: sha256(text).hexdigest() for name, text in texts.items()}


class Runner:
    """The tests of one session, run as often as there are faults."""

    def __init__(self, session: pytest.Session, budget: float) -> None:
        self.session = session
        self.budget = budget
        self.items = {item.nodeid: item for item in session.items}
        #: The tests that noticed a fault in the same function, the last one first.
        self.noticed: dict[tuple[str, str], list[str]] = {}

    def reach(self, modules: dict[str, Path], kept: Reach | None, found: dict[str, str]) -> Reach:
        """Which test passes which lines of the modules, from an earlier run as far as nothing changed since.

        Tests that fail as it is are left out.
        """
        if kept is None or kept.digests.get("the rest") != found["the rest"]:
            kept = Reach(digests={})
        changed = {name for name in kept.digests.keys() | found.keys() if kept.digests.get(name) != found.get(name)}
        items = [item for item in self.items.values() if item.nodeid.partition("::")[0] in changed or not kept.digests]
        if items:
            status, said = fork(lambda: self._trace(items, modules))
            if status:
                raise RuntimeError(said)
            return kept.without(changed).with_(Reach(digests=found, **json.loads(said)).whole())
        return kept.without(changed - found.keys())

    def _trace(self, items: list[pytest.Item], modules: dict[str, Path]) -> str:
        import coverage

        cover = coverage.Coverage(data_file=None, config_file=False, include=[str(path) for path in modules.values()])
        seconds: dict[str, float] = {}
        cover.start()
        for item, following in zip(items, [*items[1:], None], strict=True):
            cover.switch_context(item.nodeid)
            start = time.process_time()
            if self._passes(item, following):
                seconds[item.nodeid] = time.process_time() - start
        cover.stop()
        data = cover.get_data()
        tests = {
            module: {line: sorted(seconds.keys() & names) for line, names in data.contexts_by_lineno(str(path)).items()}
            for module, path in modules.items()
        }
        return json.dumps({"seconds": seconds, "tests": tests})

    def _passes(self, item: pytest.Item, following: pytest.Item | None) -> bool:
        """Run one test; whether it did not fail."""
        before = self.session.testsfailed
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        return self.session.testsfailed == before

    def notices(self, module: str, mutant: Mutant, reach: Reach) -> bool:
        """Whether a test fails, or never ends, with the mutant in place of its module."""
        name = ".".join(["ketastats", *module.removesuffix(".py").split("/")])
        place = module, mutant.function
        names = reach.facing(module, mutant, self.budget)
        first = [test for test in self.noticed.get(place, []) if test in names]
        names = list(dict.fromkeys([*first, *names]))
        status, said = fork(lambda: self._attempt(name, mutant, names, reach.seconds))
        if status and said in names:
            self.noticed[place] = list(dict.fromkeys([said, *self.noticed.get(place, [])]))[:5]
        return status not in (0, UNPLANTED << 8)

    def _attempt(self, name: str, mutant: Mutant, names: list[str], seconds: dict[str, float]) -> str:
        """Plant the mutant and run the tests until one fails: end the process there, and say which."""
        if sys.platform == "linux":
            used = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, resource.RLIM_INFINITY))
        allow(GRACE)
        if not plant(name, mutant.text):
            os._exit(UNPLANTED)
        items = [self.items[test] for test in names]
        for item, following in zip(items, [*items[1:], None], strict=True):
            allow(SLACK * seconds[item.nodeid] + GRACE)
            if not self._passes(item, following):
                raise Noticed(item.nodeid)
        return ""


class Noticed(BaseException):
    """A test failed; no test may catch it."""


def allow(seconds: float) -> None:
    """Let this process go on for so many processor seconds from now."""
    limit = int(time.process_time() + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def fork(work: Callable[[], str]) -> tuple[int, str]:
    """Do the work in a copy of this process; return how that ended, and what it said."""
    reading, writing = os.pipe()
    gc.collect()
    gc.freeze()  # what is there already need not be looked through, and copied, by each process
    child = os.fork()
    if not child:
        _do(work, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        said = pipe.read()
    return os.waitpid(child, 0)[1], said


def _do(work: Callable[[], str], writing: int) -> NoReturn:
    """Be the copy: never return into what the original does next, and print nothing."""
    status = 1
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        said = work()
        status = 0
    except Noticed as noticed:
        said = str(noticed)
    except BaseException as error:  # noqa: BLE001 - whatever the fault leads to is a finding
        said = repr(error)
    with os.fdopen(writing, "w", encoding="utf-8") as pipe:
        pipe.write(said)
    os._exit(status)
