"""Encoder-decoder Transformers (Vaswani et al. 2017), pre-norm, without biases.

The encoder reads the arguments, the decoder writes the result token by token. Embeddings are shared
by both and by the output layer. In the universal kind (Dehghani et al. 2019) all blocks of a side
are one block applied repeatedly, and the embedded input is added again each time (Fan et al. 2024),
so that depth does not wash it out.
"""

import math
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from dlcompare.neural.encoding import PAD, Encoding
from dlcompare.neural.kinds import Architecture
from dlcompare.neural.layers import (
    MASKED,
    Block,
    Cache,
    Embedding,
    KeysValues,
    Norm,
    StackedLinear,
    shrink_writers,
)
from dlcompare.neural.model import SequenceModel, State
from dlcompare.neural.place_value import PlaceValue
from dlcompare.neural.positions import (
    Alibi,
    Hints,
    Learned,
    Positions,
    Randomized,
    RelativeBias,
    Rotary,
    Side,
    Sinusoidal,
    Unplaced,
)

__all__ = ["Memory", "Reader", "Transformer", "TransformerState", "positions_of"]

_MAX_SCORES = 2**23
"""The most attention scores of one layer held at once: 32 MiB in float32."""


def positions_of(
    encoding: Encoding, a: Architecture, longest: int, sides: tuple[Side, ...], stack: int
) -> Positions:
    """Return the position scheme of an architecture.

    Parameters
    ----------
    encoding : Encoding
    a : Architecture
    longest : int
        The number of tokens of the longest sequence in training.
    sides : tuple of Side
        One side if source and target are one sequence.
    stack : int
        The number of models.

    Returns
    -------
    Positions
    """
    selves = tuple(side for side in sides if side != "cross")
    whole = longest if len(selves) == 2 else 2 * longest
    match a.positions:
        case "none":
            return Unplaced()
        case "sinusoidal":
            return Sinusoidal(a.width)
        case "learned":
            return Learned(a.width, whole, selves, stack)
        case "relative":
            return RelativeBias(a.heads, a.buckets, whole - 1, selves, stack)
        case "rotary":
            return Rotary(a.width // a.heads)
        case "alibi":
            return Alibi(a.heads)
        case "randomized":
            return Randomized(a.width, a.indices, longest, selves)
        case "place_value":
            return PlaceValue(
                encoding, a.width, a.heads, a.places, a.indices, longest, sides, stack
            )


class Reader(SequenceModel):
    """The parts that Transformers share: from tokens to a stream, and from a stream to scores."""

    positions: Positions

    def __init__(
        self, encoding: Encoding, architecture: Architecture, positions: Positions, stack: int
    ) -> None:
        super().__init__(architecture, stack)
        width = architecture.width
        # Small compared with the blocks' output, which soon dominates the stream.
        deviation = 0.3 * width**-0.5
        self.embedding = Embedding(len(encoding.vocabulary), width, stack, deviation)
        self.final_norm = Norm(width, stack)
        self.positions = positions
        self.noise = positions.noise

    @property
    def embeddings(self) -> Tensor:
        """The vector of every token at the scale of the stream (V, C)."""
        return self.embedding.weight[0] * math.sqrt(self.architecture.width)

    def embed(
        self, tokens: Tensor, where: Tensor, side: Side, nudge: Tensor | None = None
    ) -> Tensor:
        """Return the stream (B, T, C) before the first block.

        Parameters
        ----------
        tokens : Tensor
            The tokens (B, T).
        where : Tensor
            Their coordinates (B or 1, T, d).
        side : Side
        nudge : Tensor, optional
            Added to the vectors of the tokens (B, T, C).
        """
        x: Tensor = self.embedding(tokens) * math.sqrt(self.architecture.width)
        if nudge is not None:
            x = x + nudge
        added = self.positions.added(where, side, len(tokens))
        return x if added is None else x + added

    def padding(self, source: Tensor) -> Tensor:
        """Return terms to add to scores (B, 1, 1, S): 0 for tokens, `MASKED` for padding."""
        mask = torch.zeros(source.shape, dtype=self.embedding.weight.dtype, device=source.device)
        return mask.masked_fill(source == PAD, MASKED)[:, None, None]

    def self_bias(
        self, query: Tensor, key: Tensor, side: Side, rows: int, causal: bool
    ) -> Tensor | None:
        """Return the bias of self-attention's scores; the queries are the last of the keys.

        Parameters
        ----------
        query, key : Tensor
            The coordinates of queries (B or 1, T, d) and keys (B or 1, S, d).
        side : Side
        rows : int
            The number of rows of the batch.
        causal : bool
            Whether to mask later keys.

        Returns
        -------
        Tensor or None
            None if nothing is added.
        """
        bias = self.positions.bias(query, key, side, rows)
        count, all_ = query.shape[1], key.shape[1]
        if causal and count > 1:
            later = torch.ones(count, all_, dtype=torch.bool, device=query.device)
            later = later.triu(1 + all_ - count)
            if bias is None:
                bias = self.embedding.weight.new_zeros(1, 1, 1, 1)
            bias = bias.masked_fill(later, MASKED)
        return bias

    def scores(self, x: Tensor) -> Tensor:
        """Return the scores of every token of the vocabulary, (B, T, C) -> (B, T, V)."""
        normed: Tensor = self.final_norm(x)
        weight = self.embedding.weight
        if self.stack == 1:
            return F.linear(normed, weight.squeeze(0))
        scores = normed.reshape(self.stack, -1, normed.shape[-1]) @ weight.mT
        return scores.view(*normed.shape[:-1], -1)


@dataclass
class Memory:
    """The encoder's output for a batch of sources.

    Attributes
    ----------
    read : list of KeysValues
        Keys and values of the sources for each block of the decoder (B, nh, S, hs).
    padding : Tensor
        0 for tokens and `MASKED` for padding (B, 1, 1, S).
    where : Tensor
        Coordinates of the source tokens (B or 1, S, d).
    """

    read: list[KeysValues]
    padding: Tensor
    where: Tensor


@dataclass
class TransformerState:
    """A batch in progress: the source, the tokens written, and their keys and values.

    Attributes
    ----------
    written : Tensor
        Tokens so far, in a buffer (B, cap).
    at : int
        The number of tokens so far.
    caches : list of Cache
        One cache for each block.
    hints : Hints
        The hints that the position scheme has chosen.
    memory : Memory or None
        The encoder's output, if there is an encoder.
    """

    written: Tensor
    at: int
    caches: list[Cache]
    hints: Hints
    memory: Memory | None

    def keep(self, rows: Tensor) -> None:
        """Forget all rows but these."""
        self.written = self.written[rows]
        for cache in self.caches:
            cache.keep(rows)
        self.hints = tuple(hint[rows] for hint in self.hints)
        if self.memory is not None:
            m = self.memory
            where = m.where if len(m.where) == 1 else m.where[rows]
            self.memory = Memory(
                [(keys[rows], values[rows]) for keys, values in m.read], m.padding[rows], where
            )


class Transformer(Reader):
    """An encoder-decoder Transformer over the tokens of one encoding.

    Parameters
    ----------
    encoding : Encoding
        The tokens.
    architecture : Architecture
        The shape; of kind ``"transformer"`` or ``"universal"``.
    longest : int
        Length of the longest sequence in training.
    stack : int
        The number of models.
    """

    def __init__(
        self, encoding: Encoding, architecture: Architecture, longest: int, stack: int = 1
    ) -> None:
        a = architecture
        sides: tuple[Side, ...] = ("encoder", "decoder", "cross")
        super().__init__(encoding, a, positions_of(encoding, a, longest, sides, stack), stack)
        self.shared = a.kind == "universal"

        def blocks(count: int, crosses: bool) -> nn.ModuleList:
            shape = (a.width, a.heads, a.inner * a.width, a.dropout, crosses, stack)
            return nn.ModuleList(Block(*shape) for _ in range(1 if self.shared else count))

        self.encoder = blocks(a.encoder_layers, crosses=False)
        self.decoder = blocks(a.decoder_layers, crosses=True)
        self.memory_norm = Norm(a.width, stack)
        # One matrix makes the keys and values that every block of the decoder reads.
        self.memory_project = StackedLinear(a.width, 2 * a.width * len(self.decoder), stack)
        shrink_writers(self, 2 * a.encoder_layers + 3 * a.decoder_layers)

    @property
    def encoder_blocks(self) -> list[Block]:
        """The blocks in the order applied."""
        times = self.architecture.encoder_layers if self.shared else 1
        return [cast(Block, block) for block in self.encoder] * times

    @property
    def decoder_blocks(self) -> list[Block]:
        """The blocks in the order applied."""
        times = self.architecture.decoder_layers if self.shared else 1
        return [cast(Block, block) for block in self.decoder] * times

    def forward(
        self,
        source: Tensor,
        target: Tensor,
        noise: Tensor | None = None,
        nudge: Tensor | None = None,
    ) -> Tensor:
        """As `SequenceModel.forward`."""
        hints = self.positions.hints(source, target, noise)
        memory = self.encode(source, hints, nudge)
        where = self.positions.coordinates(target, hints, "decoder")
        return self.decode(target, where, where, memory, None)

    def encode(
        self,
        source: Tensor,
        hints: Hints,
        nudge: Tensor | None = None,
        padded: bool = True,
    ) -> Memory:
        """Read the arguments.

        Parameters
        ----------
        source : Tensor
            The tokens of the arguments (B, S).
        hints : Hints
            The choices of the position scheme.
        nudge : Tensor, optional
            Added to the vectors of the tokens (B, S, C).
        padded : bool
            Whether some rows may be padded.

        Returns
        -------
        Memory
        """
        rows = len(source)
        where = self.positions.coordinates(source, hints, "encoder")
        padding = self.padding(source)
        bias = self.self_bias(where, where, "encoder", rows, self.positions.causal_encoder)
        if bias is None:
            bias = padding
        elif padded:
            bias = padding + bias
        turn = self.positions.turn(where)
        first = x = self.embed(source, where, "encoder", nudge)  # (B, S, C)
        self.note("encoder", x)
        for i, block in enumerate(self.encoder_blocks):
            x = block(x + first if self.shared and i else x, bias, turn)  # (B, S, C)
            self.note("encoder", x)
        made = self.memory_project(self.memory_norm(x))  # (B, S, 2·C·blocks)
        size = self.architecture.width // self.architecture.heads
        heads = made.view(rows, source.shape[1], -1, size).transpose(1, 2)
        parts = heads.chunk(2 * len(self.decoder), dim=1)  # each (B, nh, S, hs)
        read = list(zip(parts[::2], parts[1::2], strict=True))
        return Memory(read * (len(self.decoder_blocks) // len(read)), padding, where)

    def decode(
        self,
        tokens: Tensor,
        query: Tensor,
        key: Tensor,
        memory: Memory,
        caches: list[Cache] | None,
    ) -> Tensor:
        """Return the scores after tokens (B, T, V).

        Parameters
        ----------
        tokens : Tensor
            The tokens (B, T): a whole sequence or, with `caches`, its next tokens.
        query, key : Tensor
            The coordinates of these tokens, and of all tokens so far.
        memory : Memory
            The encoder's output.
        caches : list of Cache or None
            The keys and values of earlier tokens, for each block.
        """
        rows = len(tokens)
        bias = self.self_bias(query, key, "decoder", rows, causal=True)
        turn = self.positions.turn(query)
        across = memory.padding
        if self.positions.crosses:
            cross = self.positions.bias(query, memory.where, "cross", rows)
            across = across if cross is None else across + cross
        first = x = self.embed(tokens, query, "decoder")  # (B, T, C)
        self.note("decoder", x)
        for i, block in enumerate(self.decoder_blocks):
            y = x + first if self.shared and i else x
            cache = caches[i] if caches else None
            x = block(y, bias, turn, cache, memory.read[i], across)  # (B, T, C)
            self.note("decoder", x)
        return self.scores(x)

    def start(self, source: Tensor, cap: int) -> TransformerState:
        """As `SequenceModel.start`; a few rows at a time if their scores would not fit."""
        a = self.architecture
        rows, longest = source.shape
        hints = self.positions.hints(source, None, None)
        lengths = (source != PAD).sum(1).tolist()
        size, like = a.width // a.heads, self.embedding.weight
        shape = (2, rows, a.heads, size, longest)  # as in `Cache`
        read = [tuple(like.new_zeros(shape).mT) for _ in self.decoder_blocks]
        count = max(1, _MAX_SCORES // (a.heads * longest**2))
        for i in range(0, rows, count):
            j, length = i + count, max(lengths[i : i + count])
            some = tuple(hint[i:j] for hint in hints)
            part = self.encode(source[i:j, :length], some, padded=count > 1)
            for (keys, values), (k, v) in zip(read, part.read, strict=True):
                keys[i:j, :, :length], values[i:j, :, :length] = k, v
        where = self.positions.coordinates(source, hints, "encoder")
        memory = Memory(read, self.padding(source), where)
        caches = [Cache(rows, a.heads, cap, size, like) for _ in self.decoder_blocks]
        return TransformerState(source.new_zeros(rows, cap), 0, caches, hints, memory)

    def step(self, tokens: Tensor, state: State) -> Tensor:
        """As `SequenceModel.step`."""
        assert isinstance(state, TransformerState)
        assert state.memory is not None
        state.written[:, state.at] = tokens
        state.at += 1
        where = self.positions.coordinates(state.written[:, : state.at], state.hints, "decoder")
        scores = self.decode(tokens[:, None], where[:, -1:], where, state.memory, state.caches)
        return scores[:, 0]
