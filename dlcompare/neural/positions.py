"""The position schemes of attention.

==============  ==================================================================================
`none`          Order is known from causal attention alone (Kazemnejad et al. 2023), so an encoder
                is causal too; a bag of digits could not be told apart otherwise.
`sinusoidal`    Sines and cosines of the index, added to the stream (Vaswani et al. 2017).
`learned`       A vector for each index met in training; all beyond share the last.
`relative`      A learned bias on scores by distance, in buckets that widen logarithmically (T5,
                Raffel et al. 2020). Distances beyond the longest trained one share its bucket.
`rotary`        Queries and keys rotated by their index (Su et al. 2021); in self-attention only,
                for indices of two sequences have no distance.
`alibi`         Scores lowered by the distance (Press et al. 2022). An encoder's first half of heads
                reads backwards and its second half forwards, or it could not tell left from right.
`randomized`    `sinusoidal` at a sorted random subset of a large range (Ruoss et al. 2023), so that
                indices beyond those of the examples are trained; evenly spread in a test.
`place_value`   The task-aware recipe; see `place_value`.
==============  ==================================================================================

A scheme gives each token *coordinates* (B or 1, T, d), whole numbers, and derives from them terms
to add to the stream or to the scores, or rotations of queries and keys. ``side`` is ``"encoder"``,
``"decoder"`` or, from decoder to encoder, ``"cross"``.
"""

import math
from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor, nn

from dlcompare.neural.encoding import END, PAD
from dlcompare.neural.layers import MASKED, Embedding, per_row

__all__ = [
    "BIAS_RATE",
    "Alibi",
    "Hints",
    "Learned",
    "Positions",
    "Randomized",
    "RelativeBias",
    "Rotary",
    "Side",
    "Sinusoidal",
    "spread",
]


Side = Literal["encoder", "decoder", "cross"]
Turn = tuple[Tensor, Tensor]
Hints = tuple[Tensor, ...]
"""A scheme's choices for each row before it places tokens; tensors have a row for each."""

BIAS_RATE = 8.0
"""Biases are learned this many times faster than other weights.

They start at zero and must reach several units before a head attends to one neighbour only; at the
common rate that takes most of the training.
"""

NEIGHBOUR = 4.0
"""The initial bias of one head for the token before, and of one head in an encoder for the token
after; all others are zero. To bind the digits of a number, a head must attend to a neighbour: from
zeros, some seeds learn that after a hundred updates and others after a thousand.
"""

_SIZE = 0.3
"""The root mean square of a position's vector, equal to that of a token's."""


def spread(noise: Tensor, counts: Tensor, size: int) -> Tensor:
    """Return a sorted random subset of ``range(size)`` in each row, of `counts` (B,) numbers.

    `noise` (B, n) is uniform; numbers past a row's count repeat its greatest.
    """
    among = torch.arange(noise.shape[1], device=noise.device)
    room = (size - counts).clamp(min=0)[:, None]
    late = noise.masked_fill(among >= counts[:, None], 2.0).sort(1).values.clamp(max=1 - 1e-6)
    last = (counts[:, None] - 1).clamp(0, noise.shape[1] - 1)
    chosen = (late * (room + 1)).long().clamp(max=room) + among
    return torch.where(among < counts[:, None], chosen, chosen.gather(1, last)).clamp(max=size - 1)


class Positions(nn.Module):
    """The scheme ``none``, and the interface of every scheme."""

    noise = 0
    """The number of uniform random numbers that a row needs in training."""

    crosses = False
    """Whether there is a bias from decoder to encoder."""

    causal_encoder = False
    """Whether an encoder must read from left to right for the scheme to tell order."""

    def hints(
        self,
        source: Tensor,  # noqa: ARG002
        target: Tensor | None,  # noqa: ARG002
        noise: Tensor | None,  # noqa: ARG002
    ) -> Hints:
        """Choose each row's hints, from tokens (B, S) and (B, T); random if `noise` is given."""
        return ()

    def coordinates(self, tokens: Tensor, hints: Hints, side: Side) -> Tensor:  # noqa: ARG002
        """Return the coordinates (B or 1, T, d) of every token of whole sequences (B, T)."""
        return torch.arange(tokens.shape[1], device=tokens.device)[None, :, None]

    def added(self, where: Tensor, side: Side, rows: int) -> Tensor | None:  # noqa: ARG002
        """Return what is added to the stream (B or 1, T, C)."""
        return None

    def bias(self, query: Tensor, key: Tensor, side: Side, rows: int) -> Tensor | None:  # noqa: ARG002
        """Return what is added to the scores (B or 1, nh, T, S).

        Parameters
        ----------
        query, key : Tensor
            The coordinates of queries (B or 1, T, d) and keys (B or 1, S, d).
        side : Side
            The attention that is biased.
        rows : int
            The number of rows of the batch.

        Returns
        -------
        Tensor or None
            None if the scheme has no bias.
        """
        return None

    def turn(self, where: Tensor) -> Turn | None:  # noqa: ARG002
        """Return cosines and sines that rotate queries and keys, each (B or 1, T, hs)."""
        return None


