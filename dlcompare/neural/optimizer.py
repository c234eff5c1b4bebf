"""AdamW for one model and for a stack of models, with clipping and a learning rate a model."""

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor, nn

__all__ = ["Optimizer", "SingleAdamW", "StackedAdamW", "optimizer_for"]

_EPSILON = 1e-8
_FIRST_MOMENT = 0.9


class Optimizer(Protocol):
    """Makes updates from the gradients of a network."""

    def update(self, rates: Tensor) -> Tensor:
        """One update at learning rates (K,); gives the gradients' norms before clipping (K,)."""
        ...

    def keep(self, chosen: Sequence[int], parameters: Sequence[nn.Parameter]) -> None:
        """Go on with some models of the stack only, whose parameters are now these."""
        ...


def optimizer_for(
    parameters: Sequence[nn.Parameter],
    decayed: Sequence[bool],
    weight_decay: float,
    smoothing: float,
    clip: float,
    stack: int,
) -> Optimizer:
    """The optimizer of a stack; of one model it is PyTorch's fused AdamW.

    Parameters
    ----------
    parameters : sequence of Parameter
    decayed : sequence of bool
        Which of them decay.
    weight_decay : float
        Decoupled weight decay (Loshchilov and Hutter 2019).
    smoothing : float
        Decay of the second moment.
    clip : float
        Greatest norm of a model's gradient.
    stack : int
        Number of models.
    """
    kind = SingleAdamW if stack == 1 else StackedAdamW
    return kind(parameters, decayed, weight_decay, smoothing, clip)


class SingleAdamW:
    """PyTorch's fused AdamW; parameters as `optimizer_for`."""

    def __init__(
        self,
        parameters: Sequence[nn.Parameter],
        decayed: Sequence[bool],
        weight_decay: float,
        smoothing: float,
        clip: float,
    ) -> None:
        self.parameters = list(parameters)
        self.clip = clip
        marked = list(zip(self.parameters, decayed, strict=True))
        groups = [
            {"params": [p for p, decays in marked if decays], "weight_decay": weight_decay},
            {"params": [p for p, decays in marked if not decays], "weight_decay": 0.0},
        ]
        self.adamw = torch.optim.AdamW(
            [group for group in groups if group["params"]],
            lr=0.0,
            betas=(_FIRST_MOMENT, smoothing),
            eps=_EPSILON,
            fused=True,
        )

    def update(self, rates: Tensor) -> Tensor:
        """As `Optimizer.update`."""
        norm = nn.utils.clip_grad_norm_(self.parameters, self.clip)
        for group in self.adamw.param_groups:
            group["lr"] = float(rates)
        self.adamw.step()
        self.adamw.zero_grad(set_to_none=True)
        return norm.view(1)

    def keep(self, chosen: Sequence[int], parameters: Sequence[nn.Parameter]) -> None:
        """One model is kept or nothing is."""
        assert list(chosen) == [0]
        assert list(parameters) == self.parameters


class StackedAdamW:
    """AdamW on parameters with a leading dimension of models; parameters as `optimizer_for`."""

    def __init__(
        self,
        parameters: Sequence[nn.Parameter],
        decayed: Sequence[bool],
        weight_decay: float,
        smoothing: float,
        clip: float,
    ) -> None:
        self.parameters = list(parameters)
        self.decay = [weight_decay if decays else 0.0 for decays in decayed]
        self.smoothing = smoothing
        self.clip = clip
        self.updates = 0
        self.first = [torch.zeros_like(p) for p in self.parameters]
        self.second = [torch.zeros_like(p) for p in self.parameters]

    @torch.no_grad()
    def update(self, rates: Tensor) -> Tensor:
        """As `Optimizer.update`."""
        self.updates += 1
        gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in self.parameters]
        each = torch.stack([g.flatten(1).square().sum(1) for g in gradients])
        norms: Tensor = each.sum(0).sqrt()  # (K,)
        shrink = (self.clip / (norms + 1e-6)).clamp(max=1.0)
        first = 1 - _FIRST_MOMENT**self.updates
        second = 1 - self.smoothing**self.updates
        rates = rates.to(norms)
        for p, g, m, v, decay in zip(
            self.parameters, gradients, self.first, self.second, self.decay, strict=True
        ):
            a_model = (-1, *[1] * (p.dim() - 1))
            rate = rates.view(a_model)
            g.mul_(shrink.view(a_model))
            m.lerp_(g, 1 - _FIRST_MOMENT)
            v.mul_(self.smoothing).addcmul_(g, g, value=1 - self.smoothing)
            p.mul_(1 - rate * decay)
            p.sub_(rate / first * m / ((v / second).sqrt() + _EPSILON))
            p.grad = None
        return norms

    def keep(self, chosen: Sequence[int], parameters: Sequence[nn.Parameter]) -> None:
        """As `Optimizer.keep`."""
        index = torch.tensor(list(chosen), device=self.first[0].device)
        self.parameters = list(parameters)
        self.first = [m[index] for m in self.first]
        self.second = [v[index] for v in self.second]
