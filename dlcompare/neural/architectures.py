"""Build networks by kind, and stacks of networks of one shape."""

import importlib
from collections.abc import Sequence

import torch
from torch import nn

from dlcompare.neural.encoding import Encoding
from dlcompare.neural.kinds import KINDS, Architecture
from dlcompare.neural.model import SequenceModel
from dlcompare.neural.positions import RelativeBias
from dlcompare.neural.transformer import Reader

__all__ = ["build", "keep_models", "stacked"]


def build(
    encoding: Encoding, architecture: Architecture, longest: int, stack: int = 1
) -> SequenceModel:
    """Return a network with random weights, drawn from torch's generator.

    Parameters
    ----------
    encoding : Encoding
        The tokens.
    architecture : Architecture
        Kind and shape.
    longest : int
        The number of tokens of the longest sequence in training.
    stack : int
        The number of models.

    Raises
    ------
    ValueError
        If several models of a kind that does not stack are requested.
    """
    kind = KINDS[architecture.kind]
    if stack > 1 and not kind.stacks:
        raise ValueError(f"stack={stack!r} must be 1 for the kind {architecture.kind!r}")
    module, _, name = kind.builder.partition(":")
    made: SequenceModel = getattr(importlib.import_module(module), name)(
        encoding, architecture, longest, stack
    )
    return made


def stacked(models: Sequence[Reader], like: Reader) -> Reader:
    """Put the weights of several single models into the stack `like`."""
    parts = [dict(model.named_parameters()) for model in models]
    with torch.no_grad():
        for name, parameter in like.named_parameters():
            parameter.copy_(torch.cat([part[name] for part in parts]))
    if isinstance(like.positions, RelativeBias):
        distances = [model.get_buffer("positions.farthest") for model in models]
        like.positions.farthest = torch.cat(distances)
    return like


def keep_models(model: Reader, chosen: Sequence[int]) -> None:
    """Keep only some models of a stack, in the order given."""
    index = torch.tensor(list(chosen), device=model.device)
    for module in model.modules():
        for name, parameter in list(module.named_parameters(recurse=False)):
            kept = nn.Parameter(parameter.detach()[index].clone())
            module.register_parameter(name, kept)
        if isinstance(module, SequenceModel):
            module.stack = len(index)
        if isinstance(module, RelativeBias):
            module.farthest = module.farthest[index]
