"""Examples as padded tensors, and the order in which training meets them."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from dlcompare.neural.encoding import BEGIN, PAD, Encoding
from dlcompare.tasks.problem import Examples

__all__ = ["Batch", "Pairs", "pad"]

_WINDOW = 16
"""Batches that are sorted by length together: less padding, and still a random order."""


def pad(sequences: list[list[int]]) -> Tensor:
    """Sequences side by side, padded to the longest (B, T)."""
    return pad_sequence([torch.tensor(s) for s in sequences], batch_first=True, padding_value=PAD)


@dataclass(frozen=True)
class Batch:
    """A few pairs, padded to the longest among them.

    Attributes
    ----------
    source : Tensor
        Tokens of the arguments (B, S).
    target : Tensor
        `BEGIN` and the tokens of the results (B, T + 1).
    """

    source: Tensor
    target: Tensor


@dataclass(frozen=True)
class Pairs:
    """Encoded examples on one device.

    Attributes
    ----------
    source, target : Tensor
        As in `Batch`, for all examples.
    source_lengths, target_lengths : Tensor
        Tokens of each example (n,), on the CPU.
    """

    source: Tensor
    target: Tensor
    source_lengths: Tensor
    target_lengths: Tensor

    @classmethod
    def encode(cls, examples: Examples, encoding: Encoding, device: torch.device) -> "Pairs":
        """The examples as tokens."""
        sources = [encoding.encode_inputs(row) for row in examples.rows()]
        targets = [[BEGIN, *encoding.encode_output(output)] for output in examples.outputs]
        return cls(
            pad(sources).to(device),
            pad(targets).to(device),
            torch.tensor([len(s) for s in sources]),
            torch.tensor([len(t) for t in targets]),
        )

    def __len__(self) -> int:
        return len(self.source)

    @property
    def longest(self) -> int:
        """Tokens of the longest sequence on either side."""
        return int(max(self.source_lengths.max(), self.target_lengths.max()))

    def part(self, chosen: Tensor) -> "Pairs":
        """The pairs at the indices `chosen`."""
        there = chosen.to(self.source.device)
        return Pairs(
            self.source[there],
            self.target[there],
            self.source_lengths[chosen],
            self.target_lengths[chosen],
        )

    def take(self, chosen: Tensor) -> Batch:
        """The pairs at the indices `chosen` (B,), cut to the longest among them."""
        source_length = int(self.source_lengths[chosen].max())
        target_length = int(self.target_lengths[chosen].max())
        chosen = chosen.to(self.source.device)
        return Batch(
            self.source[chosen, :source_length].contiguous(),
            self.target[chosen, :target_length].contiguous(),
        )

    def epoch(self, size: int, generator: torch.Generator) -> Iterator[Batch]:
        """Every pair once, in batches of about one length, in random order."""
        order = torch.randperm(len(self), generator=generator)
        lengths = self.source_lengths + self.target_lengths
        parts: list[Tensor] = []
        for window in torch.split(order, size * _WINDOW):
            parts += torch.split(window[lengths[window].argsort(stable=True)], size)
        for i in torch.randperm(len(parts), generator=generator).tolist():
            yield self.take(parts[i])

    def in_order(self, tokens: int) -> Iterator[Batch]:
        """Every pair once, sorted by length, about `tokens` tokens a batch."""
        lengths = self.source_lengths + self.target_lengths
        order = lengths.argsort(stable=True)
        start = 0
        while start < len(order):
            stop = start + 1
            while stop < len(order) and int(lengths[order[stop]]) * (stop + 1 - start) <= tokens:
                stop += 1
            yield self.take(order[start:stop])
            start = stop
