"""Measure the cost of a trial beside its learner: scheduling, process, transfer and store.

    python -m benchmarks.overhead
    python -m benchmarks.overhead --backend ray

A learner that does next to nothing (`copy`) makes few trials and then many, one at a time; the
difference leaves out what a run does once. Processor time is that of this process and of those it
has waited for, which Ray's are not.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

from dlcompare import run

TASK = """
from dlcompare import ints, lists, task

@task(inputs=lists(ints(0, 9)), train={"length": range(2, 6)}, test={"length": [8, 12]})
def tiny(xs: list[int]) -> list[int]:
    "Keep the even numbers."
    return [x for x in xs if x % 2 == 0]
"""
FEW = 20


def main(trials: int, backend: str) -> None:
    """Measure; print milliseconds a trial."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tiny.py"
        file.write_text(TASK)

        def spent(seeds: int) -> tuple[float, float]:
            wall, cpu = time.perf_counter(), _cpu()
            out = Path(folder) / str(seeds)
            run(str(file), ["copy"], "smoke", [8], seeds, jobs=1, out=out, backend=backend)
            return time.perf_counter() - wall, _cpu() - cpu

        spent(1)  # what is imported and drawn once in a process
        few, many = spent(FEW), spent(FEW + trials)
    wall, cpu = (1e3 * (b - a) / trials for a, b in zip(few, many, strict=True))
    print(f"{backend}: {wall:.0f} ms a trial, one at a time, over {trials} trials")
    if backend == "local":
        print(f"processor time: {cpu:.0f} ms a trial")


def _cpu() -> float:
    """Processor seconds of this process and of the children it has waited for."""
    its = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in its)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--backend", choices=["local", "ray"], default="local")
    arguments = parser.parse_args()
    main(arguments.trials, arguments.backend)
