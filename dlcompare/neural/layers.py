"""The layers of the networks, for one model or for a stack of K models of one shape.

Shapes are written (B, T, C): batch, tokens, width; attention splits C into (nh, hs): heads and head
size. A stack is one program for K models: every weight has a leading dimension K, and a batch holds
the rows of model 0, then those of model 1, …, equally many for each (K·B in all). Only operations
with weights tell the models apart, so operations without weights, above all attention, do not
depend on the stack. A single model is a stack of one.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

__all__ = [
    "MASKED",
    "Attention",
    "Block",
    "Cache",
    "Embedding",
    "FeedForward",
    "KeysValues",
    "Norm",
    "StackedLinear",
    "per_row",
    "shrink_writers",
]

KeysValues = tuple[Tensor, Tensor]
"""Keys and values, each (B, nh, S, hs)."""

MASKED = -1e30
"""Added to a masked score; finite, so that a row with nothing to read stays finite."""


def per_row(weights: Tensor, rows: int) -> Tensor:
    """Return the weights of each row's model: (rows, ...), or (1, ...) if K is 1."""
    stack = len(weights)
    if stack == 1:
        return weights
    return weights[:, None].expand(stack, rows // stack, *weights.shape[1:]).flatten(0, 1)


class StackedLinear(nn.Module):
    """A linear map without bias; weights (K, out, in)."""

    def __init__(self, inside: int, outside: int, stack: int = 1) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(stack, outside, inside) * inside**-0.5)

    def forward(self, x: Tensor) -> Tensor:
        """Map rows (K·B, ..., in) to (K·B, ..., out)."""
        stack, outside, inside = self.weight.shape
        if stack == 1:
            return F.linear(x, self.weight.squeeze(0))
        y = torch.bmm(x.reshape(stack, -1, inside), self.weight.mT)
        return y.view(*x.shape[:-1], outside)


class Norm(nn.Module):
    """Layer normalisation with a gain (K, C) and no bias."""

    def __init__(self, width: int, stack: int = 1) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(stack, width))

    def forward(self, x: Tensor) -> Tensor:
        """Normalise rows (K·B, T, C)."""
        width = x.shape[-1:]
        if len(self.gain) == 1:
            return F.layer_norm(x, width, self.gain.squeeze(0))
        return F.layer_norm(x, width) * per_row(self.gain, len(x))[:, None]


class Embedding(nn.Module):
    """A vector for each of `count` symbols; weights (K, count, C)."""

    def __init__(self, count: int, width: int, stack: int = 1, deviation: float = 0.02) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(stack, count, width) * deviation)

    @property
    def count(self) -> int:
        """The number of symbols that have a vector."""
        return self.weight.shape[1]

    def forward(self, symbols: Tensor) -> Tensor:
        """Return the vectors of symbols, (K·B, T) -> (K·B, T, C)."""
        stack, count, _ = self.weight.shape
        if stack > 1:
            model = torch.arange(stack, device=symbols.device).repeat_interleave(
                len(symbols) // stack
            )
            symbols = symbols + count * model[:, None]
        return F.embedding(symbols, self.weight.flatten(0, 1))


class Cache:
    """The keys and values of past tokens in one attention, in buffers (B, nh, hs, cap).

    Tokens are the innermost dimension, so that the query of a step reads contiguous memory.
    """

    def __init__(self, rows: int, heads: int, cap: int, size: int, like: Tensor) -> None:
        self.keys = like.new_zeros(rows, heads, size, cap)
        self.values = torch.zeros_like(self.keys)
        self.length = 0

    def add(self, keys: Tensor, values: Tensor) -> KeysValues:
        """Remember those of the next tokens, and return all so far."""
        start, self.length = self.length, self.length + keys.shape[2]
        self.keys[..., start : self.length] = keys.mT
        self.values[..., start : self.length] = values.mT
        return self.keys[..., : self.length].mT, self.values[..., : self.length].mT

    def keep(self, rows: Tensor) -> None:
        """Forget all rows except these."""
        self.keys, self.values = self.keys[rows], self.values[rows]


