"""Where a token stands: the position schemes of the Transformer.

``none``
    No positions. Order is known from causal attention alone (Kazemnejad et al. 2023), so the
    encoder is causal too under this scheme; a bag of digits could not be told apart otherwise.
``relative``
    A learned bias on attention by distance, in buckets that widen logarithmically (T5, Raffel et
    al. 2020). Distances beyond the longest trained one share its bucket.
``place_value``
    The task-aware recipe. Beside the relative bias each token knows its place inside its number
    (abacus embeddings with a random offset in training, McLeish et al. 2024) and the index of its
    element (index hints, Zhou et al. 2023, as embeddings of a sorted random subset of a large
    range, Ruoss et al. 2023), so that places and indices beyond
    those of the examples are trained.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from dlcompare.neural.encoding import BAR, Encoding

__all__ = ["SCHEMES", "Hints", "PlaceValue", "RelativeBias", "Scan", "Scheme"]

Scheme = Literal["none", "relative", "place_value"]
SCHEMES: tuple[Scheme, ...] = ("none", "relative", "place_value")

_BIAS_RATE = 8.0
"""Biases are learned this many times faster than other weights.

They start at zero and must reach several units before a head attends to one neighbour only; at the
common rate that takes most of the training.
"""


class RelativeBias(nn.Module):
    """A bias on attention scores for each head and bucket of distances (Raffel et al. 2020).

    Parameters
    ----------
    heads : int
        Attention heads.
    causal : bool
        Whether keys are never after the query; otherwise half the buckets are for those that are.
    buckets : int
        Buckets; half of those of a direction hold one distance each.
    farthest : int
        Greatest distance in training; all beyond share its bucket, so that none is untrained.
    """

    def __init__(self, heads: int, causal: bool, buckets: int, farthest: int) -> None:
        super().__init__()
        self.causal = causal
        self.buckets = buckets
        self.farthest = farthest
        self.table = nn.Parameter(torch.zeros(buckets, heads))

    def forward(self, length: int) -> Tensor:
        """The bias of every query for every key (nh, T, T)."""
        at = torch.arange(length, device=self.table.device)
        return self._of(at[:, None] - at[None, :]).permute(2, 0, 1)

    def by_distance(self, length: int) -> Tensor:
        """The bias for keys that lie length - 1, …, 1, 0 before the query (nh, T)."""
        distance = torch.arange(length - 1, -1, -1, device=self.table.device)
        return self._of(distance).T.contiguous()

    def _of(self, distance: Tensor) -> Tensor:
        """The bias of each head for distances of any shape (..., nh)."""
        return self.table[self._bucket(distance)] * _BIAS_RATE

    def _bucket(self, distance: Tensor) -> Tensor:
        """The bucket of each distance from key to query, negative for keys that come after."""
        count = self.buckets if self.causal else self.buckets // 2
        far = distance.abs().clamp(max=self.farthest)
        exact = count // 2
        widening = exact / math.log(max(self.farthest, exact + 1) / exact)
        log = exact + (torch.log(far.clamp(min=1) / exact) * widening).long()
        bucket = torch.where(far < exact, far, log.clamp(max=count - 1))
        return bucket if self.causal else bucket + count * (distance < 0)


@dataclass(frozen=True)
class Hints:
    """What `PlaceValue` adds to the place and the element index of one batch.

    Attributes
    ----------
    offset : Tensor
        Added to every place of an example (B,).
    slots : Tensor
        For each element of an example its index in the large range, ascending (B, elements).
    """

    offset: Tensor
    slots: Tensor

    @classmethod
    def join(cls, parts: Sequence["Hints"]) -> "Hints":
        """Several batches as one."""
        slots = [part.slots for part in parts]
        width = max(each.shape[1] for each in slots)
        # Elements past those of the input share the last slot.
        wide = [torch.cat([s, s[:, -1:].expand(-1, width - s.shape[1])], 1) for s in slots]
        return cls(torch.cat([part.offset for part in parts]), torch.cat(wide))

    def rows(self, chosen: Tensor) -> "Hints":
        """The hints of some examples of the batch."""
        return Hints(self.offset[chosen], self.slots[chosen])


@dataclass
class Scan:
    """Element index and digit place, carried along a sequence (each (B,))."""

    element: Tensor
    place: Tensor

    def rows(self, chosen: Tensor) -> "Scan":
        """The state of some rows of the batch."""
        return Scan(self.element[chosen], self.place[chosen])


class PlaceValue(nn.Module):
    """Embeddings of the place of a digit in its number and of the index of its element.

    The place counts digits from the start of their number, from 1; everything else has place 0.

    Parameters
    ----------
    encoding : Encoding
        Tells which tokens are digits and which end an element.
    width : int
        Size of the embeddings.
    places : int
        Places that have an embedding; longer numbers share the last.
    indices : int
        Size of the range that element indices are drawn from; longer lists share the last.
    """

    is_digit: Tensor
    ends_element: Tensor

    def __init__(self, encoding: Encoding, width: int, places: int, indices: int) -> None:
        super().__init__()
        self.places = nn.Embedding(places + 1, width, padding_idx=0)
        self.indices = nn.Embedding(indices, width)
        nn.init.normal_(self.places.weight[1:], std=0.02)
        nn.init.normal_(self.indices.weight, std=0.02)
        self.register_buffer("is_digit", torch.from_numpy(encoding.is_digit))
        self.register_buffer("ends_element", torch.from_numpy(encoding.ends_element))

    def hints(self, source: Tensor, generator: torch.Generator | None) -> Hints:
        """Hints for a batch of sources (B, S): random in training, spread evenly without generator.

        Outputs use the hints of their inputs: the j-th element of the output shares the index of
        the j-th element of the input.
        """
        element, place = self.structure(source)
        batch, device = len(source), source.device
        elements = element.amax(1) + 1  # (B,)
        count = int(elements.max()) + 1
        largest, top = self.indices.num_embeddings, self.places.num_embeddings - 1
        if generator is None:
            at = torch.arange(count, device=device)
            slots = at[None, :] * largest // elements[:, None].clamp(max=largest)  # (B, elements)
            return Hints(torch.zeros(batch, dtype=torch.long, device=device), slots)
        # One place more than the longest input number, for a carry.
        room = max(1, top - int(place.max()))
        offset = torch.randint(room, (batch,), generator=generator)
        drawn = torch.rand(batch, largest, generator=generator).topk(min(count, largest)).indices
        return Hints(offset.to(device), drawn.sort(dim=1).values.to(device))

    def structure(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Element index and digit place of every token (B, T) of whole sequences."""
        at = torch.arange(tokens.shape[1], device=tokens.device).expand_as(tokens)
        digit = self.is_digit[tokens]
        place = at - torch.where(digit, -1, at).cummax(1).values
        ends = self.ends_element[tokens].long()
        before = ends.cumsum(1) - ends
        starts = torch.zeros_like(digit)
        starts[:, 1:] = tokens[:, :-1] == BAR
        return before - torch.where(starts, before, 0).cummax(1).values, place * digit

    def start(self, batch: int) -> Scan:
        """The state before the first token of `batch` sequences."""
        zeros = torch.zeros(batch, dtype=torch.long, device=self.is_digit.device)
        return Scan(zeros, zeros)

    def step(self, tokens: Tensor, scan: Scan) -> tuple[Tensor, Tensor]:
        """Element index and place of the next token (B,); `scan` moves past it."""
        place = (scan.place + 1) * self.is_digit[tokens]
        element = scan.element
        scan.place = place
        scan.element = (element + self.ends_element[tokens]) * (tokens != BAR)
        return element, place

    def forward(self, element: Tensor, place: Tensor, hints: Hints) -> Tensor:
        """The embedding of tokens at these elements and places (B, T), under `hints` (B, T, C)."""
        shifted = torch.where(place > 0, place + hints.offset[:, None], 0)
        slot = hints.slots.gather(1, element.clamp(max=hints.slots.shape[1] - 1))
        top, last = self.places.num_embeddings - 1, self.indices.num_embeddings - 1
        placed: Tensor = self.places(shifted.clamp(max=top))
        indexed: Tensor = self.indices(slot.clamp(max=last))
        return placed + indexed
