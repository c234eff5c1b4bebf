"""Task-aware positions: the place of a digit, and the element that a token belongs to.

Each token knows its *place* (a digit's, counted from the start of its number from 1; 0 for all
else), the *element* of the list or text it belongs to, and the *argument* it is part of. Attention
is biased by the difference of places and by the difference of elements, within a sequence and from
result to arguments, so that a rule learned at one place holds at every place. Within a sequence it
is also biased by the distance of tokens, which binds the digits of a number together. With the
least significant digit first, a place is a power of ten. Tokens carry a vector of their place, with
a random offset in training (abacus embeddings, McLeish et al. 2024), and one of their element's
index (index hints, Zhou et al. 2023; as a sorted random subset of a large range, Ruoss et al.
2023), the same for the j-th element of arguments and result. That operands and result share
positions is the position coupling of Cho et al. (2024).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from dlcompare.neural.encoding import BAR, BEGIN, Encoding
from dlcompare.neural.layers import Embedding
from dlcompare.neural.positions import BIAS_RATE, NEIGHBOUR, Hints, Positions, Side, spread

__all__ = ["PlaceValue"]

_NEAR = 2
"""Differences up to this one have biases of their own; larger ones in a direction share one."""

_PLACE, _ELEMENT, _ARGUMENT, _SHIFTED, _SLOT, _TOKEN = range(6)


class PlaceValue(Positions):
    """Places, elements and arguments as vectors and as biases.

    Parameters
    ----------
    encoding : Encoding
        The encoding, which knows digits and the ends of elements.
    width, heads : int
        The size of the stream, and the number of attention heads.
    places : int
        The number of places with a vector; longer numbers share the last.
    indices : int
        The size of the range of element indices; longer lists share the last.
    longest : int
        The number of tokens of the longest sequence in training.
    sides : sequence of Side
        The sides that have attention.
    """

    is_digit: Tensor
    ends_element: Tensor
    crosses = True

    def __init__(
        self,
        encoding: Encoding,
        width: int,
        heads: int,
        places: int,
        indices: int,
        longest: int,
        sides: tuple[Side, ...],
        stack: int = 1,
    ) -> None:
        super().__init__()
        self.noise = 2 + longest
        self.places = Embedding(places + 1, width, stack)
        self.indices = Embedding(indices, width, stack)
        self.arguments = Embedding(1 + len(encoding.signature.parameters), width, stack)
        near = 2 * _NEAR + 1
        # One more bucket, for keys without a place.
        self.by_place = nn.ParameterDict(
            {side: nn.Parameter(torch.zeros(stack, near + 1, heads)) for side in sides}
        )
        self.by_element = nn.ParameterDict(
            {side: nn.Parameter(torch.zeros(stack, near, heads)) for side in sides}
        )
        # Between two sequences a distance of tokens means nothing.
        self.by_token = nn.ParameterDict(
            {side: _neighbours(stack, heads) for side in sides if side != "cross"}
        )
        self.register_buffer("is_digit", torch.from_numpy(encoding.is_digit), persistent=False)
        ends = torch.from_numpy(encoding.ends_element)
        self.register_buffer("ends_element", ends, persistent=False)

    def hints(self, source: Tensor, target: Tensor | None, noise: Tensor | None) -> Hints:  # noqa: ARG002
        """Return an offset of the places (B, 1), and a slot for each element (B, elements).

        Both are random in training; in a test there is no offset, and slots are evenly spread.
        """
        element, place, _ = self.structure(source)
        counts = element.amax(1) + 1  # (B,)
        size, top = self.indices.count, self.places.count - 1
        if noise is None:
            at = torch.arange(int(counts.max()) + 1, device=source.device)
            slots = at * size // counts[:, None].clamp(max=size)
            return torch.zeros_like(counts)[:, None], slots.clamp(max=size - 1)
        # One more place than in the longest input number, for a carry.
        room = (top - place.amax(1)).clamp(min=1)
        offset = (noise[:, 0] * room).long().clamp(max=top)
        return offset[:, None], spread(noise[:, 1:], counts + 1, size)

    def structure(self, tokens: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return element index, digit place and argument of all tokens of sequences (B, T)."""
        at = torch.arange(tokens.shape[1], device=tokens.device).expand_as(tokens)
        digit = self.is_digit[tokens]
        place = at - torch.where(digit, -1, at).cummax(1).values
        ends = self.ends_element[tokens].long()
        before = ends.cumsum(1) - ends
        starts = torch.zeros_like(digit)
        starts[:, 1:] = (tokens[:, :-1] == BAR) | (tokens[:, :-1] == BEGIN)
        element = before - torch.where(starts, before, 0).cummax(1).values
        begun = (tokens == BEGIN).cumsum(1).clamp(max=1)
        bars = (tokens == BAR).long()
        # The result counts as one more argument.
        argument = torch.where(begun > 0, self.arguments.count - 1, bars.cumsum(1) - bars)
        return element, place * digit, argument.clamp(max=self.arguments.count - 1)

    def coordinates(self, tokens: Tensor, hints: Hints, side: Side) -> Tensor:  # noqa: ARG002
        """Return place, element, argument, shifted place, slot and index by token (B, T, 6)."""
        offset, slots = hints
        element, place, argument = self.structure(tokens)
        shifted = torch.where(place > 0, place + offset, 0).clamp(max=self.places.count - 1)
        slot = slots.gather(1, element.clamp(max=slots.shape[1] - 1))
        index = torch.arange(tokens.shape[1], device=tokens.device).expand_as(tokens)
        # Half the bytes: the parts of a bias are as large as the scores.
        return torch.stack([place, element, argument, shifted, slot, index], -1).int()

    def added(self, where: Tensor, side: Side, rows: int) -> Tensor:  # noqa: ARG002
        """Return the vectors of place, element index and argument (B, T, C)."""
        placed: Tensor = self.places(where[..., _SHIFTED])
        indexed: Tensor = self.indices(where[..., _SLOT])
        named: Tensor = self.arguments(where[..., _ARGUMENT])
        return placed + indexed + named

    def bias(self, query: Tensor, key: Tensor, side: Side, rows: int) -> Tensor:
        """Return each head's bias for differences of place, element and token (B, nh, T, S)."""
        to_place = key[:, None, :, _PLACE]
        apart = (query[:, :, None, _PLACE] - to_place).clamp(-_NEAR, _NEAR) + _NEAR
        place = torch.where(to_place > 0, apart, 2 * _NEAR + 1)  # (B, T, S)
        table = _sums(self.by_place[side], self.by_element[side])
        joint = place * (2 * _NEAR + 1) + _difference(query, key, _ELEMENT)
        if side in self.by_token:
            table = _sums(table, self.by_token[side])
            joint = joint * (2 * _NEAR + 1) + _difference(query, key, _TOKEN)
        return _looked_up(table * BIAS_RATE, joint, rows)


