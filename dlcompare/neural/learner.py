"""The Transformer as a learner: options in, predictor out."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import torch

from dlcompare.neural.batches import Pairs
from dlcompare.neural.decoding import LengthCap, greedy
from dlcompare.neural.encoding import DIGIT_ORDERS, DigitOrder, Encoding
from dlcompare.neural.positions import SCHEMES
from dlcompare.neural.training import Schedule, split, train
from dlcompare.neural.transformer import Architecture, Transformer
from dlcompare.tasks.cost import Cost
from dlcompare.tasks.errors import InputError, UnknownNameError
from dlcompare.tasks.problem import Budget, Inputs, Problem
from dlcompare.tasks.types import Value

__all__ = ["TransformerLearner", "TransformerPredictor", "create"]


@dataclass(frozen=True)
class TransformerPredictor:
    """A trained Transformer.

    Attributes
    ----------
    model : Transformer
        The weights kept.
    encoding : Encoding
        Its tokens.
    cap : LengthCap
        How long its answers may get.
    cost : Cost
        The updates made.
    prior : mapping of str to (str | int | float)
        What it was given before it saw an example.
    """

    model: Transformer
    encoding: Encoding
    cap: LengthCap
    cost: Cost
    prior: Mapping[str, str | int | float]

    def predict(self, inputs: Sequence[Inputs]) -> list[Value]:
        """Answers by greedy decoding, in order; `ABSTAIN` where the tokens spell no value."""
        sources = [self.encoding.encode_inputs(row) for row in inputs]
        return [
            self.encoding.decode_output(tokens) for tokens in greedy(self.model, sources, self.cap)
        ]


@dataclass(frozen=True)
class TransformerLearner:
    """An encoder-decoder Transformer trained from scratch on the examples.

    Attributes
    ----------
    architecture : Architecture
        Shape and position scheme.
    schedule : Schedule
        How it is trained.
    digits : {"most_first", "least_first"}
        Which digit of a number comes first.
    device : str
        ``"cpu"`` or ``"cuda"``.
    """

    architecture: Architecture = field(default_factory=Architecture)
    schedule: Schedule = field(default_factory=Schedule)
    digits: DigitOrder = "most_first"
    device: str = "cpu"

    def fit(self, problem: Problem, budget: Budget, seed: int) -> TransformerPredictor:
        """Train on ``problem.examples`` for at most ``budget.gradient_steps`` updates.

        Raises
        ------
        DivergedError
            If the loss is not finite.
        """
        device = torch.device(self.device)
        encoding = Encoding(problem.signature, self.digits)
        pairs = Pairs.encode(problem.examples, encoding, device)
        generator = torch.Generator().manual_seed(seed)
        chosen, held = split(len(pairs), generator)
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            torch.manual_seed(seed)  # initial weights and dropout
            model = Transformer(encoding, self.architecture, pairs.longest).to(device)
            outcome = train(
                model,
                pairs.part(chosen),
                pairs.part(held) if len(held) else None,
                self.schedule,
                budget.gradient_steps,
                generator,
            )
        return TransformerPredictor(
            model,
            encoding,
            LengthCap.above(pairs.source_lengths, pairs.target_lengths),
            Cost(gradient_steps=outcome.updates),
            self._prior(model, encoding),
        )

    def _prior(self, model: Transformer, encoding: Encoding) -> dict[str, str | int | float]:
        task_aware = self.architecture.positions == "place_value"
        return {
            "architecture": "encoder-decoder Transformer, pre-norm",
            "positions": self.architecture.positions,
            "parameters": model.parameter_count,
            "hints": "digit places, element indices" if task_aware else "none",
            "task_aware": "yes" if task_aware else "no",
            "tokens": len(encoding.vocabulary),
            "digit_order": self.digits,
            "pre_training": "none",
            "optimizer": "AdamW",
            # Made once, on the validation part of training examples; see the changelog.
            "settings_chosen_by": "about 45 fits, nearly all on sorting with 4,096 examples",
        }


def create(options: Mapping[str, str], device: str = "auto") -> TransformerLearner:
    """A learner from options as text.

    Parameters
    ----------
    options : mapping of str to str
        Fields of `Architecture` and `Schedule`, ``layers`` for both kinds of layer, and ``digits``.
    device : {"auto", "cpu", "cuda"}
        Where to train; ``"auto"`` takes a CUDA device when there is one.

    Raises
    ------
    InputError
        If an option is unknown or its value cannot be used, or the device is not there.

    Examples
    --------
    >>> create({"positions": "place_value", "width": "32"}, "cpu").architecture.width
    32
    """
    known: dict[str, Callable[[str, str], object]] = {
        **{f.name: _count for f in fields(Architecture)},
        **{f.name: _count if f.type is int else _amount for f in fields(Schedule)},
        "layers": _count,
        "dropout": _amount,
        "positions": _one_of(SCHEMES),
        "digits": _one_of(DIGIT_ORDERS),
    }
    values: dict[str, Any] = {}
    for name, text in options.items():
        if name not in known:
            raise UnknownNameError("transformer option", name, known)
        values[name] = known[name](name, text)
    if "layers" in values:
        layers = values.pop("layers")
        values = {"encoder_layers": layers, "decoder_layers": layers} | values

    def configured(kind: type) -> dict[str, Any]:
        return {f.name: values[f.name] for f in fields(kind) if f.name in values}

    architecture = Architecture(**configured(Architecture))
    if architecture.width % architecture.heads:
        raise InputError(
            f"width={architecture.width} must be a multiple of heads={architecture.heads}"
        )
    own = {"digits": values["digits"]} if "digits" in values else {}
    return TransformerLearner(
        architecture, Schedule(**configured(Schedule)), device=_device(device), **own
    )


def _count(name: str, text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise InputError(f"transformer option {name}={text!r} must be a whole number from 1 up")
    return int(text)


def _amount(name: str, text: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = math.nan
    if not 0 <= amount < math.inf:
        raise InputError(f"transformer option {name}={text!r} must be a number from 0 up")
    return amount


def _one_of(choices: tuple[str, ...]) -> Callable[[str, str], str]:
    def chosen(name: str, text: str) -> str:
        if text not in choices:
            raise InputError(
                f"transformer option {name}={text!r} must be one of {', '.join(choices)}"
            )
        return text

    return chosen


def _device(name: str) -> str:
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if name == "mps":
        raise InputError(
            "device 'mps' is not supported: training there has not been checked; use cpu"
        )
    if name not in ("cpu", "cuda"):
        raise InputError(f"device={name!r} must be one of auto, cpu, cuda")
    if name == "cuda" and not torch.cuda.is_available():
        raise InputError("device 'cuda' was asked for, but PyTorch finds no CUDA device; use cpu")
    return name
