"""Muon for the matrices between hidden states, AdamW for the rest; for one model or a stack.

Muon (Jordan et al. 2024) makes the update of a matrix from its momentum by setting all singular
values to about one. Sorting and addition need far fewer updates with it than with AdamW. AdamW
trains all parameters that do not map one hidden state to another: embeddings, gains, biases of
attention, and the recurrent networks. An update of Muon is scaled to the size of one of AdamW, so
that both take the same learning rate (Liu et al. 2025).

`torch.optim.Muon` takes single matrices and no stack of models. For equal updates it ends at a loss
of 0.0088 where ours ends at 0.0076, and it makes 0.7 times as many updates per second:
``OMP_NUM_THREADS=1 python -m benchmarks.muon sorting --updates 400 --seeds 2``.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Protocol

import torch
from torch import Tensor, nn

from dlcompare.neural.layers import StackedLinear
from dlcompare.neural.model import SequenceModel

__all__ = ["Optimizer", "orthogonal"]

Rates = tuple[Tensor, Tensor]
"""Learning rates (K,) in float64 on the CPU, and in the type and place of the parameters."""

_EPSILON = 1e-8
_FIRST_MOMENT = 0.9

_MOMENTUM = 0.9
_SIZE = 0.2
"""Root mean square of the entries of an update before the learning rate, about that of AdamW."""

_ITERATIONS = (
    (8.28721, -23.59589, 17.30039),
    (4.10706, -2.94785, 0.54484),
    (3.94869, -2.90890, 0.55182),
)
"""Coefficients of Amsel et al. (2025) for each iteration, the first of the five usual ones.

At these sizes three iterations learn equally well.
"""


class Optimizer:
    """An optimizer that clips the gradients of each model and updates it at its own rate.

    Parameters
    ----------
    model : SequenceModel
        One model or a stack of them.
    weight_decay : float
        The weight decay of matrices, decoupled (Loshchilov and Hutter 2019).
    smoothing : float
        Decay of AdamW's second moment.
    clip : float
        The greatest norm of a model's gradient.
    """

    def __init__(
        self, model: SequenceModel, weight_decay: float, smoothing: float, clip: float
    ) -> None:
        self.clip = clip
        self.parameters = list(model.parameters())
        hidden, rest = _parted(model)
        self.muon = _Muon(hidden, weight_decay) if hidden else None
        decays = [weight_decay if p.dim() - model.leading >= 2 else 0.0 for p in rest]
        kind = _FusedAdamW if model.stack == 1 else _StackedAdamW
        self.adamw: _Step = kind(rest, decays, smoothing)

    def rates(self, rates: Tensor) -> Iterator[Rates]:
        """Yield the rates of the next n updates, sent to the device all at once from (n, K)."""
        return zip(rates, rates.to(self.parameters[0]), strict=True)

    def update(self, rates: Rates) -> Tensor:
        """Make one update at these rates; return the norms of gradients before clipping (K,)."""
        here, there = rates
        norms = _clipped(self.parameters, self.clip, len(here))
        if self.muon is not None:
            self.muon.step(there)
        self.adamw.step(here if len(here) == 1 else there)
        for p in self.parameters:
            p.grad = None
        return norms

    def keep(self, chosen: Sequence[int], model: SequenceModel) -> None:
        """Continue with some models of the stack, which now make up `model`."""
        self.parameters = list(model.parameters())
        hidden, rest = _parted(model)
        index = torch.tensor(list(chosen), device=model.device)
        if self.muon is not None:
            self.muon.keep(index, hidden)
        self.adamw.keep(index, rest)


def orthogonal(matrices: Tensor) -> Tensor:
    """Set the singular values of square matrices (..., n, n) to about one, and keep the vectors.

    It iterates X ← aX + b(XXᵀ)X + c(XXᵀ)²X (Jordan et al. 2024). Values far below the root mean
    square stay below one, and others may be up to two.
    """
    x = matrices.flatten(0, -3)
    x = x / (x.flatten(1).norm(dim=1)[:, None, None] + _EPSILON**2)
    for a, b, c in _ITERATIONS:
        squared = x @ x.mT
        mixed = torch.baddbmm(squared, squared, squared, beta=b, alpha=c)
        x = torch.baddbmm(x, mixed, x, beta=a)
    return x.view_as(matrices)


def _parted(model: SequenceModel) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Return the matrices between hidden states, (K, out, in), and all other parameters."""
    hidden = [module.weight for module in model.modules() if isinstance(module, StackedLinear)]
    known = {id(p) for p in hidden}
    return hidden, [p for p in model.parameters() if id(p) not in known]


def _clipped(parameters: Sequence[nn.Parameter], clip: float, stack: int) -> Tensor:
    """Clip the gradients of each model to a norm of `clip`; return the norms before (K,)."""
    if stack == 1:
        return nn.utils.clip_grad_norm_(parameters, clip).view(1)
    gradients = [p.grad for p in parameters if p.grad is not None]
    each = torch.stack([g.flatten(1).square().sum(1) for g in gradients])
    norms: Tensor = each.sum(0).sqrt()
    shrink = (clip / (norms + 1e-6)).clamp(max=1.0)
    for g in gradients:
        g.mul_(_per_model(shrink, g))
    return norms


