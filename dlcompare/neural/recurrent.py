"""Recurrent networks: an LSTM with attention and a copy gate, and a network with a stack.

Both read in order and have no position scheme. They are single models: a stack of them would not be
faster, because they process one token after another.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from dlcompare.neural.encoding import PAD, Encoding
from dlcompare.neural.kinds import Architecture
from dlcompare.neural.layers import MASKED
from dlcompare.neural.model import SequenceModel, State, right_aligned

__all__ = ["Lstm", "StackRnn"]

_LEAST = 1e-10
"""Added to a probability before its logarithm."""

_DEEPEST = 1024
"""The number of cells of a stack; cells pushed below the last are lost."""


@dataclass
class LstmState:
    """Hidden and cell state (layers, B, C), and the memory that attention reads."""

    hidden: Tensor
    cell: Tensor
    memory: Tensor
    source: Tensor

    def keep(self, rows: Tensor) -> None:
        """Forget all rows but these."""
        self.hidden, self.cell = self.hidden[:, rows].contiguous(), self.cell[:, rows].contiguous()
        self.memory, self.source = self.memory[rows], self.source[rows]


class Lstm(SequenceModel):
    """An LSTM encoder-decoder with attention (Luong et al. 2015) and a copy gate (See et al. 2017).

    The encoder reads in both directions. Each token of the result is, in a proportion that the
    network chooses, generated from the vocabulary or copied from the source according to attention.
    The scores are logarithms of probabilities.
    """

    leading = 0

    def __init__(
        self,
        encoding: Encoding,
        architecture: Architecture,
        longest: int = 0,  # noqa: ARG002
        stack: int = 1,
    ) -> None:
        super().__init__(architecture, stack)
        a = architecture
        width, count = a.width, len(encoding.vocabulary)
        self.embedding = nn.Embedding(count, width)
        self.encoder = nn.LSTM(
            width,
            width // 2,
            a.encoder_layers,
            batch_first=True,
            bidirectional=True,
            dropout=a.dropout if a.encoder_layers > 1 else 0.0,
        )
        self.bridge = nn.Linear(2 * (width // 2), 2 * a.decoder_layers * width)
        self.decoder = nn.LSTM(
            width,
            width,
            a.decoder_layers,
            batch_first=True,
            dropout=a.dropout if a.decoder_layers > 1 else 0.0,
        )
        self.query = nn.Linear(width, 2 * (width // 2), bias=False)
        self.mix = nn.Linear(width + 2 * (width // 2), width)
        self.out = nn.Linear(width, count)
        self.gate = nn.Linear(width, 1)
        self.dropout = nn.Dropout(a.dropout)

    @property
    def embeddings(self) -> Tensor:
        """The vector of every token (V, C)."""
        return self.embedding.weight

    def forward(
        self,
        source: Tensor,
        target: Tensor,
        noise: Tensor | None = None,  # noqa: ARG002
        nudge: Tensor | None = None,
    ) -> Tensor:
        """As `SequenceModel.forward`."""
        return self.decode(target, self.encode(source, nudge))

    def encode(self, source: Tensor, nudge: Tensor | None = None) -> LstmState:
        """Read the arguments (B, S)."""
        x = self.embedding(source)
        x = x if nudge is None else x + nudge
        self.note("encoder", x)
        lengths = (source != PAD).sum(1)
        packed = pack_padded_sequence(
            self.dropout(x), lengths.cpu(), batch_first=True, enforce_sorted=False
        )
        states, (last, _) = self.encoder(packed)
        memory, _ = pad_packed_sequence(states, batch_first=True, total_length=source.shape[1])
        self.note("encoder", memory)  # (B, S, C)
        both = torch.cat([last[-2], last[-1]], -1)  # (B, C): the ends of the two directions
        made = self.bridge(both).view(len(source), 2, -1, self.architecture.width)
        hidden, cell = made.transpose(0, 2).transpose(0, 1).contiguous()
        return LstmState(hidden.tanh(), cell, memory, source)

    def decode(self, tokens: Tensor, state: LstmState) -> Tensor:
        """Return the scores (B, T, V) after tokens (B, T), and advance `state` by them."""
        x = self.dropout(self.embedding(tokens))
        self.note("decoder", x)
        x, (state.hidden, state.cell) = self.decoder(x, (state.hidden, state.cell))
        matches = self.query(x) @ state.memory.transpose(1, 2)  # (B, T, S)
        matches = matches.masked_fill((state.source == PAD)[:, None], MASKED)
        attention = matches.softmax(-1)
        x = torch.cat([x, attention @ state.memory], -1)
        x = self.dropout(torch.tanh(self.mix(x)))
        self.note("decoder", x)
        copied = torch.zeros(*tokens.shape, self.out.out_features, dtype=x.dtype, device=x.device)
        there = state.source[:, None].expand_as(attention)
        copied = copied.scatter_add(2, there, attention)
        share = torch.sigmoid(self.gate(x))
        generated = self.out(x).softmax(-1)
        return torch.log(share * generated + (1 - share) * copied + _LEAST)

    def start(self, source: Tensor, cap: int) -> LstmState:  # noqa: ARG002
        """As `SequenceModel.start`."""
        return self.encode(source)

    def step(self, tokens: Tensor, state: State) -> Tensor:
        """As `SequenceModel.step`."""
        assert isinstance(state, LstmState)
        return self.decode(tokens[:, None], state)[:, 0]


@dataclass
class StackState:
    """Hidden state (B, C) and the stack, top first (B, depth, C)."""

    hidden: Tensor
    cells: Tensor

    def keep(self, rows: Tensor) -> None:
        """Forget all rows but these."""
        self.hidden, self.cells = self.hidden[rows], self.cells[rows]


class StackRnn(SequenceModel):
    """A recurrent network that pushes to and pops from a stack (Joulin and Mikolov 2015).

    It reads the arguments, then writes the result. At each token the stack becomes a mixture of
    itself pushed onto, popped and left alone, in proportions that the network chooses. The
    controller is a gated recurrent unit.
    """

    leading = 0

    def __init__(
        self,
        encoding: Encoding,
        architecture: Architecture,
        longest: int = 0,  # noqa: ARG002
        stack: int = 1,
    ) -> None:
        super().__init__(architecture, stack)
        width, count = architecture.width, len(encoding.vocabulary)
        self.embedding = nn.Embedding(count, width)
        self.controller = nn.GRUCell(2 * width, width)
        self.actions = nn.Linear(width, 3)  # push, pop, leave
        self.pushed = nn.Linear(width, width)
        self.out = nn.Linear(2 * width, count)
        self.dropout = nn.Dropout(architecture.dropout)

    @property
    def embeddings(self) -> Tensor:
        """The vector of every token (V, C)."""
        return self.embedding.weight

    def forward(
        self,
        source: Tensor,
        target: Tensor,
        noise: Tensor | None = None,  # noqa: ARG002
        nudge: Tensor | None = None,
    ) -> Tensor:
        """As `SequenceModel.forward`."""
        state = self._read(source, nudge)
        x = self.embedding(target)
        self.note("decoder", x)
        states = torch.stack([self._advance(x[:, t], state) for t in range(x.shape[1])], 1)
        self.note("decoder", states[..., : x.shape[-1]])
        scores: Tensor = self.out(self.dropout(states))
        return scores

    def _read(self, source: Tensor, nudge: Tensor | None) -> StackState:
        """Return the state after the arguments (B, S)."""
        aligned, origin = right_aligned(source)
        x = self.embedding(aligned)
        if nudge is not None:
            there = origin.clamp(min=0)[..., None].expand_as(nudge)
            x = x + nudge.gather(1, there) * (origin >= 0)[..., None]
        self.note("encoder", x)
        state = StackState(torch.zeros_like(x[:, 0]), torch.zeros_like(x[:, :1]))
        states = []
        for t in range(x.shape[1]):
            before = StackState(state.hidden, state.cells)
            states.append(self._advance(x[:, t], state))
            # Padding before the arguments leaves the state unchanged, at zero.
            there = (origin[:, t] >= 0)[:, None]
            state.hidden = torch.where(there, state.hidden, before.hidden)
            state.cells = state.cells * there[..., None]
        self.note("encoder", torch.stack(states, 1)[..., : x.shape[-1]])
        return state

    def _advance(self, x: Tensor, state: StackState) -> Tensor:
        """Return what the output reads (B, 2·C) after one more token's vector (B, C)."""
        cells = state.cells
        hidden = self.controller(torch.cat([x, cells[:, 0]], -1), state.hidden)
        push, pop, leave = self.actions(hidden).softmax(-1)[:, :, None, None].unbind(1)
        new = torch.tanh(self.pushed(hidden))[:, None]
        grown = F.pad(cells, (0, 0, 0, 1))  # one more cell at the bottom
        popped = F.pad(cells[:, 1:], (0, 0, 0, 2))
        mixed = push * torch.cat([new, cells], 1) + pop * popped + leave * grown
        state.hidden, state.cells = hidden, mixed[:, :_DEEPEST]
        return torch.cat([hidden, state.cells[:, 0]], -1)

    def start(self, source: Tensor, cap: int) -> StackState:  # noqa: ARG002
        """As `SequenceModel.start`."""
        return self._read(source, None)

    def step(self, tokens: Tensor, state: State) -> Tensor:
        """As `SequenceModel.step`."""
        assert isinstance(state, StackState)
        scores: Tensor = self.out(self._advance(self.embedding(tokens), state))
        return scores
