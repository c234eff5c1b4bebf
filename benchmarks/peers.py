"""The same Transformer from other libraries, trained as one would there: a plain loop.

A plain loop draws batches at random, pads each to its longest pair, takes PyTorch's AdamW as it is,
clips, warms up and decays the learning rate, looks at the validation part as often as ours and
stops by the same rule. Its model has the same width, heads, depth and feed-forward size, is
pre-norm and shares its embeddings. x-transformers has relative positions as ours; PyTorch's own has
none built in and gets sinusoidal ones.
"""

import copy
import math
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from dlcompare.neural.batches import Pairs, pad
from dlcompare.neural.encoding import BEGIN, END, PAD
from dlcompare.neural.kinds import Architecture, Schedule


class Peer(Protocol):
    """A network of another library."""

    def scores(self, source: Tensor, target: Tensor) -> Tensor:
        """Scores after each target token (B, T, V)."""
        ...

    def decode(self, source: Tensor, cap: int) -> Tensor:
        """The most likely tokens after each source (B, at most cap)."""
        ...


class XTransformersPeer(nn.Module):
    """An encoder-decoder of x-transformers; decodes with its own cache."""

    def __init__(self, vocabulary: int, a: Architecture, longest: int) -> None:
        super().__init__()
        from x_transformers import XTransformer

        shape = {"heads": a.heads, "attn_dim_head": a.width // a.heads, "ff_mult": a.inner}
        shape |= {"rel_pos_bias": True, "ff_no_bias": True}
        options = {}
        for side, depth in (("enc", a.encoder_layers), ("dec", a.decoder_layers)):
            options |= {f"{side}_{name}": value for name, value in shape.items()}
            options |= {f"{side}_num_tokens": vocabulary, f"{side}_depth": depth}
            options |= {f"{side}_max_seq_len": 2 * longest}
            # Positions are the relative bias alone, as in ours.
            options |= {f"{side}_use_abs_pos_emb": False}
        self.model = XTransformer(
            dim=a.width, tie_token_emb=True, pad_value=PAD, ignore_index=PAD, **options
        )

    def scores(self, source: Tensor, target: Tensor) -> Tensor:
        """As `Peer.scores`."""
        mask = source != PAD
        read = self.model.encoder(source, mask=mask, return_embeddings=True)
        scores: Tensor = self.model.decoder.net(target, context=read, context_mask=mask)
        return scores

    def decode(self, source: Tensor, cap: int) -> Tensor:
        """As `Peer.decode`."""
        start = torch.full((len(source), 1), BEGIN)
        written: Tensor = self.model.generate(
            source, start, cap, mask=source != PAD, eos_token=END, temperature=0.0
        )
        return written


class TorchPeer(nn.Module):
    """PyTorch's nn.Transformer; it has no cache, so each step reads the result anew."""

    def __init__(self, vocabulary: int, a: Architecture, longest: int) -> None:  # noqa: ARG002
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, a.width, padding_idx=PAD)
        nn.init.normal_(self.embedding.weight, std=0.3 * a.width**-0.5)
        self.model = nn.Transformer(
            a.width,
            a.heads,
            a.encoder_layers,
            a.decoder_layers,
            a.inner * a.width,
            dropout=0.0,
            activation="gelu",
            batch_first=True,
            norm_first=True,
            bias=False,
        )

    def embed(self, tokens: Tensor) -> Tensor:
        """Tokens with sinusoidal positions (B, T, C)."""
        width = self.embedding.embedding_dim
        rate = torch.exp(torch.arange(0, width, 2) * (-math.log(10_000) / width))
        angles = torch.arange(tokens.shape[1])[:, None] * rate
        positions = 0.3 * math.sqrt(2) * torch.cat([angles.sin(), angles.cos()], -1)
        embedded: Tensor = self.embedding(tokens) * math.sqrt(width) + positions
        return embedded

    def scores(self, source: Tensor, target: Tensor) -> Tensor:
        """As `Peer.scores`."""
        causal = torch.ones(target.shape[1], target.shape[1], dtype=torch.bool).triu(1)
        padding = source == PAD
        x = self.model(
            self.embed(source),
            self.embed(target),
            tgt_mask=causal,
            src_key_padding_mask=padding,
            memory_key_padding_mask=padding,
            tgt_is_causal=True,
        )
        return F.linear(x, self.embedding.weight)

    def decode(self, source: Tensor, cap: int) -> Tensor:
        """As `Peer.decode`."""
        written = torch.full((len(source), 1), BEGIN)
        ended = torch.zeros(len(source), dtype=torch.bool)
        for _ in range(cap):
            tokens = self.scores(source, written)[:, -1].argmax(-1)
            written = torch.cat([written, tokens[:, None]], 1)
            ended |= tokens == END
            if ended.all():
                break
        return written[:, 1:]