class Attention(nn.Module):
    """Dot-product attention in several heads (Vaswani et al. 2017).

    Scores are divided by the head size, not by its root (Yang et al. 2021): attention starts out
    nearly even, and sorting is learned in fewer updates.

    Parameters
    ----------
    width, heads : int
        The size of the stream, and the number of heads.
    reads_itself : bool
        Whether queries, keys and values come from one sequence; one matrix then makes all three.
    """

    def __init__(self, width: int, heads: int, reads_itself: bool, stack: int = 1) -> None:
        super().__init__()
        self.heads = heads
        self.size = width // heads
        self.project = StackedLinear(width, 3 * width if reads_itself else width, stack)
        self.out = StackedLinear(width, width, stack)

    def split(self, x: Tensor) -> Tensor:
        """Split into heads: (B, T, n·C) to (B, n·nh, T, hs)."""
        return x.view(x.shape[0], x.shape[1], -1, self.size).transpose(1, 2)

    def queries_keys_values(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return queries, keys and values of the tokens `x` (B, T, C), each (B, nh, T, hs)."""
        queries, keys, values = self.split(self.project(x)).chunk(3, dim=1)
        return queries, keys, values

    def read(self, queries: Tensor, keys_values: KeysValues, bias: Tensor | None) -> Tensor:
        """Return what queries (B, nh, T, hs) read; `bias` is added to the scores (B, nh, T, S)."""
        keys, values = keys_values
        if queries.shape[2] > 1 and not torch.is_grad_enabled():
            # The fused kernel is the faster one for many queries, but has no gradient for a bias.
            read = F.scaled_dot_product_attention(queries, keys, values, bias, scale=1 / self.size)
        else:
            scores = (queries * (1 / self.size)) @ keys.transpose(-2, -1)  # (B, nh, T, S)
            if bias is not None:
                scores += bias
            weights = torch.softmax(scores, -1, out=None if scores.requires_grad else scores)
            read = weights @ values  # (B, nh, T, hs)
        mixed: Tensor = self.out(read.transpose(1, 2).flatten(2))  # (B, T, C)
        return mixed


class FeedForward(nn.Module):
    """Two linear maps with a GELU between them."""

    def __init__(self, width: int, inner: int, stack: int = 1) -> None:
        super().__init__()
        self.up = StackedLinear(width, inner, stack)
        self.down = StackedLinear(inner, width, stack)

    def forward(self, x: Tensor) -> Tensor:
        """Map the stream (B, T, C) token by token."""
        y: Tensor = self.down(F.gelu(self.up(x)))
        return y


class Block(nn.Module):
    """Self-attention, attention to a memory if there is one, and feed-forward, each pre-norm."""

    def __init__(
        self, width: int, heads: int, inner: int, dropout: float, crosses: bool, stack: int = 1
    ) -> None:
        super().__init__()
        self.self_norm = Norm(width, stack)
        self.self_attention = Attention(width, heads, reads_itself=True, stack=stack)
        if crosses:
            self.cross_norm = Norm(width, stack)
            self.cross_attention = Attention(width, heads, reads_itself=False, stack=stack)
        self.norm = Norm(width, stack)
        self.feed_forward = FeedForward(width, inner, stack)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self,
        x: Tensor,
        bias: Tensor | None,
        turn: tuple[Tensor, Tensor] | None = None,
        cache: Cache | None = None,
        memory: KeysValues | None = None,
        memory_bias: Tensor | None = None,
    ) -> Tensor:
        """Return the stream (B, T, C) after this block.

        Parameters
        ----------
        x : Tensor
            The stream (B, T, C): a whole sequence, or with `cache` its next tokens.
        bias : Tensor or None
            Added to the scores of self-attention (B, nh, T, all tokens so far).
        turn : (Tensor, Tensor), optional
            Cosines and sines by which queries and keys are rotated, each (B, T, hs).
        cache : Cache, optional
            Keys and values of the earlier tokens.
        memory, memory_bias
            Keys and values of the sequence read across, and what is added to those scores.
        """
        queries, keys, values = self.self_attention.queries_keys_values(self.self_norm(x))
        if turn is not None:
            queries, keys = rotated(queries, turn), rotated(keys, turn)
        read = (keys, values) if cache is None else cache.add(keys, values)
        x = x + self.dropout(self.self_attention.read(queries, read, bias))
        if memory is not None:
            across = self.cross_attention
            queries = across.split(across.project(self.cross_norm(x)))
            x = x + self.dropout(across.read(queries, memory, memory_bias))
        out: Tensor = x + self.dropout(self.feed_forward(self.norm(x)))
        return out


def rotated(x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    """Rotate each pair of halves of vectors (B, nh, T, hs) by its angle (Su et al. 2021)."""
    cosines, sines = turn
    first, second = x.chunk(2, dim=-1)
    return x * cosines[:, None] + torch.cat([-second, first], -1) * sines[:, None]


def shrink_writers(model: nn.Module, writers: int) -> None:
    """Shrink maps that write to the stream, the more the more there are (Radford et al. 2019)."""
    for name, parameter in model.named_parameters():
        if name.endswith((".out.weight", ".down.weight")):
            parameter.data /= math.sqrt(writers)
