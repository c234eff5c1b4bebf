"""Problems given by examples: how many the search solves, and solves right, by set.

    python -m benchmarks.problems FILE.jsonl ... [--timeout SECONDS] [--jobs N] [--failing] [--json]

A file is a set. Each problem has a process of its own and the limits of `dlcompare synth`, which is
the same code. ``solved``: a program answers every example it was given; ``held_out_right``: it
answers every held-out example, too; ``false_positives``: it does not; ``unverifiable``: there are
none. The last line with ``--json`` holds the counts.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from dlcompare.compare.cli.answers import following
from dlcompare.compare.questions import questions_in
from dlcompare.compare.solving import Answer, Question, solve
from dlcompare.tasks.errors import InputError


def solved(answer: Answer) -> bool:
    """Whether a program answers all examples it was given, none of them held for noise."""
    return answer.status == "ok" and answer.answered == 1


def counts(answers: list[Answer]) -> dict[str, int]:
    """What came of the problems of one set."""
    accuracies = [answer.held_out_accuracy for answer in answers if solved(answer)]
    return {
        "problems": len(answers),
        "solved": len(accuracies),
        "held_out_right": accuracies.count(1.0),
        "false_positives": sum(each is not None and each < 1 for each in accuracies),
        "unverifiable": accuracies.count(None),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds a problem")
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
            chosen = [each for each in found if (options.only or "") in each.unanswered().name]
            questions += chosen
            sets += [file.stem] * len(chosen)
    except InputError as error:
        sys.exit(f"Error: {error}")
    answers: dict[int, Answer] = {}
    started = time.monotonic()
    with following(len(questions), options.quiet) as tell:

        def finish(place: int, answer: Answer) -> None:
            answers[place] = answer
            tell(answer)

        memory = int(options.memory * 1e9)
        try:
            solve(questions, options.timeout, memory, options.jobs, preload, finish)
        except KeyboardInterrupt:
            print(f"interrupted after {len(answers)} of {len(questions)} problems", file=sys.stderr)
    by_set = {
        name: [answers[i] for i in sorted(answers) if sets[i] == name]
        for name in dict.fromkeys(sets)
    }
    result = {name: counts(each) for name, each in by_set.items()}
    columns = list(counts([]))
    print(f"{'set':24}", *(f"{column:>16}" for column in columns), f"{'median s':>9}")
    for name, each in by_set.items():
        seconds = sorted(answer.seconds for answer in each if solved(answer))
        median = f"{seconds[len(seconds) // 2]:.2f}" if seconds else ""
        numbers = (f"{result[name][column]:>16}" for column in columns)
        print(f"{name:24}", *numbers, f"{median:>9}")
    print(f"{len(answers)} problems in {time.monotonic() - started:.0f} s")
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