class Unplaced(Positions):
    """The scheme ``none``."""

    causal_encoder = True


class _Absolute(Positions):
    """Schemes that place a token by its index, without counting padding on either side."""

    def coordinates(self, tokens: Tensor, hints: Hints, side: Side) -> Tensor:  # noqa: ARG002
        """Return the index among the tokens of the row (B, T, 1)."""
        return ((tokens != PAD).cumsum(1) - 1).clamp(min=0)[..., None]


class Sinusoidal(_Absolute):
    """Sines and cosines of the index at wavelengths from 2π to 10,000·2π."""

    frequencies: Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        rate = torch.exp(torch.arange(0, width, 2) * (-math.log(10_000) / width))
        self.register_buffer("frequencies", rate, persistent=False)

    def added(self, where: Tensor, side: Side, rows: int) -> Tensor:  # noqa: ARG002
        """A vector an index (B, T, C)."""
        angles = where.to(self.frequencies.dtype) * self.frequencies  # (B, T, C / 2)
        return torch.cat([angles.sin(), angles.cos()], -1) * (_SIZE * math.sqrt(2))


class Learned(_Absolute):
    """A vector for each of `longest` indices, on either side."""

    def __init__(self, width: int, longest: int, sides: Sequence[Side], stack: int = 1) -> None:
        super().__init__()
        self.tables = nn.ModuleDict(
            {side: Embedding(longest, width, stack, _SIZE) for side in sides}
        )

    def added(self, where: Tensor, side: Side, rows: int) -> Tensor:  # noqa: ARG002
        """A vector an index (B, T, C)."""
        table = self.tables[side]
        assert isinstance(table, Embedding)
        vectors: Tensor = table(where[..., 0].clamp(max=table.count - 1))
        return vectors


class RelativeBias(Positions):
    """A bias on scores for each head and bucket of distances (Raffel et al. 2020).

    Parameters
    ----------
    heads : int
        Attention heads.
    buckets : int
        Buckets; half of those of a direction hold one distance each.
    farthest : int
        The greatest distance in training; larger ones share its bucket, so that none is untrained.
    sides : sequence of Side
        The sides that have self-attention.
    """

    farthest: Tensor

    def __init__(
        self, heads: int, buckets: int, farthest: int, sides: Sequence[Side], stack: int = 1
    ) -> None:
        super().__init__()
        self.buckets = buckets
        # One for each model (K, 1): the distances in one model's examples do not affect the others.
        self.register_buffer("farthest", torch.full((stack, 1), farthest), persistent=False)
        self.tables = nn.ParameterDict(
            {side: nn.Parameter(torch.zeros(stack, buckets, heads)) for side in sides}
        )
        with torch.no_grad():
            for side in sides:
                table = self.tables[side]
                before, after = self._bucket(torch.tensor([1, -1]), side)[0]
                table[:, before, 0] = NEIGHBOUR / BIAS_RATE
                if side == "encoder" and heads > 1:
                    table[:, after, 1] = NEIGHBOUR / BIAS_RATE

    def bias(self, query: Tensor, key: Tensor, side: Side, rows: int) -> Tensor:
        """Return the bias of each head for distances (K·B or 1, nh, T, S)."""
        last = query[0, -1, 0] - key[0, 0, 0]
        count = query.shape[1] + key.shape[1] - 1
        distances = last - torch.arange(count, device=query.device)
        buckets = self._bucket(distances, side)[..., None]  # (K, n, 1)
        table = torch.take_along_dim(self.tables[side] * BIAS_RATE, buckets, 1)
        # Along keys the distance falls by one per token: the last query reads the first window.
        windows = table.mT.contiguous().unfold(2, key.shape[1], 1)  # (K, nh, T, S)
        backwards = torch.arange(query.shape[1] - 1, -1, -1, device=query.device)
        return per_row(windows.index_select(2, backwards), rows)

    def _bucket(self, distance: Tensor, side: Side) -> Tensor:
        """Return the bucket (K, n) of each distance (n,) from key to query; later keys are < 0."""
        causal = side == "decoder"
        count = self.buckets if causal else self.buckets // 2
        far = distance.abs().minimum(self.farthest)
        exact = count // 2
        widening = exact / torch.log(self.farthest.clamp(min=exact + 1) / exact)
        log = exact + (torch.log(far.clamp(min=1) / exact) * widening).long()
        bucket = torch.where(far < exact, far, log.clamp(max=count - 1))
        return bucket if causal else bucket + count * (distance < 0)


