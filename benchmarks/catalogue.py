"""Every task of the catalogue: what the synthesizer learns from examples, and how far it holds.

    python -m benchmarks.catalogue [--examples N] [--timeout SECONDS] [--jobs N] [--json FILE]
        [--resume] [--against OLD.json] [--only TEXT]

Examples, tests and judging are those of `dlcompare run`: the first seed's training stream, its
first N examples, the test sets of the preset ``quick``, and its budget of candidates. ``inside``:
every held-out input in the training range is answered right; ``beyond``: so is every one at each
level of each axis, up to the last. Results are written after each task; ``--resume`` keeps those
that FILE holds. A search that the seconds end depends on the machine and its load; one that the
candidates end does not. ``--against`` lists the tasks won and lost since OLD.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from dlcompare.compare.atomic import write_text
from dlcompare.compare.execution.backend import Assignment
from dlcompare.compare.execution.compiling import with_compiled
from dlcompare.compare.execution.local import Local
from dlcompare.compare.experiment.run_options import RunOptions
from dlcompare.compare.learners.learner_table import parse
from dlcompare.compare.trials.draws import Drawn, draw
from dlcompare.compare.trials.protocol import Planned, Settings
from dlcompare.compare.trials.trial import Trial, conclude, job
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.registry import catalogue
from dlcompare.tasks.task import Task

LEARNER = "synthesis"

Result = dict[str, Any]
"""The outcome for one task, as JSON values."""


def outcome(trial: Trial) -> Result:
    """Return what is kept of a trial."""
    levels: dict[str, dict[str, float]] = {}
    for each in trial.levels:
        levels.setdefault(each.axis, {})[str(each.level)] = each.score.exact_match
    program = trial.program or {}
    return {
        "status": trial.status,
        "reason": trial.reason,
        "examples": trial.n,
        "inside": trial.inside.exact_match if trial.inside else 0.0,
        "levels": levels,
        "seconds": round(trial.spent.wall_seconds, 2),
        "candidates": trial.spent.candidates,
        "bits": program.get("cost"),
        "wrong": program.get("wrong"),
        "program": program.get("dsl"),
    }


def inside(result: Result) -> bool:
    """Return whether every held-out input in the training range is answered right."""
    return bool(result["inside"] == 1)


def beyond(result: Result) -> bool:
    """Return whether every test input is answered right, to the last level of every axis."""
    shares = [share for levels in result["levels"].values() for share in levels.values()]
    return inside(result) and all(share == 1 for share in shares)


def untried(reason: str) -> Result:
    """Return the outcome for a task that has no trial."""
    return {
        "status": "skipped",
        "reason": reason,
        "examples": 0,
        "inside": 0.0,
        "levels": {},
        "seconds": 0.0,
        "candidates": 0,
        "bits": None,
        "wrong": None,
        "program": None,
    }


def trials(tasks: Sequence[Task], settings: Settings, jobs: int) -> Iterator[tuple[str, Result]]:
    """Yield each task's name with its outcome, in the order in which trials end.

    Parameters
    ----------
    tasks : sequence of Task
    settings : Settings
        One learner, one size of training set, one seed.
    jobs : int
        Trials at a time.
    """
    preload = with_compiled(parse(LEARNER).entry.preload, [task.signature for task in tasks])
    memory = int(settings.memory * 1e9)
    running: dict[int, tuple[Planned, Drawn]] = {}
    waiting = list(tasks)
    with Local(preload, jobs) as backend:
        while waiting or running:
            while waiting and len(running) < backend.room():
                task = waiting.pop(0)
                try:
                    drawn = draw(task, settings)
                except InputError as error:
                    yield task.name, untried(str(error))
                    continue
                n = min(settings.train_sizes[0], drawn.available)
                planned = Planned(task.name, LEARNER, n, 0, levels=True, supplied=n > 0)
                questions = drawn.questions(planned.levels)
                work = job(planned, LEARNER, drawn, settings)
                assignment = Assignment(
                    work, questions, settings.timeout, memory, gpu=False, sets=(len(questions),)
                )
                running[backend.launch(assignment, lambda _: None)] = planned, drawn
            for number, ending in backend.wait():
                planned, drawn = running.pop(number)
                yield planned.task, outcome(conclude(planned, drawn, settings, ending))


def row(name: str, result: Result) -> str:
    """Return a line of the table."""
    marks = (f"{'yes' if holds(result) else '':>7}" for holds in (inside, beyond))
    bits = "" if result["bits"] is None else str(result["bits"])
    last = (result["program"] or result["status"]).replace("\n", "; ")
    figures = f"{result['seconds']:8.1f} {result['candidates'] / 1e6:8.2f} {bits:>5}"
    return f"{name:34} {' '.join(marks)} {figures}  {last}"


def totals(results: dict[str, Result]) -> str:
    """Return how many tasks are right inside and beyond, in a sentence."""
    counts = [sum(map(holds, results.values())) for holds in (inside, beyond)]
    seconds = sum(result["seconds"] for result in results.values())
    return (
        f"{len(results)} tasks: {counts[0]} right inside the training range, {counts[1]} to the "
        f"last level of every axis; {seconds:.0f} s"
    )


def compared(old: dict[str, Result], new: dict[str, Result]) -> list[str]:
    """Return the tasks won and lost since an earlier result, in lines."""
    lines = []
    for title, holds in (("inside", inside), ("to the last level", beyond)):
        both = [name for name in new if name in old]
        won = [name for name in both if holds(new[name]) and not holds(old[name])]
        lost = [name for name in both if holds(old[name]) and not holds(new[name])]
        lines.append(f"{title}: won {len(won)}, lost {len(lost)} of {len(both)}")
        lines += [f"  won   {row(name, new[name])}" for name in won]
        lines += [f"  lost  {row(name, new[name])}" for name in lost]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--examples", type=int, default=64, help="training examples")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds a task")
    parser.add_argument("--memory", type=float, default=4.0, help="gigabytes a task")
    parser.add_argument("--jobs", type=int, default=1, help="tasks at a time")
    parser.add_argument("--only", metavar="TEXT", default="", help="tasks with this in their name")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there")
    parser.add_argument("--resume", action="store_true", help="keep the results that FILE holds")
    parser.add_argument("--against", type=Path, metavar="OLD", help="an earlier FILE")
    options = parser.parse_args()
    old = json.loads(options.against.read_text())["tasks"] if options.against else None
    tasks = [task for name, task in catalogue().items() if options.only in name]
    run_options = RunOptions(
        [LEARNER],
        train_sizes=[options.examples],
        seeds=1,
        device="cpu",
        timeout=options.timeout,
        memory=options.memory,
    )
    settings = run_options.settings([task.name for task in tasks])
    made_with = {
        "examples": options.examples,
        "candidates": settings.candidates,
        "timeout": options.timeout,
        "memory": options.memory,
    }
    results: dict[str, Result] = {}
    if options.resume and options.json and options.json.exists():
        earlier = json.loads(options.json.read_text())
        if earlier["settings"] != made_with:
            sys.exit(f"Error: {options.json} was made with {earlier['settings']}, not {made_with}")
        results = earlier["tasks"]
    print(f"{'task':34} {'inside':>7} {'beyond':>7} {'s':>8} {'million':>8} {'bits':>5}  program")
    started = time.monotonic()
    missing = [task for task in tasks if task.name not in results]
    for name, result in trials(missing, settings, options.jobs):
        results[name] = result
        print(row(name, result), flush=True)
        if options.json:
            kept = {"settings": made_with, "tasks": dict(sorted(results.items()))}
            write_text(options.json, json.dumps(kept, indent=1) + "\n")
    print(totals(results), f"({time.monotonic() - started:.0f} s now)")
    if old is not None:
        print(*compared(old, results), sep="\n")


if __name__ == "__main__":
    main()
