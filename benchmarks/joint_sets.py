"""How long sets take that several outcomes, subgroups or categories share, and how much memory; there is no peer."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Iterator

from _timing import Row

__all__ = ["rows"]

# Each in a process of its own. The memory is the highest sum of what Python and NumPy hold at once, in a second run,
# since counting it takes time.
_SCRIPT = """
import json, sys, time, tracemalloc
import ketastats as ks

people = int(sys.argv[2])
claim = ks.Claim(estimand="risk_difference", region=ks.within(0.16))
types = ["emotional abuse", "physical abuse", "sexual abuse", "emotional neglect", "physical neglect"]
outcomes = ["remission", "response", "relapse"]


def joint(people, number=2, alike=True):
    # Printed alike, the five share their search; otherwise each has its own.
    p = lambda place, other: "ns" if alike else f"> .{50 + 2 * place + other:03d}"
    printed = {each: {name: p(i, k) for k, name in enumerate(outcomes[:number])} for i, each in enumerate(types)}
    return ks.reconstruct.subgroups(printed, n=people, test="pearson", nested=[("remission", "response")])


work = {
    "alike": lambda: f"{joint(people).count:.1e} combinations",
    "unlike": lambda: f"{joint(people, alike=False).count:.1e} combinations",
    "draws": lambda: f"{len(joint(people).draw(1000, rng=1)):,} drawn",
    "rule": lambda: str(ks.judge(claim, joint(people)).ruling),
    "three": lambda: f"{joint(people, 3).count:.1e} combinations",
    "contingency": lambda: "{:,} tables".format(
        len(ks.reconstruct.contingency(rows=3, columns=2, n=people, p="0.041", test="pearson"))
    ),
    "square": lambda: "{:,} tables".format(
        len(ks.reconstruct.contingency(rows=3, columns=3, n=people, p="0.230", test="pearson"))
    ),
    "margins": lambda: "{:,} tables".format(
        len(ks.reconstruct.contingency(rows=(30, 28, 25), columns=(24, 33, 26), p="> .2", test="pearson"))
    ),
    "large": lambda: f"{joint(6 * people, 3).count:.1e} combinations",
}[sys.argv[1]]
joint(12)
start = time.process_time()
answer = work()
seconds = time.process_time() - start
tracemalloc.start()
work()
print(json.dumps([seconds, tracemalloc.get_traced_memory()[1] / 1e6, answer]))
"""
_JOBS = {
    "alike": ("count two outcomes in five subgroups that are not significant", 5.0),
    "unlike": ("the same where every p is another", 5.0),
    "draws": ("count them and draw 1,000", math.inf),
    "rule": ("count them and rule on ten claims", math.inf),
    "three": ("count three outcomes in five subgroups that are not significant", math.inf),
    "contingency": ("all tables of three groups by two categories that print p = 0.041", math.inf),
    "square": ("all tables of three groups by three categories, all totals unknown, that print p = 0.230", math.inf),
    "margins": ("all tables of three groups by three categories, all totals known, that print p > .2", math.inf),
    "large": ("count three outcomes in five subgroups that are not significant", math.inf),
}
# Asked of so many times as many people.
_TIMES = {"large": 6}
# These are run once.
_LONG = ("square", "large")


def rows(share: float = 1.0, seed: int = 0) -> Iterator[Row]:
    """Give a line for every piece of work, with 83 people, or with 20 when not all is timed."""
    del seed  # the draws have their own
    people, times = (83, 3) if share >= 1.0 else (20, 1)
    for name, (job, aim) in _JOBS.items():
        runs = [json.loads(_run(name, people)) for _ in range(1 if name in _LONG else times)]
        _, memory, answer = runs[0]
        yield Row(
            job=f"{job}, {_TIMES.get(name, 1) * people} people",
            items=1,
            mine=min(run[0] for run in runs),
            most_seconds=aim,
            note=f"{answer}; at most {memory:,.0f} MB",
        )


def _run(name: str, people: int) -> str:
    """Return what a fresh interpreter prints."""
    command = [sys.executable, "-c", _SCRIPT, name, str(people)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