class Rotary(Positions):
    """Rotations of queries and keys, at wavelengths from 2π to 10,000·2π tokens."""

    frequencies: Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        rate = torch.exp(torch.arange(0, size, 2) * (-math.log(10_000) / size))
        self.register_buffer("frequencies", torch.cat([rate, rate]), persistent=False)

    def turn(self, where: Tensor) -> Turn:
        """Return cosines and sines (1, T, hs)."""
        angles = where.to(self.frequencies.dtype) * self.frequencies
        return angles.cos(), angles.sin()


class Alibi(Positions):
    """Scores lowered in proportion to the distance; each head has its own rate."""

    rates: Tensor

    def __init__(self, heads: int) -> None:
        super().__init__()
        rates = 2.0 ** (-8 * torch.arange(1, heads + 1) / heads)
        self.register_buffer("rates", rates[:, None, None], persistent=False)

    def bias(self, query: Tensor, key: Tensor, side: Side, rows: int) -> Tensor:  # noqa: ARG002
        """Return minus rate times distance (1, nh, T, S)."""
        distance = query[0, :, None, 0] - key[0, None, :, 0]  # (T, S)
        bias = -self.rates * distance.abs()  # (nh, T, S)
        if side == "encoder":
            forward = torch.arange(len(bias), device=bias.device)[:, None, None] >= len(bias) // 2
            bias = bias.masked_fill(torch.where(forward, distance > 0, distance < 0), MASKED)
        return bias[None]


class Randomized(Sinusoidal):
    """`Sinusoidal` at a sorted random subset of ``range(size)``.

    Parameters
    ----------
    width : int
        Size of the stream.
    size : int
        The range.
    longest : int
        Tokens of the longest sequence in training.
    sides : sequence of Side
        One sequence (``"decoder"``, which then holds source and target) or two.
    """

    def __init__(self, width: int, size: int, longest: int, sides: Sequence[Side]) -> None:
        super().__init__(width)
        self.size = max(size, longest)
        self.sides = tuple(sides)
        self.noise = 2 * longest

    def hints(self, source: Tensor, target: Tensor | None, noise: Tensor | None) -> Hints:
        """Return in training a table of positions for each side, else the step between tokens."""
        lengths = (source != PAD).sum(1)
        if noise is None or target is None:
            # Twice the source leaves room for the target; longer targets get closer positions.
            return ((self.size // (2 * lengths.clamp(min=16))).clamp(min=1)[:, None],)
        # The longest row of the batch decides whether a row's end is among its inputs.
        written = ((target != PAD) & (target != END)).sum(1)
        counts = [lengths, written] if len(self.sides) == 2 else [lengths + written]
        parts = noise.chunk(len(counts), dim=1)
        return tuple(spread(p, c, self.size) for p, c in zip(parts, counts, strict=True))

    def coordinates(self, tokens: Tensor, hints: Hints, side: Side) -> Tensor:
        """Return the position of the index of each token (B, T, 1)."""
        index = super().coordinates(tokens, hints, side)[..., 0]
        first = hints[0]
        if first.shape[1] == 1:
            return (index * first).clamp(max=self.size - 1)[..., None]
        table = hints[self.sides.index(side)]
        return table.gather(1, index.clamp(max=table.shape[1] - 1))[..., None]