PEERS = {"x_transformers": XTransformersPeer, "nn_transformer": TorchPeer}


@dataclass(frozen=True)
class PlainFit:
    """The result of a plain loop: updates made, and the model kept."""

    updates: int
    model: nn.Module


def plain_loop(
    name: str,
    vocabulary: int,
    architecture: Architecture,
    schedule: Schedule,
    pairs: Pairs,
    chosen: Tensor,
    held: Tensor,
    updates: int,
    seed: int,
) -> PlainFit:
    """Train a peer on the pairs at `chosen`, its model chosen on those at `held`."""
    torch.manual_seed(seed)
    model = PEERS[name](vocabulary, architecture, pairs.longest)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=schedule.learning_rate, weight_decay=schedule.weight_decay,
        betas=(0.9, schedule.smoothing),
    )  # fmt: skip

    def height(done: int) -> float:
        at = done + 1
        if at <= schedule.warmup:
            return at / schedule.warmup
        return 0.5 + 0.5 * math.cos(
            math.pi * (at - schedule.warmup) / max(1, updates - schedule.warmup)
        )

    rate = torch.optim.lr_scheduler.LambdaLR(optimizer, height)
    best, best_at, kept, done = (-1.0, 0.0), 0, copy.deepcopy(model.state_dict()), 0
    recent = 0.0
    order = torch.empty(0, dtype=torch.long)
    while done < updates:
        model.train()
        if not len(order):
            order = chosen[torch.randperm(len(chosen))]
        batch, order = pairs.take(order[: schedule.batch]), order[schedule.batch :]
        loss = _loss(model, batch.source, batch.target)[0]
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), schedule.clip)
        optimizer.step()
        rate.step()
        done += 1
        recent += loss.item() / schedule.check
        if done % schedule.check and done < updates:
            continue
        if len(held):
            score = _validation(model, pairs, held)
            if score > best:
                best, best_at, kept = score, done, copy.deepcopy(model.state_dict())
        if recent < schedule.negligible or (
            len(held) and done - best_at >= schedule.patience * updates
        ):
            break
        recent = 0.0
    if len(held):
        model.load_state_dict(kept)
    return PlainFit(done, model.eval())


def _loss(model: nn.Module, source: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Mean loss a token, and the scores."""
    scores = model.scores(source, target[:, :-1])
    wanted = target[:, 1:]
    return F.cross_entropy(scores.transpose(1, 2), wanted, ignore_index=PAD), scores


@torch.inference_mode()
def _validation(model: nn.Module, pairs: Pairs, held: Tensor) -> tuple[float, float]:
    """Exact match and minus the loss, on one batch."""
    model.eval()
    batch = pairs.take(held)
    loss, scores = _loss(model, batch.source, batch.target)
    wanted = batch.target[:, 1:]
    right = ((scores.argmax(-1) == wanted) | (wanted == PAD)).all(1)
    return float(right.float().mean()), -float(loss)


@torch.inference_mode()
def answers(model: nn.Module, sources: list[list[int]], cap: int) -> list[list[int]]:
    """The tokens after each source, 64 sources at a time."""
    found: list[list[int]] = []
    for i in range(0, len(sources), 64):
        found += model.decode(pad(sources[i : i + 64]), cap).tolist()
    return found
