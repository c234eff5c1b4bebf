"""The layers of the Transformer: attention over given keys and values, and the two kinds of block.

Shapes are written (B, T, C): batch, tokens, width; attention splits C into (nh, hs): heads and head
size. Sums of biases and masks come in as one tensor added to the scores.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

__all__ = ["Attention", "DecoderBlock", "EncoderBlock", "FeedForward", "KeysValues", "Norm"]

KeysValues = tuple[Tensor, Tensor]
"""Keys and values, each (B, nh, S, hs)."""


class Norm(nn.Module):
    """Layer normalisation with a gain and no bias."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        return F.layer_norm(x, self.gain.shape, self.gain)


class Attention(nn.Module):
    """Dot-product attention in several heads (Vaswani et al. 2017).

    Scores are divided by the head size, not by its root (Yang et al. 2021): attention starts out
    nearly even, and sorting is learned in fewer updates.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.scale = heads / width
        self.query = nn.Linear(width, width, bias=False)
        self.key_value = nn.Linear(width, 2 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)

    def split(self, x: Tensor) -> Tensor:
        """Heads apart: (B, T, C) to (B, nh, T, hs)."""
        return x.view(*x.shape[:-1], self.heads, -1).transpose(1, 2)

    def keys_values(self, x: Tensor) -> KeysValues:
        """Keys and values of the tokens `x` (B, S, C)."""
        keys, values = self.key_value(x).chunk(2, dim=-1)  # 2 × (B, S, C)
        return self.split(keys), self.split(values)

    def forward(self, x: Tensor, keys_values: KeysValues, bias: Tensor) -> Tensor:
        """What `x` (B, T, C) reads; `bias` broadcasts to the scores (B, nh, T, S)."""
        keys, values = keys_values
        query = self.split(self.query(x) * self.scale)  # (B, nh, T, hs)
        scores = query @ keys.transpose(-2, -1) + bias  # (B, nh, T, S)
        read = scores.softmax(-1) @ values  # (B, nh, T, hs)
        mixed: Tensor = self.out(read.transpose(1, 2).flatten(2))  # (B, T, C)
        return mixed


class FeedForward(nn.Module):
    """Two linear maps with a GELU between them."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.up = nn.Linear(width, inner, bias=False)
        self.down = nn.Linear(inner, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.down(F.gelu(self.up(x)))
        return y


class EncoderBlock(nn.Module):
    """Self-attention and feed-forward, each on the normalised stream (pre-norm)."""

    def __init__(self, width: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.self_norm, self.self_attention = Norm(width), Attention(width, heads)
        self.norm, self.feed_forward = Norm(width), FeedForward(width, inner)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """The stream (B, S, C) after this block; `bias` broadcasts to (B, nh, S, S)."""
        y = self.self_norm(x)
        x = x + self.dropout(self.self_attention(y, self.self_attention.keys_values(y), bias))
        out: Tensor = x + self.dropout(self.feed_forward(self.norm(x)))
        return out


class DecoderBlock(nn.Module):
    """Self-attention, attention to the memory, and feed-forward, each pre-norm."""

    def __init__(self, width: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.self_norm, self.self_attention = Norm(width), Attention(width, heads)
        self.cross_norm, self.cross_attention = Norm(width), Attention(width, heads)
        self.norm, self.feed_forward = Norm(width), FeedForward(width, inner)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, memory: Tensor, bias: Tensor, memory_bias: Tensor) -> Tensor:
        """The stream (B, T, C) after this block, given the memory (B, S, C)."""
        y = self.self_norm(x)
        x = x + self.dropout(self.self_attention(y, self.self_attention.keys_values(y), bias))
        read = self.cross_attention.keys_values(memory)
        x = x + self.dropout(self.cross_attention(self.cross_norm(x), read, memory_bias))
        out: Tensor = x + self.dropout(self.feed_forward(self.norm(x)))
        return out
