"""Problems given by examples: how many the search solves, and solves right, by set.

    python -m benchmarks.problems FILE.jsonl ... [--timeout SECONDS] [--jobs N] [--failing] [--json]
        [--candidates N] [--reweigh] [--library core]

A file is a set. Each problem has a process of its own and the limits of `dlcompare synth`, which is
the same code. ``solved``: a program answers every example it was given; ``held_out_right``: it
answers every held-out example, too; ``false_positives``: it does not; ``unverifiable``: there are
none. With ``--reweigh`` each problem is searched for twice, without `dlcompare synth --reweigh` and
with it, and the candidates of both are compared. Where ``--candidates`` ends every search before
the seconds do, no other work on the machine changes a count. The last line with ``--json`` holds
the counts.
"""

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path

from dlcompare.compare.synth.printing import following
from dlcompare.compare.synth.problems import ByExamples, SearchOptions, questions_in
from dlcompare.compare.synth.solving import Limits, Question, SynthAnswer, solve
from dlcompare.tasks.errors import InputError

WITH = ", reweighed"
"""Behind the name of a set: what it gave with re-weighing."""


def solved(answer: SynthAnswer) -> bool:
    """Return whether a program answers all examples it was given."""
    return answer.solved


def counts(answers: list[SynthAnswer]) -> dict[str, int]:
    """Return the counts of outcomes of the problems of one set."""
    accuracies = [answer.held_out_accuracy for answer in answers if solved(answer)]
    return {
        "problems": len(answers),
        "solved": len(accuracies),
        "held_out_right": accuracies.count(1.0),
        "false_positives": sum(each is not None and each < 1 for each in accuracies),
        "unverifiable": accuracies.count(None),
    }


def compared(name: str, without: list[SynthAnswer], reweighed: list[SynthAnswer]) -> list[str]:
    """Return lines on the difference that re-weighing makes to the problems of one set."""
    pairs = list(zip(without, reweighed, strict=False))
    both = [(a.candidates or 0, b.candidates or 0) for a, b in pairs if a.right and b.right]
    fewer, more = sum(b < a for a, b in both), sum(b > a for a, b in both)
    before, after = (sum(each) / 1e6 for each in zip((0, 0), *both, strict=True))
    lines = [
        f"{name}: right without and with it {len(both)}, by {before:.1f} and {after:.1f} million "
        f"candidates; with it by fewer for {fewer}, by more for {more}"
    ]
    lines += [f"  won: {b.name}  {b.dsl}" for a, b in pairs if b.right and not a.right]
    lines += [f"  lost: {a.name}  {a.dsl}" for a, b in pairs if a.right and not b.right]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds a problem")
    parser.add_argument("--candidates", type=int, default=10**15, help="to try for a problem")
    parser.add_argument("--library", default="full", choices=["full", "core"])
    parser.add_argument("--reweigh", action="store_true", help="compare without and with it")
    parser.add_argument("--memory", type=float, default=4.0, help="gigabytes a problem")
    parser.add_argument("--jobs", type=int, default=1, help="problems at a time")
    parser.add_argument("--only", metavar="TEXT", help="problems with this in their name only")
    parser.add_argument("--failing", action="store_true", help="name what is not solved right")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.add_argument("--json", action="store_true", help="print one last line of JSON")
    options = parser.parse_args()
    questions: list[Question] = []
    sets: list[str] = []
    preload: tuple[str, ...] = ()
    try:
        for file in options.files:
            found, preload = questions_in(file)
            for each in found:
                if (options.only or "") not in each.unanswered().name:
                    continue
                if not isinstance(each, ByExamples):
                    raise InputError(f"{file} has no examples")
                ways = [False, True] if options.reweigh else [False]
                for way in ways:
                    search = SearchOptions(
                        reweigh=way, candidates=options.candidates, library=options.library
                    )
                    questions.append(replace(each, options=search))
                sets += [file.stem, f"{file.stem}{WITH}"] if options.reweigh else [file.stem]
    except InputError as error:
        sys.exit(f"Error: {error}")
    answers: dict[int, SynthAnswer] = {}
    started = time.monotonic()
    with following(len(questions), options.quiet) as tell:

        def finish(place: int, answer: SynthAnswer) -> None:
            answers[place] = answer
            tell(answer)

        try:
            limits = Limits(options.timeout, int(options.memory * 1e9))
            solve(questions, limits, options.jobs, preload, finish)
        except KeyboardInterrupt:
            print(f"interrupted after {len(answers)} of {len(questions)} problems", file=sys.stderr)
    by_set = {
        name: [answers[i] for i in sorted(answers) if sets[i] == name]
        for name in dict.fromkeys(sets)
    }
    result = {name: counts(each) for name, each in by_set.items()}
    columns = list(counts([]))
    print(f"{'set':34}", *(f"{column:>16}" for column in columns), f"{'median s':>9}")
    for name, each in by_set.items():
        seconds = sorted(answer.seconds for answer in each if solved(answer))
        median = f"{seconds[len(seconds) // 2]:.2f}" if seconds else ""
        numbers = (f"{result[name][column]:>16}" for column in columns)
        print(f"{name:34}", *numbers, f"{median:>9}")
    if options.reweigh:
        for name in dict.fromkeys(each.removesuffix(WITH) for each in by_set):
            print(*compared(name, by_set[name], by_set.get(f"{name}{WITH}", [])), sep="\n")
    print(f"{len(answers)} searches in {time.monotonic() - started:.0f} s")
    if options.failing:
        for name, each in by_set.items():
            for answer in each:
                right = answer.held_out_accuracy
                if not solved(answer):
                    print(f"{name}  {answer.name}  {answer.status}: {answer.reason}")
                elif right is not None and right < 1:
                    print(f"{name}  {answer.name}  held out {right:.0%}: {answer.dsl}")
    if options.json:
        print(json.dumps({"sets": result}))


if __name__ == "__main__":
    main()
