"""Functions that a first-year course or a school sets: how many the search learns from 16 examples.

    python -m benchmarks.classroom [--timeout SECONDS] [--candidates N] [--jobs N] [--only TEXT]
        [--json FILE]

Each problem has 16 examples to learn from and 64 larger ones that judge the answer (fewer where
there are no more inputs), drawn from fixed seeds, and a process of its own with the limits of
`dlcompare synth`. ``right``: a program answers all of both; ``wrong``: it answers the examples to
learn from only; ``none``: no program in time. Where ``--candidates`` ends every search before the
seconds do, no other work on the machine changes a row. Results are written after each problem.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.classroom import integers, notation, sequences, tables, texts
from benchmarks.classroom.exercise import EXERCISES
from dlcompare.compare.atomic import write_text
from dlcompare.compare.execution.compiling import with_compiled
from dlcompare.compare.synth.problems import ByExamples, SearchOptions
from dlcompare.compare.synth.solving import Limits, SynthAnswer, solve

GROUPS = [
    module.__name__.rpartition(".")[2] for module in (integers, sequences, texts, notation, tables)
]
OUTCOMES = ("right", "wrong", "none")


def outcome(answer: SynthAnswer) -> str:
    """Return what came of a problem: one of `OUTCOMES`."""
    if not answer.solved:
        return "none"
    return "right" if answer.held_out_accuracy == 1 else "wrong"


def group(name: str) -> str:
    """Return the group of an exercise: the name of its module."""
    return EXERCISES[name].function.__module__.rpartition(".")[2]


def totals(results: dict[str, dict[str, Any]]) -> list[str]:
    """Return the number of problems by group and outcome, as a table."""
    lines = [f"{'':12}{'problems':>9}" + "".join(f"{each:>7}" for each in OUTCOMES)]
    for each in [*GROUPS, "all"]:
        of_group = [r for name, r in results.items() if each in ("all", group(name))]
        counts = Counter(result["outcome"] for result in of_group)
        figures = "".join(f"{counts[outcome]:7}" for outcome in OUTCOMES)
        lines.append(f"{each:12}{len(of_group):9}{figures}")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--timeout", type=float, default=15.0, help="seconds a problem")
    parser.add_argument("--candidates", type=int, default=10**15, help="to try for a problem")
    parser.add_argument("--memory", type=float, default=4.0, help="gigabytes a problem")
    parser.add_argument("--jobs", type=int, default=1, help="problems at a time")
    parser.add_argument(
        "--only", metavar="TEXT", default="", help="problems with this in their name"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there")
    options = parser.parse_args()
    chosen = [each for name, each in EXERCISES.items() if options.only in name]
    problems = [each.problem() for each in chosen]
    preload = with_compiled(
        ("numba", "dlcompare.synthesis.synthesizer"), [each.signature for each in problems]
    )
    made_with = {"timeout": options.timeout, "candidates": options.candidates}
    results: dict[str, dict[str, Any]] = {}
    print(f"{'problem':28} outcome {'s':>6} {'million':>8} {'bits':>5}  program")

    def finish(place: int, answer: SynthAnswer) -> None:
        name = problems[place].title
        its = results[name] = {
            "outcome": outcome(answer),
            "status": answer.status,
            "held_out_accuracy": answer.held_out_accuracy,
            "seconds": round(answer.seconds, 2),
            "candidates": answer.candidates or 0,
            "bits": answer.cost if answer.solved else None,
            "program": answer.dsl if answer.solved else None,
        }
        figures = f"{its['seconds']:6.1f} {its['candidates'] / 1e6:8.2f} {its['bits'] or '':>5}"
        text = (its["program"] or its["status"]).replace("\n", "; ")
        print(f"{name:28} {its['outcome']:7} {figures}  {text}", flush=True)
        if options.json:
            kept = {**made_with, "problems": results}
            write_text(options.json, json.dumps(kept, indent=1) + "\n")

    search = SearchOptions(candidates=options.candidates)
    questions = [ByExamples(each, search) for each in problems]
    limits = Limits(options.timeout, int(options.memory * 1e9))
    try:
        solve(questions, limits, options.jobs, preload, finish)
    except KeyboardInterrupt:
        print(f"interrupted after {len(results)} of {len(problems)} problems", file=sys.stderr)
    print(*totals(results), sep="\n")


if __name__ == "__main__":
    main()
