"""Greedy decoding, one token a step, with the keys and values of earlier tokens kept.

Rows are sorted by length and decoded in batches that fit a stated number of scores; a row leaves
the batch when it has ended. Greedy search takes the most likely token at every step.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from dlcompare.neural.batches import pad
from dlcompare.neural.encoding import BEGIN, END, PAD
from dlcompare.neural.layers import KeysValues
from dlcompare.neural.transformer import Memory, Transformer

__all__ = ["Cache", "LengthCap", "greedy", "step"]

_MAX_SCORES = 2**25
"""Attention scores of one encoder layer held at once: 128 MiB in float32."""

_MAX_TOKENS = 2**16
"""Tokens, of source and result, whose keys and values are held at once."""

_CHECK = 8
"""Steps between two looks at which rows have ended."""


@dataclass(frozen=True)
class LengthCap:
    """How long a result may get, for the length of its source; known from training pairs alone.

    Attributes
    ----------
    ratio : float
        Greatest number of result tokens a source token in training.
    slack : int
        Further tokens.
    """

    ratio: float
    slack: int = 16

    @classmethod
    def above(cls, source_lengths: Tensor, target_lengths: Tensor) -> "LengthCap":
        """The cap that every training pair meets, both lengths given (n,)."""
        return cls(float((target_lengths / source_lengths).max()))

    def __call__(self, source_length: int) -> int:
        return int(self.ratio * source_length) + self.slack


class Cache:
    """What a decoder remembers of a batch in progress.

    Attributes
    ----------
    at : int
        Tokens read so far.
    own : list of KeysValues
        For each block the keys and values of the tokens read, in buffers (B, nh, cap, hs).
    read : list of KeysValues
        For each block the keys and values of the memory (B, nh, S, hs).
    """

    def __init__(self, model: Transformer, memory: Memory, cap: int) -> None:
        a = model.architecture
        batch = len(memory.stream)
        shape = (batch, a.heads, cap, a.width // a.heads)
        empty = memory.stream.new_empty
        self.at = 0
        self.memory_bias = memory.bias
        self.own: list[KeysValues] = [(empty(shape), empty(shape)) for _ in model.decoder_blocks]
        self.read: list[KeysValues] = []
        for block in model.decoder_blocks:
            keys, values = block.cross_attention.keys_values(memory.stream)
            self.read.append((keys.contiguous(), values.contiguous()))
        self.hints = memory.hints
        self.scan = model.place_value.start(batch) if model.place_value else None
        # For keys 0 … t before query t the bias is the last t + 1 columns, whatever t is.
        zero = memory.stream.new_zeros(a.heads, cap)
        relative = model.decoder_bias
        self.bias = zero if relative is None else relative.by_distance(cap)  # (nh, cap)

    def keep(self, rows: Tensor) -> None:
        """Forget all rows but these."""
        self.own = [(keys[rows], values[rows]) for keys, values in self.own]
        self.read = [(keys[rows], values[rows]) for keys, values in self.read]
        self.memory_bias = self.memory_bias[rows]
        self.hints = self.hints.rows(rows) if self.hints else None
        self.scan = self.scan.rows(rows) if self.scan else None


def step(model: Transformer, tokens: Tensor, cache: Cache) -> Tensor:
    """Scores of the token after `tokens` (B,), which `cache` then remembers (B, V)."""
    x = model.embedding_of(tokens[:, None])  # (B, 1, C)
    if model.place_value and cache.scan and cache.hints:
        element, place = model.place_value.step(tokens, cache.scan)
        x = x + model.place_value(element[:, None], place[:, None], cache.hints)
    past = cache.at + 1
    bias = cache.bias[:, None, -past:]  # (nh, 1, t)
    for i, block in enumerate(model.decoder_blocks):
        y = block.self_norm(x)
        key, value = block.self_attention.keys_values(y)  # 2 × (B, nh, 1, hs)
        keys, values = cache.own[i]
        keys[:, :, cache.at] = key[:, :, 0]
        values[:, :, cache.at] = value[:, :, 0]
        x = x + block.self_attention(y, (keys[:, :, :past], values[:, :, :past]), bias)
        x = x + block.cross_attention(block.cross_norm(x), cache.read[i], cache.memory_bias)
        x = x + block.feed_forward(block.norm(x))
    cache.at = past
    return model.scores(x)[:, 0]


@torch.inference_mode()
def greedy(model: Transformer, sources: list[list[int]], cap: LengthCap) -> list[list[int]]:
    """The most likely tokens after each source, up to `END` or the cap, one list a source."""
    model.eval()
    device = model.embedding.weight.device
    order = sorted(range(len(sources)), key=lambda i: len(sources[i]))
    results: list[list[int]] = [[] for _ in sources]
    while order:
        longest = len(sources[order[-1]])
        count = max(1, _MAX_TOKENS // (longest + cap(longest)))
        rows, order = order[-count:], order[:-count]
        source = pad([sources[i] for i in rows]).to(device)
        caps = torch.tensor([cap(len(sources[i])) for i in rows])
        for i, tokens in zip(rows, _decode(model, source, caps).tolist(), strict=True):
            end = tokens.index(END) + 1 if END in tokens else len(tokens)
            results[i] = tokens[: min(end, cap(len(sources[i])))]
    return results


def _decode(model: Transformer, source: Tensor, caps: Tensor) -> Tensor:
    """The tokens after each source (B, T); after its end a row is of no meaning."""
    longest = int(caps.max())
    cache = Cache(model, _encode(model, source), longest)
    written = torch.full((len(source), longest), PAD, device=source.device)
    rows = torch.arange(len(source), device=source.device)  # where the rows of the cache stand
    caps = caps.to(source.device)
    tokens = torch.full_like(rows, BEGIN)
    ended = torch.zeros_like(rows, dtype=torch.bool)
    for at in range(longest):
        tokens = step(model, tokens, cache).argmax(-1)  # (B,)
        written[rows, at] = tokens
        ended |= (tokens == END) | (caps <= at + 1)
        if at % _CHECK == _CHECK - 1:
            going = int(ended.numel() - ended.sum())
            if not going:
                break
            if going <= len(rows) // 2:
                left = (~ended).nonzero()[:, 0]
                cache.keep(left)
                rows, caps, tokens, ended = rows[left], caps[left], tokens[left], ended[left]
    return written


def _encode(model: Transformer, source: Tensor) -> Memory:
    """The memory of sources (B, S), a few at a time where their scores would not fit."""
    length = source.shape[1]
    count = max(1, _MAX_SCORES // (model.architecture.heads * length**2))
    parts = [model.encode(part) for part in torch.split(source, count)]
    return Memory.join(parts)
