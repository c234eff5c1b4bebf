"""On how many seeds the synthesizer finds a program that is right at every level of a task.

    python -m benchmarks.seeds sorting --examples 8,16,32 --seeds 20 --orders 3

An order is a permutation of the primitives; what is found must not depend on it. Where a seed
fails, the other function that its examples allow is printed.
"""

import argparse
import dataclasses
import random
import time

from dlcompare.synthesis import synthesizer as learner
from dlcompare.synthesis.grammar.grammar import Grammar, grammar_of
from dlcompare.synthesis.program_predictor import ProgramPredictor
from dlcompare.tasks.errors import NoProgramError
from dlcompare.tasks.problem import Budget, Problem
from dlcompare.tasks.registry import load
from dlcompare.tasks.splits import Tests, draw_tests, draw_training
from dlcompare.tasks.task import Task


def right_everywhere(task: Task, tests: Tests, predictor: ProgramPredictor) -> bool:
    """Return whether every test input, inside and at every level, is answered right."""
    sets = [tests.inside, *(e for levels in tests.levels.values() for e in levels.values())]
    return all(
        task.right(row, answer, output)
        for examples in sets
        for row, answer, output in zip(
            examples.rows(), predictor.predict(list(examples.rows())), examples.outputs, strict=True
        )
    )


def permuted(order: int) -> None:
    """Make the learner try primitives in another order; 0 is the order of the files."""

    def grammar(problem: Problem, library: str | None = None) -> Grammar:
        usual = grammar_of(problem, library)
        ops = list(usual.ops)
        if order:
            random.Random(order).shuffle(ops)
        return dataclasses.replace(usual, ops=tuple(ops))

    learner.grammar_of = grammar


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task")
    parser.add_argument("--examples", default="8,16,32")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--orders", type=int, default=1, help="permutations of the primitives")
    options = parser.parse_args()
    (task,) = load(options.task)
    tests = draw_tests(task, 256, 32)
    learner.preload()
    print("examples  order  right at every level  seconds a fit (median, most)")
    for count in map(int, options.examples.split(",")):
        for order in range(options.orders):
            permuted(order)
            solved, seconds = 0, []
            for seed in range(options.seeds):
                problem = task.problem(draw_training(task, count, seed, tests.reserved))
                start = time.perf_counter()
                try:
                    found = learner.SynthesisLearner().fit(problem, Budget(), seed)
                except NoProgramError as error:
                    print(f"seed {seed}: {error}")
                    continue
                finally:
                    seconds.append(time.perf_counter() - start)
                if right_everywhere(task, tests, found):
                    solved += 1
                else:
                    print(f"seed {seed} allows:\n{found.program.python}")
            seconds.sort()
            median, most = seconds[len(seconds) // 2], seconds[-1]
            figures = f"{solved:13} of {options.seeds:3}  {median:13.2f} {most:8.2f}"
            print(f"{count:8}  {order:5}  {figures}")


if __name__ == "__main__":
    main()
