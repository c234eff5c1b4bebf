"""The model: an encoder-decoder Transformer (Vaswani et al. 2017), pre-norm, without biases.

The encoder reads the arguments, the decoder writes the result token by token. Embeddings are shared
by both and by the output layer.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn

from dlcompare.neural.encoding import PAD, Encoding
from dlcompare.neural.layers import DecoderBlock, EncoderBlock, Norm
from dlcompare.neural.positions import Hints, PlaceValue, RelativeBias, Scheme

__all__ = ["Architecture", "Memory", "Transformer"]


@dataclass(frozen=True)
class Architecture:
    """Shape of a Transformer.

    Attributes
    ----------
    width : int
        Size of the stream; a multiple of `heads`.
    heads : int
        Attention heads.
    encoder_layers, decoder_layers : int
        Blocks.
    inner : int
        Width of the feed-forward layers, in multiples of `width`.
    dropout : float
        Share of each block's output that is dropped in training.
    positions : {"none", "relative", "place_value"}
        Position scheme.
    buckets : int
        Buckets of the relative bias.
    places, indices : int
        Digit places and element indices that ``place_value`` embeds.
    """

    width: int = 64
    heads: int = 4
    encoder_layers: int = 1
    decoder_layers: int = 2
    inner: int = 2
    dropout: float = 0.0
    positions: Scheme = "relative"
    buckets: int = 32
    places: int = 32
    indices: int = 1024


@dataclass(frozen=True)
class Memory:
    """What the encoder made of a batch of sources.

    Attributes
    ----------
    stream : Tensor
        The encoded tokens (B, S, C).
    bias : Tensor
        Zero for tokens and minus infinity for padding (B, 1, 1, S).
    hints : Hints or None
        What ``place_value`` drew for the batch.
    """

    stream: Tensor
    bias: Tensor
    hints: Hints | None

    @classmethod
    def join(cls, parts: Sequence["Memory"]) -> "Memory":
        """Several batches of one length as one."""
        hints = [part.hints for part in parts if part.hints is not None]
        return cls(
            torch.cat([part.stream for part in parts]),
            torch.cat([part.bias for part in parts]),
            Hints.join(hints) if hints else None,
        )


class Transformer(nn.Module):
    """An encoder-decoder Transformer over the tokens of one encoding.

    Parameters
    ----------
    encoding : Encoding
        The tokens.
    architecture : Architecture
        The shape.
    longest : int
        Length of the longest sequence in training, beyond which the relative bias is constant.
    """

    def __init__(self, encoding: Encoding, architecture: Architecture, longest: int) -> None:
        super().__init__()
        a = self.architecture = architecture
        self.embedding = nn.Embedding(len(encoding.vocabulary), a.width, padding_idx=PAD)
        self.encoder = nn.ModuleList(
            EncoderBlock(a.width, a.heads, a.inner * a.width, a.dropout)
            for _ in range(a.encoder_layers)
        )
        self.decoder = nn.ModuleList(
            DecoderBlock(a.width, a.heads, a.inner * a.width, a.dropout)
            for _ in range(a.decoder_layers)
        )
        self.encoder_norm, self.decoder_norm = Norm(a.width), Norm(a.width)
        self.causal_encoder = a.positions == "none"
        self.encoder_bias: RelativeBias | None = None
        self.decoder_bias: RelativeBias | None = None
        self.place_value: PlaceValue | None = None
        if a.positions != "none":
            self.encoder_bias = RelativeBias(a.heads, False, a.buckets, longest - 1)
            self.decoder_bias = RelativeBias(a.heads, True, a.buckets, longest - 1)
        if a.positions == "place_value":
            self.place_value = PlaceValue(encoding, a.width, a.places, a.indices)
        self._initialise()

    def _initialise(self) -> None:
        """Maps that write to the stream start smaller the more there are (Radford et al. 2019)."""
        writers = 2 * len(self.encoder) + 3 * len(self.decoder)
        for name, parameter in self.named_parameters():
            if name.endswith((".out.weight", ".down.weight")):
                nn.init.normal_(parameter, std=parameter.shape[1] ** -0.5 / math.sqrt(writers))
            elif parameter.dim() == 2 and name.endswith(
                ("query.weight", "key_value.weight", "up.weight")
            ):
                nn.init.normal_(parameter, std=parameter.shape[1] ** -0.5)
        # Small beside what the blocks write: the stream is soon ruled by what they learn.
        nn.init.normal_(self.embedding.weight[PAD + 1 :], std=0.3 * self.architecture.width**-0.5)

    @property
    def decoder_blocks(self) -> list[DecoderBlock]:
        """The blocks of the decoder, first to last."""
        return [cast(DecoderBlock, block) for block in self.decoder]

    @property
    def parameter_count(self) -> int:
        """Trained numbers."""
        return sum(p.numel() for p in self.parameters() if p.requires_grad)

    def forward(
        self, source: Tensor, target: Tensor, generator: torch.Generator | None = None
    ) -> Tensor:
        """Scores of the token after each target token (B, T, V).

        Parameters
        ----------
        source : Tensor
            Tokens of the arguments (B, S), padded.
        target : Tensor
            `BEGIN` and the tokens of the result but the last (B, T), padded.
        generator : torch.Generator, optional
            Draws the hints of ``place_value`` in training; without it they are those of a test.
        """
        memory = self.encode(source, generator)
        x = self.embed(target, memory.hints)  # (B, T, C)
        bias = self.self_bias(target.shape[1], self.decoder_bias, causal=True)
        for block in self.decoder_blocks:
            x = block(x, memory.stream, bias, memory.bias)  # (B, T, C)
        return self.scores(x)

    def encode(self, source: Tensor, generator: torch.Generator | None = None) -> Memory:
        """Read the arguments (B, S)."""
        hints = self.place_value.hints(source, generator) if self.place_value else None
        padding = torch.where(source == PAD, -torch.inf, 0.0)[:, None, None, :]  # (B, 1, 1, S)
        bias = padding + self.self_bias(source.shape[1], self.encoder_bias, self.causal_encoder)
        x = self.embed(source, hints)  # (B, S, C)
        for block in self.encoder:
            x = block(x, bias)  # (B, S, C)
        return Memory(self.encoder_norm(x), padding, hints)

    def embed(self, tokens: Tensor, hints: Hints | None) -> Tensor:
        """The stream of whole sequences (B, T) before the first block (B, T, C)."""
        x = self.embedding_of(tokens)
        if self.place_value is not None and hints is not None:
            x = x + self.place_value(*self.place_value.structure(tokens), hints)
        return x

    def embedding_of(self, tokens: Tensor) -> Tensor:
        """The embeddings of tokens (B, T) at the scale of the stream (B, T, C)."""
        x: Tensor = self.embedding(tokens) * math.sqrt(self.architecture.width)
        return x

    def self_bias(self, length: int, relative: RelativeBias | None, causal: bool) -> Tensor:
        """What is added to the scores of self-attention; broadcasts to (nh, T, T)."""
        device = self.embedding.weight.device
        bias = torch.zeros(1, length, length, device=device)
        if causal:
            bias = torch.full_like(bias, -torch.inf).triu(1)
        return bias if relative is None else bias + relative(length)

    def scores(self, x: Tensor) -> Tensor:
        """Scores of every token of the vocabulary for a stream (B, T, C) -> (B, T, V)."""
        normed: Tensor = self.decoder_norm(x)
        return normed @ self.embedding.weight.T
