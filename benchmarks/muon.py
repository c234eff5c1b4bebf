"""Our Muon beside `torch.optim.Muon`: what equal updates reach, and how fast they are.

    OMP_NUM_THREADS=1 python -m benchmarks.muon sorting --updates 400 --seeds 3

Everything but the update of the matrices between hidden states is the same. ``torch`` gives
`torch.optim.Muon` these matrices whole, ``torch, squares`` cut into squares as ours are; both with
its five iterations and updates scaled to the size of AdamW's. Seconds are those of the processor.
"""

import argparse
import math
import time
from collections.abc import Callable, Iterator, Sequence
from statistics import fmean

import torch
import torch._dynamo  # what the first step of an optimizer imports; here, no fit pays for it
from torch import Tensor, nn

from dlcompare.neural import optimizer
from dlcompare.neural.learner import create
from dlcompare.tasks.problem import Budget
from dlcompare.tasks.progress import FitProgress, listening
from dlcompare.tasks.registry import load
from dlcompare.tasks.splits import draw_tests, draw_training


class TorchMuon:
    """`torch.optim.Muon` in the place of ours, for one model: it takes no batch of matrices."""

    momentum = 0.9
    whole = True

    def __init__(self, matrices: Sequence[nn.Parameter], weight_decay: float) -> None:
        self.matrices = list(matrices)
        self.side = math.gcd(*(side for m in matrices for side in m.shape[1:]))
        parts = [part for m in matrices for part in self._parts(m.detach())]
        self.muon = torch.optim.Muon(
            parts,
            lr=0.0,
            weight_decay=weight_decay,
            momentum=self.momentum,
            adjust_lr_fn="match_rms_adamw",
        )
        self.parts = parts

    def _parts(self, matrix: Tensor) -> Iterator[Tensor]:
        """Yield views of a matrix (1, out, in): itself, or its squares."""
        (only,) = matrix
        if self.whole:
            yield only
            return
        for rows in only.split(self.side):
            yield from rows.split(self.side, 1)

    def step(self, rates: Tensor) -> None:
        """Make one update at the rate of the only model."""
        gradients = [
            torch.zeros_like(m) if m.grad is None else m.grad.detach() for m in self.matrices
        ]
        each = [part for gradient in gradients for part in self._parts(gradient)]
        for part, gradient in zip(self.parts, each, strict=True):
            part.grad = gradient
        for group in self.muon.param_groups:
            group["lr"] = float(rates)
        self.muon.step()

    def keep(self, index: Tensor, matrices: Sequence[nn.Parameter]) -> None:
        """Do nothing: a single model is kept as it is."""


class TorchSquares(TorchMuon):
    """The same on squares."""

    whole = False


TRAINERS: dict[str, Callable[[Sequence[nn.Parameter], float], object]] = {
    "ours": optimizer._Muon,
    "torch": TorchMuon,
    "torch, squares": TorchSquares,
}


def main() -> None:
    """Print one line a fit, then the means."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("task", nargs="?", default="sorting")
    parser.add_argument("--size", type=int, default=1024, help="training examples")
    parser.add_argument("--updates", type=int, default=400)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--momentum", type=float, default=0.9, help="of torch's; ours has 0.9")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    TorchMuon.momentum = arguments.momentum
    (task,) = load(arguments.task)
    tests = draw_tests(task, 256, 32)
    rows = list(tests.inside.rows())
    learner, budget = create("transformer", {}, "cpu"), Budget(gradient_steps=arguments.updates)
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in TRAINERS}
    for seed in range(arguments.seeds):
        problem = task.problem(draw_training(task, arguments.size, seed, tests.reserved))
        for name, trainer in TRAINERS.items():
            optimizer._Muon = trainer  # type: ignore[misc, assignment]
            told: list[FitProgress] = []
            started = time.process_time()
            with listening(told.append):
                predictor = learner.fit(problem, budget, seed)
            speed = predictor.cost.gradient_steps / (time.process_time() - started)
            answers = zip(rows, predictor.predict(rows), tests.inside.outputs, strict=True)
            right = fmean(task.right(row, answer, output) for row, answer, output in answers)
            loss = told[-1].loss or 0.0
            found[name].append((loss, right, speed))
            print(
                f"{task.name} seed={seed} {name}: {predictor.cost.gradient_steps} updates, "
                f"loss {loss:.4f}, inside {right:.3f}, {speed:.1f} updates/s",
                flush=True,
            )
    print(f"{'mean':16} {'loss':>8} {'inside':>8} {'updates/s':>10}")
    for name, its in found.items():
        loss, right, speed = map(fmean, zip(*its, strict=True))
        print(f"{name:16} {loss:8.4f} {right:8.3f} {speed:10.1f}")


if __name__ == "__main__":
    main()
