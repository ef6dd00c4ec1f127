"""How long the compatible sets take, how much memory they need, and how long the import takes; there is no peer."""

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
_SEARCH = """
import json, time, tracemalloc
import ketastats as ks
ks.reconstruct.tables(n=20, p="0.23", test="pearson")
start = time.process_time()
count = len(ks.reconstruct.tables(n={people}, p="0.230", test="pearson"))
seconds = time.process_time() - start
tracemalloc.start()
ks.reconstruct.tables(n={people}, p="0.230", test="pearson")
print(json.dumps([seconds, tracemalloc.get_traced_memory()[1] / 1e6, count]))
"""
# Other questions about tables, each the best of some runs in one process: what is asked, and the answer's size.
_QUESTIONS = {
    "all tables of 728 people with a printed risk ratio and its limits": (
        'len(ks.reconstruct.tables(n1=352, n2=376, risk_ratio={"value": "0.6", "ci": ("0.4", "0.9"), "method": "log"}))'
    ),
    "all tables of 1,000 people, unknown split, with a printed odds ratio and its limits": (
        'len(ks.reconstruct.tables(n=1000, odds_ratio={"value": "2.05", "ci": ("1.21", "3.49"), "method": "log"}))'
    ),
    "all tables of 300 people, unknown split, that print Fisher's p = 0.230": (
        'len(ks.reconstruct.tables(n=300, p="0.230", test="fisher"))'
    ),
    "all tables of 83 people, unknown split, that print Boschloo's p = 0.230": (
        'len(ks.reconstruct.tables(n=83, p="0.230", test="boschloo"))'
    ),
    "all tables of 2,000 people, unknown split, with a printed odds ratio and its score limits": (
        'len(ks.reconstruct.tables(n=2000, odds_ratio={"value": "2.05", "ci": ("1.21", "3.49"), "method": "score"}))'
    ),
    "all tables of 40 to 400 people, unknown split, with two printed rates and Pearson's p": (
        'len(ks.reconstruct.tables(n=range(40, 401), rate1="70%", rate2="41%", p="0.01", test="pearson"))'
    ),
    "which further number would narrow the tables of 83 people most": "len(found.most_informative())",
}
_ASK = """
import json, time
import ketastats as ks
found = ks.reconstruct.tables(n=83, p="0.230", test="pearson")
times = []
for _ in range({times}):
    start = time.process_time()
    count = {question}
    times.append(time.process_time() - start)
print(json.dumps([min(times), count]))
"""
_IMPORT = "import time; start = time.process_time(); {code}; print(time.process_time() - start)"
# The names of ketastats load when they are first used; here all verbs are.
_OURS = "import ketastats as ks; ks.effects, ks.equivalence, ks.power, ks.evidence, ks.reconstruct, ks.judge"


def rows(share: float = 1.0, seed: int = 0) -> Iterator[Row]:
    """Give a line for a small and a large number of people, and two for the import (only when all is timed)."""
    del seed  # nothing is random here
    times = 3 if share >= 1.0 else 1
    for people, aim in ((83, math.inf), (10_000 if share >= 1.0 else 100, 2.0)):
        runs = [json.loads(_run(_SEARCH.format(people=people))) for _ in range(times)]
        _, memory, count = runs[0]
        yield Row(
            job=f"all tables of {people:,} people that print p = 0.230",
            items=1,
            mine=min(run[0] for run in runs),
            most_seconds=aim,
            note=f"{count:,} tables; at most {round(memory, 1) if memory < 10.0 else round(memory)} MB",
        )
    for job, question in _QUESTIONS.items() if share >= 1.0 else list(_QUESTIONS.items())[:1]:
        mine, count = json.loads(_run(_ASK.format(question=question, times=times)))
        yield Row(job=job, items=1, mine=mine, note=f"{count:,} {'numbers' if 'further' in job else 'tables'}")
    if share < 1.0:
        return
    for job, code, aim in (
        ("import ketastats", "import ketastats", 0.3),
        ("import ketastats and all its verbs", _OURS, math.inf),
    ):
        mine, theirs = (
            min(float(_run(_IMPORT.format(code=each))) for _ in range(times))
            for each in (code, "import statsmodels.api")
        )
        yield Row(
            job=job,
            items=1,
            mine=mine,
            peer="import statsmodels.api",
            sampled=1,
            theirs=theirs,
            most_seconds=aim,
            note="names load when they are first used" if aim < math.inf else "",
        )


def _run(code: str) -> str:
    """Return what a fresh interpreter prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
