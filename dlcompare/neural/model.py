"""The interface of networks: scores of the next token, for whole sequences and token by token.

`SequenceModel.forward` gives the scores of all tokens of given results at once, which training
needs; `start` and `step` give the same scores token by token, remembering what was read, which
decoding needs.
"""

from abc import ABC, abstractmethod
from typing import Protocol

import torch
from torch import Tensor, nn

from dlcompare.neural.encoding import PAD
from dlcompare.neural.kinds import Architecture

__all__ = ["SequenceModel", "State", "right_aligned"]


class State(Protocol):
    """The memory of a network about a batch that is being decoded."""

    def keep(self, rows: Tensor) -> None:
        """Forget all rows but these."""
        ...


class SequenceModel(nn.Module, ABC):
    """A network from the tokens of the arguments to those of the result.

    Attributes
    ----------
    architecture : Architecture
        Its shape.
    stack : int
        How many models it is (see `layers`).
    leading : int
        How many dimensions of every parameter count models: 1, or 0 where it can be one only.
    noise : int
        Uniform random numbers that a row wants in training.
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
        """Scores of the token after each target token (B, T, V).

        Parameters
        ----------
        source : Tensor
            Tokens of the arguments (B, S), padded at the end.
        target : Tensor
            `BEGIN` and the tokens of the result but the last (B, T), padded at the end.
        noise : Tensor, optional
            Uniform random numbers (B, `noise`) for position schemes that draw in training.
        nudge : Tensor, optional
            Added to the vectors of the source tokens (B, S, C); its gradient is theirs.
        """

    @abstractmethod
    def start(self, source: Tensor, cap: int) -> State:
        """Read the arguments (B, S); results may get `cap` tokens long."""

    @abstractmethod
    def step(self, tokens: Tensor, state: State) -> Tensor:
        """Scores of the token after `tokens` (B,), which `state` then remembers (B, V)."""

    @property
    @abstractmethod
    def embeddings(self) -> Tensor:
        """The vector of every token, as it enters the network (V, C)."""

    @property
    def parameter_count(self) -> int:
        """Trained numbers of one model."""
        return sum(p.numel() for p in self.parameters() if p.requires_grad) // self.stack

    @property
    def device(self) -> torch.device:
        """Return the device of the weights."""
        return next(self.parameters()).device

    def note(self, side: str, states: Tensor) -> None:
        """Keep hidden states (B, T, C) where somebody asked for them."""
        if self.notes is not None:
            self.notes.append((side, states))


def right_aligned(source: Tensor) -> tuple[Tensor, Tensor]:
    """Sources (B, S) with their padding moved to the front, and where each token came from (B, S).

    A result can then follow its arguments without a gap. Padding came from -1.
    """
    lengths = (source != PAD).sum(1, keepdim=True)
    at = torch.arange(source.shape[1], device=source.device)
    origin = (at - (source.shape[1] - lengths)).clamp(min=-1)  # (B, S)
    return torch.where(origin < 0, PAD, source.gather(1, origin.clamp(min=0))), origin
