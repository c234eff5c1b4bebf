"""Batches of examples as padded tensors, and their order in training."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812
from torch.nn.utils.rnn import pad_sequence

from dlcompare.neural.encoding import BEGIN, PAD, Encoding
from dlcompare.tasks.problem import Examples

__all__ = ["Batch", "Pairs", "StackedPairs", "pad"]

_WINDOW = 16
"""The number of batches sorted by length together: less padding, and still a random order."""


def pad(sequences: list[list[int]]) -> Tensor:
    """Stack sequences, padded to the longest (B, T)."""
    return pad_sequence([torch.tensor(s) for s in sequences], batch_first=True, padding_value=PAD)


@dataclass(frozen=True)
class Batch:
    """A batch of pairs, padded to the longest.

    Attributes
    ----------
    source : Tensor
        Tokens of the arguments (B, S).
    target : Tensor
        `BEGIN` and the tokens of the results (B, T + 1).
    noise : Tensor or None
        Random numbers for the network's position scheme (B, n).
    """

    source: Tensor
    target: Tensor
    noise: Tensor | None = None


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
        """Encode examples as tokens."""
        sources = [encoding.encode_inputs(row) for row in examples.rows()]
        targets = [[BEGIN, *encoding.encode_output(output)] for output in examples.outputs]
        return cls.of(sources, targets, device)

    @classmethod
    def of(
        cls, sources: list[list[int]], targets: list[list[int]], device: torch.device
    ) -> "Pairs":
        """Make pairs from tokens; targets begin with `BEGIN`."""
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
        """The number of tokens of the longest sequence on either side."""
        return int(max(self.source_lengths.max(), self.target_lengths.max()))

    def part(self, chosen: Tensor) -> "Pairs":
        """Return the pairs at the indices `chosen`."""
        there = chosen.to(self.source.device)
        return Pairs(
            self.source[there],
            self.target[there],
            self.source_lengths[chosen],
            self.target_lengths[chosen],
        )

    def take(self, chosen: Tensor) -> Batch:
        """Return the pairs at the indices `chosen` (B,), cut to the longest among them."""
        (batch,) = self.batches([chosen])
        return batch

    def batches(
        self,
        chosen: Sequence[Tensor],
        noise: Sequence[Tensor] | None = None,
        widths: int | None = None,
    ) -> Iterator[Batch]:
        """Yield a batch, as `take` does, for each of `chosen`, with its rows of `noise`.

        Indices and noise go to the device all at once, because the host waits meanwhile. With
        `widths`, a batch is padded to one of that many lengths, up to those of all pairs.
        """
        device = self.source.device
        sizes = [len(part) for part in chosen]
        there = torch.split(torch.cat(list(chosen)).to(device), sizes)
        drawn = None if noise is None else torch.split(torch.cat(list(noise)).to(device), sizes)
        for i, part in enumerate(chosen):
            source, target = self._cut(part, widths)
            own = None if drawn is None else drawn[i]
            yield Batch(source[there[i]], target[there[i]], own)

    def _cut(self, chosen: Tensor, widths: int | None) -> tuple[Tensor, Tensor]:
        """Return all tokens, cut to the longest of `chosen` or to the next allowed length."""
        needed = int(self.source_lengths[chosen].max()), int(self.target_lengths[chosen].max())
        if widths is not None:
            whole = self.source.shape[1], self.target.shape[1]
            # Longer sources mostly have longer targets: both take the same step.
            step = max(math.ceil(widths * n / of) for n, of in zip(needed, whole, strict=True))
            needed = math.ceil(whole[0] * step / widths), math.ceil(whole[1] * step / widths)
        return self.source[:, : needed[0]], self.target[:, : needed[1]]

    def all(self) -> Batch:
        """Return every pair, in order."""
        return Batch(self.source, self.target)

    def epoch(self, size: int, generator: torch.Generator) -> Iterator[Tensor]:
        """Yield the indices of every pair once, in batches of similar length, in random order."""
        order = torch.randperm(len(self), generator=generator)
        lengths = self.source_lengths + self.target_lengths
        parts: list[Tensor] = []
        for window in torch.split(order, size * _WINDOW):
            parts += torch.split(window[lengths[window].argsort(stable=True)], size)
        for i in torch.randperm(len(parts), generator=generator).tolist():
            yield parts[i]

    def in_order(self, tokens: int) -> Iterator[Tensor]:
        """Yield indices of every pair once, sorted by length, about `tokens` tokens per batch."""
        lengths = self.source_lengths + self.target_lengths
        order = lengths.argsort(stable=True)
        start = 0
        while start < len(order):
            stop = start + 1
            while stop < len(order) and int(lengths[order[stop]]) * (stop + 1 - start) <= tokens:
                stop += 1
            yield order[start:stop]
            start = stop


class StackedPairs:
    """The pairs of each model of a stack, in one table on the device.

    A batch of all models is then one look-up: the rows of model 0, those of model 1, …, equally
    many for each; a model with fewer rows gets rows of padding.

    Parameters
    ----------
    parts : sequence of Pairs
        The pairs of each model; they may be empty.
    """

    def __init__(self, parts: Sequence[Pairs]) -> None:
        self.parts = list(parts)
        counts = [len(part) for part in parts]
        self._blank = sum(counts)
        self._starts = [sum(counts[:i]) for i in range(len(counts))]
        none = torch.zeros(1, dtype=torch.long)
        self._table = Pairs(
            _joined([part.source for part in parts]),
            _joined([part.target for part in parts]),
            torch.cat([*(part.source_lengths for part in parts), none]),
            torch.cat([*(part.target_lengths for part in parts), none]),
        )

    def batches(
        self,
        chosen: Sequence[Sequence[Tensor]],
        noise: Sequence[Sequence[Tensor]] | None = None,
        rows: int = 0,
        widths: int | None = None,
    ) -> Iterator[Batch]:
        """Yield batches of the stack, given the indices, and the noise, of every model.

        Parameters
        ----------
        chosen : sequence of sequence of Tensor
            The indices of each batch, for every model.
        noise : sequence of sequence of Tensor, optional
            The random numbers of each batch, for every model.
        rows : int
            The fewest rows of a model in a batch.
        widths : int, optional
            The number of lengths of batches, as in `Pairs.batches`.

        Yields
        ------
        Batch
        """
        counts = [max(rows, *map(len, each)) for each in chosen]
        laid = [
            torch.cat(
                [
                    F.pad(part + start, (0, count - len(part)), value=self._blank)
                    for part, start in zip(each, self._starts, strict=True)
                ]
            )
            for each, count in zip(chosen, counts, strict=True)
        ]
        drawn = None
        if noise is not None:
            drawn = [
                torch.cat([F.pad(part, (0, 0, 0, count - len(part))) for part in each])
                for each, count in zip(noise, counts, strict=True)
            ]
        return self._table.batches(laid, drawn, widths)

    def in_order(self, tokens: int) -> Iterator[Batch]:
        """Yield every pair once, sorted by length, about `tokens` tokens per model and batch."""
        orders = [part.in_order(tokens) for part in self.parts]
        none = torch.arange(0)
        chosen = list(zip_longest(*orders, fillvalue=none))
        return self.batches(chosen) if chosen else iter(())


def _joined(tables: Sequence[Tensor]) -> Tensor:
    """Join the tokens (n, T) of all tables, padded to the longest, and a row of padding."""
    width = max(table.shape[1] for table in tables)
    blank = tables[0].new_full((1, width), PAD)
    return torch.cat([*(F.pad(t, (0, width - t.shape[1]), value=PAD) for t in tables), blank])
