"""How fast a network's learning curve is made: ours beside the same model in plain loops.

    OMP_NUM_THREADS=1 python -m benchmarks.neural_training sorting --sizes 16,256,4096
    OMP_NUM_THREADS=1 python -m benchmarks.neural_training sorting --peers none --seeds 3
    OMP_NUM_THREADS=1 python -m benchmarks.neural_training sorting --updates 800 --peer-updates 2000
    OMP_NUM_THREADS=1 python -m benchmarks.neural_training addition positions=place_value --levels

Every line is one fit: examples to weights, and the answers to the test inside the training range.
Seconds are CPU seconds of both. x-transformers comes with `pip install 'dlcompare[peers]'`.
`--peer-updates` lets peers train longer, for a comparison at equal accuracy. With `--json` the last
line has all figures; `speedup_over_…` is a peer's seconds for the whole curve by ours, and
`update_speedup_over_…` our updates a second by a peer's.
"""

import argparse
import json
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

import torch
import torch._dynamo  # what the first step of an optimizer imports; here, no fit pays for it

from benchmarks.peers import PEERS, answers, plain_loop
from dlcompare.neural.batches import Pairs
from dlcompare.neural.decoding import LengthCap
from dlcompare.neural.encoding import Encoding
from dlcompare.neural.learner import NeuralLearner, transformer
from dlcompare.neural.predictor import NeuralPredictor
from dlcompare.neural.scratchpad import ScratchpadPredictor
from dlcompare.neural.training import split
from dlcompare.tasks.problem import Budget, Examples, Problem
from dlcompare.tasks.registry import load
from dlcompare.tasks.splits import Tests, draw_tests, draw_training
from dlcompare.tasks.task import Task
from dlcompare.tasks.types import Value


@dataclass(frozen=True)
class Point:
    """One fit of a learning curve.

    Attributes
    ----------
    trainer : str
        ``"ours"`` or a peer.
    n, seed, updates : int
    training_seconds, answering_seconds : float
        CPU seconds.
    exact_match : float
        On held-out inputs inside the training range.
    """

    trainer: str
    n: int
    seed: int
    updates: int
    training_seconds: float
    answering_seconds: float
    exact_match: float


def right(task: Task, examples: Examples, found: Sequence[Value]) -> float:
    """Share of `examples` answered right."""
    hits = map(task.right, list(examples.rows()), found, examples.outputs)
    return sum(hits) / len(examples)


def ours(
    learner: NeuralLearner, task: Task, problem: Problem, tests: Tests, budget: Budget, seed: int
) -> tuple[Point, NeuralPredictor | ScratchpadPredictor]:
    """One fit by this package."""
    started = time.process_time()
    predictor = learner.fit(problem, budget, seed)
    trained = time.process_time()
    found = predictor.predict(list(tests.inside.rows()))
    ended = time.process_time()
    updates = predictor.cost.gradient_steps
    match = right(task, tests.inside, found)
    n = len(problem.examples)
    return Point("ours", n, seed, updates, trained - started, ended - trained, match), predictor


def peers(
    name: str,
    learner: NeuralLearner,
    task: Task,
    problem: Problem,
    tests: Tests,
    budget: Budget,
    seed: int,
) -> Point:
    """One fit by a plain loop."""
    c = learner.configuration
    started = time.process_time()
    encoding = Encoding(problem.signature, c.digits)
    pairs = Pairs.encode(problem.examples, encoding, torch.device("cpu"))
    chosen, held = split(len(pairs), torch.Generator().manual_seed(seed))
    fit = plain_loop(
        name,
        len(encoding.vocabulary),
        c.architecture,
        c.schedule,
        pairs,
        chosen,
        held,
        budget.gradient_steps,
        seed,
    )
    trained = time.process_time()
    sources = [encoding.encode_inputs(row) for row in tests.inside.rows()]
    cap = LengthCap.above(pairs.source_lengths, pairs.target_lengths)
    tokens = answers(fit.model, sources, cap(max(map(len, sources))))
    found = [encoding.decode_output(each) for each in tokens]
    ended = time.process_time()
    match = right(task, tests.inside, found)
    n = len(problem.examples)
    return Point(name, n, seed, fit.updates, trained - started, ended - trained, match)


def summary(points: Sequence[Point], names: Sequence[str]) -> dict[str, Any]:
    """Figures of whole curves, and the speed-ups."""
    by_name = {name: [p for p in points if p.trainer == name] for name in ("ours", *names)}

    def total(name: str, part: Callable[[Point], float]) -> float:
        return sum(map(part, by_name[name]))

    figures: dict[str, Any] = {"processor": platform.processor() or platform.machine()}
    for name, its in by_name.items():
        training = total(name, lambda p: p.training_seconds)
        whole = training + total(name, lambda p: p.answering_seconds)
        figures[name] = {
            "updates_per_second": total(name, lambda p: p.updates) / training,
            "curve_seconds": whole,
            "exact_match_at_largest": fmean(
                p.exact_match for p in its if p.n == max(q.n for q in its)
            ),
        }
    for name in names:
        a, b = figures["ours"], figures[name]
        figures[f"speedup_over_{name}"] = b["curve_seconds"] / a["curve_seconds"]
        figures[f"update_speedup_over_{name}"] = a["updates_per_second"] / b["updates_per_second"]
    figures["points"] = [asdict(point) for point in points]
    return figures


def main() -> None:
    """Print one line a fit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", nargs="?", default="sorting")
    parser.add_argument("options", nargs="*", help="learner options: key=value")
    parser.add_argument("--sizes", default="4096")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--updates", type=int, default=Budget.gradient_steps)
    parser.add_argument("--peer-updates", type=int, help="as many as ours where left out")
    parser.add_argument("--peers", default=",".join(PEERS), help="names, or none")
    parser.add_argument("--levels", action="store_true", help="exact match at every level too")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    (task,) = load(arguments.task)
    learner = transformer(dict(option.split("=", 1) for option in arguments.options), "cpu")
    names = [name for name in arguments.peers.split(",") if name != "none"]
    budget = Budget(gradient_steps=arguments.updates)
    peer_budget = Budget(gradient_steps=arguments.peer_updates or arguments.updates)
    tests = draw_tests(task, 256, 32)
    points: list[Point] = []

    def show(point: Point) -> None:
        points.append(point)
        seconds = point.training_seconds
        print(
            f"{task.name} {point.trainer} n={point.n} seed={point.seed} updates={point.updates} "
            f"training={seconds:.1f}s updates/s={point.updates / seconds:.1f} "
            f"answering={point.answering_seconds:.1f}s inside={point.exact_match:.3f}",
            flush=True,
        )

    for size in map(int, arguments.sizes.split(",")):
        for seed in range(arguments.seeds):
            problem = task.problem(draw_training(task, size, seed, tests.reserved))
            point, predictor = ours(learner, task, problem, tests, budget, seed)
            show(point)
            for axis, levels in tests.levels.items() if arguments.levels else ():
                scores = [
                    f"{k}:{right(task, e, predictor.predict(list(e.rows()))):.2f}"
                    for k, e in levels.items()
                ]
                print(f"  {axis}  {'  '.join(scores)}", flush=True)
            for name in names:
                show(peers(name, learner, task, problem, tests, peer_budget, seed))
    figures = summary(points, names)
    for key, value in figures.items():
        if "speedup" in key:
            print(f"{key}: {value:.2f}")
    if arguments.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
