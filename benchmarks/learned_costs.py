"""Cross-validate learned costs: learn them from some problems, and search for others with them.

    python -m benchmarks.learned_costs FILE.jsonl ... [--timeout SECONDS] [--learn-timeout SECONDS]
        [--weights W,...]

Every other problem is searched for with the usual costs, and costs are learned from the programs
that are right; the rest is searched for with the usual costs and with these, in turn. Then the
halves change places. The table has the problems right on held-out examples, and the seconds and
millions of candidates of all, and of those that both have right; then for how many of these the
learned costs took fewer candidates, and for how many more.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from dlcompare.compare.synth.problems import ByExamples, SearchOptions, questions_in
from dlcompare.compare.synth.solving import Limits, Question, SynthAnswer, solve
from dlcompare.synthesis.grammar.costs import WEIGHT, learned

MEMORY = 4 * 10**9


def answers_to(
    questions: Sequence[Question], seconds: float, preload: Sequence[str]
) -> list[SynthAnswer]:
    """The answers in the order of the questions, one at a time."""
    found: list[SynthAnswer] = []
    solve(questions, Limits(seconds, MEMORY), 1, preload, lambda _, answer: found.append(answer))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--timeout", type=float, default=4.0, help="seconds a problem")
    parser.add_argument("--learn-timeout", type=float, default=4.0, help="the same, to learn from")
    parser.add_argument("--weights", default=str(WEIGHT), help="of the usual costs, in uses")
    options = parser.parse_args()
    questions: list[ByExamples] = []
    preload: tuple[str, ...] = ()
    for file in options.files:
        found, preload = questions_in(file)
        questions += [each for each in found if isinstance(each, ByExamples)]
    names = ["usual", *(f"learned, {weight}" for weight in options.weights.split(","))]
    results: list[list[SynthAnswer]] = [[] for _ in names]
    for half in (0, 1):
        teachers = answers_to(questions[half::2], options.learn_timeout, preload)
        programs = [answer.uses for answer in teachers if answer.right]
        costs: list[Mapping[str, int]] = [{}]
        costs += [learned(programs, float(weight)) for weight in options.weights.split(",")]
        asked = [
            replace(each, options=SearchOptions(of))
            for each in questions[1 - half :: 2]
            for of in costs
        ]
        answers = answers_to(asked, options.timeout, preload)
        print(f"learned from {len(programs)} programs for {len(teachers)} problems", flush=True)
        for place in range(len(names)):
            results[place] += answers[place :: len(names)]
    print(f"{'costs':14} {'right':>6} {'seconds':>8} {'millions':>9}   of those both have right")
    for name, answers in zip(names, results, strict=True):
        both = [i for i, answer in enumerate(answers) if answer.right and results[0][i].right]
        sums = [
            (sum(each.seconds for each in of), sum(each.candidates or 0 for each in of) / 1e6)
            for of in (answers, [answers[i] for i in both], [results[0][i] for i in both])
        ]
        right = sum(answer.right for answer in answers)
        (seconds, millions), (ours, our_millions), (usual, usual_millions) = sums
        pairs = [(answers[i].candidates or 0, results[0][i].candidates or 0) for i in both]
        fewer, more = sum(a < b for a, b in pairs), sum(a > b for a, b in pairs)
        print(
            f"{name:14} {right:6} {seconds:8.1f} {millions:9.1f}   {ours:.1f} s for {usual:.1f}, "
            f"{our_millions:.1f} for {usual_millions:.1f} millions, "
            f"fewer for {fewer} and more for {more} of {len(both)} problems"
        )
    for name, answers in zip(names[1:], results[1:], strict=True):
        for usual, answer in zip(results[0], answers, strict=True):
            if usual.right != answer.right:
                print(f"{name}: {answer.name} {'won' if answer.right else 'lost'}")


if __name__ == "__main__":
    main()