def _per_model(numbers: Tensor, like: Tensor) -> Tensor:
    """Shape numbers (K,) to multiply the models of a parameter (K, ...)."""
    return numbers.view(-1, *[1] * (like.dim() - 1))


class _Step(Protocol):
    def step(self, rates: Tensor) -> None: ...
    def keep(self, index: Tensor, parameters: Sequence[nn.Parameter]) -> None: ...


class _Muon:
    """Muon with Nesterov momentum on matrices (K, out, in), cut into squares of one size.

    A matrix with several purposes (queries, keys, values) is thus treated as separate parts, and
    all squares form one batch.
    """

    def __init__(self, matrices: Sequence[nn.Parameter], weight_decay: float) -> None:
        self.matrices = list(matrices)
        self.weight_decay = weight_decay
        self.side = math.gcd(*(side for m in matrices for side in m.shape[1:]))
        self.counts = [m[0].numel() // self.side**2 for m in matrices]
        stack = len(matrices[0])
        self.momentum = matrices[0].new_zeros(stack, sum(self.counts), self.side, self.side)

    @torch.no_grad()
    def step(self, rates: Tensor) -> None:
        gradients = torch.cat([self._squares(m) for m in self.matrices], 1)  # (K, n, side, side)
        self.momentum.lerp_(gradients, 1 - _MOMENTUM)
        ahead = gradients.lerp_(self.momentum, _MOMENTUM)
        updates = orthogonal(ahead) * _per_model(rates * (_SIZE * math.sqrt(self.side)), ahead)
        kept = _per_model(1 - rates * self.weight_decay, self.matrices[0])
        each = torch.split(updates, self.counts, 1)
        for matrix, squares in zip(self.matrices, each, strict=True):
            stack, outside, inside = matrix.shape
            rows = squares.view(stack, outside // self.side, -1, self.side, self.side)
            matrix.mul_(kept).sub_(rows.transpose(2, 3).reshape(stack, outside, inside))

    def _squares(self, matrix: nn.Parameter) -> Tensor:
        """Return the gradient of a matrix in squares (K, n, side, side)."""
        gradient = torch.zeros_like(matrix) if matrix.grad is None else matrix.grad
        stack, outside, inside = matrix.shape
        side = self.side
        rows = gradient.reshape(stack, outside // side, side, inside // side, side)
        return rows.transpose(2, 3).flatten(1, 2)

    def keep(self, index: Tensor, matrices: Sequence[nn.Parameter]) -> None:
        self.matrices = list(matrices)
        self.momentum = self.momentum[index]


class _FusedAdamW:
    """PyTorch's fused AdamW for one model."""

    def __init__(
        self, parameters: Sequence[nn.Parameter], decays: Sequence[float], smoothing: float
    ) -> None:
        marked = list(zip(parameters, decays, strict=True))
        groups = [
            {"params": [p for p, own in marked if own == decay], "weight_decay": decay}
            for decay in sorted(set(decays))
        ]
        betas = (_FIRST_MOMENT, smoothing)
        self.adamw = torch.optim.AdamW(groups, lr=0.0, betas=betas, eps=_EPSILON, fused=True)

    def step(self, rates: Tensor) -> None:
        for group in self.adamw.param_groups:
            group["lr"] = float(rates)
        self.adamw.step()

    def keep(self, index: Tensor, parameters: Sequence[nn.Parameter]) -> None:
        """Do nothing: a single model is kept as it is."""


class _StackedAdamW:
    """AdamW on parameters (K, ...)."""

    def __init__(
        self, parameters: Sequence[nn.Parameter], decays: Sequence[float], smoothing: float
    ) -> None:
        self.parameters = list(parameters)
        self.decays = decays
        self.smoothing = smoothing
        self.updates = 0
        self.first = [torch.zeros_like(p) for p in parameters]
        self.second = [torch.zeros_like(p) for p in parameters]

    @torch.no_grad()
    def step(self, rates: Tensor) -> None:
        self.updates += 1
        first = 1 - _FIRST_MOMENT**self.updates
        second = 1 - self.smoothing**self.updates
        for p, m, v, decay in zip(
            self.parameters, self.first, self.second, self.decays, strict=True
        ):
            g = torch.zeros_like(p) if p.grad is None else p.grad
            rate = _per_model(rates, p)
            m.lerp_(g, 1 - _FIRST_MOMENT)
            v.mul_(self.smoothing).addcmul_(g, g, value=1 - self.smoothing)
            p.mul_(1 - rate * decay)
            p.sub_(rate / first * m / ((v / second).sqrt() + _EPSILON))

    def keep(self, index: Tensor, parameters: Sequence[nn.Parameter]) -> None:
        self.parameters = list(parameters)
        self.first = [m[index] for m in self.first]
        self.second = [v[index] for v in self.second]
