"""Decode greedily, one token per step, reusing the states of earlier tokens.

Rows are sorted by length and decoded in batches that fit a stated number of tokens; a row leaves
the batch when it has ended. Greedy search takes the most likely token at each step; the product of
their probabilities is the network's confidence in the whole answer.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from dlcompare.neural.batches import pad
from dlcompare.neural.encoding import BEGIN, END, PAD
from dlcompare.neural.model import SequenceModel

__all__ = ["Decoded", "LengthCap", "greedy"]

_MAX_TOKENS = 2**17
"""The most tokens, of source and result, whose keys and values are held at once."""

_USUAL, _ABOVE = 0.95, 1.5
"""The share of training pairs that defines the usual ratio, and the allowed excess over it."""

_SLACK = 16
"""Tokens allowed beyond the longest result."""

_CHECK = 8
"""Steps between two checks for rows that have ended."""

_THINNED = 7 / 8
"""The share of unfinished rows at which a batch is copied without the finished ones."""


@dataclass(frozen=True)
class LengthCap:
    """The longest result to decode for a source of some length, read off the training pairs.

    Attributes
    ----------
    ratio : float
        Result tokens per source token.
    slack : int
        Further tokens.
    """

    ratio: float
    slack: int

    @classmethod
    def above(cls, source_lengths: Tensor, target_lengths: Tensor) -> "LengthCap":
        """Return a cap that every training pair meets, given both lengths (n,).

        The ratio is the greatest in training, but at most half as much again as 19 of 20 pairs
        have: a mislabelled result may be many times as long as its source, and what it has beyond
        is slack. Where it is steeper, the ratio is the slope of the line through the lengths:
        results of a list and a number that are as long as the list would else be cut where the list
        is long. A slope through few pairs may be anything: it counts up to twice the ratio. `BEGIN`
        is not written: were it counted, the pair of two empty lists would double the cap.
        """
        source, written = source_lengths.double(), target_lengths.double() - 1
        ratios = written / source
        usual = float(ratios.quantile(_USUAL, interpolation="higher"))
        most = min(float(ratios.max()), _ABOVE * usual)
        apart = source - source.mean()
        slope = float((apart * written).sum() / (apart**2).sum().clamp(min=1))
        ratio = min(max(most, slope), 2 * most)
        beyond = math.ceil((written - ratio * source).max())
        return cls(ratio, _SLACK + max(0, beyond))

    def __call__(self, source_length: int) -> int:
        return int(self.ratio * source_length) + self.slack


@dataclass(frozen=True)
class Decoded:
    """An answer in tokens.

    Attributes
    ----------
    tokens : list of int
        Up to `END`, or to the cap.
    probability : float
        The network's probability of these tokens, given the source.
    """

    tokens: list[int]
    probability: float


@torch.inference_mode()
def greedy(model: SequenceModel, sources: list[list[int]], cap: LengthCap) -> list[Decoded]:
    """Return the most likely tokens after each source, up to `END` or the cap."""
    model.eval()
    order = sorted(range(len(sources)), key=lambda i: len(sources[i]))
    results: dict[int, Decoded] = {}
    while order:
        longest = len(sources[order[-1]])
        count = max(1, _MAX_TOKENS // (longest + cap(longest)))
        rows, order = order[-count:], order[:-count]
        source = pad([sources[i] for i in rows]).to(model.device)
        caps = torch.tensor([cap(len(sources[i])) for i in rows])
        written, logarithms = _decode(model, source, caps)
        for i, tokens, each in zip(rows, written.tolist(), logarithms.tolist(), strict=True):
            end = tokens.index(END) + 1 if END in tokens else len(tokens)
            length = min(end, cap(len(sources[i])))
            results[i] = Decoded(tokens[:length], math.exp(math.fsum(each[:length])))
    return [results[i] for i in range(len(sources))]


def _decode(model: SequenceModel, source: Tensor, caps: Tensor) -> tuple[Tensor, Tensor]:
    """Return the tokens after each source, and the logarithms of their probabilities (B, T).

    Entries after the end of a row are meaningless.
    """
    longest = int(caps.max())
    state = model.start(source, longest)
    written = torch.full((len(source), longest), PAD, device=source.device)
    logarithms = torch.zeros(len(source), longest, device=source.device)
    rows = torch.arange(len(source), device=source.device)  # the places of the state's rows
    caps = caps.to(source.device)
    tokens = torch.full_like(rows, BEGIN)
    ended = torch.zeros_like(rows, dtype=torch.bool)
    for at in range(longest):
        best = model.step(tokens, state).float().log_softmax(-1).max(-1)
        tokens = best.indices  # (B,)
        written[rows, at] = tokens
        logarithms[rows, at] = best.values
        ended |= (tokens == END) | (caps <= at + 1)
        if at % _CHECK == _CHECK - 1:
            going = int(ended.numel() - ended.sum())
            if not going:
                break
            if going <= _THINNED * len(rows):
                left = (~ended).nonzero()[:, 0]
                state.keep(left)
                rows, caps, tokens, ended = rows[left], caps[left], tokens[left], ended[left]
    return written, logarithms
