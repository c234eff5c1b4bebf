"""Published results, made again: what was published, what is measured here, and whether it agrees.

    OMP_NUM_THREADS=1 python -m benchmarks.reproduction               # the gates
    OMP_NUM_THREADS=1 python -m benchmarks.reproduction positions     # a report, not a gate
    OMP_NUM_THREADS=1 python -m benchmarks.reproduction mingpt bucket_sort --json

Gates, with exit status 1 where one is missed:

==============  =================================================================================
`mingpt`        minGPT's demo (Karpathy 2020): a decoder-only Transformer sorts 6 numbers of {0, 1,
                2}, 100 % right
`scan_simple`   SCAN, simple split (Lake and Baroni 2018): an LSTM is right on at least 95 %
`scan_jump`     SCAN, "jump" added: the same LSTM is right on at most 10 %
`bucket_sort`   Chomsky-hierarchy task (Delétang et al. 2023): a network beats, in tokens right, the
                best guess that never reads its input, whose height is part of the result
==============  =================================================================================

`positions` trains a decoder-only Transformer to copy and to reverse under every position scheme and
tests it on lists longer than trained; beside it the order that Kazemnejad et al. (2023) found for
larger models: none best, then T5's relative bias, then ALiBi, rotary and absolute.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean

import numpy as np
import torch

from dlcompare.neural import learner as learners
from dlcompare.neural.predictor import NeuralPredictor
from dlcompare.tasks.problem import Budget, Examples
from dlcompare.tasks.registry import load
from dlcompare.tasks.samplers import ints, lists
from dlcompare.tasks.splits import draw_tests, draw_training
from dlcompare.tasks.task import Task, task


@dataclass(frozen=True)
class Result:
    """A published figure and the one measured here.

    Attributes
    ----------
    name : str
    published, measured : str
    agrees : bool or None
        Whether the gate is met; None for a report.
    seconds : float
        CPU seconds.
    """

    name: str
    published: str
    measured: str
    agrees: bool | None
    seconds: float


@task(inputs=lists(ints(0, 2), range(6, 7)), train={"length": [6]})
def six_of_three(xs: list[int]) -> list[int]:
    """Sort six numbers of {0, 1, 2}."""
    return sorted(xs)


@task(inputs=lists(ints(0, 9)), train={"length": range(1, 9)}, test={"length": [10, 12, 16]})
def copied(xs: list[int]) -> list[int]:
    """A list as it is."""
    return xs


@task(inputs=lists(ints(0, 9)), train={"length": range(1, 9)}, test={"length": [10, 12, 16]})
def turned(xs: list[int]) -> list[int]:
    """A list backwards."""
    return xs[::-1]


def share_right(of: Task, predictor: NeuralPredictor, examples: Examples) -> float:
    """Share of examples answered right."""
    rows = list(examples.rows())
    return fmean(map(of.right, rows, predictor.predict(rows), examples.outputs))


def fit(
    of: Task, kind: str, options: dict[str, str], n: int, updates: int, tests: int = 256
) -> tuple[NeuralPredictor, Examples, dict[str, dict[object, Examples]]]:
    """A network of a kind trained on n examples; the tests inside the training range and beyond."""
    drawn = draw_tests(of, tests, 64)
    training = draw_training(of, n, 0, drawn.reserved)
    learner = getattr(learners, kind)({"values": "symbols"} | options, "cpu")
    predictor = learner.fit(of.problem(training), Budget(gradient_steps=updates), 0)
    levels = {axis: dict(each) for axis, each in drawn.levels.items()}
    return predictor, drawn.inside, levels


def mingpt() -> Result:
    """The sort demo of minGPT, at its size: 3 layers, 3 heads, width 48 ("gpt-nano").

    The demo draws from all 729 inputs and keeps a quarter of them for its test.
    """
    started = time.process_time()
    options = {"width": "48", "heads": "3", "layers": "3", "inner": "4", "positions": "learned"}
    options |= {"batch": "64", "learning_rate": "1e-3"}
    predictor, inside, _ = fit(six_of_three, "decoder", options, 500, 2_000, 182)
    score = share_right(six_of_three, predictor, inside)
    measured = f"{score:.1%} of {len(inside)} held out"
    return Result("mingpt", "100 %", measured, score == 1.0, time.process_time() - started)


def _scan(name: str, level: str | None, n: int, updates: int) -> tuple[float, float]:
    (of,) = load(name)
    started = time.process_time()
    options = {"width": "128", "batch": "64", "learning_rate": "2e-3"}
    predictor, inside, levels = fit(of, "lstm", options, n, updates, 512)
    examples = inside if level is None else levels["split"][level]
    return share_right(of, predictor, examples), time.process_time() - started


def scan_simple() -> Result:
    """An LSTM with attention on the simple split; published 99.8 % for the best overall."""
    score, seconds = _scan("scan_simple", None, 12_000, 2_000)
    return Result("scan_simple", ">= 95 % (99.8 %)", f"{score:.1%}", score >= 0.95, seconds)


def scan_jump() -> Result:
    """An LSTM with attention that met "jump" alone; published 0.08 % to 1.2 %."""
    score, seconds = _scan("scan_add_jump", "add_jump", 12_000, 2_000)
    return Result("scan_jump", "<= 10 % (1.2 %)", f"{score:.1%}", score <= 0.10, seconds)


def bucket_sort() -> Result:
    """Sorting five symbols, tested inside the training range, beside a guess that never reads.

    The guess knows the length, as every answer's length is given, and answers at each place the
    symbol that is there most often.
    """
    started = time.process_time()
    (of,) = load("bucket_sort")
    predictor, inside, _ = fit(of, "transformer", {}, 2_048, 600)
    found = predictor.predict(list(inside.rows()))
    drawn = draw_tests(of, 256, 64)
    training = draw_training(of, 2_048, 0, drawn.reserved)
    guess = _blind(training, inside)
    network = fmean(map(_tokens_right, found, inside.outputs))
    floor = fmean(map(_tokens_right, guess, inside.outputs))
    measured = f"{network:.1%} of the tokens; content-blind floor {floor:.1%}"
    seconds = time.process_time() - started
    return Result("bucket_sort", "above the floor", measured, network > floor, seconds)


def _blind(training: Examples, asked: Examples) -> list[list[int]]:
    """At each place the commonest symbol, among training outputs of the same length."""
    counts: dict[tuple[int, int], Counter[int]] = {}
    for output in training.outputs:
        for at, symbol in enumerate(output):
            counts.setdefault((len(output), at), Counter())[symbol] += 1
    blank: Counter[int] = Counter({0: 1})
    return [
        [counts.get((len(output), at), blank).most_common(1)[0][0] for at in range(len(output))]
        for output in asked.outputs
    ]


def _tokens_right(answer: object, output: Sequence[int]) -> float:
    """Share of the symbols that are right at their place; 1 for two empty lists."""
    if not isinstance(answer, list):
        return 0.0
    longest = max(len(answer), len(output))
    return sum(a == b for a, b in zip(answer, output, strict=False)) / longest if longest else 1.0


def positions() -> Result:
    """Copy and reverse at lengths never trained, by position scheme."""
    started = time.process_time()
    scores: dict[str, float] = {}
    parts = []
    for scheme in ("none", "relative", "alibi", "rotary", "sinusoidal", "learned", "randomized"):
        each = []
        for of in (copied, turned):
            options = {"positions": scheme, "width": "64"}
            predictor, inside, levels = fit(of, "decoder", options, 4_096, 1_000)
            beyond = [share_right(of, predictor, e) for e in levels["length"].values()]
            each.append(fmean(beyond))
            parts.append(
                f"{scheme} {of.name}: inside {share_right(of, predictor, inside):.2f}, at "
                + ", ".join(f"{k} {s:.2f}" for k, s in zip(levels["length"], beyond, strict=True))
            )
            print(f"  {parts[-1]}", flush=True)
        scores[scheme] = float(np.mean(each))
    order = " > ".join(sorted(scores, key=lambda s: -scores[s]))
    published = "none > relative > alibi, rotary, absolute (far larger models)"
    return Result("positions", published, order, None, time.process_time() - started)


GATES: dict[str, Callable[[], Result]] = {
    "mingpt": mingpt,
    "bucket_sort": bucket_sort,
    "scan_simple": scan_simple,
    "scan_jump": scan_jump,
}
REPORTS: dict[str, Callable[[], Result]] = {"positions": positions}


def main() -> None:
    """Print one line a result."""
    known = GATES | REPORTS
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", default=list(GATES), metavar="name", help=", ".join(known)
    )
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in known]
    if unknown:
        parser.error(f"there is no {unknown[0]!r}; there are {', '.join(known)}")
    torch.set_num_threads(1)
    results = []
    for name in arguments.names:
        result = known[name]()
        results.append(result)
        verdict = {True: "agrees", False: "DOES NOT AGREE", None: "report"}[result.agrees]
        print(
            f"{result.name}: published {result.published}; measured {result.measured}; {verdict} "
            f"({result.seconds:.0f} CPU seconds)",
            flush=True,
        )
    if arguments.json:
        print(json.dumps([asdict(result) for result in results]))
    sys.exit(any(result.agrees is False for result in results))


if __name__ == "__main__":
    main()
