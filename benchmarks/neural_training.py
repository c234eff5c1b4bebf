"""Time the learning curve of a network, beside the same model trained in plain loops.

    OMP_NUM_THREADS=1 python -m benchmarks.neural_training sorting --sizes 16,256,4096
    OMP_NUM_THREADS=1 python -m benchmarks.neural_training sorting --peers none --seeds 3
    OMP_NUM_THREADS=1 python -m benchmarks.neural_training sorting --updates 800 --peer-updates 2000
    OMP_NUM_THREADS=1 python -m benchmarks.neural_training addition positions=place_value --levels
    python -m benchmarks.neural_training --sizes 16,256,4096 --device cuda --peers none --stack

Every line is one fit: examples to weights, and the answers to the test inside the training range.
Seconds are CPU seconds of both; on a GPU, where peers are not tried, wall-clock seconds.
x-transformers comes with `pip install 'dlcompare[peers]'`.
`--stack` then trains all models of the curve as one stack; each has an equal share of its seconds.
`--peer-updates` lets peers train longer, for a comparison at equal accuracy. With `--json` the last
line has all figures; `speedup_over_…` is a peer's seconds for the whole curve by ours,
`update_speedup_over_…` our updates a second by a peer's, and `speedup_of_stack` the seconds for the
curve one model after the other by those of the stack, its answers included in both.
"""

import argparse
import json
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

import torch
import torch._dynamo  # what the first step of an optimizer imports; here, no fit pays for it

from benchmarks.peers import PEERS, answers, plain_loop
from dlcompare.neural.batches import Pairs
from dlcompare.neural.decoding import LengthCap
from dlcompare.neural.encoding import Encoding
from dlcompare.neural.learner import NeuralLearner, create
from dlcompare.neural.predictor import NeuralPredictor
from dlcompare.neural.scratchpad import ScratchpadPredictor
from dlcompare.neural.training import split
from dlcompare.tasks.errors import DivergedError, InputError
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
        ``"ours"``, a peer, or ``"stack"``: ours, all at once.
    n, seed, updates : int
    training_seconds, answering_seconds : float
        As `clock` counts them.
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


def clock(device: str) -> float:
    """Seconds of the processor, or on a GPU, whose work that does not count, of the wall."""
    if device == "cpu":
        return time.process_time()
    torch.cuda.synchronize()
    return time.perf_counter()


def right(task: Task, examples: Examples, found: Sequence[Value]) -> float:
    """Share of `examples` answered right."""
    hits = map(task.right, list(examples.rows()), found, examples.outputs)
    return sum(hits) / len(examples)


def ours(
    learner: NeuralLearner, task: Task, problem: Problem, tests: Tests, budget: Budget, seed: int
) -> tuple[Point, NeuralPredictor | ScratchpadPredictor]:
    """One fit by this package."""
    started = clock(learner.device)
    predictor = learner.fit(problem, budget, seed)
    seconds = clock(learner.device) - started
    return answered("ours", learner, task, problem, tests, seed, predictor, seconds), predictor


def stack(
    learner: NeuralLearner,
    task: Task,
    problems: Mapping[tuple[int, int], Problem],
    tests: Tests,
    budget: Budget,
) -> Iterator[Point]:
    """Problems by number of examples and seed, fitted at once by this package."""
    started = clock(learner.device)
    seeds = [seed for _, seed in problems]
    predictors = learner.fit_curve(list(problems.values()), budget, seeds)
    share = (clock(learner.device) - started) / len(problems)
    for seed, problem, predictor in zip(seeds, problems.values(), predictors, strict=True):
        if isinstance(predictor, DivergedError):
            raise predictor
        yield answered("stack", learner, task, problem, tests, seed, predictor, share)


def answered(
    trainer: str,
    learner: NeuralLearner,
    task: Task,
    problem: Problem,
    tests: Tests,
    seed: int,
    predictor: NeuralPredictor | ScratchpadPredictor,
    training_seconds: float,
) -> Point:
    """Return the record of a fit, once its test is answered."""
    started = clock(learner.device)
    found = predictor.predict(list(tests.inside.rows()))
    seconds = clock(learner.device) - started
    updates, n = predictor.cost.gradient_steps, len(problem.examples)
    match = right(task, tests.inside, found)
    return Point(trainer, n, seed, updates, training_seconds, seconds, match)


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


def summary(points: Sequence[Point], names: Sequence[str], device: str) -> dict[str, Any]:
    """Figures of whole curves, and the speed-ups."""
    trainers = dict.fromkeys(p.trainer for p in points)
    by_name = {name: [p for p in points if p.trainer == name] for name in trainers}

    def total(name: str, part: Callable[[Point], float]) -> float:
        return sum(map(part, by_name[name]))

    processor = platform.processor() or platform.machine()
    gpu = None if device == "cpu" else torch.cuda.get_device_name()
    figures: dict[str, Any] = {"processor": processor, "device": gpu or processor}
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
    if "stack" in figures:
        alone, stacked = (figures[name]["curve_seconds"] for name in ("ours", "stack"))
        figures["speedup_of_stack"] = alone / stacked
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
    parser.add_argument("--device", choices=["cpu", "cuda", "auto"], default="cpu")
    parser.add_argument("--stack", action="store_true", help="the curve as one stack, too")
    parser.add_argument("--levels", action="store_true", help="exact match at every level too")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    (task,) = load(arguments.task)
    options = dict(option.split("=", 1) for option in arguments.options)
    try:
        learner = create("transformer", options, arguments.device)
    except InputError as error:
        parser.error(str(error))
    names = [name for name in arguments.peers.split(",") if name != "none"]
    if names and learner.device != "cpu":
        parser.error("peers are trained on a CPU only; add --peers none")
    budget = Budget(gradient_steps=arguments.updates)
    peer_budget = Budget(gradient_steps=arguments.peer_updates or arguments.updates)
    tests = draw_tests(task, 256, 32)
    points: list[Point] = []
    curve = {
        (size, seed): task.problem(draw_training(task, size, seed, tests.reserved))
        for size in map(int, arguments.sizes.split(","))
        for seed in range(arguments.seeds)
    }

    def show(point: Point) -> None:
        points.append(point)
        seconds = point.training_seconds
        print(
            f"{task.name} {point.trainer} n={point.n} seed={point.seed} updates={point.updates} "
            f"training={seconds:.1f}s updates/s={point.updates / seconds:.1f} "
            f"answering={point.answering_seconds:.1f}s inside={point.exact_match:.3f}",
            flush=True,
        )

    if learner.device != "cpu":  # what CUDA does once, no fit pays for
        learner.fit(next(iter(curve.values())), Budget(gradient_steps=1), 0)
    for (_, seed), problem in curve.items():
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
    for point in stack(learner, task, curve, tests, budget) if arguments.stack else ():
        show(point)
    figures = summary(points, names, learner.device)
    print(f"device: {figures['device']}")
    for key, value in figures.items():
        if "speedup" in key:
            print(f"{key}: {value:.2f}")
    if arguments.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
