"""Learning curves of the Transformer: updates, CPU seconds and exact match, inside and outside.

    OMP_NUM_THREADS=1 python benchmarks/neural_training.py --sizes 1,4,16,64,256,1024,4096 --seeds 3
    OMP_NUM_THREADS=1 python benchmarks/neural_training.py reverse --levels positions=place_value

Every line is one fit. CPU seconds are those of training; the tests are the same for all fits.
"""

import argparse
import time

import torch

from dlcompare.neural.learner import NeuralPredictor
from dlcompare.neural.learner import transformer as create
from dlcompare.tasks.problem import Budget, Examples
from dlcompare.tasks.registry import load
from dlcompare.tasks.splits import draw_tests, draw_training
from dlcompare.tasks.task import Task


def exact_match(task: Task, predictor: NeuralPredictor, examples: Examples) -> float:
    """Share of `examples` answered right."""
    rows = list(examples.rows())
    answers = predictor.predict(rows)
    right = map(task.right, rows, answers, examples.outputs)
    return sum(right) / len(examples)


def main() -> None:
    """Print one line a fit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", nargs="?", default="sorting")
    parser.add_argument("options", nargs="*", help="learner options: key=value")
    parser.add_argument("--sizes", default="4096")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--updates", type=int, default=Budget.gradient_steps)
    parser.add_argument("--levels", action="store_true", help="exact match at every level too")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    (task,) = load(arguments.task)
    learner = create(dict(option.split("=", 1) for option in arguments.options), "cpu")
    tests = draw_tests(task, 256, 32)
    for size in map(int, arguments.sizes.split(",")):
        for seed in range(arguments.seeds):
            problem = task.problem(draw_training(task, size, seed, tests.reserved))
            started = time.process_time()
            predictor = learner.fit(problem, Budget(gradient_steps=arguments.updates), seed)
            seconds = time.process_time() - started
            print(
                f"{task.name} n={size} seed={seed} parameters={predictor.prior['parameters']} "
                f"updates={predictor.cost.gradient_steps} cpu_seconds={seconds:.1f} "
                f"inside={exact_match(task, predictor, tests.inside):.3f}",
                flush=True,
            )
            if arguments.levels:
                for axis, levels in tests.levels.items():
                    scores = [
                        f"{k}:{exact_match(task, predictor, e):.2f}" for k, e in levels.items()
                    ]
                    print(f"  {axis}  {'  '.join(scores)}", flush=True)


if __name__ == "__main__":
    main()
