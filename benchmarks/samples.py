"""How long samples of whole numbers take to count, list, draw and bound, and how much memory they need.

There is no peer in Python that counts; beside each job stands what CLOSURE (in Rust) was measured at on such a machine.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Iterator

from _timing import Row

__all__ = ["rows"]

# Each in a process of its own. The memory is the largest resident set, less that of the process before it began.
_JOB = """
import json, os, resource, sys, time
import ketastats as ks
samples = ks.reconstruct.samples

def resident():
    # Linux tells the largest since this program began; the other number may be that of the program that began it.
    if os.path.exists("/proc/self/status"):
        status = open("/proc/self/status").read().split()
        return int(status[status.index("VmHWM:") + 1]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)

samples(mean="2.0", sd="0.82", n=4, scale=(1, 5)).draw(3, rng=1)
before = resident()
{prepare}
start = time.process_time()
for _ in range({times}):
    result = {task}
seconds = (time.process_time() - start) / {times}
print(json.dumps([seconds, resident() - before, str(result)]))
"""
# What `samples` may take for its tables unless told otherwise: 60 million cells of 8 bytes.
_BUDGET = 480
_LIKERT = 'samples(mean="3.50", sd="1.20", n={n}, scale=(1, 7))'
_TOTALS = 'samples(mean="{mean}", sd="{sd}", n={n}, scale=(0, 27))'


def rows(share: float = 1.0, seed: int = 0) -> Iterator[Row]:
    """Give a line for counting, listing, drawing and bounding, on a narrow and on a wide scale."""
    small = share < 1.0
    n = 83 if not small else 8
    wide = _TOTALS.format(mean="12.45" if not small else "12.5", sd="5.30" if not small else "5.3", n=n)
    far = _TOTALS.format(mean="12.45" if not small else "12.5", sd="8.00" if not small else "8.0", n=n)
    coarse = f'samples(mean="3.0", sd="1.2", n={200 if not small else 10}, scale=(1, 5))'
    likert = _LIKERT.format(n=100 if not small else 30)
    draws = 100_000 if not small else 10
    yield _row(
        "count the samples behind 3.50 / 1.20 on 1 to 7, n = 50",
        f"{_LIKERT.format(n=50)}.count",
        "",
        20,
        small,
        note="CLOSURE 2.6 ms",
    )
    yield _row("the same, n = 100", f"{likert}.count", "", 20, small, 0.038, "CLOSURE 38 ms")
    yield _row("count those behind 12.45 / 5.30 on 0 to 27, n = 83", f"{wide}.count", "", 1, small, 5.0)
    yield _row("count those behind 12.45 / 8.00 on 0 to 27, n = 83", f"{far}.count", "", 1, small, 5.0)
    yield _row("count those behind 3.0 / 1.2 on 1 to 5, n = 200", f"{coarse}.count", "", 1, small)
    people = 100 if not small else 30
    yield _row(
        f"list those behind 3.50 / 1.20 on 1 to 7, n = {people}, all values",
        "found.expand(found.counts()).size",
        f"found = {likert}; found.count",
        1,
        small,
        0.235,
        "CLOSURE 235 ms",
    )
    yield _row(
        "list those behind 3.0 / 1.2 on 1 to 5, per sample",
        "sum(map(len, found.chunks(100_000)))",
        f"found = {coarse}; found.count",
        1,
        small,
        per_answer=True,
        most=200 / 10e6,
    )
    yield _row(
        f"draw {draws:,} uniformly behind 12.45 / 5.30, n = 83",
        f"len(found.draw({draws}, rng={seed}))",
        f"found = {wide}; found.count",
        1,
        small,
    )
    coarsely = f'samples(mean="12.5", sd="5.3", n={n}, scale=(0, 27))'
    yield _row(
        f"draw {draws:,} uniformly behind 12.5 / 5.3, n = 83",
        f"len(found.draw({draws}, rng={seed}))",
        f"found = {coarsely}; found.count",
        1,
        small,
    )
    yield _row(
        "in how many samples has each number of people 20 or more, 12.5 / 5.3",
        "len(found.marginal(at_least=20))",
        f"found = {coarsely}; found.count",
        1,
        small,
    )
    yield _row(
        "smallest and largest skewness, 12.5 / 5.3", f"round({coarsely}.skewness_range()[1] * 1000)", "", 1, small
    )
    other = f'samples(mean="11.9", sd="5.6", n={n // 2 + 1}, scale=(0, 27))'
    yield _row(
        "judge the difference of two such groups over every pair of samples",
        "len(ks.judge(ks.Claim(estimand='mean_difference', region=ks.within(2.0)), "
        f"ks.reconstruct.sample_groups({{'a': {coarsely}, 'b': {other}}})))",
        "",
        1,
        small,
    )
    yield _row("how many can have 20 or more: sharp bounds, n = 83", f"{wide}.people(at_least=20)[-1]", "", 1, small)
    yield _row(
        "how often each value occurs in all of them, exactly",
        "len(found.frequencies())",
        f"found = {wide}; found.count",
        1,
        small,
    )


def _row(
    job: str,
    task: str,
    prepare: str,
    times: int,
    small: bool,
    most: float = math.inf,
    note: str = "",
    *,
    per_answer: bool = False,
) -> Row:
    """Return one line: the time of a task, its answer and its memory."""
    code = _JOB.format(task=task, prepare=prepare, times=1 if small else times)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, memory, answer = json.loads(run.stdout)
    told = f"{int(answer):,}; {memory:.0f} MB above the idle process, tables allowed {_BUDGET}" + (
        f"; {note}" if note else ""
    )
    return Row(job=job, items=int(answer) if per_answer else 1, mine=seconds, most_seconds=most, note=told)