def _difference(query: Tensor, key: Tensor, which: int) -> Tensor:
    """Return the bucket of a coordinate's difference, for every query and key (B, T, S)."""
    apart = query[:, :, None, which] - key[:, None, :, which]
    return apart.clamp(-_NEAR, _NEAR) + _NEAR


def _sums(first: Tensor, second: Tensor) -> Tensor:
    """Return the sums of rows of two tables, (K, m, nh) and (K, n, nh) to (K, m·n, nh).

    The second index is innermost. One lookup in the sums replaces a lookup in each table.
    """
    return (first[:, :, None] + second[:, None]).flatten(1, 2)


def _neighbours(stack: int, heads: int) -> nn.Parameter:
    """Make biases (K, 2 · near + 1, nh); one head starts on the token before, one after."""
    table = torch.zeros(stack, 2 * _NEAR + 1, heads)
    table[:, _NEAR + 1, 0] = NEIGHBOUR / BIAS_RATE
    table[:, _NEAR - 1, 1 % heads] = NEIGHBOUR / BIAS_RATE
    return nn.Parameter(table)


def _looked_up(table: Tensor, symbols: Tensor, rows: int) -> Tensor:
    """Return rows of a table (K, n, nh) for symbols, (B, T, S) -> (B, nh, T, S)."""
    stack, count, heads = table.shape
    if stack > 1:
        model = torch.arange(stack, device=table.device).repeat_interleave(rows // stack)
        symbols = symbols + count * model[:, None, None]
    table = table.reshape(-1, heads)
    if torch.is_grad_enabled():  # `embedding` has the faster gradient
        return F.embedding(symbols, table).permute(0, 3, 1, 2)
    columns = table.mT.contiguous().expand(rows, heads, len(table))
    which = symbols.flatten(1).long()[:, None].expand(rows, heads, -1)
    return columns.gather(2, which).view(rows, heads, *symbols.shape[1:])
