"""A decoder-only Transformer (Radford et al. 2019): arguments and result are one sequence.

The arguments directly precede their result; padding precedes them. The loss is on the result alone.
"""

from typing import cast

import torch
from torch import Tensor, nn

from dlcompare.neural.encoding import Encoding
from dlcompare.neural.kinds import Architecture
from dlcompare.neural.layers import Block, Cache, shrink_writers
from dlcompare.neural.model import State, right_aligned
from dlcompare.neural.transformer import Reader, TransformerState, positions_of

__all__ = ["DecoderOnly"]

_MAX_SCORES = 2**25
"""The most attention scores of one layer held at once: 128 MiB in float32."""


class DecoderOnly(Reader):
    """A decoder-only Transformer over the tokens of one encoding; parameters as `Transformer`."""

    def __init__(
        self, encoding: Encoding, architecture: Architecture, longest: int, stack: int = 1
    ) -> None:
        a = architecture
        super().__init__(
            encoding, a, positions_of(encoding, a, longest, ("decoder",), stack), stack
        )
        shape = (a.width, a.heads, a.inner * a.width, a.dropout, False, stack)
        self.decoder = nn.ModuleList(Block(*shape) for _ in range(a.decoder_layers))
        shrink_writers(self, 2 * a.decoder_layers)

    def forward(
        self,
        source: Tensor,
        target: Tensor,
        noise: Tensor | None = None,
        nudge: Tensor | None = None,
    ) -> Tensor:
        """As `SequenceModel.forward`."""
        hints = self.positions.hints(source, target, noise)
        aligned, origin = right_aligned(source)
        if nudge is not None:
            there = origin.clamp(min=0)[..., None].expand_as(nudge)
            nudge = nudge.gather(1, there) * (origin >= 0)[..., None]
            nudge = torch.cat([nudge, nudge.new_zeros(*target.shape, nudge.shape[-1])], 1)
        sequence = torch.cat([aligned, target], 1)  # (B, S + T)
        where = self.positions.coordinates(sequence, hints, "decoder")
        x = self.run(sequence, where, sequence, where, None, nudge)
        return self.scores(x[:, source.shape[1] :])

    def run(
        self,
        tokens: Tensor,
        query: Tensor,
        sequence: Tensor,
        key: Tensor,
        caches: list[Cache] | None,
        nudge: Tensor | None = None,
    ) -> Tensor:
        """Return the stream (B, T, C) of tokens that end a sequence.

        Parameters
        ----------
        tokens : Tensor
            The tokens (B, T): the whole sequence or, with `caches`, its last tokens.
        query : Tensor
            Their coordinates (B or 1, T, d).
        sequence : Tensor
            The tokens of the whole sequence so far (B, S).
        key : Tensor
            Its coordinates (B or 1, S, d).
        caches : list of Cache or None
            The keys and values of earlier tokens, for each block.
        nudge : Tensor, optional
            Added to the vectors of the tokens.
        """
        bias = self.self_bias(query, key, "decoder", len(tokens), causal=True)
        padding = self.padding(sequence)  # (B, 1, 1, S + T)
        bias = padding if bias is None else padding + bias
        turn = self.positions.turn(query)
        x = self.embed(tokens, query, "decoder", nudge)
        self.note("decoder", x)
        for i, block in enumerate(self.decoder):
            x = cast(Block, block)(x, bias, turn, caches[i] if caches else None)  # (B, T, C)
            self.note("decoder", x)
        return x

    def start(self, source: Tensor, cap: int) -> TransformerState:
        """As `SequenceModel.start`; a few tokens at a time if their scores would not fit."""
        a = self.architecture
        rows, length = source.shape
        hints = self.positions.hints(source, None, None)
        like, size = self.embedding.weight, a.width // a.heads
        caches = [Cache(rows, a.heads, length + cap, size, like) for _ in self.decoder]
        aligned, _ = right_aligned(source)
        written = torch.cat([aligned, source.new_zeros(rows, cap)], 1)
        where = self.positions.coordinates(aligned, hints, "decoder")
        count = max(1, _MAX_SCORES // (rows * a.heads * length))
        for i in range(0, length, count):
            j = min(i + count, length)
            self.run(aligned[:, i:j], where[:, i:j], aligned[:, :j], where[:, :j], caches)
        return TransformerState(written, length, caches, hints, None)

    def step(self, tokens: Tensor, state: State) -> Tensor:
        """As `SequenceModel.step`."""
        assert isinstance(state, TransformerState)
        state.written[:, state.at] = tokens
        state.at += 1
        sequence = state.written[:, : state.at]
        where = self.positions.coordinates(sequence, state.hints, "decoder")
        x = self.run(tokens[:, None], where[:, -1:], sequence, where, state.caches)
        return self.scores(x)[:, 0]
