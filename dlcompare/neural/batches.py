"""Examples as padded tensors, and the order in which training meets them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812
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
    noise : Tensor or None
        What the network's position scheme draws from (B, n).
    """

    source: Tensor
    target: Tensor
    noise: Tensor | None = None

    @classmethod
    def join(cls, batches: Sequence["Batch"]) -> "Batch":
        """The batches of a stack of models as one, each padded to the most rows and tokens."""
        if len(batches) == 1:
            return batches[0]
        rows = max(len(b.source) for b in batches)

        def joined(parts: list[Tensor]) -> Tensor:
            width = max(part.shape[1] for part in parts)
            return torch.cat(
                [F.pad(p, (0, width - p.shape[1], 0, rows - len(p)), value=PAD) for p in parts]
            )

        noise = [b.noise for b in batches if b.noise is not None]
        return cls(
            joined([b.source for b in batches]),
            joined([b.target for b in batches]),
            joined(noise) if noise else None,
        )


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
        return cls.of(sources, targets, device)

    @classmethod
    def of(
        cls, sources: list[list[int]], targets: list[list[int]], device: torch.device
    ) -> "Pairs":
        """Pairs of tokens; targets begin with `BEGIN`."""
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
        (batch,) = self.batches([chosen])
        return batch

    def batches(
        self, chosen: Sequence[Tensor], noise: Sequence[Tensor] | None = None
    ) -> Iterator[Batch]:
        """As `take` for each of `chosen`, with its rows of `noise`.

        Indices and noise go to the device once for all, for the host waits while they do.
        """
        device = self.source.device
        sizes = [len(part) for part in chosen]
        there = torch.split(torch.cat(list(chosen)).to(device), sizes)
        drawn = None if noise is None else torch.split(torch.cat(list(noise)).to(device), sizes)
        for i, part in enumerate(chosen):
            source = self.source[:, : int(self.source_lengths[part].max())]
            target = self.target[:, : int(self.target_lengths[part].max())]
            own = None if drawn is None else drawn[i]
            yield Batch(source[there[i]], target[there[i]], own)

    def all(self) -> Batch:
        """Every pair, in order."""
        return Batch(self.source, self.target)

    def epoch(self, size: int, generator: torch.Generator) -> Iterator[Tensor]:
        """Indices of every pair once, in batches of about one length, in random order."""
        order = torch.randperm(len(self), generator=generator)
        lengths = self.source_lengths + self.target_lengths
        parts: list[Tensor] = []
        for window in torch.split(order, size * _WINDOW):
            parts += torch.split(window[lengths[window].argsort(stable=True)], size)
        for i in torch.randperm(len(parts), generator=generator).tolist():
            yield parts[i]

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
