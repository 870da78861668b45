"""Measures one thing in a process of its own and prints it as JSON: seconds, memory over the input, and the answer."""

import hashlib
import json
import resource
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from tests.benchmarks.engines import Index, Summary, Task, Work, prepare
from tests.benchmarks.rules import make_rules

_ENOUGH_SECONDS = 6.0
# What takes this long is run only once.
_SLOW = 20.0
# Beyond this an engine has failed; Polars in memory wants more than 20 GB for 500 rules on 10 M rows.
_MOST_BYTES = 12 << 30


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to measure."""

    engine: str
    first: bool
    parquet: bool
    rows: int
    rules: int
    shared: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured: the first call with its compilation, later calls, MB above the prepared input, the answer.

    Processor seconds are of all cores together; on a busy machine they are the steadier figure.
    """

    first_call: float
    seconds: list[float]
    cpu_seconds: list[float]
    peak: float
    answer: dict[str, object]


def measure(job: Job, folder: Path) -> Figures:
    """Run a job once to warm up, then up to five times or until six seconds have passed."""
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_BYTES, _MOST_BYTES))
    rules = make_rules(job.rules, job.shared)
    task = Task(job.first, job.rows, folder / "table.parquet" if job.parquet else None)
    work = prepare(job.engine, task, folder / "table.arrow", rules)
    before = _memory("VmRSS", reset=True)
    answer, first_call, cpu = _timed(work)
    seconds, cpu_seconds = ([], []) if first_call < _SLOW else ([first_call], [cpu])
    while first_call < _SLOW and len(seconds) < 5 and sum(seconds) < _ENOUGH_SECONDS:
        # An answer that is kept would count as memory of the next call.
        del answer
        answer, wall, cpu = _timed(work)
        seconds.append(wall)
        cpu_seconds.append(cpu)
    return Figures(first_call, seconds, cpu_seconds, _memory("VmHWM") - before, _described(answer))


def _timed(work: Work) -> tuple[Index | Summary, float, float]:
    """What the work gives, and the seconds it took: by the clock, and of all cores together."""
    wall, cpu = time.perf_counter(), time.process_time()
    answer = work()
    return answer, time.perf_counter() - wall, time.process_time() - cpu


def _memory(name: str, reset: bool = False) -> float:
    """A figure of this process in MB as Linux gives it; with `reset` the peak starts anew."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


def _described(answer: Index | Summary) -> dict[str, object]:
    if isinstance(answer, tuple):
        return {"counts": [int(c) for c in answer[0]], "means": answer[1]}
    held = np.ascontiguousarray(answer, np.int32)
    return {"digest": hashlib.sha256(held.tobytes()).hexdigest(), "matched": int((held >= 0).sum())}


if __name__ == "__main__":
    print(json.dumps(asdict(measure(Job(**json.loads(sys.argv[1])), Path(sys.argv[2])))))
