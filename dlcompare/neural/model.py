"""The interface of networks: scores of the next token, for whole sequences and token by token.

`SequenceModel.forward` returns the scores of all tokens of given results at once, for training;
`start` and `step` return the same scores token by token, with a memory of earlier ones, for
decoding.
"""

from abc import ABC, abstractmethod
from typing import Protocol

import torch
from torch import Tensor, nn

from dlcompare.neural.encoding import PAD
from dlcompare.neural.kinds import Architecture

__all__ = ["SequenceModel", "State", "right_aligned"]


class State(Protocol):
    """The memory of a network of a batch that is being decoded."""

    def keep(self, rows: Tensor) -> None:
        """Forget all rows except these."""
        ...


class SequenceModel(nn.Module, ABC):
    """A network from the tokens of the arguments to those of the result.

    Attributes
    ----------
    architecture : Architecture
        The shape of the network.
    stack : int
        The number of models (see `layers`).
    leading : int
        The number of dimensions of a parameter that count models: 1, or 0 if it cannot be a stack.
    noise : int
        The number of uniform random numbers that a row needs in training.
    notes : list or None
        While it is a list, hidden states are added to it: pairs of ``"encoder"`` or ``"decoder"``
        and states (B, T, C), in the order of computation.
    """

    noise = 0
    leading = 1

    def __init__(self, architecture: Architecture, stack: int = 1) -> None:
        super().__init__()
        self.architecture = architecture
        self.stack = stack
        self.notes: list[tuple[str, Tensor]] | None = None

    @abstractmethod
    def forward(
        self,
        source: Tensor,
        target: Tensor,
        noise: Tensor | None = None,
        nudge: Tensor | None = None,
    ) -> Tensor:
        """Return the scores of the token after each target token (B, T, V).

        Parameters
        ----------
        source : Tensor
            Tokens of the arguments (B, S), padded at the end.
        target : Tensor
            `BEGIN` and the tokens of the result except the last (B, T), padded at the end.
        noise : Tensor, optional
            Uniform random numbers (B, `noise`) for position schemes that draw in training.
        nudge : Tensor, optional
            Added to the vectors of the source tokens (B, S, C), to obtain their gradient.
        """

    @abstractmethod
    def start(self, source: Tensor, cap: int) -> State:
        """Read the arguments (B, S); results may have up to `cap` tokens."""

    @abstractmethod
    def step(self, tokens: Tensor, state: State) -> Tensor:
        """Return the scores (B, V) of the token after `tokens` (B,), which `state` remembers."""

    @property
    @abstractmethod
    def embeddings(self) -> Tensor:
        """The vector of every token, as it enters the network (V, C)."""

    @property
    def parameter_count(self) -> int:
        """The number of trained parameters of one model."""
        return sum(p.numel() for p in self.parameters() if p.requires_grad) // self.stack

    @property
    def device(self) -> torch.device:
        """Return the device of the weights."""
        return next(self.parameters()).device

    def note(self, side: str, states: Tensor) -> None:
        """Keep hidden states (B, T, C), if they are requested."""
        if self.notes is not None:
            self.notes.append((side, states))


def right_aligned(source: Tensor) -> tuple[Tensor, Tensor]:
    """Return sources (B, S) with their padding in front, and the origin of each token (B, S).

    A result can then follow its arguments without a gap. The origin of padding is -1.
    """
    lengths = (source != PAD).sum(1, keepdim=True)
    at = torch.arange(source.shape[1], device=source.device)
    origin = (at - (source.shape[1] - lengths)).clamp(min=-1)  # (B, S)
    return torch.where(origin < 0, PAD, source.gather(1, origin.clamp(min=0))), origin
