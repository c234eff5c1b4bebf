"""Specifications to programs, and commands to actions, by both sides on every split.

    python -m benchmarks.translation spec_to_code --examples 1024
    python -m benchmarks.translation scan_add_jump --examples 64,1024 --learner synthesis

One line a learner and number of examples: on inputs like those of training and at every level of
every axis the share of outputs that are right token by token ("exact"), of programs that do what is
right on fresh inputs and that z3 does not refute ("behaves"), and of these the ones that z3 proves
equal to the right one for all lists of up to three integers ("proved"). Commands
have no behaviour beside their actions. ``--json`` prints one JSON object a line.
"""

import argparse
import json
import time
from collections.abc import Iterable, Sequence

from dlcompare.compare.learners.learner_table import create, parse
from dlcompare.tasks.catalog.list_language.equivalence import prove
from dlcompare.tasks.errors import FitError
from dlcompare.tasks.problem import Budget, Examples
from dlcompare.tasks.registry import load
from dlcompare.tasks.splits import draw_tests, draw_training
from dlcompare.tasks.task import Task
from dlcompare.tasks.types import Value

Figures = dict[str, float]


def judged(task: Task, examples: Examples, answers: Sequence[Value]) -> Figures:
    """Shares of right answers, by each way to judge them."""
    pairs = list(zip(answers, examples.outputs, strict=True))
    found = {"exact": _share(a == right for a, right in pairs)}
    if task.accepts is not None:
        rows = list(examples.rows())
        behaving = [
            (answer, right)
            for row, (answer, right) in zip(rows, pairs, strict=True)
            if task.right(row, answer, right)
        ]
        proved = sum(
            answer == right or prove(" ".join(answer), " ".join(right)) == "proved"
            for answer, right in behaving
        )
        found["behaves"] = round(len(behaving) / len(pairs), 4)
        found["proved"] = round(proved / len(pairs), 4)
    return found


def _share(truths: Iterable[bool]) -> float:
    values = list(truths)
    return round(sum(values) / len(values), 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("tasks", nargs="+")
    parser.add_argument("--examples", default="1024", help="numbers of training pairs")
    parser.add_argument("--learner", action="append", help="default: synthesis and transformer")
    parser.add_argument("--updates", type=int, default=2_000)
    parser.add_argument("--candidates", type=int, default=2_000_000)
    parser.add_argument("--inside", type=int, default=64, help="test inputs like those of training")
    parser.add_argument("--per-level", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    budget = Budget(options.candidates, options.updates)
    for name in options.tasks:
        (task,) = load(name)
        tests = draw_tests(task, options.inside, options.per_level)
        sets = {"inside": tests.inside} | {
            f"{axis}={level}": examples
            for axis, levels in tests.levels.items()
            for level, examples in levels.items()
        }
        for count in map(int, options.examples.split(",")):
            shown = draw_training(task, count, options.seed, tests.reserved)
            for learner in options.learner or ("synthesis", "transformer"):
                started = time.perf_counter()
                found: dict[str, Figures] = {}
                try:
                    fitted = create(parse(learner), "cpu")
                    predictor = fitted.fit(task.problem(shown), budget, options.seed)
                except FitError as error:
                    status = error.status
                else:
                    status = "ok"
                    for where, examples in sets.items():
                        answers = predictor.predict(list(examples.rows()))
                        found[where] = judged(task, examples, answers)
                seconds = time.perf_counter() - started
                if options.json:
                    record = {
                        "task": name,
                        "learner": learner,
                        "n": len(shown),
                        "status": status,
                        "splits": found,
                        "seconds": round(seconds, 1),
                    }
                    print(json.dumps(record), flush=True)
                    continue
                print(f"{name}, {learner}, n = {len(shown)}, {seconds:.0f} s: {status}")
                for where, figures in found.items():
                    said = "  ".join(f"{figure:.0%} {way}" for way, figure in figures.items())
                    print(f"    {where:22} {said}", flush=True)


if __name__ == "__main__":
    main()
